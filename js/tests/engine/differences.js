// Gradients by finite differences, to compare those written by hand with.

import { matrix } from "../../engine/matrix.js";

/** @import { Matrix } from "../../engine/matrix.js" */

const STEP = 1e-5;

/**
 * The gradient of a loss at some numbers, which are as before afterwards.
 * @param {Float64Array} values
 * @param {() => number} loss of the numbers as they stand
 */
export const differences = (values, loss) =>
  values.map((value, at) => {
    values[at] = value + STEP;
    const above = loss();
    values[at] = value - STEP;
    const below = loss();
    values[at] = value;
    return (above - below) / (2 * STEP);
  });

/**
 * Numbers that look like any, the same at each call.
 * @param {number} rows
 * @param {number} columns
 * @param {number} [seed]
 */
export const some = (rows, columns, seed = 1) =>
  matrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, (_, at) => Math.sin(7 * at * at + 3 * at + seed)),
  );

/**
 * The sum of an operation's outputs, each times another number: a loss of it.
 * @param {Matrix} out
 * @param {Matrix} weights
 */
export const weighed = (out, weights) =>
  out.values.reduce((sum, value, at) => sum + value * weights.values[at], 0);

/**
 * How far two lists of numbers are apart at most.
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function apart(one, other) {
  if (one.length !== other.length) throw new RangeError(`${one.length} and ${other.length}`);
  return Math.max(...Array.from(one, (value, at) => Math.abs(value - other[at])));
}
