import { expect, test } from "vitest";
import { atTheLatest, nextDrawing } from "../../src/dashboard/pace.js";

test("drawing takes a twentieth of the time", () => {
  expect(nextDrawing(1000, 1050)).toBe(2000);
});

test("a fast page draws twice a second, a slow one every two seconds", () => {
  expect(nextDrawing(1000, 1001)).toBe(1500);
  expect(nextDrawing(1000, 9000)).toBe(3000);
});

test("a drawing that never ends does not stop the next one", () => {
  expect(atTheLatest(1000)).toBe(3000);
});
