import { describe, expect, test } from "vitest";
import { placeInSheet } from "../../src/map/digits.js";
import { fitting, lookOf } from "../../src/map/gallery.js";

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
  const look = lookOf(points, [1], true);

  test("for other digits, other answers and once the pictures are there", () => {
    expect(lookOf(points, [0, 1], true)).not.toBe(look);
    expect(lookOf({ ...points, predictions: [1, 2] }, [1], true)).not.toBe(look);
    expect(lookOf(points, [1], false)).not.toBe(look);
  });

  test("not for what the network says of other digits", () => {
    expect(lookOf({ ...points, predictions: [3, 7] }, [1], true)).toBe(look);
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
