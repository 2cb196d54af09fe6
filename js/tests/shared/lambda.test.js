import { expect, test } from "vitest";
import { within } from "../../src/shared/lambda.js";

test("a slider has 200 steps, whatever its range, and begins in the middle", () => {
  expect(within([0, 2])).toEqual({ step: 0.01, middle: 1 });
  expect(within([0, 1000])).toEqual({ step: 5, middle: 500 });
});
