// The network: points [B, 2] -> features [B, 2] -> label logits [B, 2] and domain logits [B, 2].

import { Linear, sequence, tanh } from "./layers.js";
import { METHODS } from "./methods.js";

/** @import { Parameter } from "./layers.js" */
/** @import { Matrix, Operation } from "./matrix.js" */
/** @import { MethodName } from "./methods.js" */

/** @typedef {"featureExtractor" | "labelPredictor" | "domainClassifier"} PartName */
/** @typedef {{ weight: ArrayLike<number>, bias: ArrayLike<number> }} Weights of a linear layer */

export const FEATURES = 2;
export const CLASSES = 2;
export const WIDTH = 16;

/**
 * The inputs and outputs of the linear layers of each part.
 * @param {MethodName} method
 * @returns {Record<PartName, [inputs: number, outputs: number][]>}
 */
export function shapesOf(method) {
  const given = METHODS[method].inputs(FEATURES, CLASSES);
  return {
    featureExtractor: [
      [2, WIDTH],
      [WIDTH, WIDTH],
      [WIDTH, FEATURES],
    ],
    labelPredictor: [[FEATURES, CLASSES]],
    domainClassifier: [
      [given, WIDTH],
      [WIDTH, 2],
    ],
  };
}

/** A chain of linear layers with tanh between them. */
export class Chain {
  /** @param {Linear[]} layers */
  constructor(layers) {
    this.layers = layers;
    /** @type {Parameter[]} */
    this.parameters = layers.flatMap((layer) => layer.parameters);
    /** @type {Operation[]} */
    const operations = layers.flatMap((layer, k) => (k ? [tanh, layer.forward] : [layer.forward]));
    this.forward = sequence(operations);
  }
}

export class Network {
  /**
   * @param {MethodName} method
   * @param {Record<PartName, Weights[]>} weights of each part's linear layers
   */
  constructor(method, weights) {
    const shapes = shapesOf(method);
    const chain = (/** @type {PartName} */ part) =>
      new Chain(
        shapes[part].map(([inputs, outputs], k) => {
          const { weight, bias } = weights[part][k];
          return new Linear(inputs, outputs, weight, bias);
        }),
      );
    this.method = METHODS[method];
    this.featureExtractor = chain("featureExtractor");
    this.labelPredictor = chain("labelPredictor");
    this.domainClassifier = chain("domainClassifier");
  }

  /** Of all parts, in their order. */
  get parameters() {
    const { featureExtractor, labelPredictor, domainClassifier } = this;
    return [featureExtractor, labelPredictor, domainClassifier].flatMap((part) => part.parameters);
  }

  /**
   * @param {Matrix} features
   * @returns {Matrix} [B, 2]: which domain the classifier takes each for
   */
  domainLogits(features) {
    const labelLogits = this.labelPredictor.forward(features).out;
    return this.method.domainLogits(this.domainClassifier.forward, features, labelLogits).out;
  }
}
