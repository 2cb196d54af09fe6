// How fast the playground plays.

const KEPT = 40; // frames before the last one
const FEWEST = 5; // frames before the speed says anything

/** @typedef {[time: number, step: number][]} Pace of the last frames, time in ms */

/**
 * @param {Pace} pace
 * @param {number} now in ms
 * @param {number} step
 * @returns {Pace}
 */
export const paceWith = (pace, now, step) => [...pace.slice(-KEPT), [now, step]];

/**
 * Steps a second, null while there are too few frames to tell.
 * @param {Pace} pace
 */
export function stepsPerSecond(pace) {
  if (pace.length <= FEWEST) return null;
  const [from, to] = [pace[0], pace[pace.length - 1]];
  return (1000 * (to[1] - from[1])) / (to[0] - from[0]);
}
