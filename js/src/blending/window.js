// Where the window is and where it goes: no page in here.

/** @import { Photo, Wanted } from "./protocol.js" */

import { SIDE } from "../shared/pixels.js"; // the window is as large as a digit

const LEAP = 10; // px with Shift

/** @typedef {Pick<Wanted, "row" | "column">} Place */
/** @typedef {(change: Partial<Wanted>) => void} Move tells what is wanted from now on */

/**
 * The largest place that keeps the window on the photograph.
 * @param {Photo} photo
 * @returns {Place}
 */
export const lastPlace = ({ width, height }) => ({ row: height - SIDE, column: width - SIDE });

/**
 * What is wanted after a change; the window stays on the photograph.
 * @param {Wanted} wanted
 * @param {Partial<Wanted>} change
 * @param {Photo[]} photos
 * @returns {Wanted}
 */
export function afterChange(wanted, change, photos) {
  const next = { ...wanted, ...change };
  const last = lastPlace(photos[next.photo]);
  /** @param {"row" | "column"} name */
  const clamped = (name) => Math.min(Math.max(next[name], 0), last[name]);
  return { ...next, row: clamped("row"), column: clamped("column") };
}

/** @type {Record<string, [down: number, across: number] | undefined>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Where a key moves the window, null if it moves it nowhere.
 * @param {Place} place
 * @param {{ key: string, shiftKey: boolean }} event
 * @returns {Place | null}
 */
export function afterKey({ row, column }, { key, shiftKey }) {
  const step = STEPS[key];
  if (!step) return null;
  const size = shiftKey ? LEAP : 1;
  return { row: row + size * step[0], column: column + size * step[1] };
}

/**
 * The place of a window whose middle is under the pointer.
 * @param {{ clientX: number, clientY: number }} pointer
 * @param {{ left: number, top: number, width: number }} box of the photograph on the page
 * @param {number} width of the photograph in its own pixels
 * @returns {Place}
 */
export function underPointer({ clientX, clientY }, box, width) {
  const unit = width / box.width;
  return {
    row: Math.round((clientY - box.top) * unit - SIDE / 2),
    column: Math.round((clientX - box.left) * unit - SIDE / 2),
  };
}
