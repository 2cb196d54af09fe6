// All that a person reads or hears beside the methods, except what Python says.

export const SECTIONS = { controls: "Controls of all methods", view: "Methods beside each other" };
export const BUTTONS = {
  play: { label: "Play", title: "Train all of them, as fast as the pictures follow" },
  pause: "Pause",
  seed: { label: "New seed", title: "Other points, other initial weights" },
};
export const PLANE = "Pictures";
export const TARGET_LEGEND = "Target";
export const REVEAL = "show the target's labels (nobody trains on them)";

/** @param {number} place from 0 */
export const methodOf = (place) => `Method ${place + 1}`;

/** @param {{ source: number, target: number, stopped: string }} run */
export const standing = ({ source, target, stopped }) =>
  stopped || `source ${percent(source)}, target ${percent(target)} right`;

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {string} method */
export const pictureOf = (method) => `The points and the boundaries of ${method}`;
