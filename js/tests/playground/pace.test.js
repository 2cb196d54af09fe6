import { expect, test } from "vitest";
import { paceWith, stepsPerSecond } from "../../src/playground/pace.js";

/**
 * A frame every 100 ms, three steps each.
 * @param {number} frames
 */
function played(frames) {
  /** @type {import("../../src/playground/pace.js").Pace} */
  let pace = [];
  for (let k = 0; k < frames; k += 1) pace = paceWith(pace, 100 * k, 3 * k);
  return pace;
}

test("a few frames do not tell the speed", () => {
  expect(stepsPerSecond([])).toBe(null);
  expect(stepsPerSecond(played(5))).toBe(null);
});

test("more frames do", () => {
  expect(stepsPerSecond(played(6))).toBeCloseTo(30);
  expect(stepsPerSecond(played(100))).toBeCloseTo(30);
});

test("only the last frames count", () => {
  expect(played(100)).toHaveLength(41);
  expect(played(100)[40]).toEqual([9900, 297]);
});
