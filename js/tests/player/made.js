// What Python would hand over, small.

/** @import { PlainRun } from "../../src/player/protocol.js" */

/**
 * @template {string} Type
 * @param {Type} dtype
 * @param {number[]} shape
 * @param {{ buffer: ArrayBufferLike }} values
 */
export const packed = (dtype, shape, { buffer }) => ({
  dtype,
  shape,
  data: btoa(String.fromCharCode(...new Uint8Array(buffer))),
});

/** @param {number[]} values */
const floats = (values) => packed("float32", [values.length], Float32Array.from(values));

/** @param {number[]} values */
const whole = (values) => packed("int64", [values.length], BigInt64Array.from(values, BigInt));

const LOOK = {
  data: [
    { name: "source", x: [null], y: [null] },
    { name: "1", customdata: [0, 2, 3] },
    { name: "8", customdata: [1] },
  ],
  layout: {
    annotations: [
      { name: "1", text: "<b>1</b>", showarrow: false },
      { name: "8", text: "<b>8</b>", showarrow: false },
    ],
    xaxis: { showgrid: false },
    yaxis: { showgrid: false, scaleanchor: "x" },
  },
};

/**
 * A run of 4 digits and 3 moments, 0, 10 and 20, with maps of the last two.
 * @param {Partial<PlainRun>} [more]
 * @returns {PlainRun}
 */
export const plainRun = (more) => ({
  title: "DANN",
  about: "Recorded",
  recipe: {},
  data: "digits",
  names: ["MNIST", "MNIST-M"],
  steps: 25,
  curves: {
    target_accuracy: { x: floats([0, 10, 20]), y: floats([0.25, Number.NaN, 0.504]) },
    label_loss: { x: floats([1, 2]), y: floats([2.345, 1.5]) },
  },
  moments: whole([0, 10, 20]),
  sentences: ["First.", "Then.", "Last."],
  labels: packed("uint8", [4], Uint8Array.of(1, 8, 1, 1)),
  domains: packed("uint8", [4], Uint8Array.of(0, 0, 1, 1)),
  predictions: packed("uint8", [3, 4], Uint8Array.of(0, 0, 0, 0, 1, 0, 1, 7, 1, 8, 1, 1)),
  confidence: packed("uint8", [3, 4], Uint8Array.of(0, 0, 0, 0, 51, 102, 0, 255, 9, 9, 9, 9)),
  maps: {
    PCA: {
      rows: whole([1, 2]),
      moves: packed(
        "int16",
        [2, 4, 2],
        Int16Array.of(0, 0, 10, -20, 100, 40, 30, 20, 1, 1, -8, 22, -97, -37, -26, -320),
      ),
      scale: 0.1,
      captions: ["The map at 10.", "The map at 20."],
    },
  },
  classes: [],
  fork: 0,
  templates: { light: LOOK, dark: { ...LOOK, data: [] } },
  ...more,
});
