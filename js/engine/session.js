// Answers the playground's questions as dann_lab/lessons/playground.py does in a notebook.

import { DRAWN } from "../src/playground/words.js";
import { accuracies, DARK, LIGHT, losses } from "./curves.js";
import { afterStroke, drawnFrom, drawnPair, placesOf, TooFewPoints } from "./drawn.js";
import { matrix, rowsOf, stacked } from "./matrix.js";
import { METHODS } from "./methods.js";
import { packedGrids, packedPoints, reachOf } from "./packing.js";
import { POINTS, shiftedPair, USUAL } from "./points.js";
import { PlaygroundRun } from "./run.js";
import { paperLambda } from "./schedules.js";
import { aboutAccuracies, aboutLosses, aboutMoons } from "./sentences.js";
import { RECIPE, TrainingDiverged } from "./trainer.js";

/** @import { PackedFrame, PlaygroundChoices, PlaygroundEnvelope, Question, ShownKnobs } from "../src/playground/protocol.js" */
/** @import { Drawn } from "./drawn.js" */
/** @import { MethodName } from "./methods.js" */
/** @import { Pushes } from "./trainer.js" */

/** @typedef {ShownKnobs & { method: MethodName, drawn: Drawn[] }} Knobs */
/** @typedef {Question & PlaygroundEnvelope & { client: string }} Asked */
/** @typedef {{ knobs: Knobs, run: PlaygroundRun, knobsToo: boolean }} Remembered */

const MOST_STEPS = 20; // in one answer: the page stays alive
const START = 60; // steps without reversal before slow motion
const UNDO_DEPTH = 10;
const SEEDS = 10000;
const START_AGAIN = "Press Reset to start again.";
const REPEATED = `(What you drew, for training and test alike, repeated until there are ${POINTS}.)`;

/** @type {Knobs} */
const FIRST = {
  shift: "turned",
  amount: USUAL.turned,
  drawn: [],
  seed: 0,
  method: "dann",
  lambda_: null,
  part: "both",
  form: "reverse",
};

export class Session {
  #knobs = FIRST;
  #problem = "";
  /** @type {Remembered[]} */
  #undo = [];
  #choices;
  #run;

  /** @param {PlaygroundChoices} choices */
  constructor(choices) {
    this.#choices = choices;
    this.#run = this.#begun();
  }

  /**
   * @param {Asked} message
   * @returns {PackedFrame}
   */
  hear(message) {
    this.#problem = "";
    try {
      this.#obey(message);
    } catch (error) {
      const known = error instanceof TrainingDiverged || error instanceof TooFewPoints;
      if (!known) throw error;
      this.#problem = `${error.message} ${START_AGAIN}`;
    }
    return this.#frame(message);
  }

