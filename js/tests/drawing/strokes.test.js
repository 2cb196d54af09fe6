import { describe, expect, test } from "vitest";
import { afterKey, begun, cleared, drawnTo, EMPTY, undone } from "../../src/drawing/strokes.js";

/** @import { Sheet } from "../../src/drawing/strokes.js" */

/**
 * After keys, one after the other.
 * @param {Sheet} sheet
 * @param {...string} keys
 */
const typed = (sheet, ...keys) =>
  keys.reduce((before, key) => /** @type {Sheet} */ (afterKey(before, key)), sheet);

/** A sheet with two strokes. */
const two = drawnTo(begun(drawnTo(begun(EMPTY, [1, 1]), [5, 1]), [9, 9]), [9, 15]);

describe("by hand", () => {
  test("a stroke is what lies between putting the pen down and lifting it", () => {
    expect(two.strokes).toEqual([
      [
        [1, 1],
        [5, 1],
      ],
      [
        [9, 9],
        [9, 15],
      ],
    ]);
  });

  test("a hand that shakes in one place draws nothing", () => {
    expect(drawnTo(two, [9.1, 15.1])).toBe(two);
  });

  test("nothing is drawn beside the sheet", () => {
    expect(drawnTo(begun(EMPTY, [-3, 40]), [99, 5]).strokes).toEqual([
      [
        [0, 28],
        [28, 5],
      ],
    ]);
  });

  test("a stroke that was cleared while it is drawn does not go on", () => {
    const sheet = cleared(two);
    expect(drawnTo(sheet, [20, 20])).toBe(sheet);
  });
});

test("undo takes the last stroke alone, clear takes all, and both lift the pen", () => {
  const down = typed(two, " ");
  expect(undone(down).strokes).toEqual(two.strokes);
  expect(undone(undone(down)).strokes).toEqual(two.strokes.slice(0, 1));
  expect(undone(EMPTY).strokes).toEqual([]);
  expect(cleared(down)).toEqual({ strokes: [], pen: { ...down.pen, down: false } });
  expect(undone(down).pen.down).toBe(false);
});

describe("by keys", () => {
  test("the arrows move the pen from cell to cell, and a lifted one draws nothing", () => {
    const sheet = typed(EMPTY, "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown");
    expect(sheet).toEqual({ strokes: [], pen: { column: 14, row: 13, down: false } });
  });

  test("a pen that is down draws a stroke through the middle of the cells", () => {
    const sheet = typed(EMPTY, " ", "ArrowDown", "ArrowRight", " ", "ArrowLeft");
    expect(sheet.strokes).toEqual([
      [
        [14.5, 14.5],
        [14.5, 15.5],
        [15.5, 15.5],
      ],
    ]);
    expect(sheet.pen).toEqual({ column: 14, row: 15, down: false });
  });

  test("the pen stays on the sheet", () => {
    const keys = [..."x".repeat(40)].map(() => "ArrowUp");
    expect(typed(EMPTY, " ", ...keys).pen.row).toBe(0);
    expect(typed(EMPTY, ...keys.map(() => "ArrowRight")).pen.column).toBe(27);
  });

  test("Delete clears", () => {
    expect(typed(two, "Delete").strokes).toEqual([]);
  });

  test("other keys are the browser's", () => {
    for (const key of ["Tab", "Enter", "a", "toString"]) expect(afterKey(two, key)).toBeNull();
  });
});
