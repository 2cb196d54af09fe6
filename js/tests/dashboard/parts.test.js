import { expect, test } from "vitest";
import { isCompared, partsShown } from "../../src/dashboard/parts.js";

const ALL = ["map", "digits", "losses", "accuracies"];

test("only the parts that are wanted are shown", () => {
  expect(partsShown(["accuracies", "map"], ALL).shown).toEqual(["map", "accuracies"]);
});

test("pictures are wide where there are few parts", () => {
  expect(partsShown(["accuracies", "map"], ALL).wide).toBe(true);
  expect(partsShown(["accuracies", "map", "digits"], ALL).wide).toBe(false);
});

test("runs are compared on the whole page, or where that is wanted", () => {
  expect([[], ["map", "compare"], ["map"]].map(isCompared)).toEqual([true, true, false]);
});
