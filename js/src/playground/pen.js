// Points that a hand or keys put into the plane: pure functions.

/** @typedef {[x: number, y: number]} Place */

const APART = 0.05; // of the plane's side: a hand that rests draws one point, not fifty
export const STEP = 0.1; // how far a key moves the pen, in the plane's own numbers

/**
 * A place on the canvas, 0 to 1 across and down, in the plane's own numbers.
 * @param {Place} at
 * @param {number} plane half of the plane's side
 * @returns {Place}
 */
export const onPlane = ([across, down], plane) => [
  plane * (2 * across - 1),
  plane * (1 - 2 * down),
];

/**
 * Whether a moving hand draws a point here.
 * @param {Place | null} last the stroke's last point
 * @param {Place} at
 * @param {number} plane
 */
export const isFarEnough = (last, at, plane) =>
  !last || Math.hypot(at[0] - last[0], at[1] - last[1]) >= 2 * plane * APART;

/** @type {ReadonlyMap<string, Place>} */
const WAYS = new Map([
  ["ArrowLeft", [-STEP, 0]],
  ["ArrowRight", [STEP, 0]],
  ["ArrowUp", [0, STEP]],
  ["ArrowDown", [0, -STEP]],
]);

/**
 * Where the pen is after a key, null for a key that does not move it.
 * @param {Place} pen
 * @param {string} key
 * @param {number} plane
 * @returns {Place | null}
 */
export function movedBy(pen, key, plane) {
  const way = WAYS.get(key);
  if (!way) return null;
  const within = (/** @type {number} */ value) =>
    Math.min(plane, Math.max(-plane, Math.round(value / STEP) * STEP));
  return [within(pen[0] + way[0]), within(pen[1] + way[1])];
}

/** @param {string} key */
export const putsPoint = (key) => key === "Enter" || key === " ";
