// The methods with a domain classifier, whose gradient is turned round: DANN, CDAN and CDAN+E.

import { crossEntropy, logSoftmax, softmax } from "./losses.js";
import { matrix } from "./matrix.js";
import { reversal } from "./reversal.js";

/** @import { Matrix, Result } from "./matrix.js" */
/** @import { Method } from "./methods.js" */

/**
 * Which domain each row is of: 0 the source, which comes first, 1 the target.
 * @param {number} rows
 * @param {number} sources
 */
export const domainsOf = (rows, sources) => new Uint8Array(rows).fill(1, sources);

/**
 * The domain classifier is given the features as they are.
 * @param {Matrix} features
 * @returns {Result}
 */
const asTheyAre = (features) => ({ out: features, back: (gradient) => gradient });

/**
 * The domain classifier is given each feature times each class's probability, `f_j g_k`; back, at
 * f_j, `sum_k g_k` times the gradient there. None goes through the probabilities.
 * (Long et al. 2018, section 3.2.)
 * @param {Matrix} features
 * @param {Matrix} labelLogits
 * @returns {Result}
 */
export function products(features, labelLogits) {
  const [f, c] = [features.columns, labelLogits.columns];
  const classes = softmax(labelLogits).values;
  const out = matrix(features.rows, f * c);
  for (let row = 0; row < features.rows; row++)
    for (let j = 0; j < f; j++)
      for (let k = 0; k < c; k++)
        out.values[(row * f + j) * c + k] = features.values[row * f + j] * classes[row * c + k];
  const back = (/** @type {Matrix} */ gradient) => {
    const atFeatures = matrix(features.rows, f);
    for (let row = 0; row < features.rows; row++)
      for (let j = 0; j < f; j++)
        for (let k = 0; k < c; k++)
          atFeatures.values[row * f + j] +=
            gradient.values[(row * f + j) * c + k] * classes[row * c + k];
    return atFeatures;
  };
  return { out, back };
}

/**
 * Each example weighs as much as the others: the mean.
 * @param {Matrix} labelLogits
 */
const alike = (labelLogits) => new Float64Array(labelLogits.rows).fill(1 / labelLogits.rows);

/**
 * Example i weighs `1 + exp(-H(g_i))`, H the entropy in nats; each domain as much as the other. No
 * gradient goes through the weights. (Long et al. 2018, section 3.3.)
 * @param {Matrix} labelLogits
 * @param {number} sources
 */
export function sureness(labelLogits, sources) {
  const { rows, columns } = labelLogits;
  const logarithms = logSoftmax(labelLogits).values;
  const weights = new Float64Array(rows);
  const total = [0, 0];
  for (let row = 0; row < rows; row++) {
    let entropy = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++)
      entropy -= Math.exp(logarithms[at]) * logarithms[at];
    weights[row] = 1 + Math.exp(-entropy);
    total[row < sources ? 0 : 1] += weights[row];
  }
  return weights.map((weight, row) => weight / total[row < sources ? 0 : 1] / 2);
}

/**
 * @param {object} kind
 * @param {(features: number, classes: number) => number} kind.inputs
 * @param {(features: Matrix, labelLogits: Matrix) => Result} kind.seen by the domain classifier
 * @param {(labelLogits: Matrix, sources: number) => ArrayLike<number>} kind.weights
 * @returns {Method}
 */
function adversary({ inputs, seen, weights }) {
  /** @type {Method["domainLogits"]} */
  const domainLogits = (classifier, features, labelLogits) => {
    const given = seen(features, labelLogits);
    const judged = classifier(given.out);
    return { out: judged.out, back: (gradient) => given.back(judged.back(gradient)) };
  };
  return {
    hasClassifier: true,
    inputs,
    layer: reversal,
    domainLogits,
    added(classifier, features, labelLogits, sources) {
      const logits = domainLogits(classifier, features, labelLogits);
      const share = weights(labelLogits, sources);
      const domains = domainsOf(features.rows, sources);
      const { loss, back } = crossEntropy(logits.out, domains, (row) => share[row]);
      return { loss, domainLogits: logits.out, back: () => logits.back(back()) };
    },
  };
}

/** `mean_i -log d(f_i)[domain_i]`. (Ganin & Lempitsky 2015, equation 9.) */
export const dann = adversary({ inputs: (f) => f, seen: asTheyAre, weights: alike });
export const cdan = adversary({ inputs: (f, c) => f * c, seen: products, weights: alike });
export const cdanE = adversary({ inputs: (f, c) => f * c, seen: products, weights: sureness });
