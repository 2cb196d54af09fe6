// What the points of a map are. A point is known by its index, so it stays itself while it moves.

/** @typedef {ArrayLike<number>} Numbers */

/**
 * One of each for every point.
 * @typedef {object} Points
 * @property {Numbers} labels the digits that they are
 * @property {Numbers} domains 0 source, 1 target: see {@link DOMAINS}
 * @property {Numbers | null} predictions what the network says, null where nobody asked it
 * @property {Numbers | null} confidence 0 to 1
 */

export const DOMAINS = ["source", "target"];

/**
 * @param {Points} points
 * @param {number} index
 */
export const isWrong = ({ labels, predictions }, index) =>
  predictions !== null && predictions[index] !== labels[index];

/**
 * The indices of each domain.
 * @param {Points | null} points
 * @param {number[]} indices
 */
export const byDomain = (points, indices) =>
  DOMAINS.map((_, domain) => indices.filter((index) => points?.domains[index] === domain));

/**
 * Whether these are other images than before. The same index means another digit then.
 * @param {Numbers} labels
 * @param {Numbers | null} before
 */
export const areOthers = (labels, before) => before !== null && String(labels) !== String(before);
