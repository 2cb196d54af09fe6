// Lambda: by the paper's schedule, or by hand while it trains.

import { h } from "../shared/elements.js";
import { adapts } from "./allowed.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

// A dragged slider speaks up to 60 times a second; 30 are plenty, and the last one always arrives.
const BETWEEN = 33; // ms

/** @param {Page} page */
export function createLambda(page) {
  const { byHand, slider, echo, show } = createByHand(page);
  const paper = radio(page, "paper", () => page.wish({ type: "lambda", value: null }));
  const applied = h("span", { class: "dann-applied", "data-show": "applied" });
  const [low, high] = page.choices.lambda;
  const node = h(
    "fieldset",
    {},
    h("legend", {}, words.LAMBDA),
    h("label", {}, paper, words.BY_SCHEDULE),
    h("label", {}, byHand, words.BY_HAND, echo),
    slider,
    h(
      "div",
      { class: "dann-ends", "aria-hidden": "true" },
      h("span", {}, low),
      h("span", {}, (low + high) / 2),
      h("span", {}, high),
    ),
    applied,
  );

  return {
    node,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update(state, knowsAll) {
      if (knowsAll) {
        const { lambda } = state.settings;
        paper.checked = lambda === null;
        byHand.checked = lambda !== null;
        if (lambda !== null) slider.value = String(lambda);
        show();
      }
      for (const input of [paper, byHand, slider]) input.disabled = !adapts(state);
      applied.textContent = words.appliedLambda(state);
    },
  };
}

/**
 * @param {Page} page
 * @param {"paper" | "hand"} value
 * @param {() => void} onchange
 */
const radio = ({ id }, value, onchange) =>
  h("input", { type: "radio", name: `lambda-${id}`, value, "data-lambda": value, onchange });

/**
 * The slider, what it says, and the choice that it counts.
 * @param {Page} page
 */
function createByHand(page) {
  const { link, wish, choices } = page;
  const [min, max] = choices.lambda;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  const send = () => {
    link.announce(); // at once, so that an answer under way does not move the slider back
    timer ??= setTimeout(() => {
      timer = null;
      if (byHand.checked) wish({ type: "lambda", value: Number(slider.value) });
    }, BETWEEN);
  };
  const show = () => {
    echo.value = Number(slider.value).toFixed(2);
    slider.setAttribute("aria-valuetext", words.lambdaIs(echo.value));
  };
  const byHand = radio(page, "hand", send);
  const slider = h("input", {
    type: "range",
    min,
    max,
    step: 0.01,
    value: 1,
    "data-lambda": "slider",
    "aria-label": words.LAMBDA_SLIDER,
    oninput: () => {
      byHand.checked = true;
      show();
      send();
    },
  });
  const echo = h("output", { class: "dann-echo", "data-lambda": "echo" });
  return { byHand, slider, echo, show };
}
