import { describe, expect, test } from "vitest";
import {
  compared,
  inkIn,
  mayRead,
  NOTHING_READ,
  picturesOf,
} from "../../src/dashboard/readings.js";
import { answer, drawnNothing, noWeights, readSentence } from "../../src/dashboard/words.js";
import { base64 } from "../../src/shared/encoding.js";
import { RUNS } from "./examples.js";

const reading = { run: 2, step: 120, labels: [7, 1], confidence: [0.981, 0.619] };
const older = { run: 1, step: 400, labels: [7, 7], confidence: [1, 0.5] };

test("the two pictures come one after the other, and the first has the ink", () => {
  const pixels = new Uint8Array(2 * 28 * 28 * 3);
  pixels.fill(255, 3, 6); // the second pixel
  pixels.fill(9, 28 * 28 * 3);
  const drawn = { pixels: base64(pixels) };
  const [plain, dressed] = picturesOf(drawn);
  expect(new Set(dressed)).toEqual(new Set([9]));
  const ink = inkIn(plain);
  expect(ink.length).toBe(784);
  expect([ink[0], ink[1], ink[2]]).toEqual([0, 255, 0]);
  expect(picturesOf({ pixels: "" })).toEqual([]);
});

describe("of the compared runs", () => {
  const now = { offered: RUNS, readings: [reading, older] };

  test("those of this page answer, but the one that is shown has its place already", () => {
    expect(compared({ ...now, keys: ["run 1", "run 2"] })).toEqual({
      answers: [{ title: "Mine too", reading: older }],
      silent: [],
    });
  });

  test("kept and recorded ones are silent, in the order in which they are chosen", () => {
    const { answers, silent } = compared({ ...now, keys: ["recorded 0", "folder Monday"] });
    expect(answers).toEqual([]);
    expect(silent).toEqual(["One", "Monday"]);
    expect(noWeights(silent)).toMatch(/not on this page.*: One; Monday\.$/);
    expect(noWeights([])).toBe("");
  });

  test("one of another kind of data has no reading", () => {
    expect(compared({ ...now, readings: [reading], keys: ["run 1"] }).answers).toEqual([
      { title: "Mine too", reading: null },
    ]);
  });

  test("one that is not offered any more is left out", () => {
    expect(compared({ ...now, keys: ["run 9"] })).toEqual({ answers: [], silent: [] });
  });
});

describe("what is read aloud", () => {
  const read = { pixels: "a", state: /** @type {const} */ ("training"), time: 10000 };

  test("of the same drawing not many sentences a minute", () => {
    expect(mayRead(read, { ...read, time: 14000 })).toBe(false);
    expect(mayRead(read, { ...read, time: 15001 })).toBe(true);
  });

  test("of a new drawing soon, but not at every stroke of the hand", () => {
    expect(mayRead(read, { ...read, pixels: "b", time: 10500 })).toBe(false);
    expect(mayRead(read, { ...read, pixels: "b", time: 11500 })).toBe(true);
  });

  test("what the reader caused at once", () => {
    expect(mayRead(read, { ...read, state: "paused", time: 10001 })).toBe(true);
    expect(mayRead(NOTHING_READ, { ...read, time: 1 })).toBe(true);
  });

  test("names both looks and how long the network has learnt", () => {
    expect(readSentence(reading, "behind stripes")).toBe(
      "As drawn the network reads 7 (98 %), behind stripes 1 (62 %). It has learnt for 120 steps.",
    );
    expect(readSentence({ ...reading, step: 1 }, "over a photo")).toMatch(/for 1 step\.$/);
  });
});

test("an empty sheet says what to do, and a pair without digits why there is none", () => {
  expect(drawnNothing("behind stripes")).toMatch(/^Draw a digit: .* behind stripes/);
  expect(drawnNothing(undefined)).toMatch(/built-in pairs of digits/);
  expect(answer(reading, 1)).toBe("1 (62 %)");
});
