// Asks a session what tests/lessons/test_browser_playground.py asks Python's playground as well.

import { shiftedPair } from "../../engine/points.js";
import { Session } from "../../engine/session.js";
import { firstWeights } from "../../engine/start.js";

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
