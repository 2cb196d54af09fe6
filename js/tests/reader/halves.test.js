import { expect, test } from "vitest";
import { fromHalves } from "../../src/reader/halves.js";

/** @param {...number} numbers of 16 bits */
const packed = (...numbers) => new Uint8Array(new Uint16Array(numbers).buffer);

test("half precision is read as IEEE 754 has it", () => {
  const found = fromHalves(
    packed(0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x7c00, 0xfc00),
  );
  expect([...found]).toEqual([
    0,
    1,
    -2,
    0.333251953125,
    65504,
    2 ** -14,
    2 ** -24,
    -1023 * 2 ** -24,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  expect(fromHalves(packed(0x7e00))[0]).toBeNaN();
});

test("it may be a part of other bytes", () => {
  const all = packed(0x3c00, 0x4000, 0x4200);
  expect([...fromHalves(all.subarray(2))]).toEqual([2, 3]);
});
