// What the quiz and dann_lab/lessons/quiz.py share as traits: types only. They send no messages.

/**
 * Texts may have `code` in them.
 * @typedef {object} QuizAnswer
 * @property {string} text
 * @property {string} feedback why it is right or wrong
 * @property {boolean} right
 */

/**
 * @typedef {object} QuizQuestion of the trait `questions`
 * @property {string} text
 * @property {QuizAnswer[]} answers
 */

/** @typedef {(number | null)[]} Chosen the trait `chosen`: an answer of each question, or none yet */

export {};
