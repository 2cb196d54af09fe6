import { expect, test } from "vitest";
import { products } from "../../engine/adversaries.js";
import { Linear, sequence, tanh } from "../../engine/layers.js";
import { reversal, scaling } from "../../engine/reversal.js";
import { apart, differences, some, weighed } from "./differences.js";

/** @import { Operation } from "../../engine/matrix.js" */

const linear = () => new Linear(3, 2, some(2, 3, 5).values, some(1, 2, 6).values);

/** @type {[string, Operation, number][]} */
const OPERATIONS = [
  ["linear", linear().forward, 2],
  ["tanh", tanh, 3],
  ["a chain", sequence([tanh, linear().forward, tanh]), 2],
  ["no chain", sequence([]), 3],
  ["products", (x) => products(x, some(4, 2, 8)), 6],
];

test.each(OPERATIONS)("%s: the gradient at the input", (_, operation, columns) => {
  const [x, weights] = [some(4, 3), some(4, columns, 2)];
  const found = operation(x).back(weights);
  const expected = differences(x.values, () => weighed(operation(x).out, weights));
  expect(apart(found.values, expected)).toBeLessThan(1e-8);
});

test("linear: the gradients at weight and bias add up", () => {
  const [layer, x, weights] = [linear(), some(4, 3), some(4, 2, 2)];
  for (let k = 0; k < 2; k++) layer.forward(x).back(weights);
  for (const { values, gradient } of layer.parameters) {
    const expected = differences(values, () => weighed(layer.forward(x).out, weights));
    expect(
      apart(
        gradient,
        expected.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-8);
  }
});

test("the reversal changes nothing forward and turns the gradient round", () => {
  const [x, gradient] = [some(2, 2), some(2, 2, 2)];
  for (const [layer, factor] of /** @type {const} */ ([
    [reversal(0.5), -0.5],
    [scaling(0.5), 0.5],
  ])) {
    expect(layer(x).out).toEqual(x);
    expect(layer(x).back(gradient).values).toEqual(gradient.values.map((g) => g * factor));
  }
});