  /** @param {Asked} message */
  #obey(message) {
    const { type } = message;
    if (type === "set") this.#set({ ...this.#knobs, .../** @type {Knobs} */ (message.knobs) });
    else if (type === "draw") this.#draw(message);
    else if (type === "reset" || type === "seed") {
      this.#remember();
      const seed = 1 + Math.floor(Math.random() * (SEEDS - 1));
      if (type === "seed") this.#knobs = { ...this.#knobs, seed };
      this.#run = this.#begun();
    } else if (type === "undo") this.#bringBack();
    else if (type === "slow") this.#prepareSlowMotion();
    else if (type === "step") this.#steps(Math.min(message.steps, MOST_STEPS));
  }

  #begun() {
    const { method, seed } = this.#knobs;
    const pair = this.#pair() ?? shiftedPair(FIRST.shift, FIRST.amount, seed);
    const run = new PlaygroundRun(method, seed, pair);
    run.face(null);
    this.#takeKnobs(run);
    return run;
  }

  /** The points where the knobs say, null where too few are drawn: the frame says that. */
  #pair() {
    const { shift, amount, seed, drawn } = this.#knobs;
    if (shift !== DRAWN) return shiftedPair(shift, amount, seed);
    try {
      return drawnPair(drawn);
    } catch (error) {
      if (error instanceof TooFewPoints) return null;
      throw error;
    }
  }

  #takeKnobs(run = this.#run) {
    const { part, form } = this.#knobs;
    Object.assign(run.trainer, { part, form, lambdaSource: this.#lambda });
  }

  /** @param {number} progress */
  #lambda = (progress) => this.#knobs.lambda_ ?? paperLambda(progress);

  /** @param {Knobs} knobs */
  #set(knobs) {
    const former = this.#knobs;
    if (knobs.method !== former.method) {
      this.#remember();
      const { shift, amount, drawn, seed } = former;
      const { method } = knobs;
      const lambda_ = this.#usualLambda(method);
      this.#knobs = { ...FIRST, shift, amount, drawn, seed, method, lambda_ };
      this.#run = this.#begun();
    } else if (knobs.shift !== former.shift) {
      this.#remember(true);
      const drawn = knobs.shift === DRAWN ? drawnFrom(this.#run.trainer.pair) : [];
      this.#knobs = { ...knobs, amount: USUAL[knobs.shift] ?? 0, drawn };
      this.#run = this.#begun();
    } else {
      this.#knobs = knobs;
      if (knobs.amount !== former.amount) this.#run.face(this.#pair());
      this.#takeKnobs();
    }
  }

  /**
   * The paper's schedule, and for a distance the middle of its range.
   * @param {MethodName} method
   */
  #usualLambda(method) {
    if (METHODS[method].hasClassifier) return null;
    const [low, high] = this.#choices.lambda[method];
    return (low + high) / 2;
  }

  /** @param {Extract<Asked, { type: "draw" }>} message */
  #draw(message) {
    if (this.#knobs.shift !== DRAWN) return;
    if (message.begins) this.#remember(true);
    const drawn = afterStroke(this.#knobs.drawn, message, this.#choices.plane);
    this.#knobs = { ...this.#knobs, drawn };
    this.#run.face(this.#pair());
  }

  /**
   * In a run that is about to begin there is nothing to see of the reversal: lambda is 0 at first,
   * and the domain classifier knows nothing yet.
   */
  #prepareSlowMotion() {
    if (this.#run.trainer.steps || !METHODS[this.#knobs.method].hasClassifier) return;
    this.#remember(true);
    this.#knobs = { ...this.#knobs, lambda_: this.#knobs.lambda_ || 1 };
    this.#run = this.#begun();
    this.#run.trainer.lambdaSource = () => 0;
    this.#steps(START);
    this.#takeKnobs();
  }

  /** @param {number} wanted */
  #steps(wanted) {
    if (this.#knobs.shift === DRAWN) drawnPair(this.#knobs.drawn); // says what is missing
    this.#run.steps(wanted);
  }

  /** @param {boolean} [knobsToo] whether undo brings back what was set as well as the run */
  #remember(knobsToo = false) {
    const last = { knobs: this.#knobs, run: this.#run, knobsToo };
    this.#undo = [...this.#undo.slice(-UNDO_DEPTH + 1), last];
  }

  #bringBack() {
    const last = this.#undo.pop();
    if (!last) return;
    this.#run = last.run;
    const { shift, amount, drawn, seed } = last.knobs;
    const same = !last.knobsToo && last.knobs.method === this.#knobs.method;
    this.#knobs = same ? { ...this.#knobs, shift, amount, drawn, seed } : last.knobs;
    if (shift === DRAWN) this.#run.face(this.#pair()); // a stroke may have been one of this run
    this.#takeKnobs();
  }

  /**
   * How things stand, as the page draws it.
   * @param {Asked} message
   * @returns {PackedFrame}
   */
  #frame({ client, wish, figures, dark }) {
    const run = this.#run;
    const { history, evaluations, trainer } = run;
    const { drawn, ...knobs } = this.#knobs;
    const lambda = this.#lambda(trainer.steps / RECIPE.steps);
    const { points, labels, sources } = this.#points();
    const pushes = this.#pushes(lambda, points, sources);
    const reach = reachOf(pushes.features);
    const last = history.at(-1);
    return {
      ...{ type: "frame", client, wish, knobs },
      has_classifier: METHODS[knobs.method].hasClassifier,
      step: trainer.steps,
      steps: RECIPE.steps,
      lambda,
      losses: last ? [numberOf(last.labelLoss), numberOf(last.domainLoss)] : null,
      target: evaluations[evaluations.length - 1].target,
      undo: this.#undo.length > 0,
      problem: this.#problem,
      sentence: aboutMoons(run, pushes, lambda),
      ...{ sources, labels },
      inputs: packedPoints(points),
      features: packedPoints(pushes.features),
      pushes: {
        label: packedPoints(pushes.label),
        domain: packedPoints(pushes.domain),
        reversed: packedPoints(pushes.reversed),
      },
      reach,
      grids: packedGrids(trainer.network, reach, this.#choices.plane),
      ...(figures ? this.#curves(dark) : {}),
    };
  }

  /** @param {boolean} dark */
  #curves(dark) {
    const [run, theme] = [this.#run, dark ? DARK : LIGHT];
    const said = aboutAccuracies(run);
    return {
      figures: { losses: losses(run, theme), accuracies: accuracies(run, theme) },
      captions: {
        losses: aboutLosses(run),
        accuracies: this.#knobs.shift === DRAWN ? `${said} ${REPEATED}` : said,
      },
    };
  }

  /** Where the shown points lie, their labels, and how many of them are the source's. */
  #points() {
    if (this.#knobs.shift !== DRAWN) {
      const { source, target } = this.#run.trainer.pair;
      const points = stacked(source.train.points, target.train.points);
      const labels = [...Array.from(source.train.labels), ...Array.from(target.train.labels)];
      return { points, labels, sources: source.train.points.rows };
    }
    const drawn = [...this.#knobs.drawn].sort((one, other) => one.domain - other.domain);
    return {
      points: placesOf(drawn),
      labels: drawn.map(({ label }) => label),
      sources: drawn.filter(({ domain }) => domain === 0).length,
    };
  }

  /**
   * @param {number} lambda
   * @param {Pushes["features"]} points
   * @param {number} sources
   * @returns {Pushes}
   */
  #pushes(lambda, points, sources) {
    const { trainer } = this.#run;
    if (this.#knobs.shift !== DRAWN) return trainer.pushes(lambda);
    if (this.#pair()) return once(trainer.pushes(lambda), sources, points.rows - sources);
    this.#problem = new TooFewPoints().message;
    const features = trainer.network.featureExtractor.forward(points).out;
    const still = matrix(features.rows, 2);
    return { features, label: still, domain: still, reversed: still };
  }
}

/** @param {number} value */
const numberOf = (value) => (Number.isFinite(value) ? value : null);

/**
 * Of each drawn point once, though the training sees it more often.
 * @param {Pushes} pushes
 * @param {number} sources
 * @param {number} targets
 * @returns {Pushes}
 */
function once({ features, label, domain, reversed }, sources, targets) {
  const first = (/** @type {Pushes["features"]} */ all) =>
    stacked(rowsOf(all, 0, sources), rowsOf(all, POINTS, POINTS + targets));
  return {
    features: first(features),
    label: first(label),
    domain: first(domain),
    reversed: first(reversed),
  };
}
