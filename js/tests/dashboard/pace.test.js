import { expect, test } from "vitest";
import { ASKING, atTheLatest, DRAWING, nextTime } from "../../src/dashboard/pace.js";

test("drawing takes a fortieth of the time, and so does asking", () => {
  expect(nextTime(DRAWING, 1000, 1050)).toBe(3000);
  expect(nextTime(ASKING, 1000, 1020)).toBe(1800);
});

test("a fast page draws twice a second, a slow one every three seconds", () => {
  expect(nextTime(DRAWING, 1000, 1001)).toBe(1500);
  expect(nextTime(DRAWING, 1000, 9000)).toBe(4000);
});

test("a page asks at least once a second, however slow it is", () => {
  expect(nextTime(ASKING, 1000, 9000)).toBe(2000);
});

test("a drawing that never ends does not stop the next one", () => {
  expect(atTheLatest(DRAWING, 1000)).toBe(4000);
});
