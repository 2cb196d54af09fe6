// The methods without a domain classifier: distances between the domains' features, which shrink.

import { matrix } from "./matrix.js";
import { scaling } from "./reversal.js";

/** @import { Matrix } from "./matrix.js" */
/** @import { Loss } from "./losses.js" */
/** @import { Method } from "./methods.js" */

const TINIEST = 2 ** -1022; // the least normal number

/**
 * The covariances of some rows, `X^T X / (n - 1)` with X the rows less their mean; X besides.
 * @param {Matrix} features
 * @param {number} from
 * @param {number} to
 */
function covariances({ columns, values }, from, to) {
  const centred = matrix(to - from, columns, values.subarray(from * columns, to * columns));
  const x = centred.values;
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let at = j; at < x.length; at += columns) sum += x[at];
    for (let at = j; at < x.length; at += columns) x[at] -= sum / centred.rows;
  }
  const freedom = Math.max(centred.rows - 1, 1); // one example has no covariance
  const found = matrix(columns, columns);
  for (let at = 0; at < x.length; at += columns)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < columns; k++)
        found.values[j * columns + k] += (x[at + j] * x[at + k]) / freedom;
  return { centred, freedom, found };
}

/**
 * CORAL: `||C_S - C_T||^2 / (4 F^2)`, and back, at the source's centred X, `X (C_S - C_T) / (n - 1)
 * / F^2`; at the target's its opposite. Each column of X has mean 0, so that what centring did
 * changes nothing of it. (Sun & Saenko 2016, equation 1.)
 * @param {Matrix} features
 * @param {number} sources
 * @returns {Loss}
 */
export function coralLoss(features, sources) {
  const f = features.columns;
  const source = covariances(features, 0, sources);
  const target = covariances(features, sources, features.rows);
  const apart = source.found.values.map((value, at) => value - target.found.values[at]);
  const loss = apart.reduce((sum, value) => sum + value ** 2, 0) / (4 * f ** 2);
  const back = () => {
    const gradient = matrix(features.rows, f);
    for (let row = 0; row < features.rows; row++) {
      const [own, at, sign] = row < sources ? [source, row, 1] : [target, row - sources, -1];
      for (let j = 0; j < f; j++) {
        let sum = 0;
        for (let k = 0; k < f; k++) sum += own.centred.values[at * f + k] * apart[k * f + j];
        gradient.values[row * f + j] = (sign * sum) / own.freedom / f ** 2;
      }
    }
    return gradient;
  };
  return { loss, back };
}

/**
 * The mean squared distance of two rows: that of a row from the middle counts for both.
 * @param {Matrix} features
 */
function meanSquare({ rows, columns, values }) {
  let squares = 0;
  for (let k = 0; k < columns; k++) {
    let sum = 0;
    for (let at = k; at < values.length; at += columns) sum += values[at];
    for (let at = k; at < values.length; at += columns) squares += (values[at] - sum / rows) ** 2;
  }
  return Math.max((2 * squares) / (rows - 1), TINIEST);
}

/**
 * `k = mean_b exp(-s / b)` and `dk/ds`, b = 1/4, 1/2, 1, 2 and 4: each is the next one's square, so
 * that one exponential is enough.
 * @param {number} s squared distance in mean squared distances
 */
export function kernel(s) {
  const e4 = Math.exp(-0.25 * s); // of the width 4
  const e2 = e4 * e4;
  const e1 = e2 * e2;
  const half = e1 * e1;
  const quarter = half * half;
  return {
    value: 0.2 * (e4 + e2 + e1 + half + quarter),
    slope: -0.2 * (0.25 * e4 + 0.5 * e2 + e1 + 2 * half + 4 * quarter),
  };
}

/**
 * MMD: `mean k(s, s') + mean k(t, t') - 2 mean k(s, t)`; the squared distances are divided by their
 * mean, through which no gradient goes. (Long et al. 2015, section 3.1, with equal weights.)
 *
 * Back, at row i, `sum_j 2 w_ij k'(s_ij) / mean 2 (f_i - f_j)`, w_ij the weight of a pair, which
 * stands in the loss twice.
 * @param {Matrix} features [B, 2]
 * @param {number} sources
 * @returns {Loss}
 */
export function mmdLoss(features, sources) {
  const { rows, values } = features;
  const targets = rows - sources;
  const inverse = 1 / meanSquare(features); // a product takes less time than a division
  const gradient = matrix(rows, 2);
  const pulled = gradient.values;
  const [ofSources, ofTargets, across] = [
    1 / sources ** 2,
    1 / targets ** 2,
    -1 / sources / targets,
  ];
  let loss = 1 / sources + 1 / targets; // each example with itself, where k is 1
  for (let i = 0; i < rows; i++) {
    const x = values[2 * i];
    const y = values[2 * i + 1];
    let atX = 0;
    let atY = 0;
    for (let j = 0; j < i; j++) {
      const dx = x - values[2 * j];
      const dy = y - values[2 * j + 1];
      const { value, slope } = kernel((dx * dx + dy * dy) * inverse);
      const weight = i < sources ? ofSources : j < sources ? across : ofTargets;
      loss += 2 * weight * value;
      const pull = 4 * weight * slope * inverse;
      atX += pull * dx;
      atY += pull * dy;
      pulled[2 * j] -= pull * dx;
      pulled[2 * j + 1] -= pull * dy;
    }
    pulled[2 * i] += atX;
    pulled[2 * i + 1] += atY;
  }
  return { loss, back: () => gradient };
}

/**
 * @param {(features: Matrix, sources: number) => Loss} lossOf
 * @returns {Method}
 */
const distance = (lossOf) => ({
  hasClassifier: false,
  inputs: (features) => features,
  layer: scaling,
  domainLogits: (classifier, features) => classifier(features),
  added: (_, features, __, sources) => ({ ...lossOf(features, sources), domainLogits: null }),
});

export const coral = distance(coralLoss);
export const mmd = distance(mmdLoss);
