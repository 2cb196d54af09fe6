// The training: every step sees all points of both domains.

import { domainsOf } from "./adversaries.js";
import { general } from "./format.js";
import { crossEntropy, numberRight } from "./losses.js";
import { norm, plus, stacked, times } from "./matrix.js";
import { paperLambda, paperLearningRate } from "./schedules.js";
import { descend, forgetGradients } from "./sgd.js";

/** @import { Matrix } from "./matrix.js" */
/** @import { Network } from "./network.js" */

/** @typedef {"reverse" | "subtract" | "scale"} Form how the losses are put together */
/** @typedef {"both" | "domain" | "features"} Part what learns */
/** @typedef {{ points: Matrix, labels: ArrayLike<number> }} Split points [N, 2], labels 0 and 1 */
/** @typedef {{ train: Split, test: Split }} Domain */
/** @typedef {{ source: Domain, target: Domain }} Pair */

/** What a run is trained by, and nobody changes on the page. */
export const RECIPE = { steps: 1000, learningRate: 0.2, momentum: 0.9 };

/**
 * One step. Accuracies are fractions of the points, the gradients norms over all features; without
 * a domain classifier its accuracy is NaN.
 * @typedef {object} StepRecord
 * @property {number} step from 1 on
 * @property {number} lambda
 * @property {number} learningRate
 * @property {number} labelLoss
 * @property {number} domainLoss what the method adds
 * @property {number} labelAccuracy
 * @property {number} domainAccuracy
 * @property {number} labelGradient
 * @property {number} domainGradientBefore the reversal
 * @property {number} domainGradientAfter
 */

/**
 * Where descent pushes each point's features: minus the gradient of each loss there, per point.
 * @typedef {object} Pushes
 * @property {Matrix} features of the source's points, then of the target's
 * @property {Matrix} label zero for the target, whose labels nobody uses
 * @property {Matrix} domain
 * @property {Matrix} reversed what leaves the layer before the method
 */

/** A loss or a gradient stopped being finite; the weights are those of the step before. */
export class TrainingDiverged extends Error {
  /**
   * @param {{ step: number, lambda: number, learningRate: number }} record
   * @param {string} what
   */
  constructor({ step, lambda, learningRate }, what) {
    const values = `lambda ${general(lambda, 4)}, learning rate ${general(learningRate, 4)}`;
    super(
      `${what} is no longer finite at step ${step} (${values}). The weights of step ${step - 1} ` +
        "are kept. Try a smaller lambda, a smaller learning rate, or the paper's schedule, which " +
        "starts lambda at 0.",
    );
  }
}

export class Trainer {
  /** @type {Part} */
  part = "both";
  /** @type {Form} */
  form = "reverse";
  /** Asked once a step, with the progress from 0 to 1. @type {(progress: number) => number} */
  lambdaSource = paperLambda;
  /** @type {StepRecord[]} */
  history = [];

  /**
   * @param {Network} network
   * @param {Pair} pair
   */
  constructor(network, pair) {
    this.network = network;
    this.pair = pair;
  }

  get steps() {
    return this.history.length;
  }

  /**
   * One step, whole or not at all.
   * @returns {StepRecord}
   */
  step() {
    const { network, steps } = this;
    const progress = steps / RECIPE.steps;
    const lambda = this.lambdaSource(progress);
    const learningRate = paperLearningRate(progress, RECIPE.learningRate);
    forgetGradients(network.parameters);
    const record = { step: steps + 1, lambda, learningRate, ...this.#backpropagate(lambda) };
    this.#checkFinite(record);
    this.#descend(lambda, learningRate);
    this.history.push(record);
    return record;
  }

  /**
   * There and back: afterwards each parameter has its gradient of the label loss plus the domain
   * loss.
   * @param {number} lambda
   */
  #backpropagate(lambda) {
    const { network } = this;
    const { points, labels } = this.#training();
    const sources = labels.length;
    const extracted = network.featureExtractor.forward(points);

    const predicted = network.labelPredictor.forward(extracted.out);
    const label = crossEntropy(predicted.out, labels, () => 1 / sources);

    const behind = network.method.layer(lambda)(extracted.out);
    const classifier = network.domainClassifier.forward;
    const domain = network.method.added(classifier, behind.out, predicted.out, sources);

    const ofLabel = predicted.back(label.back());
    const before = domain.back();
    const after = behind.back(before);
    extracted.back(plus(ofLabel, after));

    const domains = domainsOf(points.rows, sources);
    const seen = domain.domainLogits;
    return {
      labelLoss: label.loss,
      domainLoss: domain.loss,
      labelAccuracy: numberRight(predicted.out, labels) / sources,
      domainAccuracy: seen ? numberRight(seen, domains) / domains.length : Number.NaN,
      labelGradient: norm(ofLabel.values),
      domainGradientBefore: norm(before.values),
      domainGradientAfter: norm(after.values),
    };
  }

  /** The training points, the source's first, and the source's labels. */
  #training() {
    const { source, target } = this.pair;
    return {
      points: stacked(source.train.points, target.train.points),
      labels: source.train.labels,
    };
  }

  /** @param {StepRecord} record */
  #checkFinite(record) {
    const watched = {
      "The label loss": record.labelLoss,
      "The label gradient": record.labelGradient,
      "The domain loss": record.domainLoss,
      "The domain gradient at the features": record.domainGradientAfter,
      "The weights' gradient": norm(...this.network.parameters.map(({ gradient }) => gradient)),
    };
    for (const [what, value] of Object.entries(watched))
      if (!Number.isFinite(value)) throw new TrainingDiverged(record, what);
  }

  /**
   * At the same weights all forms give the features the same gradient; they differ in what reaches
   * the domain classifier.
   * @param {number} lambda
   * @param {number} learningRate
   */
  #descend(lambda, learningRate) {
    const { network, part, form } = this;
    const factor = { reverse: 1, subtract: -lambda, scale: lambda }[form];
    const classifier = network.method.hasClassifier ? network.domainClassifier.parameters : [];
    if (part !== "domain") {
      const others = [network.featureExtractor, network.labelPredictor];
      const theirs = others.flatMap(({ parameters }) => parameters);
      descend(theirs, learningRate, RECIPE.momentum, 1);
    }
    if (part !== "features") descend(classifier, learningRate, RECIPE.momentum, factor);
  }

  /**
   * What the next step would do to the features of all training points.
   * @param {number} lambda
   * @returns {Pushes}
   */
  pushes(lambda) {
    const { network } = this;
    const { points, labels } = this.#training();
    const features = network.featureExtractor.forward(points).out;
    const predicted = network.labelPredictor.forward(features);
    const label = predicted.back(crossEntropy(predicted.out, labels, () => 1).back());

    const behind = network.method.layer(lambda)(features);
    const classifier = network.domainClassifier.forward;
    const added = network.method.added(classifier, behind.out, predicted.out, labels.length);
    const domain = times(added.back(), features.rows); // of the sum, not of the mean
    return {
      features,
      label: times(label, -1),
      domain: times(domain, -1),
      reversed: times(behind.back(domain), -1),
    };
  }
}
