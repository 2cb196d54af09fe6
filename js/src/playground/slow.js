// Slow motion: one part of a step after the other, each when it is asked for, then the next step.

import { between } from "./frame.js";
import { isStep, phaseAfter } from "./phases.js";

const MOVE = 700; // ms of the last part in which the features move to their new places

/**
 * @typedef {object} SlowMotionOptions
 * @property {(phase: number) => void} show says what this part is about
 * @property {(features?: Float32Array) => void} repaint
 * @property {() => void} step asks for a step; its answer has to be told by `arrive`
 */

export class SlowMotion {
  running = false;
  phase = 0;
  #options;
  #stepped = false; // whether the last part's step has come

  /** @param {SlowMotionOptions} options */
  constructor(options) {
    this.#options = options;
  }

  start() {
    this.running = true;
    this.#enter(0);
  }

  stop() {
    this.running = false;
  }

  /** The next part; nothing while the step has not come yet. */
  next() {
    if (this.running && !this.awaitsStep) this.#enter(phaseAfter(this.phase));
  }

  /** Whether the next answer may be that of the step. */
  get awaitsStep() {
    return this.running && isStep(this.phase) && !this.#stepped;
  }

  /**
   * The step is done: the features move to their new places.
   * @param {Float32Array} from
   * @param {Float32Array} to
   */
  arrive(from, to) {
    this.#stepped = true;
    const begun = performance.now();
    /** @param {number} now */
    const move = (now) => {
      if (!isStep(this.phase)) return; // somebody has asked for the next part
      const share = Math.min(1, (now - begun) / MOVE);
      this.#options.repaint(between(from, to, share));
      if (share < 1 && this.running) requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  }

  /** @param {number} phase */
  #enter(phase) {
    this.phase = phase;
    this.#stepped = false;
    this.#options.show(phase);
    if (isStep(phase)) this.#options.step();
    else this.#options.repaint();
  }
}
