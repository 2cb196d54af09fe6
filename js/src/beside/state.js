// What the page of methods asks for and shows: no page in here.

import { stepOf } from "../shared/words.js";

/** @import { BesideFrame, Question } from "./protocol.js" */

/** @param {Pick<BesideFrame, "step" | "steps" | "runs">} frame */
export const isDone = ({ step, steps, runs }) =>
  step >= steps || runs.every(({ stopped }) => stopped !== "");

/**
 * What to ask without anybody's wish.
 * @param {boolean} plays
 * @param {BesideFrame | null} frame
 * @param {{ steps: number, seen: boolean }} now how many steps for each picture, and whether
 *   somebody may be looking
 * @returns {Question | null}
 */
export const nextQuestion = (plays, frame, { steps, seen }) =>
  plays && seen && frame && !isDone(frame) ? { type: "step", steps } : null;

/**
 * Another method in one of the places.
 * @param {string[]} methods
 * @param {number} place
 * @param {string} method
 */
export const withMethod = (methods, place, method) =>
  methods.map((former, k) => (k === place ? method : former));

/**
 * The line under the buttons.
 * @param {BesideFrame} frame
 * @param {boolean} plays
 */
export function statusLine(frame, plays) {
  const state = isDone(frame) ? "finished: Reset starts again" : plays ? "playing" : "paused";
  return `${stepOf(frame.step, frame.steps)} · ${state}`;
}
