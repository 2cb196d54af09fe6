// Softmax and cross-entropy, and what is read off logits.

import { matrix } from "./matrix.js";

/** @import { Matrix } from "./matrix.js" */

/**
 * A loss and its way back: the gradient at what it was computed from.
 * @typedef {object} Loss
 * @property {number} loss
 * @property {() => Matrix} back
 */

/**
 * Of each row the logarithms of the classes' probabilities.
 * @param {Matrix} logits
 */
export function logSoftmax({ rows, columns, values }) {
  const out = matrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    let most = -Infinity; // taken off first, so that no exponential overflows
    for (let k = 0; k < columns; k++) most = Math.max(most, values[at + k]);
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += Math.exp(values[at + k] - most);
    const whole = most + Math.log(sum);
    for (let k = 0; k < columns; k++) out.values[at + k] = values[at + k] - whole;
  }
  return out;
}

/**
 * Of each row the classes' probabilities.
 * @param {Matrix} logits
 */
export function softmax(logits) {
  const out = logSoftmax(logits);
  for (let at = 0; at < out.values.length; at++) out.values[at] = Math.exp(out.values[at]);
  return out;
}

/**
 * `sum_i w_i (-log p_i[label_i])`, and back `w_i (p_i - onehot(label_i))`. Rows without a label,
 * behind the last one that has one, are left out.
 * @param {Matrix} logits
 * @param {ArrayLike<number>} labels of the first rows
 * @param {(row: number) => number} weight
 * @returns {Loss}
 */
export function crossEntropy(logits, labels, weight) {
  const { columns } = logits;
  const logarithms = logSoftmax(logits);
  let loss = 0;
  for (let row = 0; row < labels.length; row++)
    loss -= weight(row) * logarithms.values[row * columns + labels[row]];
  const back = () => {
    const gradient = matrix(logits.rows, columns);
    for (let row = 0; row < labels.length; row++)
      for (let k = 0; k < columns; k++) {
        const probability = Math.exp(logarithms.values[row * columns + k]);
        const right = k === labels[row] ? 1 : 0;
        gradient.values[row * columns + k] = weight(row) * (probability - right);
      }
    return gradient;
  };
  return { loss, back };
}

/**
 * Which class each row is taken for; of equals the first.
 * @param {Matrix} logits
 */
export function guesses({ rows, columns, values }) {
  const found = new Uint8Array(rows);
  for (let row = 0; row < rows; row++)
    for (let k = 1; k < columns; k++)
      if (values[row * columns + k] > values[row * columns + found[row]]) found[row] = k;
  return found;
}

/**
 * How many of the first rows are right.
 * @param {Matrix} logits
 * @param {ArrayLike<number>} labels of the first rows
 */
export function numberRight(logits, labels) {
  const found = guesses(logits);
  let right = 0;
  for (let row = 0; row < labels.length; row++) right += found[row] === labels[row] ? 1 : 0;
  return right;
}
