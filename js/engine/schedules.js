// Lambda and the learning rate, as functions of progress: 0 at the start of a run, 1 at its end.

/**
 * `2 / (1 + exp(-10 p)) - 1`. (Ganin & Lempitsky 2015, section 4.)
 * @param {number} progress
 */
export const paperLambda = (progress) => 2 / (1 + Math.exp(-10 * progress)) - 1;

/**
 * `start / (1 + 10 p)^0.75`. (The same.)
 * @param {number} progress
 * @param {number} start
 */
export const paperLearningRate = (progress, start) => start / (1 + 10 * progress) ** 0.75;
