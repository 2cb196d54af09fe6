// What a sweep's page is told, dann_lab/sweeps/page.py `state`, and what follows from it.

/** @typedef {"waiting" | "running" | "done" | "diverged" | "failed" | "stopped"} Now */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {Now} now
 * @property {number} step
 * @property {number} steps
 * @property {number | null} source accuracy, 0 to 1
 * @property {number | null} target
 * @property {string} why a sentence, of a run that failed or diverged
 */

/**
 * @typedef {object} State
 * @property {Partial<Record<Now, number>>} counts
 * @property {number} total
 * @property {number | null} seconds left
 * @property {boolean} over
 * @property {Row[]} runs
 */

/**
 * How many runs have ended, whichever way.
 * @param {State} state
 */
export const ended = ({ counts }) =>
  (counts.done ?? 0) + (counts.diverged ?? 0) + (counts.failed ?? 0);
