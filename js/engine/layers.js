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
    const [w, b, given] = [this.weight.values, this.bias.values, x.values];
    const out = matrix(x.rows, outputs);
    for (let row = 0; row < x.rows; row++)
      for (let o = 0; o < outputs; o++) {
        let sum = b[o];
        for (let i = 0; i < inputs; i++) sum += w[o * inputs + i] * given[row * inputs + i];
        out.values[row * outputs + o] = sum;
      }
    return { out, back: (gradient) => this.#back(x, gradient) };
  };

  /**
   * With g the gradient at y: that of W is `g^T x`, of b the sum of g's rows, at x it is `g W`.
   * @param {Matrix} x
   * @param {Matrix} gradient
   */
  #back(x, gradient) {
    const { inputs, outputs } = this;
    const [w, ofWeight, ofBias] = [this.weight.values, this.weight.gradient, this.bias.gradient];
    const [given, came, atInput] = [x.values, gradient.values, matrix(x.rows, inputs)];
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        let sum = 0;
        for (let at = o, to = i; at < came.length; at += outputs, to += inputs)
          sum += came[at] * given[to];
        ofWeight[o * inputs + i] += sum;
      }
      for (let at = o; at < came.length; at += outputs) ofBias[o] += came[at];
    }
    for (let row = 0; row < x.rows; row++)
      for (let i = 0; i < inputs; i++) {
        let sum = 0;
        for (let o = 0, to = i; o < outputs; o++, to += inputs)
          sum += came[row * outputs + o] * w[to];
        atInput.values[row * inputs + i] = sum;
      }
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
