// The knob of lambda: by the paper's schedule, or by hand with a slider.

import { h, uniqueName } from "./elements.js";
import { LAMBDA, lambdaIs, lambdaWritten, written } from "./words.js";

/** @import { Attribute } from "./elements.js" */

const STEPS = 200; // from one end of the slider to the other

/** @typedef {[low: number, high: number]} Range */

/**
 * What lies between the ends of a slider: each of its steps, and where it stands until it is moved.
 * @param {Range} range
 */
export const within = ([low, high]) => ({
  step: (high - low) / STEPS,
  middle: (low + high) / 2,
});

/**
 * @typedef {object} LambdaOptions
 * @property {Range} range until Python has said more
 * @property {Record<"paper" | "hand" | "slider" | "echo", Record<string, Attribute>>} marks by which
 *   a page finds the parts
 * @property {() => void} toPaper the reader takes the schedule
 * @property {() => void} toHand the reader takes the slider, as it stands
 * @property {() => void} dragged the reader has moved the slider
 */

/** @param {LambdaOptions} options */
export function createLambdaKnob({ range, marks, toPaper, toHand, dragged }) {
  const name = `lambda-${uniqueName()}`; // joins the two radio buttons
  const paper = h("input", { type: "radio", name, ...marks.paper, onchange: toPaper });
  const hand = h("input", { type: "radio", name, ...marks.hand, onchange: toHand });
  const echo = h("output", { class: "dann-echo", ...marks.echo });
  const slider = h("input", {
    type: "range",
    ...marks.slider,
    "aria-label": LAMBDA.slider,
    oninput: () => {
      hand.checked = true;
      echo.value = lambdaWritten(value());
      speak();
      dragged();
    },
  });
  const ends = h("div", { class: "dann-ends", "aria-hidden": "true" });
  const value = () => Number(slider.value);
  /** Tells those who hear the slider. */
  const speak = () => slider.setAttribute("aria-valuetext", lambdaIs(value()));
  /** @param {Range} range */
  const stretch = ([low, high]) => {
    const { step, middle } = within([low, high]);
    if (slider.max === String(high)) return; // it stays where it stands
    Object.assign(slider, { min: low, max: high, step, value: middle });
    ends.replaceChildren(...[low, middle, high].map((end) => h("span", {}, written(end))));
  };
  stretch(range);
  return {
    node: fieldset(paper, hand, echo, slider, ends),
    value,
    isByHand: () => hand.checked,
    /**
     * @param {number | null} lambda null follows the schedule
     * @param {Range} range of the slider
     */
    show(lambda, range) {
      stretch(range);
      paper.checked = lambda === null;
      hand.checked = lambda !== null;
      if (lambda !== null) slider.value = String(lambda);
      echo.value = lambdaWritten(value());
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
 * @param {HTMLElement} ends
 */
const fieldset = (paper, hand, echo, slider, ends) =>
  h(
    "fieldset",
    {},
    h("legend", {}, LAMBDA.legend),
    h("label", {}, paper, LAMBDA.paper),
    h("label", {}, hand, LAMBDA.hand, echo),
    slider,
    ends,
  );
