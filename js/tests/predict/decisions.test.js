import { describe, expect, test } from "vitest";
import { sentence, taken, told } from "../../src/predict/decisions.js";

const NUMBER = {
  kind: /** @type {const} */ ("number"),
  label: "Right, of 100",
  choices: [],
  unit: " of 100",
  low: 0,
  high: 100,
  was: "36 of 100",
  why: "Over five networks.",
};
const CHOICE = {
  ...NUMBER,
  kind: /** @type {const} */ ("choice"),
  choices: ["the source", "the target"],
  was: "the target",
};
const ORDER = {
  ...NUMBER,
  kind: /** @type {const} */ ("order"),
  choices: ["pixels", "DANN", "source only"],
  was: "all alike",
};

describe("what was said", () => {
  test("is told as one would say it", () => {
    expect(told(NUMBER, 70)).toBe("70 of 100");
    expect(told(CHOICE, 0)).toBe("“the source”");
    expect(told(ORDER, [2, 0, 1])).toBe("source only, then pixels, then DANN");
  });

  test("stands beside what it was, without a mark", () => {
    expect(sentence(NUMBER, 70)).toBe("You said 70 of 100. It was 36 of 100. Over five networks.");
    expect(sentence(CHOICE, 1)).not.toMatch(/right|wrong|[✓✗]/i);
  });
});

describe("what is entered", () => {
  test("is taken if it is an answer to the question", () => {
    expect(taken(NUMBER, ["70"])).toEqual({ said: 70, problem: "" });
    expect(taken(NUMBER, ["0"])).toEqual({ said: 0, problem: "" });
    expect(taken(CHOICE, ["1"])).toEqual({ said: 1, problem: "" });
    expect(taken(ORDER, ["2", "0", "1"])).toEqual({ said: [2, 0, 1], problem: "" });
  });

  test.each(["", " ", "many", "-1", "101", "NaN"])("is asked for again: %j", (text) => {
    expect(taken(NUMBER, [text])).toEqual({
      said: null,
      problem: "A number from 0 to 100, please.",
    });
  });

  test("is asked for again where a choice is missing or made twice", () => {
    expect(taken(CHOICE, [""])).toEqual({ said: null, problem: "Choose one first." });
    for (const entered of [
      ["0", "0", "1"],
      ["0", "", "1"],
    ]) {
      expect(taken(ORDER, entered).problem).toBe("Each of them once, please.");
    }
  });
});
