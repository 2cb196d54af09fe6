// What each method adds to the label loss so that both domains' features come to look alike.
// A method sees the features behind a layer that multiplies their gradient on the way back: by
// -lambda where a domain classifier is to be deceived, by lambda where a distance is to shrink.

import { cdan, cdanE, dann } from "./adversaries.js";
import { coral, mmd } from "./distances.js";

/** @import { Matrix, Operation, Result } from "./matrix.js" */

/**
 * @typedef {object} Added
 * @property {number} loss
 * @property {Matrix | null} domainLogits null where no domain classifier is asked
 * @property {() => Matrix} back the gradient at the features behind the layer
 */

/**
 * @typedef {object} Method
 * @property {boolean} hasClassifier whether a domain classifier is trained
 * @property {(features: number, classes: number) => number} inputs of the domain classifier
 * @property {(lambda: number) => Operation} layer what the features go through first
 * @property {(classifier: Operation, features: Matrix, labelLogits: Matrix) => Result} domainLogits
 *   no gradient goes through the label logits, here and below
 * @property {(classifier: Operation, features: Matrix, labelLogits: Matrix, sources: number) =>
 *   Added} added
 */

/** @typedef {"dann" | "cdan" | "cdan+e" | "coral" | "mmd"} MethodName */

/** @type {Record<MethodName, Method>} */
export const METHODS = { dann, cdan, "cdan+e": cdanE, coral, mmd };
