// The layers of the network, each operation beside its gradient.

import { matrix } from "./matrix.js";

/** @import { Matrix, Operation, Result } from "./matrix.js" */

/**
 * Numbers that training changes.
 * @typedef {object} Parameter
 * @property {Float64Array} values
 * @property {Float64Array} gradient what the ways back have added up
 * @property {Float64Array} velocity of the optimiser
 */

/**
 * @param {ArrayLike<number>} values
 * @returns {Parameter}
 */
export const parameter = (values) => ({
  values: Float64Array.from(values),
  gradient: new Float64Array(values.length),
  velocity: new Float64Array(values.length),
});

/**
 * The sum of products of two rows or columns, each from `at` on in strides.
 * @param {Float64Array} one
 * @param {number} at
 * @param {number} stride
 * @param {Float64Array} other
 * @param {number} otherAt
 * @param {number} otherStride
 * @param {number} count
 */
function dot(one, at, stride, other, otherAt, otherStride, count) {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += one[at + k * stride] * other[otherAt + k * otherStride];
  return sum;
}

/**
 * `y = x W^T + b`, W with a row for each output, as PyTorch has it.
 */
export class Linear {
  /**
   * @param {number} inputs
   * @param {number} outputs
   * @param {ArrayLike<number>} weight row by row
   * @param {ArrayLike<number>} bias
   */
  constructor(inputs, outputs, weight, bias) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.weight = parameter(weight);
    this.bias = parameter(bias);
  }

  get parameters() {
    return [this.weight, this.bias];
  }

  /**
   * @param {Matrix} x
   * @returns {Result}
   */
  forward = (x) => {
    const { inputs, outputs } = this;
    const [w, b] = [this.weight.values, this.bias.values];
    const out = matrix(x.rows, outputs);
    for (let row = 0, to = 0; row < x.rows; row++)
      for (let o = 0; o < outputs; o++, to++)
        out.values[to] = b[o] + dot(w, o * inputs, 1, x.values, row * inputs, 1, inputs);
    return { out, back: (gradient) => this.#back(x, gradient) };
  };

  /**
   * With g the gradient at y: that of W is `g^T x`, of b the sum of g's rows, at x it is `g W`.
   * @param {Matrix} x
   * @param {Matrix} gradient
   */
  #back(x, { rows, values: g }) {
    const { inputs, outputs } = this;
    const [ofWeight, ofBias] = [this.weight.gradient, this.bias.gradient];
    for (let o = 0, to = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++, to++)
        ofWeight[to] += dot(g, o, outputs, x.values, i, inputs, rows);
      for (let at = o; at < g.length; at += outputs) ofBias[o] += g[at];
    }
    const atInput = matrix(rows, inputs);
    for (let row = 0, to = 0; row < rows; row++)
      for (let i = 0; i < inputs; i++, to++)
        atInput.values[to] = dot(g, row * outputs, 1, this.weight.values, i, inputs, outputs);
    return atInput;
  }
}

/**
 * `y = tanh x`, and back `g (1 - y^2)`.
 * @type {Operation}
 */
export function tanh(x) {
  const out = matrix(x.rows, x.columns, x.values);
  const y = out.values;
  for (let at = 0; at < y.length; at++) y[at] = Math.tanh(y[at]);
  const back = (/** @type {Matrix} */ gradient) => {
    const atInput = matrix(x.rows, x.columns, gradient.values);
    for (let at = 0; at < y.length; at++) atInput.values[at] *= 1 - y[at] * y[at];
    return atInput;
  };
  return { out, back };
}

/**
 * One after the other, and back the other way round.
 * @param {Operation[]} operations
 * @returns {Operation}
 */
export const sequence = (operations) => (x) => {
  /** @type {Result[]} */
  const results = [];
  for (const operation of operations) results.push(operation(results.at(-1)?.out ?? x));
  return {
    out: results.at(-1)?.out ?? x,
    back: (gradient) => results.reduceRight((g, { back }) => back(g), gradient),
  };
};
