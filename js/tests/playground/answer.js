// An answer as Python gives it, for two points of the source and two of the target.

/** @import { PackedFrame } from "../../src/playground/protocol.js" */

/** @param {ArrayBufferView} numbers */
const packed = (numbers) => btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));

/** @param {number[]} numbers */
export const floatsOf = (numbers) => packed(new Float32Array(numbers));

/** @param {number[]} numbers */
export const bytesOf = (numbers) => packed(new Uint8Array(numbers));

/**
 * @param {Partial<PackedFrame>} [changes]
 * @returns {PackedFrame}
 */
export const answerWith = (changes) => ({
  type: "frame",
  client: "one",
  wish: 1,
  knobs: {
    shift: "turned",
    amount: 35,
    seed: 0,
    method: "dann",
    lambda_: null,
    part: "both",
    form: "reverse",
  },
  sources: 2,
  has_classifier: true,
  step: 3,
  steps: 2000,
  lambda: 0.123,
  losses: [0.5, 0.7],
  target: 0.8,
  undo: false,
  problem: "",
  sentence: "So it is.",
  labels: [0, 1, 0, 1],
  inputs: floatsOf([0, 0, 1, 1, -1, 0, 0, 2]),
  features: floatsOf([1, 2, 3, 4, 5, 6, 7, 8]),
  pushes: {
    label: floatsOf([1, 0, 1, 0, 0, 0, 0, 0]),
    domain: floatsOf([0, 2, 0, 2, 0, 2, 0, 2]),
    reversed: floatsOf([0, -2, 0, -2, 0, -2, 0, -2]),
  },
  reach: [0, 10, 0, 10],
  grids: {
    inputs: [bytesOf([0, 255, 0, 255]), bytesOf([1, 2, 3, 4])],
    features: [bytesOf([5, 6, 7, 8]), bytesOf([9, 10, 11, 12])],
  },
  ...changes,
});
