import { expect, test } from "vitest";
import { contour } from "../../src/playground/contour.js";

test("a plane that is all of one side has no line", () => {
  expect(contour(new Uint8Array(9), 3)).toEqual([]);
  expect(contour(new Uint8Array(9).fill(255), 3)).toEqual([]);
});

test("a line goes straight down between left and right", () => {
  const grid = new Uint8Array([0, 255, 255, 0, 255, 255, 0, 255, 255]);
  expect(contour(grid, 3)).toEqual([
    [
      [0.5, 0],
      [0.5, 1],
    ],
    [
      [0.5, 1],
      [0.5, 2],
    ],
  ]);
});

test("a line is nearer to the side that is less sure", () => {
  const [[from, to]] = contour(new Uint8Array([102, 255, 102, 255]), 2);
  expect(from[0]).toBeCloseTo(1 / 6);
  expect(to[0]).toBeCloseTo(1 / 6);
});

test("a saddle has two lines", () => {
  expect(contour(new Uint8Array([0, 255, 255, 0]), 2)).toHaveLength(2);
});
