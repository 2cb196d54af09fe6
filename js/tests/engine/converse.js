// Asks a session what tests/lessons/test_browser_playground.py asks Python's playground as well.

import { fixed, general, lossText, percent } from "../../engine/format.js";
import { shiftedPair } from "../../engine/points.js";
import { aboutClassifier } from "../../engine/sentences.js";
import { Session } from "../../engine/session.js";
import { firstWeights } from "../../engine/start.js";
import { TrainingDiverged } from "../../engine/trainer.js";

/**
 * @param {string} text choices and messages as JSON
 * @returns {string} the answers
 */
export function converse(text) {
  const { choices, messages } = JSON.parse(text);
  Math.random = () => 0.5; // of new seeds
  const session = new Session(choices);
  return JSON.stringify(
    messages.map((/** @type {import("../../engine/session.js").Asked} */ message) =>
      session.hear(message),
    ),
  );
}

/**
 * @param {string} text shifts, amounts and seeds as JSON
 * @returns {string} of each the source's and the target's training and test points, and labels
 */
export const points = (text) =>
  JSON.stringify(
    JSON.parse(text).map((/** @type {[string, number, number]} */ asked) => {
      const { source, target } = shiftedPair(...asked);
      return [source.train, source.test, target.train, target.test].map((split) => ({
        points: [...split.points.values],
        labels: Array.from(split.labels),
      }));
    }),
  );

/**
 * @param {string} text methods and seeds as JSON
 * @returns {string} of each the first weights and biases in their order
 */
export const weights = (text) =>
  JSON.stringify(
    JSON.parse(text).map((/** @type {Parameters<typeof firstWeights>} */ asked) =>
      Object.values(firstWeights(...asked))
        .flat()
        .flatMap(({ weight, bias }) => [Array.from(weight), Array.from(bias)]),
    ),
  );

/**
 * @param {string} text numbers as JSON; texts stand for those that JSON lacks
 * @returns {string} of each how Python writes it: .0f, .1f, .2f, .2g, .4g, a share and a loss
 */
export const written = (text) =>
  JSON.stringify(
    JSON.parse(text)
      .map(Number)
      .map((/** @type {number} */ value) => [
        ...[0, 1, 2].map((digits) => fixed(value, digits)),
        ...[2, 4].map((digits) => general(value, digits)),
        percent(value),
        lossText(value),
      ]),
  );

/**
 * @param {string} text accuracy, loss and whether there is one answer, as JSON
 * @returns {string} of each what is said of the domain classifier
 */
export const standings = (text) =>
  JSON.stringify(
    JSON.parse(text).map((/** @type {Parameters<typeof aboutClassifier>} */ asked) =>
      aboutClassifier(...asked),
    ),
  );

/**
 * @param {string} text what and where, as JSON
 * @returns {string} of each what is said of a step that diverged
 */
export const divergences = (text) =>
  JSON.stringify(
    JSON.parse(text).map(
      (/** @type {[number, number, number, string]} */ [step, lambda, learningRate, what]) =>
        new TrainingDiverged({ step, lambda, learningRate }, what).message,
    ),
  );
