// What more than one page says, so that it is written, and translated, once.

export const WAITING_FOR_PYTHON = "Waiting for Python…";
export const WORKING = "Working…";
export const METHOD = "Method";
export const PART = "What learns";
export const KIND_OF_MAP = "Kind of map";
export const STEP = { label: "Step", title: "Do one step, then pause" };
export const RESET = { label: "Reset", title: "Start again from the same initial weights" };

/** @param {number} number */
export const written = (number) => number.toLocaleString("en");

/**
 * How far a run is.
 * @param {number} step
 * @param {number} steps
 */
export const stepOf = (step, steps) => `Step ${written(step)} of ${written(steps)}`;

export const LAMBDA = {
  legend: "Lambda",
  paper: " follow the paper's schedule",
  hand: " by hand: ",
  slider: "Lambda by hand",
};

/**
 * Lambda with so many digits behind the point; a large one, as distances take, with none.
 * @param {number} lambda
 * @param {number} [digits]
 */
export const lambdaWritten = (lambda, digits = 2) =>
  lambda < 100 ? lambda.toFixed(digits) : written(Math.round(lambda));

/** @param {number} lambda */
export const lambdaIs = (lambda) => `lambda ${lambdaWritten(lambda)}`;
