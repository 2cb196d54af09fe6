import { describe, expect, test } from "vitest";
import { arrowShape, arrowsToShow, follow, yardstick } from "../../src/playground/arrows.js";
import { unpacked } from "../../src/playground/frame.js";
import { answerWith } from "./answer.js";

describe("which arrows are shown", () => {
  test("those that are ticked", () => {
    expect(arrowsToShow("playing", 0, ["label", "reversed"], true)).toEqual(["label", "reversed"]);
    expect(arrowsToShow("paused", 3, [], true)).toEqual([]);
  });

  test("in slow motion those of its part, whatever is ticked", () => {
    const parts = [0, 1, 2, 3, 4].map((phase) => arrowsToShow("slow", phase, ["domain"], true));
    expect(parts).toEqual([[], ["label"], ["label", "domain"], ["label", "reversed"], []]);
  });

  test("of a distance only as it arrives, lambda times", () => {
    expect(arrowsToShow("paused", 0, ["domain", "reversed"], false)).toEqual(["reversed"]);
    const parts = [2, 3].map((phase) => arrowsToShow("slow", phase, [], false));
    expect(parts).toEqual([["label"], ["label", "reversed"]]);
  });
});

describe("the scale of all arrows", () => {
  const long = new Float32Array([3, 4, 0, 5]); // 5 on average

  test("gives the first domain gradients their usual length", () => {
    expect(follow(0, long) * 5).toBeCloseTo(26);
  });

  test("drifts from then on", () => {
    const before = follow(0, new Float32Array([10, 0]));
    const after = follow(before, long);
    expect(after).toBeGreaterThan(before);
    expect(after).toBeLessThan(follow(0, long));
    expect(after / before).toBeCloseTo(2 ** 0.1);
  });

  test("is set by the domain's gradients, or beside a distance by the source's of the labels", () => {
    const { pushes, sources } = unpacked(answerWith());
    expect(yardstick({ pushes, sources, hasClassifier: true })).toBe(pushes.domain);
    expect([...yardstick({ pushes, sources, hasClassifier: false })]).toEqual([1, 0, 1, 0]);
  });

  test("stands gradients of no length, and no gradients", () => {
    expect(Number.isFinite(follow(0, new Float32Array(4)))).toBe(true);
    expect(Number.isFinite(follow(0, new Float32Array(0)))).toBe(true);
  });
});

describe("an arrow", () => {
  test("ends where it pushes, with a head that looks back", () => {
    const shape = arrowShape([10, 20], [40, 0]);
    expect(shape?.tip).toEqual([50, 20]);
    const [left, right] = shape?.head ?? [];
    expect(left?.[0]).toBeCloseTo(50 - 6 * Math.cos(0.5));
    expect(left?.[1]).toBeCloseTo(20 + 6 * Math.sin(0.5));
    expect(right?.[1]).toBeCloseTo(20 - 6 * Math.sin(0.5));
  });

  test("is left out where it would be too short to be seen", () => {
    expect(arrowShape([0, 0], [1, 1])).toBe(null);
  });

  test("keeps its direction where it would be too long", () => {
    const tip = arrowShape([0, 0], [300, -400])?.tip ?? [];
    expect(tip[0]).toBeCloseTo(48);
    expect(tip[1]).toBeCloseTo(-64);
  });
});
