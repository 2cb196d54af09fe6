import { describe, expect, test } from "vitest";
import { areOthers, byDomain, isWrong, labelled } from "../../src/map/points.js";

const POINTS = {
  labels: [3, 8, 3, 1],
  domains: [0, 0, 1, 1],
  predictions: [3, 0, 3, 7],
  confidence: null,
  names: [],
};

test("a digit is wrong where the network says another one", () => {
  expect([0, 1, 2, 3].map((index) => isWrong(POINTS, index))).toEqual([false, true, false, true]);
});

test("nothing is wrong where nobody asked the network", () => {
  expect(isWrong({ ...POINTS, predictions: null }, 1)).toBe(false);
});

test("nothing is wrong where nobody knows what it is", () => {
  const points = { ...POINTS, labels: [3, 255, 3, 255] };
  expect([0, 1, 2, 3].map((index) => isWrong(points, index))).toEqual([false, false, false, false]);
  expect(labelled(points, [3, 2, 1])).toEqual([2]);
});

test("indices fall apart by domain and keep their order", () => {
  expect(byDomain(POINTS, [3, 0, 2, 1])).toEqual([
    [0, 1],
    [3, 2],
  ]);
  expect(byDomain(null, [])).toEqual([[], []]);
});

describe("a selection is forgotten with other images", () => {
  test("as their labels tell", () => {
    expect(areOthers([3, 8], [3, 9])).toBe(true);
    expect(areOthers([3, 8], [3, 8, 1])).toBe(true);
  });

  test("not with the same ones, however they come", () => {
    expect(areOthers(Uint8Array.of(3, 8), [3, 8])).toBe(false);
  });

  test("not with the first ones", () => {
    expect(areOthers([3, 8], null)).toBe(false);
  });
});
