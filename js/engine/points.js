// The moons, and ways in which a target can differ from its source, as dann_core/moons.py and
// dann_lab/lessons/shifts.py make them.

import { matrix } from "./matrix.js";
import { Twister } from "./random.js";

/** @import { Domain, Pair, Split } from "./trainer.js" */

export const POINTS = 150; // of each domain and split
const NOISE = 0.08;
const ROTATION = 35;

/**
 * Two moons, the upper one class 0: what scikit-learn's `make_moons` draws, around the origin.
 * @param {number} seed
 * @param {number} lower how many of the points are the lower moon's
 * @returns {Split}
 */
function moons(seed, lower) {
  const random = new Twister(seed);
  const upper = POINTS - lower;
  const order = random.order(POINTS);
  const points = matrix(POINTS, 2);
  order.forEach((k, row) => {
    const [x, y] = k < upper ? onUpper(k, upper) : onLower(k - upper, lower);
    const at = 2 * row;
    points.values[at] = Math.fround(Math.fround(x + NOISE * random.normal()) - 0.5);
    points.values[at + 1] = Math.fround(Math.fround(y + NOISE * random.normal()) - 0.25);
  });
  return { points, labels: order.map((k) => (k < upper ? 0 : 1)) };
}

/**
 * @param {number} k
 * @param {number} count
 */
const angle = (k, count) => (k === count - 1 && k ? Math.PI : k * (Math.PI / (count - 1)));

/**
 * @param {number} k
 * @param {number} count
 */
const onUpper = (k, count) => [Math.cos(angle(k, count)), Math.sin(angle(k, count))];

/**
 * @param {number} k
 * @param {number} count
 */
const onLower = (k, count) => [1 - Math.cos(angle(k, count)), 1 - Math.sin(angle(k, count)) - 0.5];

/**
 * Training, validation and test points are draws of their own.
 * @param {number} seed
 * @param {number} number of the first draw: 0 of the source, 3 of the target
 * @param {(split: Split) => Split} change
 * @param {number} [lower]
 * @returns {Domain}
 */
function domain(seed, number, change, lower = POINTS / 2) {
  const split = (/** @type {number} */ k) =>
    change(moons((seed * 10 + number + k) % 2 ** 32, lower));
  return { train: split(0), test: split(2) };
}

/**
 * @param {number} degrees
 * @returns {(split: Split) => Split}
 */
function turned(degrees) {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.fround(Math.cos(radians));
  const sin = Math.fround(Math.sin(radians));
  return ({ points, labels }) => {
    const there = matrix(points.rows, 2);
    for (let at = 0; at < there.values.length; at += 2) {
      const [x, y] = [points.values[at], points.values[at + 1]];
      there.values[at] = Math.fround(x * cos - y * sin);
      there.values[at + 1] = Math.fround(x * sin + y * cos);
    }
    return { points: there, labels };
  };
}

/**
 * @param {number} up
 * @returns {(split: Split) => Split}
 */
const moved = (up) => (split) => {
  const values = split.points.values.map((value, at) =>
    at % 2 ? Math.fround(value + Math.fround(up)) : value,
  );
  return { ...split, points: { ...split.points, values } };
};

/** @param {Split} split @returns {Split} */
const swapped = ({ points, labels }) => ({ points, labels: Array.from(labels, (one) => 1 - one) });

/**
 * How many of the points a share of them is, as Python rounds: a half to the even number.
 * @param {number} percent
 */
function shareOf(percent) {
  const wanted = (POINTS * percent) / 100;
  const below = Math.floor(wanted);
  return wanted - below === 0.5 ? below + (below % 2) : Math.round(wanted);
}

/** The shifts, but for points that somebody draws. @type {Record<string, (amount: number, seed: number) => Domain>} */
const TARGETS = {
  turned: (amount, seed) => domain(seed, 3, turned(amount)),
  moved: (amount, seed) => domain(seed, 3, moved(amount)),
  shares: (amount, seed) => domain(seed, 3, turned(ROTATION), shareOf(amount)),
  missing: (_, seed) => domain(seed, 3, turned(ROTATION), 0),
  swapped: (_, seed) => domain(seed, 3, swapped),
};

/** How far each goes at first, and whatever else there is goes nowhere. @type {Record<string, number>} */
export const USUAL = { turned: ROTATION, moved: 0.5, shares: 10 };

/**
 * @param {string} shift one of the above
 * @param {number} amount how far
 * @param {number} seed
 * @returns {Pair}
 */
export const shiftedPair = (shift, amount, seed) => ({
  source: domain(seed, 0, (split) => split),
  target: TARGETS[shift](amount, seed),
});
