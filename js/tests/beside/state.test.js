import { describe, expect, test } from "vitest";
import { isDone, nextQuestion, statusLine, withMethod } from "../../src/beside/state.js";
import { standing } from "../../src/beside/words.js";

/** @import { BesideFrame, PackedRun } from "../../src/beside/protocol.js" */

/** @param {string} stopped @returns {PackedRun} */
const run = (stopped) => ({
  points: "",
  grids: ["", ""],
  reach: [0, 1, 0, 1],
  source: 1,
  target: 0.756,
  stopped,
});

/** @param {Partial<BesideFrame>} [changes] @returns {BesideFrame} */
const frameWith = (changes) => ({
  type: "beside",
  client: "one",
  wish: 1,
  knobs: { shift: "turned", amount: 35, seed: 0, methods: ["dann", "mmd"], plane: "inputs" },
  step: 12,
  steps: 1000,
  sources: 2,
  labels: [0, 1, 0, 1],
  runs: [run(""), run("")],
  sentence: "So it is.",
  ...changes,
});
const now = { steps: 3, seen: true };

describe("play", () => {
  test("asks for steps while somebody may look and there are some left", () => {
    expect(nextQuestion(true, frameWith(), now)).toEqual({ type: "step", steps: 3 });
    expect(nextQuestion(false, frameWith(), now)).toBe(null);
    expect(nextQuestion(true, null, now)).toBe(null);
    expect(nextQuestion(true, frameWith(), { ...now, seen: false })).toBe(null);
    expect(nextQuestion(true, frameWith({ step: 1000 }), now)).toBe(null);
  });

  test("goes on while one run can", () => {
    expect(isDone(frameWith({ runs: [run("overflowed"), run("")] }))).toBe(false);
    expect(isDone(frameWith({ runs: [run("overflowed"), run("overflowed")] }))).toBe(true);
  });
});

test("another method changes one place", () => {
  expect(withMethod(["dann", "mmd"], 1, "cdan")).toEqual(["dann", "cdan"]);
});

test("what is said", () => {
  expect(statusLine(frameWith(), true)).toBe("Step 12 of 1,000 · playing");
  expect(statusLine(frameWith({ step: 1000 }), false)).toMatch(/finished/);
  expect(standing(run(""))).toBe("source 100 %, target 76 % right");
  expect(standing(run("Overflowed at step 9."))).toBe("Overflowed at step 9.");
});
