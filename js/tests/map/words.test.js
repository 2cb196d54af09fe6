import { describe, expect, test } from "vitest";
import { canBeWrong } from "../../src/map/points.js";
import {
  andMore,
  galleryName,
  heading,
  hint,
  onCard,
  onDigit,
  onSelection,
  rules,
  show,
} from "../../src/map/words.js";

const POINTS = {
  labels: [3, 8, 3, 1],
  domains: [0, 0, 1, 1],
  predictions: [3, 0, 3, 7],
  confidence: [0.5, 0.994, 1, 0.25],
  names: [],
};
const PETS = {
  labels: [0, 2, 255, 255],
  domains: [0, 0, 1, 1],
  predictions: [0, 1, 2, 1],
  confidence: [0.5, 0.994, 1, 0.83],
  names: ["cat", "dog", "hen"],
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

  test("knows nothing of right and wrong where there are no labels", () => {
    expect(onSelection(PETS, "says-1", [3])).toBe(
      "1 example selected: 0 source, 1 target; those of the target have no labels.",
    );
    expect(onSelection(PETS, "lasso", [0, 1])).toBe(
      "2 examples selected: 2 source, 0 target; 1 of 2 source examples right.",
    );
    const some = { ...PETS, labels: [0, 2, 2, 255] };
    expect(onSelection(some, "lasso", [2, 3])).toContain("1 of 1 labelled target examples right.");
    expect(onSelection(PETS, "class-1", [])).toBe("No examples of that kind now.");
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

  test("names the classes", () => {
    expect(onCard(PETS, 0)).toBe("✓ class cat of the source, predicted cat (0.50)");
    expect(onCard(PETS, 1)).toBe("✗ class hen of the source, predicted dog (0.99)");
  });

  test("says where nobody knows the class", () => {
    expect(onCard(PETS, 3)).toBe("– not labelled, of the target, predicted dog (0.83)");
    expect(onCard({ ...PETS, predictions: null }, 3)).toBe("not labelled, of the target");
  });

  test("leaves out what is not known", () => {
    expect(onCard({ ...POINTS, confidence: null }, 3)).toBe("✗ a 1 of the target, read as 7");
    expect(onCard(UNASKED, 3)).toBe("a 1 of the target");
  });
});

describe("a digit's picture", () => {
  test("right", () => {
    expect(onDigit([], 8, 8, 0.9)).toEqual({
      caption: "✓ 8",
      title: "This is an 8; the network says 8 with probability 0.90.",
      label: "8, predicted 8, right",
    });
  });

  test("wrong, nobody knows how sure", () => {
    expect(onDigit([], 1, 7)).toEqual({
      caption: "✗ 7",
      title: "This is a 1; the network says 7.",
      label: "1, predicted 7, wrong",
    });
  });

  test("a 0 is an answer too", () => {
    expect(onDigit([], 0, 0, 0).caption).toBe("✓ 0");
    expect(onDigit([], 0, 0, 0).title).toContain("with probability 0.00");
  });

  test("of a class with a name", () => {
    expect(onDigit(PETS.names, 2, 1, 0.5)).toEqual({
      caption: "✗ dog",
      title: "This is hen; the network says dog with probability 0.50.",
      label: "hen, predicted dog, wrong",
    });
  });

  test("without a label", () => {
    expect(onDigit(PETS.names, 255, 1, 0.5)).toEqual({
      caption: "– dog",
      title: "This is not labelled; the network says dog with probability 0.50.",
      label: "not labelled, predicted dog, nobody knows whether that is right",
    });
    expect(onDigit([], 255, 8).caption).toBe("– 8");
    expect(onDigit([], 255).caption).toBe("not labelled");
  });

  test("not asked", () => {
    expect(onDigit([], 4)).toEqual({ caption: "4", title: "This is a 4.", label: "4" });
  });
});

describe("the list", () => {
  test("begins with none and ends with those of the hand", () => {
    for (const points of [null, POINTS]) {
      const list = rules(points);
      expect(list).toHaveLength(14);
      expect(list[0]).toEqual(["", "none"]);
      expect(list[3]).toEqual(["class-0", "every 0"]);
      expect(list.at(-1)).toEqual(["lasso", "those chosen on the map"]);
    }
  });

  test("has the classes that there are, and what is taken for each where there is no label", () => {
    expect(rules(PETS).slice(3, -1)).toEqual([
      ["class-0", "every cat"],
      ["class-2", "every hen"],
      ["says-0", "without a label, taken for cat"],
      ["says-1", "without a label, taken for dog"],
      ["says-2", "without a label, taken for hen"],
    ]);
  });

  test("offers what is wrong only where there are labels to tell", () => {
    expect([0, 1].map((domain) => canBeWrong(PETS, domain))).toEqual([true, false]);
    expect([0, 1].map((domain) => canBeWrong(POINTS, domain))).toEqual([true, true]);
    expect(canBeWrong(UNASKED, 0)).toBe(false);
    expect(canBeWrong(null, 0)).toBe(false);
  });
});

test("examples are called digits where they are some", () => {
  expect([show([]), show(["cat"])]).toEqual(["Show digits: ", "Show examples: "]);
  expect(hint(["cat"])).toContain("to see their examples");
});

test("a gallery", () => {
  expect(heading("target")).toBe("Target");
  expect(galleryName([], "target")).toBe("Chosen digits of the target");
  expect([0, 1, 40].map(andMore)).toEqual(["", "and 1 more", "and 40 more"]);
});
