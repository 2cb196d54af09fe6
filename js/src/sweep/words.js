// Every word of a sweep's page that a person can see or hear. The names of runs, and why one failed,
// come from Python as they are.

import { written } from "../shared/words.js";

/** @import { State } from "./state.js" */

export const RUNS = "Runs that need a look, those at work, and the last to end";
export const PROGRESS = "Runs that have ended";
export const NOTHING_YET = "The workers are starting.";
export const COLUMNS = ["Run", "State", "Steps", "Source accuracy", "Target accuracy"];
export const GONE =
  "The sweep does not answer any more: it has ended, or was stopped. What is below is as it was last.";
export const STATES = {
  waiting: "waiting",
  running: "at work",
  done: "done",
  diverged: "diverged",
  failed: "failed",
  stopped: "stopped, saved",
};

/** @param {number | null} value */
export const accuracy = (value) => (value === null ? "–" : value.toFixed(4));

/**
 * @param {number} step
 * @param {number} steps
 */
export const steps = (step, steps) => `${written(step)} of ${written(steps)}`;

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (hours) return `${written(hours)} h ${minutes} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** @param {State} state */
export function soFar({ counts, total, seconds, over }) {
  const parts = [`${written(counts.done ?? 0)} of ${written(total)} runs are done`];
  for (const name of /** @type {const} */ ([
    "running",
    "waiting",
    "stopped",
    "diverged",
    "failed",
  ])) {
    const count = counts[name];
    if (count) parts.push(`${written(count)} ${STATES[name]}`);
  }
  const left = seconds === null || over ? "" : ` About ${duration(seconds)} left.`;
  return `${parts.join(", ")}.${over ? " The sweep is over." : left}`;
}
