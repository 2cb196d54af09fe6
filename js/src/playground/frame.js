// What an answer shows, unpacked.

import { bytes, floats } from "../shared/encoding.js";

/** @import { PackedFrame, ArrowName, PlaneName, Reach } from "./protocol.js" */

/** @typedef {[labels: Uint8Array, domains: Uint8Array]} Grids */

/**
 * @typedef {object} Frame
 * @property {boolean} hasClassifier whether there is a domain classifier
 * @property {number} step
 * @property {number} steps of the whole run
 * @property {number} lambda
 * @property {number} sources how many of the points are the source's
 * @property {number[]} labels
 * @property {Float32Array} inputs
 * @property {Float32Array} features
 * @property {Record<ArrowName, Float32Array>} pushes
 * @property {Record<PlaneName, Grids>} grids
 * @property {Reach} reach
 */

/**
 * @param {PackedFrame} answer
 * @returns {Frame}
 */
export function unpacked(answer) {
  const { step, steps, lambda, sources, labels, reach, inputs, features, pushes, grids } = answer;
  /** @param {[labels: string, domains: string]} both @returns {Grids} */
  const unpackedGrids = ([ofLabels, ofDomains]) => [bytes(ofLabels), bytes(ofDomains)];
  return {
    hasClassifier: answer.has_classifier,
    step,
    steps,
    lambda,
    sources,
    labels,
    reach,
    inputs: floats(inputs),
    features: floats(features),
    pushes: {
      label: floats(pushes.label),
      domain: floats(pushes.domain),
      reversed: floats(pushes.reversed),
    },
    grids: { inputs: unpackedGrids(grids.inputs), features: unpackedGrids(grids.features) },
  };
}

/** @param {{ step: number, steps: number }} frame */
export const isDone = ({ step, steps }) => step >= steps;

/**
 * Where points are on their way from one place to another.
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {number} share of the way
 */
export const between = (from, to, share) =>
  to.map((value, k) => from[k] + share * (value - from[k]));
