// Lambda: the paper's schedule, or a slider.

import { h, uniqueName } from "../shared/elements.js";
import { LAMBDA, lambdaIs, twoDigits } from "./words.js";

/** @import { PlaygroundChoices, ShownKnobs } from "./protocol.js" */
/** @import { Tell } from "./tell.js" */

const FIRST = 1; // before Python has said what it is

/**
 * @param {PlaygroundChoices["lambda"]} range
 * @param {Tell} tell
 */
export function createLambda([low, high], tell) {
  const name = `lambda-${uniqueName()}`; // joins the two radio buttons
  const value = () => Number(slider.value);
  /**
   * @param {string} knob
   * @param {() => number | null} read
   */
  const radio = (knob, read) =>
    h("input", {
      type: "radio",
      name,
      "data-knob": knob,
      onchange: () => tell.set({ lambda_: read() }),
    });
  const paper = radio("paper", () => null);
  const hand = radio("hand", value);
  const echo = h("output", { class: "dann-echo", "data-show": "lambda" });
  const slider = h("input", {
    type: "range",
    min: low,
    max: high,
    step: 0.01,
    value: FIRST,
    "data-knob": "lambda",
    "aria-label": LAMBDA.slider,
    oninput: () => {
      hand.checked = true;
      echo.value = twoDigits(value());
      tell.drag(() => ({ lambda_: value() }));
    },
  });
  return {
    node: fieldset(paper, hand, echo, slider, [low, (low + high) / 2, high]),
    /** @param {ShownKnobs} knobs */
    show({ lambda_ }) {
      paper.checked = lambda_ === null;
      hand.checked = !paper.checked;
      if (lambda_ !== null) slider.value = String(lambda_);
      echo.value = twoDigits(value());
      slider.setAttribute("aria-valuetext", lambdaIs(value()));
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
