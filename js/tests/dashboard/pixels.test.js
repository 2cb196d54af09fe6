import { expect, test } from "vitest";
import { rgba, SIDE } from "../../src/dashboard/pixels.js";

test("a digit gets its own colours, and is not transparent", () => {
  const points = SIDE * SIDE;
  const pixels = Uint8Array.from({ length: 2 * points * 3 }, (_, i) => i % 251);
  const second = rgba(pixels, 1);
  const start = points * 3;
  expect(second).toHaveLength(points * 4);
  expect([...second.subarray(0, 8)]).toEqual([
    ...pixels.subarray(start, start + 3),
    255,
    ...pixels.subarray(start + 3, start + 6),
    255,
  ]);
  expect([...second.subarray(-4)]).toEqual([...pixels.subarray(-3), 255]);
});
