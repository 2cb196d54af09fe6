// The network as it begins: PyTorch's usual weights for the seed.

import { Network, shapesOf } from "./network.js";
import { Twister } from "./random.js";

/** @import { MethodName } from "./methods.js" */
/** @import { PartName, Weights } from "./network.js" */

/**
 * Weights and biases from `-1 / sqrt(inputs)` to that, in the order of the layers.
 * @param {MethodName} method
 * @param {number} seed
 */
export function firstWeights(method, seed) {
  const random = new Twister(seed);
  const shapes = shapesOf(method);
  const drawn = (/** @type {PartName} */ part) =>
    shapes[part].map(([inputs, outputs]) => ({
      weight: random.uniform(outputs * inputs, 1 / Math.sqrt(inputs)),
      bias: random.uniform(outputs, 1 / Math.sqrt(inputs)),
    }));
  /** @type {Record<PartName, Weights[]>} */
  const weights = {
    featureExtractor: drawn("featureExtractor"),
    labelPredictor: drawn("labelPredictor"),
    domainClassifier: drawn("domainClassifier"),
  };
  return weights;
}

/**
 * @param {MethodName} method
 * @param {number} seed
 */
export const firstNetwork = (method, seed) => new Network(method, firstWeights(method, seed));
