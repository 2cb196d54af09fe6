import { expect, test } from "vitest";
import { rowsOf, stacked } from "../../engine/matrix.js";
import { Network, shapesOf } from "../../engine/network.js";
import { paperLambda, paperLearningRate } from "../../engine/schedules.js";
import { descend } from "../../engine/sgd.js";
import { Trainer, TrainingDiverged } from "../../engine/trainer.js";
import { some } from "./differences.js";

/** @import { MethodName } from "../../engine/methods.js" */
/** @import { PartName, Weights } from "../../engine/network.js" */
/** @import { Domain, Form, Part } from "../../engine/trainer.js" */

/** @param {MethodName} [method] */
function trainer(method = "dann") {
  const weights = /** @type {Record<PartName, Weights[]>} */ ({});
  for (const [part, layers] of Object.entries(shapesOf(method)))
    weights[/** @type {PartName} */ (part)] = layers.map(([inputs, outputs], k) => ({
      weight: some(outputs, inputs, k).values.map((value) => value / 2),
      bias: some(1, outputs, k + 3).values.map((value) => value / 2),
    }));
  /** @param {number} seed @returns {Domain} */
  const domain = (seed) => {
    const split = { points: some(10, 2, seed), labels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1] };
    return { train: split, test: split };
  };
  return new Trainer(new Network(method, weights), { source: domain(1), target: domain(2) });
}

/** @param {Trainer} one */
const weightsOf = ({ network: { featureExtractor, domainClassifier } }) =>
  [featureExtractor, domainClassifier].map(({ parameters }) =>
    parameters.flatMap(({ values }) => [...values]),
  );

test.each(
  /** @type {[Part, boolean, boolean][]} */ ([
    ["both", true, true],
    ["domain", false, true],
    ["features", true, false],
  ]),
)("part %s: what moves", (part, featuresMove, classifierMoves) => {
  const one = Object.assign(trainer(), { part });
  const before = weightsOf(one);
  one.step();
  const after = weightsOf(one);
  const same = before.map((weights, k) => weights.every((value, at) => value === after[k][at]));
  expect(same).toEqual([!featuresMove, !classifierMoves]);
});

test("the forms differ in what reaches the domain classifier, and in nothing else", () => {
  const ways = /** @type {Form[]} */ (["reverse", "subtract", "scale"]).map((form) => {
    const one = Object.assign(trainer(), { form, lambdaSource: () => 0.5 });
    const [features, classifier] = weightsOf(one);
    one.step();
    const [then, thenClassifier] = weightsOf(one);
    expect(then).not.toEqual(features);
    return { then, moved: thenClassifier[0] - classifier[0] };
  });
  const [reverse, subtract, scale] = ways;
  expect(subtract.then).toEqual(reverse.then);
  expect(scale.then).toEqual(reverse.then);
  expect(subtract.moved / reverse.moved).toBeCloseTo(-0.5, 10);
  expect(scale.moved / reverse.moved).toBeCloseTo(0.5, 10);
});

test("a distance moves no domain classifier, whose accuracy nobody knows", () => {
  const one = trainer("coral");
  const [, before] = weightsOf(one);
  expect(one.step().domainAccuracy).toBeNaN();
  expect(weightsOf(one)[1]).toEqual(before);
});

test("pushes change nothing of the next step", () => {
  const [one, other] = [trainer("cdan+e"), trainer("cdan+e")];
  for (let k = 0; k < 3; k++) {
    other.pushes(0.5);
    expect(one.step()).toEqual(other.step());
  }
});

test("the target has no label pushes, and the reversed ones are the domain's, turned", () => {
  const { label, domain, reversed } = trainer().pushes(0.5);
  expect([...rowsOf(label, 10).values].every((value) => value === 0 || value === 0)).toBe(true);
  expect([...reversed.values]).toEqual([...domain.values].map((value) => -0.5 * value));
});

test("a step that diverges is not done", () => {
  const one = trainer();
  one.step();
  one.network.labelPredictor.parameters[0].values[0] = Infinity;
  const before = weightsOf(one);
  expect(() => one.step()).toThrow(TrainingDiverged);
  expect(one.history).toHaveLength(1);
  expect(weightsOf(one)).toEqual(before);
});

test("schedules", () => {
  expect(paperLambda(0)).toBe(0);
  expect(paperLambda(0.5)).toBeCloseTo(0.9866, 4);
  expect(paperLearningRate(0, 0.2)).toBe(0.2);
  expect(paperLearningRate(1, 0.2)).toBeCloseTo(0.2 / 11 ** 0.75, 15);
});

test("momentum", () => {
  const one = {
    values: Float64Array.of(1),
    gradient: Float64Array.of(2),
    velocity: Float64Array.of(0),
  };
  descend([one], 0.1, 0.5, 1);
  expect(one.values[0]).toBeCloseTo(0.8, 15);
  descend([one], 0.1, 0.5, -1);
  expect(one.values[0]).toBeCloseTo(0.9, 15); // 0.8 - 0.1 (0.5 x 2 - 2)
});

test("rows one below the other", () => {
  const all = stacked(some(2, 2), some(1, 2, 2));
  expect(all.rows).toBe(3);
  expect([...rowsOf(all, 2).values]).toEqual([...some(1, 2, 2).values]);
});
