// What is drawn on the sheet, stroke by stroke, and the pen that keys move: pure functions.

import { SIDE } from "../shared/pixels.js";

/** @typedef {readonly [number, number]} Point across and down, in cells of the sheet: 0 to 28 */
/** @typedef {readonly Point[]} Stroke */

/**
 * The pen of those who draw by keys.
 * @typedef {object} Pen
 * @property {number} column of its cell, 0 to 27
 * @property {number} row of its cell, 0 to 27
 * @property {boolean} down whether it draws as it moves
 */

/**
 * @typedef {object} Sheet
 * @property {readonly Stroke[]} strokes
 * @property {Pen} pen
 */

/** @type {Readonly<Sheet>} */
export const EMPTY = { strokes: [], pen: { column: SIDE / 2, row: SIDE / 2, down: false } };

const LEAST = 0.3; // cells between two points of a stroke: a hand's shaking draws nothing

/** @type {ReadonlyMap<string, Point>} */
const WAYS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

/** @param {number} value */
const onSheet = (value) => Math.min(SIDE, Math.max(0, value));

/** @param {Sheet} sheet */
const lifted = ({ strokes, pen }) => ({ strokes, pen: { ...pen, down: false } });

/**
 * After a stroke has begun, by hand.
 * @param {Sheet} sheet
 * @param {Point} point
 * @returns {Sheet}
 */
export function begun(sheet, [across, down]) {
  const { strokes, pen } = lifted(sheet);
  return { strokes: [...strokes, [[onSheet(across), onSheet(down)]]], pen };
}

/**
 * After the last stroke has gone on to a point; the same sheet if that is where it is already.
 * @param {Sheet} sheet
 * @param {Point} point
 * @returns {Sheet}
 */
export function drawnTo(sheet, [across, down]) {
  const last = sheet.strokes[sheet.strokes.length - 1];
  if (!last) return sheet; // it was cleared meanwhile
  const [x, y] = [onSheet(across), onSheet(down)];
  const [fromX, fromY] = last[last.length - 1];
  if (Math.hypot(x - fromX, y - fromY) < LEAST) return sheet;
  return { ...sheet, strokes: [...sheet.strokes.slice(0, -1), [...last, [x, y]]] };
}

/**
 * Without the last stroke.
 * @param {Sheet} sheet
 * @returns {Sheet}
 */
export const undone = (sheet) => ({ ...lifted(sheet), strokes: sheet.strokes.slice(0, -1) });

/**
 * Without any stroke; the pen stays where it is.
 * @param {Sheet} sheet
 * @returns {Sheet}
 */
export const cleared = (sheet) => ({ ...lifted(sheet), strokes: [] });

/**
 * After a key; null for one that means nothing here.
 * @param {Sheet} sheet
 * @param {string} key
 * @returns {Sheet | null}
 */
export function afterKey(sheet, key) {
  if (key === " ") return toggled(sheet);
  if (key === "Delete") return cleared(sheet);
  const way = WAYS.get(key);
  return way ? moved(sheet, way) : null;
}

/** @param {Pen} pen @returns {Point} */
const middle = ({ column, row }) => [column + 0.5, row + 0.5];

/** @param {Sheet} sheet @returns {Sheet} */
function toggled(sheet) {
  if (sheet.pen.down) return lifted(sheet);
  return { ...begun(sheet, middle(sheet.pen)), pen: { ...sheet.pen, down: true } };
}

/** @param {Sheet} sheet @param {Point} way @returns {Sheet} */
function moved(sheet, [across, down]) {
  const { column, row, down: draws } = sheet.pen;
  const last = SIDE - 1;
  const pen = {
    column: Math.min(last, Math.max(0, column + across)),
    row: Math.min(last, Math.max(0, row + down)),
    down: draws,
  };
  return draws ? drawnTo({ ...sheet, pen }, middle(pen)) : { ...sheet, pen };
}
