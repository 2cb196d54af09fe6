// What a sheet to draw a digit on says, wherever it stands.

/** @import { Pen } from "./strokes.js" */

export const SHEET = "Sheet for your digit";
export const DRAW_BY =
  "Draw with the mouse, a finger, or keys: arrows move the pen, Space puts it down and lifts it, Delete clears.";
export const DRAW_SIZED =
  "What you draw is made as large as MNIST's digits are and put into the middle, as they were.";
export const CLEAR = { label: "Clear", title: "Begin again on an empty sheet" };
export const UNDO_STROKE = { label: "Undo stroke", title: "Take the last stroke back" };
export const OTHER_GROUND = {
  label: "Other background",
  title: "Put something else of its kind behind the digit",
};
export const AS_DRAWN = "as drawn";

/**
 * Above the picture of a digit, and at the beginning of a sentence.
 * @param {string} look such as "behind stripes"
 */
export const headOf = (look) => look.slice(0, 1).toUpperCase() + look.slice(1);

/** @param {Pen} pen */
export const penAt = ({ column, row, down }) =>
  `Row ${row + 1}, column ${column + 1}, pen ${down ? "down" : "up"}`;
