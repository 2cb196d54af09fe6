// What the box for a prediction and dann_lab/lessons/predict.py share as traits: types only.

/**
 * The trait `shown`.
 * @typedef {object} ShownPrediction
 * @property {"number" | "choice" | "order"} kind
 * @property {string} label of the box
 * @property {string[]} choices to choose from, or to put in order; none for a number
 * @property {string} unit of a number
 * @property {number} low the least number
 * @property {number} high the largest
 * @property {string} was as one would say it
 * @property {string} why what else there is to say
 */

/**
 * The trait `said`: a number, which of the choices, or which of them in order; none yet is null.
 * @typedef {number | number[] | null} Said
 */

export {};
