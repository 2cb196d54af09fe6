// The time line: a slider, what it says, and the button that replays the runs.

import { h } from "../shared/elements.js";
import { aboutMoment, PLAY, REPLAY, SLIDER, STOP, sliderValue } from "./words.js";

const FRAME_TIME = 250; // ms between two moments of a replay

/**
 * @typedef {object} TimeLineOptions
 * @property {(step: number) => void} goTo
 * @property {() => number[]} steps what a replay would show now, one after the other
 */

export class TimeLine {
  #goTo;
  #steps;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #playing;
  #words = h("output", { class: "dann-applied", "data-show": "player-moment" });
  #slider = h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    "data-time": "player",
    "aria-label": SLIDER,
    oninput: () => {
      this.stop();
      this.#goTo(Number(this.#slider.value));
    },
  });
  #button = h(
    "button",
    {
      type: "button",
      "data-action": "play",
      title: REPLAY,
      onclick: () => (this.#playing === undefined ? this.#play() : this.stop()),
    },
    PLAY,
  );

  node = h(
    "div",
    { class: "dann-card dann-time" },
    h(
      "div",
      { class: "dann-named" },
      this.#words,
      h("div", { class: "dann-buttons" }, this.#button),
    ),
    this.#slider,
  );

  /** @param {TimeLineOptions} options */
  constructor({ goTo, steps }) {
    this.#goTo = goTo;
    this.#steps = steps;
  }

  /** @param {number} last step that the slider reaches */
  set last(last) {
    this.#slider.max = String(last);
  }

  /**
   * @param {number} step
   * @param {number} last
   */
  show(step, last) {
    this.#slider.value = String(step);
    this.#slider.setAttribute("aria-valuetext", sliderValue(step));
    this.#words.textContent = aboutMoment(step, last);
  }

  stop() {
    clearInterval(this.#playing);
    this.#playing = undefined;
    this.#button.textContent = PLAY;
  }

  #play() {
    const [first, ...rest] = this.#steps();
    this.#button.textContent = STOP;
    this.#goTo(first);
    this.#playing = setInterval(() => {
      const next = rest.shift();
      if (next === undefined || !this.node.isConnected) this.stop();
      else this.#goTo(next);
    }, FRAME_TIME);
  }
}
