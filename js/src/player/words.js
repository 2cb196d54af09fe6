// All that a person reads or hears of the player, except what is in shared/words.js. What Python
// says of a run comes with the run.

/** @import { Overlay } from "./protocol.js" */
/** @import { Maps, Run } from "./unpack.js" */

import { stepOf, written } from "../shared/words.js";
import { valueAt } from "./moments.js";

export const PLAYER = "Runs side by side";
export const SLIDER = "Moment of these runs, in steps";
export const REPLAY = "Show these runs from their beginning";
export const PLAY = "Play";
export const STOP = "Stop";
export const MAPS = "Maps of the features, side by side";
export const CURVE = "Curve";
export const CURVES = "Curves in one picture";
export const CURVES_BOX = "Curves of these runs";
export const DIFFERENCES = "What differs";
export const READINGS = "What each network reads";

/**
 * @param {{ title: string }} run
 * @param {number} right
 * @param {number} known of how many examples anybody knows what they show
 */
export const rightOf = ({ title }, right, known) =>
  known ? `${title}: ${right} of these ${known} right` : title;

/** @param {{ title: string }} run */
export const mapTitle = (run) => `Map of ${run.title}`;

/**
 * Where the runs come from. Often it is one place.
 * @param {{ about: string }[]} runs
 */
export const aboutRuns = (runs) =>
  [...new Set(runs.map((run) => run.about).filter(Boolean))].map((about) => `${about}.`).join(" ");

/** @param {number} step */
export const sliderValue = (step) => `step ${step}`;

/**
 * @param {number} step
 * @param {number} last
 */
export const aboutMoment = (step, last) => `${stepOf(step, last)}.`;

/**
 * @param {Pick<Run, "title" | "curves">[]} runs
 * @param {number} step
 */
export const onRuns = (runs, step) =>
  `Step ${written(step)}. Right on the target: ${values(runs, "target_accuracy", true, step)}.`;

/**
 * @param {Pick<Run, "title" | "curves">[]} runs
 * @param {string} name of the curve
 * @param {Pick<Overlay, "title" | "share">} curve
 * @param {number} step
 */
export const onCurve = (runs, name, { title, share }, step) =>
  `${title} at step ${written(step)}, where the upright line is. ${values(runs, name, share, step)}.${forks(runs)}`;

/** @param {{ title: string, fork?: number }[]} runs */
const forks = (runs) =>
  runs
    .filter(({ fork }) => fork)
    .map(({ title, fork = 0 }) => ` ${title} left another run after step ${written(fork)}.`)
    .join("");

/**
 * What stands for a run without such a curve. Of shares of right answers that is one whose examples
 * have no labels.
 * @param {boolean} share
 */
const nothing = (share) => (share ? "–" : "none");

/**
 * @param {Pick<Run, "title" | "curves">[]} runs
 * @param {string} name of a curve
 * @param {boolean} share whether its values are shares
 * @param {number} step
 */
const values = (runs, name, share, step) =>
  runs
    .map((run) => {
      const value = run.curves[name] ? oneValue(valueAt(run, name, step), share) : nothing(share);
      return `${run.title}: ${value}`;
    })
    .join("; ");

/**
 * @param {number | null} value
 * @param {boolean} share
 */
function oneValue(value, share) {
  if (value === null) return "none yet";
  return share ? `${Math.round(100 * value)} %` : value.toFixed(2);
}

/**
 * @param {Maps | undefined} maps of the run, by the method
 * @param {number} row which of them, -1 for none yet
 * @param {string} method
 */
export function onMap(maps, row, method) {
  if (!maps) {
    return `There is no ${method} map of this run. Maps are drawn while one is chosen on its page.`;
  }
  return row < 0 ? `The first ${method} map of this run comes later.` : maps.captions[row];
}
