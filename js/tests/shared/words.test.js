import { expect, test } from "vitest";
import { lambdaIs, lambdaWritten, stepOf, written } from "../../src/shared/words.js";

test("large numbers are easy to read", () => {
  expect(written(300)).toBe("300");
  expect(written(1200)).toBe("1,200");
});

test("a step is told with how many there are", () => {
  expect(stepOf(300, 4000)).toBe("Step 300 of 4,000");
});

test("a large lambda, as distances take, has no digits behind the point", () => {
  expect([99.5, 100, 1250].map((x) => lambdaWritten(x))).toEqual(["99.50", "100", "1,250"]);
  expect(lambdaWritten(0.1234, 3)).toBe("0.123");
});

test("lambda is told as its slider shows it", () => {
  expect([0, 0.5, 1.234].map(lambdaIs)).toEqual(["lambda 0.00", "lambda 0.50", "lambda 1.23"]);
});
