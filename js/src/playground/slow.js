// Slow motion: one part of a step after the other, then the next step.

import { between } from "./frame.js";
import { isStep, phaseAfter } from "./phases.js";

const PART = 1500; // ms for each part of a step
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

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
    clearTimeout(this.#timer);
  }

  /** Whether the next answer may be that of the step. */
  get awaitsStep() {
    return this.running && isStep(this.phase);
  }

  /**
   * The step is done: the features move to their new places.
   * @param {Float32Array} from
   * @param {Float32Array} to
   */
  arrive(from, to) {
    const begun = performance.now();
    /** @param {number} now */
    const move = (now) => {
      const share = Math.min(1, (now - begun) / MOVE);
      this.#options.repaint(between(from, to, share));
      if (!this.running) return;
      if (share < 1) requestAnimationFrame(move);
      else this.#later(PART - MOVE);
    };
    requestAnimationFrame(move);
  }

  /** @param {number} phase */
  #enter(phase) {
    this.phase = phase;
    this.#options.show(phase);
    if (isStep(phase)) {
      this.#options.step();
      return; // its answer goes on
    }
    this.#options.repaint();
    this.#later(PART);
  }

  /** @param {number} time in ms */
  #later(time) {
    this.#timer = setTimeout(() => this.#enter(phaseAfter(this.phase)), time);
  }
}
