// What the quiz makes of a choice, of a key and of a text: no page in here.

import { score, VERDICTS } from "./words.js";

/** @import { QuizAnswer, Chosen, QuizQuestion } from "./protocol.js" */

/**
 * The pieces of a text with `code` in it.
 * @param {string} text
 */
export const pieces = (text) =>
  text.split("`").map((piece, i) => ({ text: piece, code: i % 2 === 1 }));

/**
 * @param {QuizQuestion[]} questions
 * @param {Chosen} chosen
 */
export function scoreText(questions, chosen) {
  const right = questions.filter(({ answers }, i) => {
    const index = chosen[i];
    return index !== null && answers[index]?.right;
  });
  const open = chosen.filter((index) => index === null);
  return score(right.length, questions.length, open.length);
}

/**
 * What is said of an answer, and the look of it.
 * @param {QuizAnswer} answer
 */
export const feedbackOn = ({ right, feedback }) => ({
  look: right ? "dann-right" : "dann-bad",
  verdict: right ? VERDICTS.right : VERDICTS.wrong,
  why: feedback,
});

/** @type {Record<string, number | undefined>} */
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * The answer that a key moves to, null if it moves to none.
 * @param {string} key
 * @param {number} at -1 for none
 * @param {number} count of answers
 */
export function answerAfterKey(key, at, count) {
  const step = STEPS[key];
  if (step === undefined || at < 0) return null;
  return (at + step + count) % count;
}
