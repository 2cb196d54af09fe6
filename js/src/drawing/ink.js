// Strokes as the pixels of one of MNIST's digits: pure functions.
//
// MNIST's digits were sized to fit a box of 20 x 20 pixels and put with their centre of mass into the
// middle of 28 x 28 (LeCun et al. 1998, "Gradient-based learning applied to document recognition",
// section III A). The sources here are such digits in black and white.

import { SIDE } from "../shared/pixels.js";

/** @import { Point, Stroke } from "./strokes.js" */

export const BOX = 20; // px of the digit's longer side
export const INK = 255;
/** Half of a line's width, in px: with it a digit has about as much ink as MNIST's have. */
export const RADIUS = 1.7;
const ROOM = (SIDE - BOX) / 2; // px that the digit can be moved without losing any of it

/**
 * The strokes as a digit of 28 x 28 bytes, row by row: 0, and 255 where there is ink.
 * @param {readonly Stroke[]} strokes
 */
export function inkOf(strokes) {
  if (!strokes.length) return new Uint8Array(SIDE * SIDE);
  const sized = placed(strokes, sizing(strokes));
  const [x, y] = centreOfMass(painted(sized));
  const shift = [x, y].map((at) => Math.min(ROOM, Math.max(-ROOM, SIDE / 2 - at)));
  return painted(placed(sized, { scale: 1, across: shift[0], down: shift[1] }));
}

/**
 * How large the strokes have to be drawn, and where, so that their ink fills the box.
 * @param {readonly Stroke[]} strokes
 */
function sizing(strokes) {
  const [across, down] = [0, 1].map((axis) => {
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return { size: most - least, middle: (least + most) / 2 };
  });
  const size = Math.max(across.size, down.size);
  const scale = size ? (BOX - 2 * RADIUS) / size : 1; // a dot stays one
  const half = SIDE / 2;
  return { scale, across: half - scale * across.middle, down: half - scale * down.middle };
}

/**
 * @param {readonly Stroke[]} strokes
 * @param {{ scale: number, across: number, down: number }} where
 * @returns {Stroke[]}
 */
const placed = (strokes, { scale, across, down }) =>
  strokes.map((stroke) => stroke.map(([x, y]) => [scale * x + across, scale * y + down]));

/** @param {readonly Stroke[]} strokes */
function painted(strokes) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (const stroke of strokes) {
    for (const [i, end] of stroke.entries()) paintLine(pixels, stroke[Math.max(0, i - 1)], end);
  }
  return pixels;
}

/**
 * Every pixel whose middle is within the radius of a straight line becomes ink.
 * @param {Uint8Array} pixels
 * @param {Point} from
 * @param {Point} to
 */
function paintLine(pixels, from, to) {
  const [left, right] = reach(from[0], to[0]);
  const [top, bottom] = reach(from[1], to[1]);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (distance([column + 0.5, row + 0.5], from, to) <= RADIUS)
        pixels[SIDE * row + column] = INK;
    }
  }
}

/**
 * The pixels that a line from one place to another can reach, along one axis.
 * @param {number} from
 * @param {number} to
 */
const reach = (from, to) => [
  Math.max(0, Math.floor(Math.min(from, to) - RADIUS)),
  Math.min(SIDE - 1, Math.ceil(Math.max(from, to) + RADIUS)),
];

/**
 * Of a point from a straight line between two others.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [across, down] = [toX - fromX, toY - fromY];
  const length = across ** 2 + down ** 2;
  const along = length ? ((x - fromX) * across + (y - fromY) * down) / length : 0;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part * across, y - fromY - part * down);
}

/**
 * Across and down, in px; the middle where there is no ink.
 * @param {Uint8Array} pixels
 */
export function centreOfMass(pixels) {
  let [x, y, count] = [0, 0, 0];
  for (const [index, value] of pixels.entries()) {
    if (!value) continue;
    x += (index % SIDE) + 0.5;
    y += Math.floor(index / SIDE) + 0.5;
    count += 1;
  }
  return count ? [x / count, y / count] : [SIDE / 2, SIDE / 2];
}
