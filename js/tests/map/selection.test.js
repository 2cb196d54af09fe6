import { describe, expect, test } from "vitest";
import { asked, byClick, byHand, byRule, hasChosen, NOTHING } from "../../src/map/selection.js";

const POINTS = {
  labels: [3, 8, 3, 1, 8],
  domains: [0, 0, 1, 1, 1],
  predictions: [3, 0, 3, 7, 0],
  confidence: null,
  names: [],
};

describe("what is asked for", () => {
  /** @param {string} rule */
  const by = (rule) => asked(POINTS, { rule, chosen: new Set() });

  test("nothing, without a rule or without points", () => {
    expect(by("")).toEqual([]);
    expect(asked(null, byHand([1]))).toEqual([]);
  });

  test("a class", () => {
    expect(by("class-3")).toEqual([0, 2]);
    expect(by("class-5")).toEqual([]);
  });

  test("what is wrong in a domain", () => {
    expect(by("wrong-0")).toEqual([1]);
    expect(by("wrong-1")).toEqual([3, 4]);
  });

  test("a rule is answered anew by what the network says now", () => {
    const rule = { rule: "wrong-1", chosen: new Set() };
    expect(asked({ ...POINTS, predictions: [3, 0, 3, 1, 8] }, rule)).toEqual([]);
    expect(asked({ ...POINTS, predictions: null }, rule)).toEqual([]);
  });

  test("what the network takes for a class where there is no label", () => {
    const points = { ...POINTS, labels: [3, 8, 255, 255, 255], predictions: [3, 0, 3, 7, 3] };
    const rule = { rule: "says-3", chosen: new Set() };
    expect(asked(points, rule)).toEqual([2, 4]);
    expect(asked({ ...points, predictions: null }, rule)).toEqual([]);
    expect(asked(points, { rule: "wrong-1", chosen: new Set() })).toEqual([]);
  });

  test("those chosen by hand, in the order of the points", () => {
    expect(asked(POINTS, byHand([4, 1]))).toEqual([1, 4]);
  });
});

describe("the selection", () => {
  test("by hand", () => {
    expect(byHand([4, 1, 4])).toEqual({ rule: "lasso", chosen: new Set([4, 1]) });
  });

  test("a line round nothing selects nothing", () => {
    expect(byHand([])).toEqual(NOTHING);
  });

  test("a rule forgets what was chosen by hand", () => {
    expect(byRule(byHand([1]), "class-3")).toEqual({ rule: "class-3", chosen: new Set() });
    expect(byRule(byHand([1]), "")).toEqual(NOTHING);
  });

  test("what was chosen by hand can be taken from the list again", () => {
    expect(byRule(byHand([1]), "lasso")).toEqual(byHand([1]));
    expect(byRule(NOTHING, "lasso")).toEqual({ rule: "lasso", chosen: new Set() });
  });

  test("a click chooses one point in place of all others", () => {
    expect(byClick(byHand([1, 2]), 2)).toEqual(byHand([2]));
    expect(byClick({ rule: "class-3", chosen: new Set() }, 2)).toEqual(byHand([2]));
  });

  test("is offered in the list only while something is chosen by hand", () => {
    expect(hasChosen(byHand([1]))).toBe(true);
    expect(hasChosen(byRule(byHand([1]), "lasso"))).toBe(true);
    for (const selection of [
      NOTHING,
      byHand([]),
      byRule(byHand([1]), "class-3"),
      byClick(byHand([2]), 2),
    ]) {
      expect(hasChosen(selection)).toBe(false);
    }
  });

  test("a second click on it gives it up, a click on another one does not", () => {
    expect(byClick(byHand([2]), 2)).toEqual(NOTHING);
    expect(byClick(byHand([2]), 3)).toEqual(byHand([3]));
  });
});
