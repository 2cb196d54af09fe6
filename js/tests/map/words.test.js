import { describe, expect, test } from "vitest";
import {
  andMore,
  galleryName,
  heading,
  onCard,
  onDigit,
  onSelection,
  RULES,
} from "../../src/map/words.js";

const POINTS = {
  labels: [3, 8, 3, 1],
  domains: [0, 0, 1, 1],
  predictions: [3, 0, 3, 7],
  confidence: [0.5, 0.994, 1, 0.25],
};
const UNASKED = { ...POINTS, predictions: null, confidence: null };

describe("the sentence on a selection", () => {
  test("says how many are right: of the target, where there are any", () => {
    expect(onSelection(POINTS, "lasso", [0, 1, 2, 3])).toBe(
      "4 digits selected: 2 source, 2 target; 1 of 2 target digits right.",
    );
  });

  test("or else of the source", () => {
    expect(onSelection(POINTS, "wrong-0", [1])).toBe(
      "1 digit selected: 1 source, 0 target; 0 of 1 source digits right.",
    );
  });

  test("says nothing of right and wrong where nobody asked the network", () => {
    expect(onSelection(UNASKED, "class-3", [0, 2])).toBe("2 digits selected: 1 source, 1 target.");
  });

  test("says that there are none", () => {
    expect(onSelection(POINTS, "class-5", [])).toBe("No digits of that kind now.");
  });

  test("is empty while nothing is asked for", () => {
    expect(onSelection(POINTS, "", [])).toBe("");
    expect(onSelection(null, "class-5", [])).toBe("");
  });
});

describe("the card", () => {
  test("says whether the network is right, and how sure it is", () => {
    expect(onCard(POINTS, 2)).toBe("✓ a 3 of the target, read as 3 (1.00)");
    expect(onCard(POINTS, 1)).toBe("✗ an 8 of the source, read as 0 (0.99)");
  });

  test("leaves out what is not known", () => {
    expect(onCard({ ...POINTS, confidence: null }, 3)).toBe("✗ a 1 of the target, read as 7");
    expect(onCard(UNASKED, 3)).toBe("a 1 of the target");
  });
});

describe("a digit's picture", () => {
  test("right", () => {
    expect(onDigit(8, 8, 0.9)).toEqual({
      caption: "✓ 8",
      title: "This is an 8; the network says 8 with probability 0.90.",
      label: "8, predicted 8, right",
    });
  });

  test("wrong, nobody knows how sure", () => {
    expect(onDigit(1, 7)).toEqual({
      caption: "✗ 7",
      title: "This is a 1; the network says 7.",
      label: "1, predicted 7, wrong",
    });
  });

  test("a 0 is an answer too", () => {
    expect(onDigit(0, 0, 0).caption).toBe("✓ 0");
    expect(onDigit(0, 0, 0).title).toContain("with probability 0.00");
  });

  test("not asked", () => {
    expect(onDigit(4)).toEqual({ caption: "4", title: "This is a 4.", label: "4" });
  });
});

test("the list begins with none and ends with those of the hand", () => {
  expect(RULES).toHaveLength(14);
  expect(RULES[0]).toEqual(["", "none"]);
  expect(RULES[3]).toEqual(["class-0", "every 0"]);
  expect(RULES.at(-1)).toEqual(["lasso", "those chosen on the map"]);
});

test("a gallery", () => {
  expect(heading("target")).toBe("Target");
  expect(galleryName("target")).toBe("Chosen digits of the target");
  expect([0, 1, 40].map(andMore)).toEqual(["", "and 1 more", "and 40 more"]);
});
