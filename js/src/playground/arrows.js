// Which gradients are shown as arrows, how long, and of what shape.

import { PHASE_ARROWS } from "./phases.js";

/** @import { Frame } from "./frame.js" */
/** @import { ArrowName } from "./protocol.js" */
/** @import { Mode } from "./state.js" */

const USUAL = 26; // px for a gradient of average length: the scale of all arrows
const SHORTEST = 1.5; // px
const LONGEST = 80; // px
const DRIFT = 0.1; // of the way to the scale that one frame alone would have

/** @typedef {[x: number, y: number]} Point in px from the top left */

/** @type {ArrowName[]} */
export const ARROW_NAMES = ["label", "domain", "reversed"];

/**
 * Slow motion shows the arrows of its part, whatever is ticked. A distance's gradient is shown as it
 * arrives, lambda times, and not before that: by itself it is too short to be seen.
 * @param {Mode} mode
 * @param {number} phase
 * @param {ArrowName[]} ticked
 * @param {boolean} hasClassifier
 */
export const arrowsToShow = (mode, phase, ticked, hasClassifier) =>
  (mode === "slow" ? PHASE_ARROWS[phase] : ticked).filter(
    (name) => hasClassifier || name !== "domain",
  );

/**
 * The gradients that set the scale of all arrows: the domain's, or beside a distance the source's
 * of the labels.
 * @param {Pick<Frame, "pushes" | "hasClassifier" | "sources">} frame
 */
export const yardstick = ({ pushes, hasClassifier, sources }) =>
  hasClassifier ? pushes.domain : pushes.label.subarray(0, 2 * sources);

/**
 * px for a gradient of length 1. It drifts, so that one step's arrows compare with the next step's.
 * @param {number} scale the one before, 0 for none
 * @param {Float32Array} pushes x and y of each gradient, see `yardstick`
 */
export function follow(scale, pushes) {
  let sum = 0;
  for (let k = 0; k < pushes.length; k += 2) sum += Math.hypot(pushes[k], pushes[k + 1]);
  const wanted = USUAL / Math.max(sum / Math.max(pushes.length / 2, 1), 1e-6);
  return scale ? scale * (wanted / scale) ** DRIFT : wanted;
}

/**
 * An arrow's tip and the two ends of its head, or null where it would be too short to be seen.
 * @param {Point} from
 * @param {Point} push with y downwards
 * @returns {{ tip: Point, head: [Point, Point] } | null}
 */
export function arrowShape([x, y], [across, down]) {
  const length = Math.hypot(across, down);
  if (length < SHORTEST) return null;
  const cut = length > LONGEST ? LONGEST / length : 1;
  /** @type {Point} */
  const tip = [x + cut * across, y + cut * down];
  const angle = Math.atan2(down, across);
  const size = Math.min(6, 2 + length / 4);
  /** @param {number} turn @returns {Point} */
  const end = (turn) => [
    tip[0] - size * Math.cos(angle + turn),
    tip[1] - size * Math.sin(angle + turn),
  ];
  return { tip, head: [end(-0.5), end(0.5)] };
}
