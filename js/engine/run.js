// A run of the playground: a trainer, and how good its network was on the way.

import { evaluate } from "./evaluation.js";
import { firstNetwork } from "./start.js";
import { RECIPE, Trainer } from "./trainer.js";

/** @import { Evaluation } from "./evaluation.js" */
/** @import { MethodName } from "./methods.js" */
/** @import { Pair } from "./trainer.js" */

const EVALUATE_EVERY = 10; // steps

export class PlaygroundRun {
  /** @type {Evaluation[]} */
  evaluations = [];

  /**
   * @param {MethodName} method
   * @param {number} seed
   * @param {Pair} pair
   */
  constructor(method, seed, pair) {
    this.method = method;
    this.trainer = new Trainer(firstNetwork(method, seed), pair);
  }

  get history() {
    return this.trainer.history;
  }

  /**
   * Other points in the place of both domains'; the network stays as it is.
   * @param {Pair | null} pair null leaves them too
   */
  face(pair) {
    if (pair) this.trainer.pair = pair;
    if (this.evaluations.at(-1)?.step === this.trainer.steps) this.evaluations.pop();
    this.#evaluate();
  }

  /** @param {number} wanted */
  steps(wanted) {
    for (let left = Math.min(wanted, RECIPE.steps - this.trainer.steps); left > 0; left--) {
      const { step } = this.trainer.step();
      if (step % EVALUATE_EVERY === 0) this.#evaluate();
    }
  }

  #evaluate() {
    const { network, pair, steps } = this.trainer;
    this.evaluations.push(evaluate(network, pair, steps));
  }
}
