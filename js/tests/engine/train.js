// Trains as tests/lessons/test_engine.py asks, which compares what came of it with PyTorch's.

import { matrix } from "../../engine/matrix.js";
import { Network } from "../../engine/network.js";
import { paperLambda } from "../../engine/schedules.js";
import { RECIPE, Trainer } from "../../engine/trainer.js";

/** @import { MethodName } from "../../engine/methods.js" */
/** @import { PartName, Weights } from "../../engine/network.js" */
/** @import { Form, Part } from "../../engine/trainer.js" */

/**
 * What a person sets, from `step` on.
 * @typedef {{ step: number, lambda: number | null, form: Form, part: Part }} Knobs
 */

/**
 * @typedef {object} Cases
 * @property {MethodName} method
 * @property {Record<PartName, Weights[]>} weights
 * @property {{ points: number[], labels: number[] }[]} domains source and target
 * @property {Knobs[][]} runs
 * @property {number[]} looks after which steps the weights and pushes are told
 */

/**
 * @param {string} text the cases as JSON
 * @returns {string} of each run the records and looks, as JSON: no number is null
 */
export function train(text) {
  const { method, weights, domains, runs, looks } = /** @type {Cases} */ (JSON.parse(text));
  const [source, target] = domains.map(({ points, labels }) => {
    const split = { points: matrix(labels.length, 2, points), labels };
    return { train: split, test: split };
  });
  return JSON.stringify(
    runs.map((knobs) => {
      const trainer = new Trainer(new Network(method, weights), { source, target });
      const told = run(trainer, knobs, looks);
      return { records: trainer.history, looks: told };
    }),
  );
}

/**
 * @param {Trainer} trainer
 * @param {Knobs[]} knobs
 * @param {number[]} looks
 */
function run(trainer, knobs, looks) {
  const told = [];
  for (let step = 0; step <= Math.max(...looks); step++) {
    if (step) trainer.step();
    const set = knobs.find((one) => one.step === step);
    if (set) {
      const { form, part, lambda } = set;
      const lambdaSource = lambda === null ? paperLambda : () => lambda;
      Object.assign(trainer, { form, part, lambdaSource });
    }
    if (looks.includes(step)) told.push(look(trainer));
  }
  return told;
}

/** @param {Trainer} trainer */
function look(trainer) {
  const pushes = trainer.pushes(trainer.lambdaSource(trainer.steps / RECIPE.steps));
  return {
    weights: trainer.network.parameters.map(({ values }) => [...values]),
    pushes: Object.fromEntries(
      Object.entries(pushes).map(([name, { values }]) => [name, [...values]]),
    ),
  };
}
