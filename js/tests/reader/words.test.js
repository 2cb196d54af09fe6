import { expect, test } from "vitest";
import { inkOf } from "../../src/drawing/ink.js";
import { answerIn } from "../../src/reader/answers.js";
import { EXAMPLES } from "../../src/reader/examples.js";
import { dressed, picturesOf } from "../../src/reader/grounds.js";
import { sentence, told } from "../../src/reader/words.js";
import { base64 } from "../../src/shared/encoding.js";

test("the answer is the most probable digit", () => {
  const answer = answerIn(Float64Array.of(0.1, 0.2, 0.7));
  expect(answer).toEqual({ digit: 2, sure: 0.7 });
  expect(told(answer)).toBe("2 (70 %)");
});

test("the sentence names each network and what is behind the digit", () => {
  const answers = [
    { name: "Source only", answer: { digit: 3, sure: 0.544 } },
    { name: "DANN", answer: { digit: 7, sure: 0.98 } },
  ];
  expect(sentence("Over a photo", answers)).toBe(
    "Over a photo: Source only reads 3 (54 %), DANN reads 7 (98 %).",
  );
});

test("a digit is blended with what is behind it", () => {
  const ink = new Uint8Array(784);
  ink[0] = 255;
  const ground = new Uint8Array(3 * 784).fill(190);
  expect([...dressed(ink, "drawn", ground).slice(0, 6)]).toEqual([255, 255, 255, 0, 0, 0]);
  expect([...dressed(ink, "stripes", ground).slice(0, 6)]).toEqual([255, 255, 255, 190, 190, 190]);
  expect([...dressed(ink, "photo", ground).slice(0, 6)]).toEqual([65, 65, 65, 190, 190, 190]);
});

test("the pictures of a ground stand one after the other", () => {
  const two = new Uint8Array(2 * 3 * 784).fill(9, 3 * 784);
  const found = picturesOf({ kind: "photo", pictures: base64(two) });
  expect(found.map((picture) => picture[0])).toEqual([0, 9]);
});

test("each example is a digit of some ink", () => {
  for (const strokes of EXAMPLES) {
    const count = inkOf(strokes).filter(Boolean).length;
    expect(count).toBeGreaterThan(60);
    expect(count).toBeLessThan(300);
  }
});
