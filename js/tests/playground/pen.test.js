import { describe, expect, test } from "vitest";
import { isFarEnough, movedBy, onPlane, putsPoint } from "../../src/playground/pen.js";

describe("a hand", () => {
  test("points at the plane's own numbers, up being more", () => {
    expect(onPlane([0.5, 0.5], 2.2)).toEqual([0, 0]);
    const [x, y] = onPlane([1, 0], 2.2);
    expect([x, y]).toEqual([2.2, 2.2]);
  });

  test("begins with a point, and draws the next one some way on", () => {
    expect(isFarEnough(null, [0, 0], 2)).toBe(true);
    expect(isFarEnough([0, 0], [0.05, 0.05], 2)).toBe(false);
    expect(isFarEnough([0, 0], [0.2, 0.1], 2)).toBe(true);
  });
});

describe("keys", () => {
  test("move the pen by a tenth, and stop at the edge", () => {
    const [x, y] = movedBy([0, 0], "ArrowRight", 2.2) ?? [9, 9];
    expect([x, y]).toEqual([0.1, 0]);
    expect(movedBy([0, 2.2], "ArrowUp", 2.2)).toEqual([0, 2.2]);
    expect(movedBy([0, 0], "ArrowDown", 2.2)).toEqual([0, -0.1]);
  });

  test("put a point, or are somebody else's", () => {
    expect(["Enter", " ", "Tab"].map(putsPoint)).toEqual([true, true, false]);
    expect(movedBy([0, 0], "Tab", 2.2)).toBe(null);
  });
});
