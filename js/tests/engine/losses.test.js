import { expect, test } from "vitest";
import { domainsOf, sureness } from "../../engine/adversaries.js";
import { coralLoss, kernel, mmdLoss } from "../../engine/distances.js";
import { Linear } from "../../engine/layers.js";
import { crossEntropy, guesses, logSoftmax, numberRight, softmax } from "../../engine/losses.js";
import { matrix, rowsOf } from "../../engine/matrix.js";
import { METHODS } from "../../engine/methods.js";
import { apart, differences, some } from "./differences.js";

/** @import { Matrix } from "../../engine/matrix.js" */
/** @import { MethodName } from "../../engine/methods.js" */

test("cross-entropy: rows without a label have no gradient", () => {
  const logits = some(3, 2);
  const lossOf = () => crossEntropy(logits, [1, 0], (row) => row + 0.5);
  const found = lossOf().back().values;
  expect(
    apart(
      found,
      differences(logits.values, () => lossOf().loss),
    ),
  ).toBeLessThan(1e-8);
  expect([...found.slice(4)]).toEqual([0, 0]);
});

test("probabilities add up to 1, and large logits overflow nothing", () => {
  const logits = matrix(2, 2, [1000, 0, -0.3, 0.4]);
  const { values } = softmax(logits);
  expect(values[0] + values[1]).toBe(1);
  expect(values[2] + values[3]).toBeCloseTo(1, 15);
  expect([...logSoftmax(logits).values.slice(0, 2)]).toEqual([0, -1000]);
});

test("a guess is the first of the most probable classes", () => {
  const logits = matrix(3, 2, [1, 2, 2, 1, 3, 3]);
  expect([...guesses(logits)]).toEqual([1, 0, 0]);
  expect(numberRight(logits, [1, 1])).toBe(1);
});

test("CDAN+E: each domain weighs as much, and what is surer weighs more", () => {
  const logits = matrix(5, 2, [0, 0, 5, 0, 1, 0, 0, 0, 9, 0]);
  const weights = sureness(logits, 3);
  expect(weights[0] + weights[1] + weights[2]).toBeCloseTo(0.5, 15);
  expect(weights[3] + weights[4]).toBeCloseTo(0.5, 15);
  expect(weights[1]).toBeGreaterThan(weights[2]);
  expect(weights[2]).toBeGreaterThan(weights[0]);
  expect(weights[4] / weights[3]).toBeCloseTo(2 / 1.5, 2); // 1 + exp 0, and 1 + exp(-ln 2)
});

/** @type {MethodName[]} */
const NAMES = ["dann", "cdan", "cdan+e", "coral", "mmd"];

test.each(NAMES)("%s: the gradient at the features", (name) => {
  const method = METHODS[name];
  const inputs = method.inputs(2, 2);
  const classifier = new Linear(inputs, 2, some(2, inputs, 3).values, [0.1, -0.2]);
  const [features, labelLogits] = [some(7, 2), some(7, 2, 4)];
  const added = () => method.added(classifier.forward, features, labelLogits, 3);
  expect(added().domainLogits !== null).toBe(method.hasClassifier);
  const found = added().back().values;
  if (name !== "mmd") {
    // Through the width of MMD's kernels no gradient goes: see below.
    const expected = differences(features.values, () => added().loss);
    expect(apart(found, expected)).toBeLessThan(1e-8);
  }
  expect(Math.hypot(...found)).toBeGreaterThan(1e-3);
});

/**
 * As its formula has it, of kernels that divide by `mean`.
 * @param {Matrix} features
 * @param {number} sources
 * @param {number} mean
 */
function mmdOf({ rows, values }, sources, mean) {
  let loss = 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++) {
      const square =
        (values[2 * i] - values[2 * j]) ** 2 + (values[2 * i + 1] - values[2 * j + 1]) ** 2;
      const widths = [0.25, 0.5, 1, 2, 4];
      const alike = widths.reduce((sum, b) => sum + Math.exp(-square / b / mean) / 5, 0);
      const shares = [i, j].map((k) => (k < sources ? 1 / sources : -1 / (rows - sources)));
      loss += alike * shares[0] * shares[1];
    }
  return loss;
}

test("MMD: by its formula, with the width of the kernels held", () => {
  const features = some(7, 2);
  let mean = 0;
  for (let i = 0; i < 7; i++)
    for (let j = 0; j < 7; j++)
      for (let k = 0; k < 2; k++)
        mean += (features.values[2 * i + k] - features.values[2 * j + k]) ** 2 / 42;
  const { loss, back } = mmdLoss(features, 3);
  expect(loss).toBeCloseTo(mmdOf(features, 3, mean), 12);
  const expected = differences(features.values, () => mmdOf(features, 3, mean));
  expect(apart(back().values, expected)).toBeLessThan(1e-8);
});

test("MMD: the kernel's slope", () => {
  const s = Float64Array.of(0.7);
  expect(differences(s, () => kernel(s[0]).value)[0]).toBeCloseTo(kernel(0.7).slope, 8);
  expect(kernel(0).value).toBeCloseTo(1, 15);
});

test("no distance where both domains are the same, nor where all points are", () => {
  const half = some(3, 2);
  const twice = matrix(6, 2, [...half.values, ...half.values]);
  expect(coralLoss(twice, 3).loss).toBe(0);
  expect(mmdLoss(twice, 3).loss).toBeCloseTo(0, 15);
  const { loss, back } = mmdLoss(matrix(4, 2, new Array(8).fill(0.3)), 2);
  expect(loss).toBe(0);
  expect([...back().values].every((value) => value === 0)).toBe(true);
  expect(coralLoss(rowsOf(twice, 0, 2), 1).loss).toBe(0); // of one example no covariance
});

test("the source comes first", () => {
  expect([...domainsOf(5, 2)]).toEqual([0, 0, 1, 1, 1]);
});
