// Matrices of double precision: one row for each example. And what an operation gives.

/**
 * @typedef {object} Matrix
 * @property {number} rows
 * @property {number} columns
 * @property {Float64Array} values row by row
 */

/**
 * What an operation gives: its output, and the way back. `back` takes the gradient of a loss at the
 * output and gives that at the input; on the way it adds to the gradients of the operation's
 * weights.
 * @typedef {object} Result
 * @property {Matrix} out
 * @property {(gradient: Matrix) => Matrix} back
 */

/**
 * @typedef {(input: Matrix) => Result} Operation
 */

/**
 * @param {number} rows
 * @param {number} columns
 * @param {ArrayLike<number>} [values] zeros if left out
 * @returns {Matrix}
 */
export function matrix(rows, columns, values) {
  const size = rows * columns;
  if (values && values.length !== size)
    throw new RangeError(`${values.length} values: ${rows} rows of ${columns} need ${size}.`);
  return { rows, columns, values: values ? new Float64Array(values) : new Float64Array(size) };
}

/**
 * @param {Matrix} one
 * @param {(value: number, at: number) => number} change
 * @returns {Matrix}
 */
export function mapped(one, change) {
  const { rows, columns, values } = one;
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = change(values[i], i);
  return { rows, columns, values: out };
}

/**
 * @param {Matrix} one
 * @param {number} factor
 */
export const times = (one, factor) => mapped(one, (value) => value * factor);

/**
 * @param {Matrix} one
 * @param {Matrix} other
 */
export const plus = (one, other) => mapped(one, (value, at) => value + other.values[at]);

/**
 * Some rows, as a view.
 * @param {Matrix} one
 * @param {number} from
 * @param {number} [to] one behind the last
 * @returns {Matrix}
 */
export const rowsOf = ({ columns, values }, from, to = values.length / columns) => ({
  rows: to - from,
  columns,
  values: values.subarray(from * columns, to * columns),
});

/**
 * One below the other.
 * @param {Matrix} above
 * @param {Matrix} below
 */
export function stacked(above, below) {
  const all = matrix(above.rows + below.rows, above.columns);
  all.values.set(above.values);
  all.values.set(below.values, above.values.length);
  return all;
}

/**
 * The Euclidean norm of all numbers together.
 * @param {ArrayLike<number>[]} some
 */
export function norm(...some) {
  let squares = 0;
  for (const values of some) for (let i = 0; i < values.length; i++) squares += values[i] ** 2;
  return Math.sqrt(squares);
}
