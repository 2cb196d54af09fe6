// The knob of lambda: by the paper's schedule, or by hand with a slider.

import { h, uniqueName } from "./elements.js";
import { LAMBDA, lambdaIs, twoDigits } from "./words.js";

/** @import { Attribute } from "./elements.js" */

const FIRST = 1; // before Python has said what it is

/**
 * @typedef {object} LambdaOptions
 * @property {[low: number, high: number]} range
 * @property {Record<"paper" | "hand" | "slider" | "echo", Record<string, Attribute>>} marks by which
 *   a page finds the parts
 * @property {() => void} toPaper the reader takes the schedule
 * @property {() => void} toHand the reader takes the slider, as it stands
 * @property {() => void} dragged the reader has moved the slider
 */

/** @param {LambdaOptions} options */
export function createLambdaKnob({ range: [low, high], marks, toPaper, toHand, dragged }) {
  const name = `lambda-${uniqueName()}`; // joins the two radio buttons
  const paper = h("input", { type: "radio", name, ...marks.paper, onchange: toPaper });
  const hand = h("input", { type: "radio", name, ...marks.hand, onchange: toHand });
  const echo = h("output", { class: "dann-echo", ...marks.echo });
  const slider = h("input", {
    type: "range",
    min: low,
    max: high,
    step: 0.01,
    value: FIRST,
    ...marks.slider,
    "aria-label": LAMBDA.slider,
    oninput: () => {
      hand.checked = true;
      echo.value = twoDigits(value());
      speak();
      dragged();
    },
  });
  const value = () => Number(slider.value);
  /** Tells those who hear the slider. */
  const speak = () => slider.setAttribute("aria-valuetext", lambdaIs(value()));
  return {
    node: fieldset(paper, hand, echo, slider, [low, (low + high) / 2, high]),
    value,
    isByHand: () => hand.checked,
    /** @param {number | null} lambda null follows the schedule */
    show(lambda) {
      paper.checked = lambda === null;
      hand.checked = lambda !== null;
      if (lambda !== null) slider.value = String(lambda);
      echo.value = twoDigits(value());
      speak();
    },
    /** @param {boolean} used */
    enable(used) {
      for (const input of [paper, hand, slider]) input.disabled = !used;
    },
  };
}

/**
 * @param {HTMLElement} paper
 * @param {HTMLElement} hand
 * @param {HTMLElement} echo
 * @param {HTMLElement} slider
 * @param {number[]} ends
 */
const fieldset = (paper, hand, echo, slider, ends) =>
  h(
    "fieldset",
    {},
    h("legend", {}, LAMBDA.legend),
    h("label", {}, paper, LAMBDA.paper),
    h("label", {}, hand, LAMBDA.hand, echo),
    slider,
    h(
      "div",
      { class: "dann-ends", "aria-hidden": "true" },
      ...ends.map((end) => h("span", {}, end)),
    ),
  );
