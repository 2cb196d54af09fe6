import { expect, test } from "vitest";
import { apart, layoutApart } from "../../src/map/labels.js";

/** @import { Name } from "../../src/map/labels.js" */

/** @param {Name} one @param {Name} other */
const overlap = (one, other) =>
  Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
  Math.abs(one.y - other.y) < (one.height + other.height) / 2;

/** @param {Name[]} names */
const overlapping = (names) =>
  names.flatMap((one, i) => names.slice(i + 1).filter((other) => overlap(one, other)));

/** @param {number} x @param {number} y */
const digit = (x, y) => ({ x, y, width: 15, height: 19 });

test("names that lie apart stay where they are", () => {
  const names = [digit(0, 0), digit(40, 0), digit(0, 50)];
  expect(apart(names)).toEqual(names);
});

test("ten names in one place are all to be read, and near to it", () => {
  const names = Array.from({ length: 10 }, (_, k) => digit(k % 3, k % 2));
  const moved = apart(names);
  expect(overlapping(names)).not.toEqual([]);
  expect(overlapping(moved)).toEqual([]);
  for (const { x, y } of moved) expect(Math.hypot(x, y)).toBeLessThan(120);
});

test("a map's names are shifted by px of its box, and no place of a class changes", () => {
  const trace = { customdata: [0, 1], x: [0, 10], y: [0, 10] };
  const note = (/** @type {number} */ x) => ({ x, y: 5, text: "<b>7</b>", font: { size: 13 } });
  const layout = {
    annotations: [note(5), note(5.1), note(9)],
    margin: { l: 8, r: 8, t: 92, b: 8 },
    xaxis: {},
    yaxis: {},
  };
  const made = layoutApart({ data: [trace], layout }, { width: 350, height: 400 });
  const [one, other, far] = made.annotations;
  expect([one.x, other.x, far.x]).toEqual([5, 5.1, 9]);
  expect([far.xshift, far.yshift]).toEqual([0, 0]);
  const scale = 300 / 11;
  const between = Math.hypot(0.1 * scale + other.xshift - one.xshift, other.yshift - one.yshift);
  expect(between).toBeGreaterThan(14);
});
