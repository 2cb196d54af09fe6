// What a network's probabilities say: pure functions.

/**
 * @typedef {object} Answer
 * @property {number} digit the most probable
 * @property {number} sure its probability
 */

/**
 * @param {ArrayLike<number>} probabilities of 0 to 9
 * @returns {Answer}
 */
export function answerIn(probabilities) {
  const all = Array.from(probabilities);
  const sure = Math.max(...all);
  return { digit: all.indexOf(sure), sure };
}
