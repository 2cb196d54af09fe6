import { describe, expect, test } from "vitest";
import {
  convolved,
  folded,
  linear,
  normalised,
  pooled,
  rectified,
  softmax,
} from "../../src/reader/layers.js";

/** @param {number[]} values @param {number} height @param {number} width */
const planes = (values, height, width) => ({
  values: Float64Array.from(values),
  channels: values.length / height / width,
  height,
  width,
});

describe("a convolution", () => {
  const picture = planes([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3);
  /** @param {number[]} weight @param {number[]} bias */
  const by = (weight, bias) => ({
    weight: Float64Array.from(weight),
    bias: Float64Array.from(bias),
    size: 3,
  });

  test("looks at what is right of and below the middle with its later weights", () => {
    const right = convolved(picture, by([0, 0, 0, 0, 0, 1, 0, 0, 0], [0]));
    expect([...right.values]).toEqual([2, 3, 0, 5, 6, 0, 8, 9, 0]);
    const below = convolved(picture, by([0, 0, 0, 0, 0, 0, 0, 1, 0], [10]));
    expect([...below.values]).toEqual([14, 15, 16, 17, 18, 19, 10, 10, 10]);
  });

  test("adds up its channels, for each output", () => {
    const two = planes([1, 2, 3, 4], 2, 1);
    const one = { weight: Float64Array.of(1, 10, 2, 20), bias: Float64Array.of(0, 1), size: 1 };
    expect([...convolved(two, one).values]).toEqual([31, 42, 63, 85]);
  });

  test("and a normalisation behind it are one convolution", () => {
    const one = folded(
      { weight: Float32Array.of(2, 3), bias: Float32Array.of(1, 1), size: 1 },
      {
        weight: Float32Array.of(4, 1),
        bias: Float32Array.of(7, 0),
        mean: Float32Array.of(3, 0),
        variance: Float32Array.of(4, 1),
      },
    );
    // (2 x + 1 - 3) / 2 * 4 + 7
    expect(one.weight[0]).toBeCloseTo(4, 4);
    expect(one.bias[0]).toBeCloseTo(3, 4);
    expect(one.weight[1]).toBeCloseTo(3, 4);
  });

  test("without one stays as it is", () => {
    const one = folded({ weight: Float32Array.of(2), bias: Float32Array.of(1), size: 1 }, null);
    expect([...one.weight, ...one.bias]).toEqual([2, 1]);
  });
});

test("pooling takes the largest of four, and leaves out an odd last row and column", () => {
  const picture = planes([1, 2, 0, 3, 4, 0, 9, 9, 9, 8, 7, 0, 6, 5, 0, 1, 1, 1], 3, 3);
  const made = pooled(picture);
  expect([...made.values]).toEqual([4, 8]);
  expect([made.channels, made.height, made.width]).toEqual([2, 1, 1]);
});

test("normalised, each channel has the mean 0 and the variance 1", () => {
  const [a, b, c, d] = normalised(planes([1, 3, 100, 300], 1, 2)).values;
  for (const [found, wanted] of [
    [a, -1],
    [b, 1],
    [c, -1],
    [d, 1],
  ])
    expect(found).toBeCloseTo(wanted, 4);
});

test("a linear layer has a row of weights for each output", () => {
  const layer = { weight: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(10, 20) };
  expect([...linear(Float64Array.of(1, 10), layer)]).toEqual([31, 63]);
});

test("probabilities add up to 1, however large the numbers are", () => {
  const found = softmax(Float64Array.of(1000, 1000, 0));
  expect([...found]).toEqual([0.5, 0.5, 0]);
  expect([...rectified(Float64Array.of(-1, 2))]).toEqual([0, 2]);
});
