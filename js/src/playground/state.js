// What the playground knows, how it changes, and what follows from it: no page in here.

import { lambdaIs, stepOf, WAITING_FOR_PYTHON } from "../shared/words.js";
import { follow, yardstick } from "./arrows.js";
import { isDone, unpacked } from "./frame.js";
import { paceWith, stepsPerSecond } from "./pace.js";
import { FINISHED, MODES, speedIs } from "./words.js";

/** @import { Frame } from "./frame.js" */
/** @import { Pace } from "./pace.js" */
/** @import { PackedFrame, Question } from "./protocol.js" */

const SPOKEN_EVERY = 1000; // ms: a sentence that changes with every frame cannot be read

/** @typedef {"paused" | "playing" | "slow"} Mode */
/** @typedef {"play" | "slow" | "step" | "reset" | "seed" | "undo"} Action */

/**
 * @typedef {object} State
 * @property {Mode} mode
 * @property {Frame | null} frame the last answer
 * @property {number} scale px for a gradient of length 1, 0 before there is a frame
 * @property {Pace} pace since the mode last changed
 */

/** @returns {State} */
export const beginning = () => ({ mode: "paused", frame: null, scale: 0, pace: [] });

/**
 * @param {State} state
 * @param {Mode} mode
 * @returns {State}
 */
export const inMode = (state, mode) => ({ ...state, mode, pace: [] });

/**
 * @param {State} state
 * @param {PackedFrame} answer
 * @param {number} now in ms
 * @returns {State}
 */
export function withAnswer(state, answer, now) {
  const frame = unpacked(answer);
  const scale = answer.step ? state.scale : 0; // another run's arrows are of another length
  return {
    ...state,
    frame,
    scale: follow(scale, yardstick(frame)),
    pace: paceWith(state.pace, now, frame.step),
  };
}

/**
 * What a button does: the mode from then on, and what Python is asked for.
 * @param {Action} action
 * @param {Mode} mode
 * @returns {{ mode: Mode, wish: Question | null }}
 */
export function pressed(action, mode) {
  if (action === "play" || action === "slow") {
    const wanted = action === "play" ? "playing" : "slow";
    if (mode === wanted) return { mode: "paused", wish: null };
    return { mode: wanted, wish: action === "slow" ? { type: "slow" } : null };
  }
  return {
    mode: "paused",
    wish: action === "step" ? { type: "step", steps: 1 } : { type: action },
  };
}

/**
 * What to ask without anybody's wish.
 * @param {State} state
 * @param {object} now
 * @param {number} now.steps for each picture
 * @param {boolean} now.seen whether somebody may be looking
 * @param {boolean} now.curvesMissing whether the curves have not followed the last steps
 * @returns {Question | null}
 */
export function nextQuestion({ mode, frame }, { steps, seen, curvesMissing }) {
  if (curvesMissing) return { type: "look" };
  const plays = mode === "playing" && seen && frame !== null && !isDone(frame);
  return plays ? { type: "step", steps } : null;
}

/**
 * Whether play and slow motion end with this answer.
 * @param {Mode} mode
 * @param {PackedFrame} answer
 */
export const mustPause = (mode, answer) =>
  mode !== "paused" && (isDone(answer) || answer.problem !== "");

/**
 * Whether a new sentence is shown.
 * @param {Mode} mode
 * @param {number} quiet ms since the last one
 */
export const maySpeak = (mode, quiet) => mode !== "playing" || quiet > SPOKEN_EVERY;

/**
 * The line under the buttons.
 * @param {State} state
 */
export function statusLine({ mode, frame, pace }) {
  if (!frame) return WAITING_FOR_PYTHON;
  const parts = [stepOf(frame.step, frame.steps), lambdaIs(frame.lambda)];
  const speed = mode === "playing" ? stepsPerSecond(pace) : null;
  if (speed !== null) parts.push(speedIs(speed));
  parts.push(isDone(frame) ? FINISHED : MODES[mode]);
  return parts.join(" · ");
}
