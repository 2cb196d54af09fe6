import { describe, expect, test } from "vitest";
import { alsoLate } from "../../src/map/hand.js";

describe("what waits while the hand draws", () => {
  /** @param {boolean[]} asked in turn, true by the reader, false by a frame */
  const waiting = (...asked) =>
    asked.reduce(alsoLate, /** @type {import("../../src/map/hand.js").Late} */ (null));

  test("is read aloud if the reader has asked for any of it", () => {
    expect(waiting(true)).toEqual({ byPerson: true });
    expect(waiting(true, false)).toEqual({ byPerson: true });
    expect(waiting(false, true)).toEqual({ byPerson: true });
    expect(waiting(false, true, false, false)).toEqual({ byPerson: true });
  });

  test("is no news to read aloud if it is all of frames", () => {
    expect(waiting(false)).toEqual({ byPerson: false });
    expect(waiting(false, false)).toEqual({ byPerson: false });
  });

  test("is nothing before anything has come", () => {
    expect(waiting()).toBe(null);
  });
});
