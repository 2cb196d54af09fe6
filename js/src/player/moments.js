// The time of the runs, counted in steps.

/** @import { Run } from "./unpack.js" */

/**
 * The last of ascending `steps` at or before `step`, as an index; -1 if there is none.
 * @param {ArrayLike<number>} steps
 * @param {number} step
 */
export function lastAt(steps, step) {
  let found = -1;
  for (let i = 0; i < steps.length; i += 1) if (steps[i] <= step) found = i;
  return found;
}

/** @param {Pick<Run, "steps" | "moments">[]} runs */
export const lastStep = (runs) =>
  Math.max(...runs.map((run) => Math.max(run.steps, ...run.moments)));

/**
 * What a replay shows one after the other. It goes on from `step`, or begins anew at the end.
 * @param {Pick<Run, "moments">[]} runs
 * @param {number} step
 * @param {number} last
 */
export function replayed(runs, step, last) {
  const moments = new Set(runs.flatMap((run) => run.moments).concat(last));
  const steps = [...moments].sort((a, b) => a - b);
  return step >= last ? steps : steps.filter((moment) => moment > step);
}

/**
 * @param {number} step
 * @param {number} last
 */
export const within = (step, last) => Math.min(Math.max(0, step), last);

/**
 * Where the page is once a bundle has come: where it was, but at the end if it was there, and for
 * other runs.
 * @param {{ step: number, last: number }} was
 * @param {number} last
 * @param {boolean} same whether the runs are those that were there
 */
export const stepAfter = (was, last, same) => (same && was.step < was.last ? was.step : last);

/**
 * Whether these are the runs that are there, perhaps longer by now. What is there differs while
 * pictures are still on their way: the words have the new runs, the maps the old ones or none.
 * @param {{ title: string }[]} runs
 * @param {{ title: string }[]} before
 */
export const areSame = (runs, before) => titles(runs) === titles(before);

/** @param {{ title: string }[]} runs */
const titles = (runs) => JSON.stringify(runs.map(({ title }) => title));

/**
 * @param {Pick<Run, "curves">} run
 * @param {string} name of a curve
 * @param {number} step
 * @returns {number | null} null where it has no value yet
 */
export function valueAt(run, name, step) {
  const { x, y } = run.curves[name] ?? { x: [], y: [] };
  const found = lastAt(x, step);
  return found < 0 || Number.isNaN(y[found]) ? null : y[found];
}
