import { expect, test } from "vitest";
import { thin } from "../../engine/curves.js";
import { afterStroke, drawnPair, TooFewPoints } from "../../engine/drawn.js";

/** @import { Drawn } from "../../engine/drawn.js" */

/** @type {Drawn[]} */
const THREE = [
  { x: 0, y: 0, domain: 0, label: 0 },
  { x: 1, y: 0, domain: 0, label: 1 },
  { x: 0, y: 1, domain: 1, label: 1 },
];

test("a point lies on the plane, and the rubber takes those near it", () => {
  const four = afterStroke(THREE, { pen: "target-0", at: [9, -9] }, 2);
  expect(four.at(-1)).toEqual({ x: 2, y: -2, domain: 1, label: 0 });
  expect(afterStroke(four, { pen: "rubber", at: [0.9, 0] }, 2)).toHaveLength(3);
  expect(afterStroke(four, { pen: "rubber", at: null }, 2)).toEqual([]);
});

test("beyond the most, the oldest of its domain goes", () => {
  let points = THREE;
  for (let k = 0; k < 149; k++) points = afterStroke(points, { pen: "source-1", at: [1, 1] }, 2);
  expect(points).toHaveLength(151);
  expect(points).not.toContain(THREE[0]);
  expect(points).toContain(THREE[2]);
});

test("what is drawn is repeated, and needs both classes of the source and a target", () => {
  const { source, target } = drawnPair(THREE);
  expect(Array.from(source.train.labels).slice(0, 3)).toEqual([0, 1, 0]);
  expect(target.test.points.rows).toBe(150);
  for (const missing of THREE)
    expect(() => drawnPair(THREE.filter((one) => one !== missing))).toThrow(TooFewPoints);
});

test("a curve keeps at most 240 points, of a power of two of steps each", () => {
  const steps = Array.from({ length: 241 }, (_, k) => k + 1);
  const ends = thin(steps, (group) => group[group.length - 1]);
  expect(ends).toHaveLength(121);
  expect([ends[0], ends[119], ends[120]]).toEqual([2, 240, 241]);
  expect(thin(steps.slice(1), (group) => group[0])).toHaveLength(240);
});
