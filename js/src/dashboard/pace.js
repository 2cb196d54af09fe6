// When the page asks again and draws again. Both take time from the training where they share a
// processor, so a page that is slow does them less often.

const SHARE = 0.025; // of the time may go into either

/**
 * @typedef {object} Pace
 * @property {number} least ms between two of them, as everywhere here
 * @property {number} most
 */

/** @type {Pace} */
export const ASKING = { least: 400, most: 1000 };
/** @type {Pace} */
export const DRAWING = { least: 500, most: 3000 };

/**
 * When to do it again if it never ends.
 * @param {Pace} pace
 * @param {number} begun
 */
export const atTheLatest = ({ most }, begun) => begun + most;

/**
 * When to do it again.
 * @param {Pace} pace
 * @param {number} begun
 * @param {number} painted
 */
export const nextTime = ({ least, most }, begun, painted) =>
  begun + Math.min(most, Math.max(least, (painted - begun) / SHARE));
