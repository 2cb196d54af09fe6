// What the points of a map are. A point is known by its index, so it stays itself while it moves.

/** @typedef {ArrayLike<number>} Numbers */

/**
 * One of each for every point.
 * @typedef {object} Points
 * @property {Numbers} labels the classes that they are, UNKNOWN where nobody knows it
 * @property {Numbers} domains 0 source, 1 target: see {@link DOMAINS}
 * @property {Numbers | null} predictions what the network says, null where nobody asked it
 * @property {Numbers | null} confidence 0 to 1
 * @property {string[]} names of the classes, none for the digits 0 to 9
 */

export const DOMAINS = ["source", "target"];
const UNKNOWN = 255; // the label of what nobody has told the class of

/** @param {number} label */
export const isLabelled = (label) => label !== UNKNOWN;

/**
 * Whether the network says another class than it is. Nobody can tell where there is no label.
 * @param {Points} points
 * @param {number} index
 */
export const isWrong = ({ labels, predictions }, index) =>
  predictions !== null && isLabelled(labels[index]) && predictions[index] !== labels[index];

/**
 * The indices of those whose class is known.
 * @param {Points} points
 * @param {number[]} indices
 */
export const labelled = ({ labels }, indices) =>
  indices.filter((index) => isLabelled(labels[index]));

/** @param {Points} points */
export const everyIndex = ({ labels }) => Array.from(labels, (_, index) => index);

/**
 * Whether the network was asked, and there are labels to tell.
 * @param {Points | null} points
 * @param {number} domain
 */
export const canBeWrong = (points, domain) =>
  points !== null &&
  points.predictions !== null &&
  labelled(points, everyIndex(points)).some((index) => points.domains[index] === domain);

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
