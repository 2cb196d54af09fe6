import { describe, expect, test } from "vitest";
import { digitSheet, placeInSheet } from "../../src/map/digits.js";
import { areOtherPictures, fitting } from "../../src/map/gallery.js";

/**
 * @param {number} source
 * @param {number} target
 */
function fitted(source, target) {
  const domains = [...Array(source).fill(0), ...Array(target).fill(1)];
  const points = { labels: domains, domains, predictions: null, confidence: null, names: [] };
  return fitting(points, [...domains.keys()]).map(({ shown, rest }) => [shown.length, rest]);
}

describe("what fits in a gallery", () => {
  test("all of a few, in their order", () => {
    const points = {
      labels: [1, 2, 3],
      domains: [1, 0, 1],
      predictions: null,
      confidence: null,
      names: [],
    };
    expect(fitting(points, [0, 1, 2])).toEqual([
      { shown: [1], rest: 0 },
      { shown: [0, 2], rest: 0 },
    ]);
  });

  test("half of it for each domain where both have many", () => {
    expect(fitted(100, 31)).toEqual([
      [30, 70],
      [30, 1],
    ]);
  });

  test("more where the other domain has few", () => {
    expect(fitted(100, 10)).toEqual([
      [50, 50],
      [10, 0],
    ]);
    expect(fitted(0, 61)).toEqual([
      [0, 0],
      [60, 1],
    ]);
  });

  test("nothing before there are points", () => {
    expect(fitting(null, [])).toEqual([
      { shown: [], rest: 0 },
      { shown: [], rest: 0 },
    ]);
  });
});

describe("a gallery is made anew", () => {
  const answers = { predictions: [1, 7], confidence: [0.5, 0.5] };
  /** @type {import("../../src/map/points.js").Points} */
  const points = { labels: [1, 2], domains: [0, 1], ...answers, names: [] };
  const paint = { width: 28, height: 28, on: () => {} };
  /** @type {string[]} */
  const names = [];
  const before = { groups: fitting(points, [1]), paint, names };

  test("for other digits", () => {
    expect(areOtherPictures({ groups: fitting(points, [0, 1]), paint, names }, before)).toBe(true);
    expect(areOtherPictures({ groups: fitting(points, []), paint, names }, before)).toBe(true);
  });

  test("for the same ones in another domain, and where there are more of them", () => {
    const moved = { ...points, domains: [0, 0] };
    expect(areOtherPictures({ groups: fitting(moved, [1]), paint, names }, before)).toBe(true);
    const [source, target] = before.groups;
    const more = { groups: [source, { ...target, rest: 1 }], paint, names };
    expect(areOtherPictures(more, before)).toBe(true);
  });

  test("once the pictures are there, and for others of the same digits", () => {
    expect(areOtherPictures(before, { ...before, paint: null })).toBe(true);
    expect(areOtherPictures({ ...before, paint: { ...paint } }, before)).toBe(true);
  });

  test("not for what the network says: its captions are written where they are", () => {
    const later = { ...points, predictions: [3, 2], confidence: [0.9, 0.8] };
    expect(areOtherPictures({ groups: fitting(later, [1]), paint, names }, before)).toBe(false);
  });
});

test("a sheet has its pictures in rows", () => {
  const sheet = { columns: 50, width: 28, height: 20 };
  expect([0, 1, 49, 50, 101].map((index) => placeInSheet(index, sheet))).toEqual([
    [0, 0],
    [28, 0],
    [1372, 0],
    [0, 20],
    [28, 40],
  ]);
});

test("a table has no sheet, and so nothing that paints", async () => {
  expect(await digitSheet({ sheet: "", columns: 0, width: 0, height: 0 })).toBeNull();
});
