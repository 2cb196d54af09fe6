import { expect, test } from "vitest";
import { momentAt, nextFrame } from "../../src/dashboard/moments.js";

test("the latest step is now, and so is what lies beyond it", () => {
  expect([null, 0, 99, 100, 101].map((at) => momentAt(at, 100))).toEqual([null, 0, 99, null, null]);
});

test("a run without a step has no past", () => {
  expect(momentAt(0, 0)).toBeNull();
});

test("a replay shows each step of a short run, and 60 moments of a long one", () => {
  expect(nextFrame(3, 20)).toBe(4);
  expect(nextFrame(0, 3000)).toBe(50);
  expect(nextFrame(50, 3001)).toBe(101);
});

test("a replay begins anew where the past was left", () => {
  expect(nextFrame(null, 20)).toBe(1);
});

test("every replay ends", () => {
  for (const latest of [1, 59, 60, 61, 3000]) {
    let frames = 0;
    for (let at = /** @type {number | null} */ (0); at !== null; frames += 1) {
      at = momentAt(nextFrame(at, latest), latest);
    }
    expect(frames).toBeLessThanOrEqual(60);
  }
});
