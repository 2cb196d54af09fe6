// All that a person reads or hears in the blend, except what Python says and what is in
// shared/words.js.

/** @import { Photo, PictureName, Wanted } from "./protocol.js" */

export const TITLE = "Blend a digit with a photograph";
export const DIGITS = "Digit";

/** @param {number} digit */
export const digitName = (digit) => `Digit ${digit}`;

export const PHOTO = {
  label: "Photograph",
  role: "movable window",
  help: "Drag the window, or focus the photograph and press the arrow keys (with Shift: 10 pixels).",
};

/**
 * @param {Photo} photo
 * @param {Wanted} wanted
 */
export const windowAt = ({ name }, { row, column }) =>
  `${name}; window at row ${row}, column ${column}`;

/** @type {Record<PictureName, string>} */
export const PICTURES = { ink: "digit", patch: "patch", image: "|patch − digit|" };

export const PLACES = { row: "Row", column: "Column" };

export const ARITHMETIC = {
  label: "Arithmetic",
  signed: "signed (right)",
  unsigned: "unsigned, 0 to 255 (the classic bug)",
};
