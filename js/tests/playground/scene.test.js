import { describe, expect, test } from "vitest";
import { unpacked } from "../../src/playground/frame.js";
import { background, placeOf, rgb, scenes } from "../../src/playground/scene.js";
import { answerWith } from "./answer.js";

const frame = unpacked(answerWith());
const moving = new Float32Array(8).fill(5);
const { inputs, features } = scenes(frame, {
  features: moving,
  shown: ["label", "reversed"],
  scale: 7,
  reveal: true,
  plane: 2,
  pen: [1, -1],
});

describe("the two planes", () => {
  test("of the inputs: no arrows, and always the same ends", () => {
    expect(inputs).toMatchObject({ points: frame.inputs, arrows: [], reach: [-2, 2, -2, 2] });
    expect(inputs.grids).toBe(frame.grids.inputs);
  });

  test("of the features: the arrows that are shown, and the points on their way", () => {
    expect(features.arrows).toEqual([
      ["label", frame.pushes.label],
      ["reversed", frame.pushes.reversed],
    ]);
    expect(features).toMatchObject({ points: moving, reach: frame.reach, scale: 7 });
    expect(features.grids).toBe(frame.grids.features);
  });

  test("the keys' pen is in the plane of the inputs alone", () => {
    expect([inputs.pen, features.pen]).toEqual([[1, -1], null]);
  });

  test("both show the target's labels, or none does", () => {
    expect([inputs.reveal, features.reveal]).toEqual([true, true]);
  });
});

test("a point's place counts from the top left", () => {
  const places = [0, 1, 2, 3].map((k) => placeOf(inputs, 400, k));
  expect(places).toEqual([
    [200, 200],
    [300, 100],
    [100, 200],
    [200, 0],
  ]);
});

test("a colour of the style sheet has its three parts", () => {
  expect(rgb("#0072b2")).toEqual([0, 0x72, 0xb2]);
});

test("the background is of the likelier class, and the stronger the surer", () => {
  const pixels = background(new Uint8Array([0, 127, 128, 255]), [1, 2, 3], [4, 5, 6]);
  expect([...pixels]).toEqual([
    ...[1, 2, 3, 64],
    ...[1, 2, 3, 12],
    ...[4, 5, 6, 12],
    ...[4, 5, 6, 64],
  ]);
});
