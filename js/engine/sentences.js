// What is going on, in sentences: the same that dann_lab/figures/sentences.py says in a notebook.

import { fixed, general, lossText, percent, thousands } from "./format.js";
import { rowsOf } from "./matrix.js";

/** @import { Evaluation } from "./evaluation.js" */
/** @import { Matrix } from "./matrix.js" */
/** @import { MethodName } from "./methods.js" */
/** @import { Pushes, StepRecord } from "./trainer.js" */

const LN2 = Math.log(2); // the loss of guessing
const CALIBRATED = 1.15 * LN2; // a loss above is worse than guessing
const EXPLODED = 20 * LN2; // an honest classifier never gets there
const [TELLS, GUESSES, WRONG] = [0.75, 0.6, 0.4]; // accuracies
const RECENT = 50; // steps that are averaged when a sentence speaks of a curve

/**
 * What a run has come to.
 * @typedef {object} Run
 * @property {MethodName} method
 * @property {StepRecord[]} history
 * @property {Evaluation[]} evaluations
 */

/** @param {Run} run whether its method makes a distance smaller */
export const isDistance = ({ history }) => Number.isNaN(history.at(-1)?.domainAccuracy ?? 0);

/**
 * The mean of the last steps.
 * @param {StepRecord[]} history
 * @param {"labelLoss" | "domainLoss"} name
 */
function recent(history, name) {
  const last = history.slice(-RECENT);
  return last.reduce((sum, record) => sum + record[name], 0) / last.length;
}

/** @param {MethodName} method */
const distance = (method) => `${method.toUpperCase()}'s distance between the domains`;

/**
 * How the domain classifier stands, judged from accuracy and loss together: one alone misleads.
 * @param {number} accuracy on test points
 * @param {number} loss
 * @param {boolean} oneAnswer whether it names the same domain for all points
 */
export function aboutClassifier(accuracy, loss, oneAnswer) {
  const [right, size] = [percent(accuracy), lossText(loss)];
  const same =
    "The domain classifier gives one answer for everything: half of it is right, " +
    `at a loss of ${size} where guessing gives 0.69`;
  if (!(loss <= EXPLODED))
    return oneAnswer
      ? same
      : `The domain loss has exploded: it is ${size}, where guessing gives 0.69`;
  if (loss > CALIBRATED) {
    if (accuracy < WRONG)
      return (
        `The domain classifier is sure and wrong: right on ${right}, ` +
        `at a loss of ${size} where guessing gives 0.69`
      );
    if (oneAnswer) return same;
    return (
      `The domain classifier is right on ${right}, but too sure of the rest: ` +
      `its loss of ${size} is above the 0.69 of guessing`
    );
  }
  if (accuracy >= TELLS)
    return `The domain classifier still tells the domains apart: right on ${right}`;
  if (accuracy >= GUESSES)
    return (
      `The domain classifier can hardly tell the domains apart: right on ${right}, ` +
      "where 50 % is guessing"
    );
  return `The domain classifier is right on ${right}, close to guessing`;
}

/**
 * The mean length of some arrows.
 * @param {Matrix} pushes
 */
function length({ rows, values }) {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += Math.hypot(values[2 * row], values[2 * row + 1]);
  return sum / rows;
}

/**
 * Beside the playground.
 * @param {Run} run
 * @param {Pushes} pushes
 * @param {number} lambda of the next step
 */
export function aboutMoons(run, pushes, lambda) {
  const { method, history, evaluations } = run;
  const [last, now] = [evaluations[evaluations.length - 1], history.at(-1)];
  const reached = `source ${percent(last.source)}, target ${percent(last.target)} right`;
  if (!now)
    return `Untrained: ${reached}. The arrows show what the first step will do at the features.`;
  const half = Math.floor(pushes.label.rows / 2);
  const label = length(rowsOf(pushes.label, 0, half));
  const reversed = length(rowsOf(pushes.reversed, 0, half));
  const pulls = isDistance(run);
  const kind = pulls ? "distance" : "reversed";
  const oneAnswer = Math.abs(now.domainAccuracy - 0.5) < 1e-6;
  const state = pulls
    ? `${distance(method)} is ${general(now.domainLoss, 2)}`
    : aboutClassifier(last.domain, now.domainLoss, oneAnswer);
  let arrows = "The label arrows have no length any more";
  if (lambda < 0.005) arrows = `Lambda is 0, so the ${kind} arrows have no length`;
  else if (label > 0) {
    const times = fixed(reversed / label, 1);
    arrows = `The ${kind} arrows are ${times} times as long as the label arrows`;
  }
  return `Step ${thousands(history.length)}: ${reached}. ${state}. ${arrows}.`;
}

/**
 * Beside the losses.
 * @param {Run} run
 */
export function aboutLosses(run) {
  const { method, history } = run;
  if (!history.length) return "No losses yet. Press Play.";
  const steps = Math.min(RECENT, history.length);
  const means = steps > 1 ? ` (mean of the last ${steps} steps)` : "";
  const domain = recent(history, "domainLoss");
  const text = `Label loss ${lossText(recent(history, "labelLoss"))}`;
  if (isDistance(run))
    return `${text}, ${distance(method)} ${general(domain, 2)}, which is to shrink${means}.`;
  let meaning = "below ln 2 = 0.69: better than guessing";
  if (domain > 1.15 * LN2) meaning = "above ln 2 = 0.69: worse than guessing";
  else if (domain > 0.85 * LN2) meaning = "close to ln 2 = 0.69, which is what guessing gives";
  return `${text}, domain loss ${lossText(domain)}, ${meaning}${means}.`;
}

/**
 * Beside the accuracies.
 * @param {Run} run
 */
export function aboutAccuracies({ evaluations }) {
  const last = evaluations[evaluations.length - 1];
  const text =
    `On ${last.points} test points of each domain, after step ${thousands(last.step)}: ` +
    `source ${percent(last.source)}, target ${percent(last.target)} right`;
  if (Number.isNaN(last.domain)) return `${text}.`;
  return `${text}; domain classifier ${percent(last.domain)} (50 % is guessing).`;
}
