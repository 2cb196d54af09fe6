import { describe, expect, test } from "vitest";
import { placeInSheet } from "../../src/map/digits.js";
import { areOtherPictures, fitting } from "../../src/map/gallery.js";

/**
 * @param {number} source
 * @param {number} target
 */
function fitted(source, target) {
  const domains = [...Array(source).fill(0), ...Array(target).fill(1)];
  const points = { labels: domains, domains, predictions: null, confidence: null };
  return fitting(points, [...domains.keys()]).map(({ shown, rest }) => [shown.length, rest]);
}

describe("what fits in a gallery", () => {
  test("all of a few, in their order", () => {
    const points = { labels: [1, 2, 3], domains: [1, 0, 1], predictions: null, confidence: null };
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
  const points = { labels: [1, 2], domains: [0, 1], predictions: [1, 7], confidence: [0.5, 0.5] };
  const paint = () => {};
  const before = { groups: fitting(points, [1]), paint };

  test("for other digits", () => {
    expect(areOtherPictures({ groups: fitting(points, [0, 1]), paint }, before)).toBe(true);
    expect(areOtherPictures({ groups: fitting(points, []), paint }, before)).toBe(true);
  });

  test("for the same ones in another domain, and where there are more of them", () => {
    const moved = { ...points, domains: [0, 0] };
    expect(areOtherPictures({ groups: fitting(moved, [1]), paint }, before)).toBe(true);
    const [source, target] = before.groups;
    const more = { groups: [source, { ...target, rest: 1 }], paint };
    expect(areOtherPictures(more, before)).toBe(true);
  });

  test("once the pictures are there, and for others of the same digits", () => {
    expect(areOtherPictures(before, { ...before, paint: null })).toBe(true);
    expect(areOtherPictures({ ...before, paint: () => {} }, before)).toBe(true);
  });

  test("not for what the network says: its captions are written where they are", () => {
    const later = { ...points, predictions: [3, 2], confidence: [0.9, 0.8] };
    expect(areOtherPictures({ groups: fitting(later, [1]), paint }, before)).toBe(false);
  });
});

test("a sheet has its pictures in rows", () => {
  expect([0, 1, 49, 50, 101].map((index) => placeInSheet(index, 50))).toEqual([
    [0, 0],
    [28, 0],
    [1372, 0],
    [0, 28],
    [28, 56],
  ]);
});
