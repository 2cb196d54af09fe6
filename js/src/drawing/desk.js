// The sheet, and what belongs to it: undo, clear, and where the pen of the keys is.

import { button } from "../shared/button.js";
import { h, uniqueName } from "../shared/elements.js";
import { inkOf } from "./ink.js";
import { createSheet } from "./sheet.js";
import { cleared, EMPTY, undone } from "./strokes.js";
import * as words from "./words.js";

/** @import { Sheet, Stroke } from "./strokes.js" */

/**
 * @param {() => void} changed hears at once that somebody has drawn, or taken something back
 */
export function createDesk(changed) {
  let sheet = EMPTY;
  /** @type {Uint8Array | null} */
  let adopted = null;
  const isEmpty = () => !sheet.strokes.length && !adopted;
  /** @param {Sheet} next */
  const change = (next) => {
    const same = next.strokes === sheet.strokes;
    sheet = next;
    if (!same) adopted = null;
    show();
    if (!same) changed();
  };
  const show = () => {
    paper.paint(adopted);
    undo.disabled = !sheet.strokes.length;
    clear.disabled = isEmpty();
  };
  const id = uniqueName();
  const help = h("p", { class: "dann-hint", id }, `${words.DRAW_BY} ${words.DRAW_SIZED}`);
  const pen = h("output", { class: "dann-applied", "aria-live": "polite", "data-draw": "pen" });
  const paper = createSheet({ sheet: () => sheet, change, pen, help: id });
  /** @param {Sheet} less */
  const takeBack = (less) => {
    change(less);
    // The button that was pressed is dead now, and would lose the focus to nowhere.
    if (!less.strokes.length) paper.node.focus({ preventScroll: true });
  };
  const undo = button("undo-stroke", words.UNDO_STROKE, () => takeBack(undone(sheet)));
  const clear = button("clear", words.CLEAR, () => takeBack(cleared(sheet)));
  show();
  return {
    node: h(
      "div",
      { class: "dann-draws" },
      paper.node,
      h("div", { class: "dann-buttons" }, undo, clear, pen),
    ),
    help,
    isEmpty,
    /** What stands on the sheet, as one of MNIST's digits. */
    ink: () => adopted ?? inkOf(sheet.strokes),
    /** @param {readonly Stroke[]} strokes that take the place of what stands there */
    draw: (strokes) => change({ ...cleared(sheet), strokes }),
    /**
     * Show a digit that was drawn elsewhere.
     * @param {Uint8Array | null} ink null for none
     */
    adopt(ink) {
      sheet = EMPTY;
      adopted = ink;
      show();
    },
  };
}
