import { describe, expect, test } from "vitest";
import { BOX, centreOfMass, inkOf } from "../../src/drawing/ink.js";

/** @import { Stroke } from "../../src/drawing/strokes.js" */

/** A seven, drawn small in a corner. @type {Stroke[]} */
const SEVEN = [
  [
    [1, 1],
    [6, 1],
    [3, 9],
  ],
];

/** @param {Stroke[]} strokes @param {number} scale @param {number} shift */
const moved = (strokes, scale, shift) =>
  strokes.map((stroke) =>
    stroke.map(([x, y]) => /** @type {const} */ ([scale * x + shift, scale * y + shift])),
  );

/** The first and last row and column with ink. @param {Uint8Array} ink */
function extent(ink) {
  const inked = [...ink.keys()].filter((index) => ink[index]);
  const [rows, columns] = [inked.map((i) => Math.floor(i / 28)), inked.map((i) => i % 28)];
  return {
    height: Math.max(...rows) - Math.min(...rows) + 1,
    width: Math.max(...columns) - Math.min(...columns) + 1,
  };
}

describe("a drawing becomes one of MNIST's digits", () => {
  const ink = inkOf(SEVEN);

  test("in black and white, 28 x 28", () => {
    expect(ink.length).toBe(784);
    expect([...new Set(ink)].sort()).toEqual([0, 255]);
  });

  test("its longer side is 20 pixels, and its form stays", () => {
    const { height, width } = extent(ink);
    expect(Math.abs(height - BOX)).toBeLessThanOrEqual(1);
    // 8 high and 5 wide between the middles of its lines, which are 3.4 px.
    expect(Math.abs(width - (3.4 + ((BOX - 3.4) * 5) / 8))).toBeLessThanOrEqual(1);
  });

  test("its centre of mass is in the middle", () => {
    for (const at of centreOfMass(ink)) expect(Math.abs(at - 14)).toBeLessThan(0.5);
  });

  test("wherever and however large it was drawn", () => {
    expect(inkOf(moved(SEVEN, 2, 7))).toEqual(ink);
  });

  test("it has about as much ink as MNIST's, of which it is 147 pixels in the mean", () => {
    const count = ink.filter(Boolean).length;
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(150);
  });
});

test("a digit whose ink is all on one side loses nothing of it", () => {
  /** @type {Stroke[]} */
  const lopsided = [
    [
      [0, 0],
      [0, 20],
    ],
    [
      [1, 0],
      [1, 20],
    ],
    [
      [0, 10],
      [20, 10],
    ],
  ];
  expect(extent(inkOf(lopsided)).width).toBe(BOX);
});

test("a dot stays a dot in the middle, and nothing stays nothing", () => {
  const dot = inkOf([[[3, 20]]]);
  expect(extent(dot).width).toBeLessThanOrEqual(4);
  expect(centreOfMass(dot)).toEqual([14, 14]);
  expect(inkOf([]).some(Boolean)).toBe(false);
});
