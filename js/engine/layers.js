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
    const [w, b, from] = [this.weight.values, this.bias.values, x.values];
    const out = matrix(x.rows, outputs);
    for (let row = 0, to = 0; row < x.rows; row++)
      for (let o = 0, at = 0; o < outputs; o++, to++) {
        let sum = b[o];
        for (let i = row * inputs; i < (row + 1) * inputs; i++, at++) sum += w[at] * from[i];
        out.values[to] = sum;
      }
    return { out, back: (gradient) => this.#back(x, gradient) };
  };

  /**
   * With g the gradient at y: that of W is `g^T x`, of b the sum of g's rows, at x it is `g W`. Row
   * by row, so that each number is read beside the one before.
   * @param {Matrix} x
   * @param {Matrix} gradient
   */
  #back(x, { rows, values: g }) {
    const { inputs, outputs } = this;
    const [ofWeight, ofBias] = [this.weight.gradient, this.bias.gradient];
    const [w, from] = [this.weight.values, x.values];
    const atInput = matrix(rows, inputs);
    const to = atInput.values;
    for (let row = 0, at = 0; row < rows; row++)
      for (let o = 0, k = 0; o < outputs; o++, at++) {
        const part = g[at];
        ofBias[o] += part;
        for (let i = row * inputs; i < (row + 1) * inputs; i++, k++) {
          ofWeight[k] += part * from[i];
          to[i] += part * w[k];
        }
      }
    return atInput;
  }
}

/**
 * `y = tanh x`, and back `g (1 - y^2)`.
 * @type {Operation}
 */
export function tanh(x) {
  const out = matrix(x.rows, x.columns);
  const [from, y] = [x.values, out.values];
  for (let at = 0; at < y.length; at++) y[at] = Math.tanh(from[at]);
  const back = (/** @type {Matrix} */ { values: g }) => {
    const atInput = matrix(x.rows, x.columns);
    const to = atInput.values;
    for (let at = 0; at < y.length; at++) to[at] = g[at] * (1 - y[at] * y[at]);
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
