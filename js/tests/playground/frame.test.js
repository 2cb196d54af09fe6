import { expect, test } from "vitest";
import { contour } from "../../src/playground/contour.js";
import { between, isDone, unpacked } from "../../src/playground/frame.js";
import { answerWith, bytesOf } from "./answer.js";

test("an answer's points, gradients and grids are unpacked", () => {
  const frame = unpacked(answerWith());
  expect([...frame.features]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...frame.inputs.slice(0, 4)]).toEqual([0, 0, 1, 1]);
  expect([...frame.pushes.reversed.slice(0, 2)]).toEqual([0, -2]);
  expect(frame.grids.inputs.map((grid) => [...grid])).toEqual([
    [0, 255, 0, 255],
    [1, 2, 3, 4],
  ]);
  expect([...frame.grids.features[1]]).toEqual([9, 10, 11, 12]);
  expect([frame.step, frame.steps, frame.lambda]).toEqual([3, 2000, 0.123]);
});

test("beside a distance there is no domain boundary", () => {
  /** @type {import("../../src/playground/protocol.js").PackedFrame["grids"]} */
  const grids = { inputs: [bytesOf([0, 255]), ""], features: [bytesOf([0, 255]), ""] };
  const frame = unpacked(answerWith({ has_classifier: false, grids }));
  expect(frame.hasClassifier).toBe(false);
  expect(contour(frame.grids.features[1], 0)).toEqual([]);
});

test("a run is done with its last step", () => {
  expect(isDone({ step: 1999, steps: 2000 })).toBe(false);
  expect(isDone({ step: 2000, steps: 2000 })).toBe(true);
});

test("points move straight from one place to the other", () => {
  const [from, to] = [new Float32Array([0, 10]), new Float32Array([4, 20])];
  const ways = [0, 0.25, 1].map((share) => [...between(from, to, share)]);
  expect(ways).toEqual([
    [0, 10],
    [1, 12.5],
    [4, 20],
  ]);
});
