// Points that somebody draws, in the place of both domains.

import { matrix } from "./matrix.js";
import { POINTS } from "./points.js";

/** @import { Pen, Spot } from "../src/playground/protocol.js" */
/** @import { Domain, Pair } from "./trainer.js" */

/** @typedef {{ x: number, y: number, domain: number, label: number }} Drawn 0 is the source */

const BEGUN = 40; // points of each domain that one begins with
const RUBBER = 0.15; // how near to it a point goes
const MOST = POINTS; // points of each domain: beyond them the oldest goes

/** What is drawn is not enough to learn from. */
export class TooFewPoints extends Error {
  constructor() {
    super(
      "There is not enough to learn from yet: draw points of both classes of the source, " +
        "and at least one of the target.",
    );
  }
}

/**
 * Some of the training points, to begin a drawing with.
 * @param {Pair} pair
 * @returns {Drawn[]}
 */
export const drawnFrom = ({ source, target }) =>
  [source, target].flatMap(({ train: { points, labels } }, domain) =>
    Array.from({ length: Math.min(BEGUN, points.rows) }, (_, k) => ({
      x: points.values[2 * k],
      y: points.values[2 * k + 1],
      domain,
      label: labels[k],
    })),
  );

/**
 * What somebody drew, again and again until there are as many points of each domain as usual; the
 * test points are the same.
 * @param {Drawn[]} points
 * @returns {Pair}
 */
export function drawnPair(points) {
  const [ours, theirs] = [0, 1].map((domain) => points.filter((one) => one.domain === domain));
  const both = [0, 1].every((label) => ours.some((one) => one.label === label));
  if (!both || !theirs.length) throw new TooFewPoints();
  return { source: repeated(ours), target: repeated(theirs) };
}

/**
 * @param {Drawn[]} points
 * @returns {Domain}
 */
function repeated(points) {
  const again = Array.from({ length: POINTS }, (_, k) => points[k % points.length]);
  const split = { points: placesOf(again), labels: again.map(({ label }) => label) };
  return { train: split, test: split };
}

/** @param {Drawn[]} points */
export const placesOf = (points) =>
  matrix(
    points.length,
    2,
    points.flatMap(({ x, y }) => [Math.fround(x), Math.fround(y)]),
  );

/**
 * A point more, or those under the rubber less; without a place, none at all.
 * @param {Drawn[]} points
 * @param {{ pen: Pen, at: Spot | null }} stroke
 * @param {number} plane its end
 * @returns {Drawn[]}
 */
export function afterStroke(points, { pen, at }, plane) {
  if (!at) return [];
  const [x, y] = at.map((value) => Math.max(-plane, Math.min(plane, value)));
  if (pen === "rubber") return points.filter((one) => Math.hypot(one.x - x, one.y - y) > RUBBER);
  const [domain, label] = [pen.startsWith("source") ? 0 : 1, Number(pen.slice(-1))];
  const same = points.filter((one) => one.domain === domain);
  const kept = same.length < MOST ? points : points.filter((one) => one !== same[0]);
  return [...kept, { x, y, domain, label }];
}
