import { describe, expect, test } from "vitest";
import {
  areSame,
  lastAt,
  lastStep,
  replayed,
  stepAfter,
  valueAt,
  within,
} from "../../src/player/moments.js";

describe("the last of some steps", () => {
  test("is at or before the moment", () => {
    expect([0, 9, 10, 15, 99].map((step) => lastAt([0, 10, 20], step))).toEqual([0, 0, 1, 1, 2]);
  });

  test("is none before the first", () => {
    expect(lastAt([5, 10], 4)).toBe(-1);
    expect(lastAt([], 4)).toBe(-1);
  });

  test("is found in packed numbers too", () => {
    expect(lastAt(Float32Array.of(1, 2), 2)).toBe(1);
  });
});

test("the time line reaches the end of the longest run", () => {
  expect(lastStep([{ steps: 25, moments: [0, 30] }])).toBe(30);
  expect(
    lastStep([
      { steps: 25, moments: [0, 20] },
      { steps: 40, moments: [] },
    ]),
  ).toBe(40);
});

describe("a replay", () => {
  const runs = [{ moments: [0, 10, 20] }, { moments: [0, 5, 20] }];

  test("shows the moments of all runs and the end", () => {
    expect(replayed(runs, 25, 25)).toEqual([0, 5, 10, 20, 25]);
  });

  test("goes on from where the page is", () => {
    expect(replayed(runs, 5, 25)).toEqual([10, 20, 25]);
    expect(replayed(runs, 24, 25)).toEqual([25]);
  });
});

test("the page stays on the time line", () => {
  expect([-1, 7, 26].map((step) => within(step, 25))).toEqual([0, 7, 25]);
});

describe("when a bundle comes", () => {
  test("the page stays where it was", () => {
    expect(stepAfter({ step: 10, last: 20 }, 30, true)).toBe(10);
  });

  test("it follows the end if it was there", () => {
    expect(stepAfter({ step: 20, last: 20 }, 30, true)).toBe(30);
  });

  test("it goes to the end of other runs", () => {
    expect(stepAfter({ step: 10, last: 20 }, 30, false)).toBe(30);
  });

  test("the runs are the same by their titles", () => {
    const [dann, other] = [{ title: "DANN" }, { title: "Source only" }];
    expect(areSame([dann, other], [dann, other])).toBe(true);
    expect(areSame([other, dann], [dann, other])).toBe(false);
    expect(areSame([dann, other], [{ title: "DANN,Source only" }])).toBe(false);
  });

  test("no run is there before the first maps are made", () => {
    expect(areSame([{ title: "DANN" }], [])).toBe(false);
    expect(areSame([], [])).toBe(true);
  });
});

describe("a curve's value", () => {
  const run = { curves: { loss: { x: [1, 5, 9], y: [2.5, Number.NaN, 0.5] } } };

  test("is the last one by the step", () => {
    expect(valueAt(run, "loss", 4)).toBe(2.5);
    expect(valueAt(run, "loss", 99)).toBe(0.5);
  });

  test("is missing before the first one, where it is no number, and in runs without it", () => {
    expect(valueAt(run, "loss", 0)).toBe(null);
    expect(valueAt(run, "loss", 6)).toBe(null);
    expect(valueAt(run, "lambda_", 6)).toBe(null);
  });
});
