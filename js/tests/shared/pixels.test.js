import { expect, test } from "vitest";
import { pictureAt, withAlpha } from "../../src/shared/pixels.js";

test("a canvas gets red, green, blue and no transparency", () => {
  expect([...withAlpha(new Uint8Array([1, 2, 3, 4, 5, 6]))]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
});

test("a picture among many has its own colours", () => {
  const size = { width: 5, height: 3 };
  const values = 3 * 5 * 3;
  const pixels = Uint8Array.from({ length: 2 * values }, (_, i) => i % 251);
  const second = pictureAt(pixels, 1, size);
  expect(second).toHaveLength(values);
  expect([...second.subarray(0, 3)]).toEqual([...pixels.subarray(values, values + 3)]);
  expect(second.at(-1)).toBe(pixels.at(-1));
});
