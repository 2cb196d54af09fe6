import { describe, expect, test } from "vitest";
import { afterChange, afterKey, lastPlace, underPointer } from "../../src/blending/window.js";
import { windowAt } from "../../src/blending/words.js";

const PHOTOS = [
  { name: "a temple", width: 640, height: 427, url: "" },
  { name: "a stamp", width: 40, height: 28, url: "" },
];
const WANTED = { photo: 0, row: 100, column: 200, digit: 3, signed: true };

describe("a change", () => {
  test("leaves the rest as it is", () => {
    expect(afterChange(WANTED, { digit: 7 }, PHOTOS)).toEqual({ ...WANTED, digit: 7 });
    expect(afterChange(WANTED, { signed: false }, PHOTOS)).toEqual({ ...WANTED, signed: false });
  });

  test("keeps the window on the photograph", () => {
    expect(afterChange(WANTED, { row: -5, column: 9999 }, PHOTOS)).toEqual({
      ...WANTED,
      row: 0,
      column: 612,
    });
    expect(afterChange(WANTED, { row: 9999, column: -1 }, PHOTOS)).toMatchObject({
      row: 399,
      column: 0,
    });
  });

  test("to a smaller photograph takes the window along", () => {
    expect(afterChange(WANTED, { photo: 1 }, PHOTOS)).toMatchObject({ row: 0, column: 12 });
    expect(lastPlace(PHOTOS[1])).toEqual({ row: 0, column: 12 });
  });
});

describe("a key", () => {
  /**
   * @param {string} key
   * @param {boolean} [shiftKey]
   */
  const pressed = (key, shiftKey = false) => afterKey({ row: 50, column: 60 }, { key, shiftKey });

  test("moves the window by a pixel", () => {
    expect(pressed("ArrowUp")).toEqual({ row: 49, column: 60 });
    expect(pressed("ArrowDown")).toEqual({ row: 51, column: 60 });
    expect(pressed("ArrowLeft")).toEqual({ row: 50, column: 59 });
    expect(pressed("ArrowRight")).toEqual({ row: 50, column: 61 });
  });

  test("with Shift moves it by ten", () => {
    expect(pressed("ArrowDown", true)).toEqual({ row: 60, column: 60 });
  });

  test("that is no arrow is left to the page", () => {
    expect(pressed("Tab")).toBe(null);
    expect(pressed("a", true)).toBe(null);
  });
});

test("the window's middle is under the pointer, whatever the photograph's size on the page", () => {
  const box = { left: 10, top: 20, width: 320 };
  expect(underPointer({ clientX: 110, clientY: 70 }, box, 640)).toEqual({
    row: 100 - 14,
    column: 200 - 14,
  });
});

test("a screen reader hears where the window is", () => {
  expect(windowAt(PHOTOS[0], WANTED)).toBe("a temple; window at row 100, column 200");
});
