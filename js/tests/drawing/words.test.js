import { expect, test } from "vitest";
import { headOf, penAt } from "../../src/drawing/words.js";

test("the pen is told by row and column from 1", () => {
  expect(penAt({ column: 0, row: 27, down: true })).toBe("Row 28, column 1, pen down");
  expect(penAt({ column: 13, row: 0, down: false })).toBe("Row 1, column 14, pen up");
});

test("a look begins a sentence with a capital", () => {
  expect(headOf("behind stripes")).toBe("Behind stripes");
});
