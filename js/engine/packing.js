// What a run shows, packed as the page takes it.

import { base64 } from "../src/shared/encoding.js";
import { softmax } from "./losses.js";
import { matrix } from "./matrix.js";

/** @import { PlaneName, Reach } from "../src/playground/protocol.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { Network } from "./network.js" */

const GRID = 48; // cells of a background, each way

/** @param {Matrix} points */
export const packedPoints = ({ values }) =>
  base64(new Uint8Array(Float32Array.from(values).buffer));

/**
 * The ends of a square that holds all features with a margin.
 * @param {Matrix} features
 * @returns {Reach}
 */
export function reachOf({ rows, values }) {
  if (!rows) return [-1, 1, -1, 1];
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  values.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2], value);
    high[at % 2] = Math.max(high[at % 2], value);
  });
  const half = Math.max(Math.max(high[0] - low[0], high[1] - low[1]) * 0.65, 0.3);
  const [x, y] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  return [x - half, x + half, y - half, y + half];
}

/**
 * The middles of a background's cells, row by row from the top left.
 * @param {Reach} reach
 */
function gridOf([left, right, low, high]) {
  const cells = matrix(GRID * GRID, 2);
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const at = 2 * (row * GRID + column);
      cells.values[at] = left + ((right - left) * column) / (GRID - 1);
      cells.values[at + 1] = high + ((low - high) * row) / (GRID - 1);
    }
  return cells;
}

/**
 * The probability of the second of two classes, 0-255 each.
 * @param {Matrix} logits
 */
function levels(logits) {
  const { values } = softmax(logits);
  return base64(
    Uint8Array.from({ length: logits.rows }, (_, k) => Math.round(values[2 * k + 1] * 255)),
  );
}

/**
 * The backgrounds of both planes: the probability of class 1, and of the target ("" without a
 * domain classifier).
 * @param {Network} network
 * @param {Reach} reach of the features
 * @param {number} plane the end of the inputs
 * @returns {Record<PlaneName, [labels: string, domains: string]>}
 */
export function packedGrids(network, reach, plane) {
  const seen = network.featureExtractor.forward(gridOf([-plane, plane, -plane, plane])).out;
  /** @param {Matrix} features @returns {[string, string]} */
  const both = (features) => [
    levels(network.labelPredictor.forward(features).out),
    network.method.hasClassifier ? levels(network.domainLogits(features)) : "",
  ];
  return { inputs: both(seen), features: both(gridOf(reach)) };
}
