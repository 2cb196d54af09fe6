import { expect, test } from "vitest";
import { stepOf, written } from "../../src/shared/words.js";

test("large numbers are easy to read", () => {
  expect(written(300)).toBe("300");
  expect(written(1200)).toBe("1,200");
});

test("a step is told with how many there are", () => {
  expect(stepOf(300, 4000)).toBe("Step 300 of 4,000");
});
