// Digits that are drawn for somebody who would rather not: strokes on the sheet, drawn by hand.

/** @import { Stroke } from "../drawing/strokes.js" */

/** @type {Stroke[][]} */
export const EXAMPLES = [
  [
    [
      [8, 7],
      [20, 7],
      [17, 13],
      [13, 22],
    ],
  ],
  [
    [
      [8, 9],
      [11, 6],
      [16, 6],
      [19, 9],
      [18, 13],
      [13, 18],
      [8, 22],
      [20, 22],
    ],
  ],
  [
    [
      [12, 5],
      [9, 11],
      [7, 16],
      [21, 16],
    ],
    [
      [17, 9],
      [16, 16],
      [15, 24],
    ],
  ],
  [
    [
      [8, 7],
      [13, 5],
      [18, 7],
      [18, 11],
      [13, 13],
      [19, 15],
      [20, 19],
      [16, 23],
      [8, 21],
    ],
  ],
];
