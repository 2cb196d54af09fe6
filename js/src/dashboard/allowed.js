// What a reader may do as things stand.

/** @import { State } from "./protocol.js" */

/**
 * Whether steps are done, or will be without another wish.
 * @param {State} state
 */
export const isRunning = (state) => state.state === "training" || state.begins;

/**
 * Whether lambda does anything.
 * @param {State} state
 */
export const adapts = ({ settings }) => settings.mode === "dann";

/**
 * Whether there is a domain classifier, so that one can choose what learns.
 * @param {State} state
 */
export const hasClassifier = ({ network }) => network.side === "classifier";

/**
 * What the first button does.
 * @param {State} state
 * @returns {"train" | "pause"}
 */
export const trainAction = (state) => (isRunning(state) ? "pause" : "train");

/**
 * Which buttons of the training can be pressed.
 * @param {State} state
 */
export function allowed(state) {
  const ready = state.state !== "loading" && state.busy === null;
  const unfinished = ready && state.state !== "finished";
  return {
    train: unfinished,
    step: unfinished && !isRunning(state),
    reset: state.state !== "loading",
    seed: state.state !== "loading",
    undo: state.undo,
  };
}

/**
 * Which buttons of the download are there.
 * @param {State} state
 */
export const downloads = ({ mnist, busy }) => ({
  download: !mnist && busy === null,
  cancel: busy?.kind === "downloading",
});

/**
 * How much of what is under way is done, from 0 to 1; null where nobody knows.
 * @param {State} state
 */
export const progress = ({ busy, step, settings }) =>
  busy ? busy.fraction : step / settings.steps;
