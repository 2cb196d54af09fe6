import { expect, test } from "vitest";
import { shownValue, valuesOf } from "../../src/explore/values.js";
import { spokenValue } from "../../src/explore/words.js";

test("a slider shows as many digits as its step has", () => {
  expect(shownValue(5, 1)).toBe("5");
  expect(shownValue(5, 0.5)).toBe("5.0");
  expect(shownValue(0.1, 0.25)).toBe("0.10");
});

test("a screen reader hears what the value is of", () => {
  expect(spokenValue("steepness gamma", "5.0")).toBe("steepness gamma 5.0");
});

test("what is asked has each knob's value under its name", () => {
  const controls = { gamma: { value: () => 5 }, shown: { value: () => "1" } };
  expect(valuesOf(controls)).toEqual({ gamma: 5, shown: "1" });
  expect(valuesOf({})).toEqual({});
});
