// Runs as the page uses them, out of what Python hands over.

/** @import { PackedArray, PackedMaps, PlainRun } from "./protocol.js" */

import { bytes } from "../shared/encoding.js";

/**
 * @typedef {object} Unpacked
 * @property {number} points how many there are on its maps
 * @property {Record<string, Maps | undefined>} maps by method
 * @property {Record<string, Curve | undefined>} curves by name
 * @property {number[]} moments as steps, ascending
 * @property {Uint8Array} labels
 * @property {Uint8Array} domains
 * @property {(moment: number) => Uint8Array} predictions
 * @property {(moment: number) => Uint8Array} confidence 255 is certain
 */

/** @typedef {Omit<PlainRun, keyof Unpacked> & Unpacked} Run */

/** @typedef {{ x: ArrayLike<number>, y: ArrayLike<number> }} Curve */

/**
 * The maps of one method.
 * @typedef {object} Maps
 * @property {number[]} rows which of the run's moments they are of
 * @property {Int16Array} flat x and y of each point of each map, one after the other, times `scale`
 * @property {number} scale
 * @property {string[]} captions
 */

/**
 * What an array of numpy becomes here. Of int64 the page needs no more than a number holds.
 * @typedef {{ uint8: Uint8Array, int16: Int16Array, int64: number[], float32: Float32Array }} Flat
 */

/** @type {{ [Type in keyof Flat]: (buffer: ArrayBuffer) => Flat[Type] }} */
const views = {
  uint8: (buffer) => new Uint8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int64: (buffer) => Array.from(new BigInt64Array(buffer), Number),
  float32: (buffer) => new Float32Array(buffer),
};

/**
 * @template {keyof Flat} Type
 * @param {PackedArray<Type>} packed
 * @returns {Flat[Type]}
 */
export const unpackArray = ({ dtype, data }) => views[dtype](bytes(data).buffer);

/**
 * @param {PlainRun} run
 * @returns {Run}
 */
export function unpackRun(run) {
  const [points] = run.labels.shape;
  return {
    ...run,
    points,
    maps: mapped(run.maps, unpackMaps),
    curves: mapped(run.curves, ({ x, y }) => ({ x: unpackArray(x), y: unpackArray(y) })),
    moments: unpackArray(run.moments),
    labels: unpackArray(run.labels),
    domains: unpackArray(run.domains),
    predictions: rowsOf(unpackArray(run.predictions), points),
    confidence: rowsOf(unpackArray(run.confidence), points),
  };
}

/**
 * @param {PackedMaps} maps
 * @returns {Maps}
 */
const unpackMaps = ({ rows, moves, scale, captions }) => ({
  rows: unpackArray(rows),
  flat: placesOf(unpackArray(moves), moves.shape[1] * moves.shape[2]),
  scale,
  captions,
});

/**
 * Where points are, by how far each has moved.
 * @param {Int16Array} flat
 * @param {number} length of a map
 */
function placesOf(flat, length) {
  for (let at = length; at < flat.length; at += 1) flat[at] += flat[at - length];
  return flat;
}

/**
 * @param {Uint8Array} flat
 * @param {number} length of a row
 * @returns {(row: number) => Uint8Array}
 */
const rowsOf = (flat, length) => (row) => flat.subarray(row * length, (row + 1) * length);

/**
 * @template Value, Result
 * @param {Record<string, Value>} values
 * @param {(value: Value) => Result} change
 * @returns {Record<string, Result>}
 */
const mapped = (values, change) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
