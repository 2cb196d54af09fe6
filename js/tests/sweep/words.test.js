import { describe, expect, test } from "vitest";
import { ended } from "../../src/sweep/state.js";
import { duration, soFar } from "../../src/sweep/words.js";

const STATE = {
  counts: { done: 1, running: 2, waiting: 1200, diverged: 1 },
  total: 1204,
  seconds: 3725,
  over: false,
  runs: [],
};

describe("how far a sweep is", () => {
  test("says how many runs are in each state, and the time left", () => {
    expect(soFar(STATE)).toBe(
      "1 of 1,204 runs are done, 2 at work, 1,200 waiting, 1 diverged. About 1 h 2 min left.",
    );
  });

  test("leaves out the time that nobody knows yet", () => {
    expect(soFar({ ...STATE, counts: {}, seconds: null })).toBe("0 of 1,204 runs are done.");
  });

  test("says that it is over, and no time", () => {
    expect(soFar({ ...STATE, counts: { done: 1204 }, over: true })).toBe(
      "1,204 of 1,204 runs are done. The sweep is over.",
    );
  });

  test("counts each run that has ended, whichever way", () => {
    expect(ended({ ...STATE, counts: { done: 5, diverged: 2, failed: 1, running: 4 } })).toBe(8);
  });
});

test.each([
  [0.4, "0 s"],
  [59.6, "1 min 0 s"],
  [61, "1 min 1 s"],
  [3600, "1 h 0 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
