// Which runs are put side by side, and when Python is asked for them: pure functions. A run is known
// by its key: "run 3" of this page, "folder NAME" among the kept ones, "recorded 0".

/** @import { OfferedRun, State } from "../dashboard/protocol.js" */

const REFRESH = 20000; // ms between two looks at a run that is still being trained

/**
 * The keys that are chosen, each once.
 * @param {string[]} values of the selects; "" is no run
 */
export const chosenKeys = (values) => [...new Set(values.filter(Boolean))];

/**
 * Whether the same runs are meant, in the same order.
 * @param {string[]} some
 * @param {string[]} others
 */
export const sameKeys = (some, others) => some.join() === others.join();

/**
 * The runs as a list of groups, in the order in which they are offered.
 * @param {OfferedRun[]} runs
 */
export const grouped = (runs) =>
  [...new Set(runs.map(({ group }) => group))].map((group) => ({
    group,
    runs: runs.filter((run) => run.group === group),
  }));

/**
 * What a select shows once the list is another: the same run if it is still offered.
 * @param {string} value
 * @param {OfferedRun[]} runs
 */
export const stillOffered = (value, runs) => (runs.some(({ key }) => key === value) ? value : "");

/**
 * Something to look at before anything is trained.
 * @param {OfferedRun[]} runs
 */
export const recordedKeys = (runs) =>
  runs.filter(({ kind }) => kind === "recorded").map(({ key }) => key);

/**
 * Whether a run's lambda can be applied to a new run: it has to be of this page, and to use lambda.
 * @param {string} value the run's key
 * @param {OfferedRun[]} runs
 */
export const canReplay = (value, runs) =>
  runs.some(({ key, kind, adapts }) => key === value && kind === "own" && adapts);

/**
 * How far the page's own run is, in one word.
 * @param {State} state
 */
export const progressOf = ({ state, step }) => `${state === "training"} ${step}`;

/**
 * Whether the runs on the page are out of date, because one of them has gone on.
 * @param {object} now
 * @param {string[]} now.keys of those on the page
 * @param {number | null} now.run that is trained
 * @param {State} now.state
 * @param {string} now.refreshed its {@link progressOf} when it was asked for
 * @param {number} now.waited ms since anything was asked for
 */
export function isOutOfDate({ keys, run, state, refreshed, waited }) {
  if (!keys.includes(`run ${run}`) || progressOf(state) === refreshed) return false;
  return state.state !== "training" || waited > REFRESH;
}
