// How good a network is on test points.

import { domainsOf } from "./adversaries.js";
import { numberRight } from "./losses.js";
import { stacked } from "./matrix.js";

/** @import { Network } from "./network.js" */
/** @import { Domain, Pair } from "./trainer.js" */

/**
 * Fractions of the test points that are right; NaN of the domains without a domain classifier.
 * @typedef {object} Evaluation
 * @property {number} step
 * @property {number} source
 * @property {number} target
 * @property {number} domain
 * @property {number} points of each domain
 */

/**
 * @param {Network} network
 * @param {Pair} pair
 * @param {number} step
 * @returns {Evaluation}
 */
export function evaluate(network, pair, step) {
  const featuresOf = (/** @type {Domain} */ { test }) =>
    network.featureExtractor.forward(test.points).out;
  const [source, target] = [featuresOf(pair.source), featuresOf(pair.target)];
  const right = (/** @type {typeof source} */ features, /** @type {Domain} */ { test }) =>
    numberRight(network.labelPredictor.forward(features).out, test.labels) / features.rows;
  let domain = Number.NaN;
  if (network.method.hasClassifier) {
    const both = stacked(source, target);
    const domains = domainsOf(both.rows, source.rows);
    domain = numberRight(network.domainLogits(both), domains) / both.rows;
  }
  return {
    step,
    source: right(source, pair.source),
    target: right(target, pair.target),
    domain,
    points: target.rows,
  };
}
