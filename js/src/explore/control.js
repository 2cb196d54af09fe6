// One knob of an explorable picture.

import { h, uniqueName } from "../shared/elements.js";
import { shownValue } from "./values.js";
import { spokenValue } from "./words.js";

/** @import { ChoiceDescription, ControlDescription, SliderDescription } from "./protocol.js" */

/** @typedef {{ node: HTMLElement, value: () => string | number }} Control */

/**
 * @param {ControlDescription} control
 * @param {() => void} changed
 * @returns {Control}
 */
export const createControl = (control, changed) =>
  control.kind === "choice" ? createChoice(control, changed) : createSlider(control, changed);

/**
 * @param {ChoiceDescription} control
 * @param {() => void} changed
 * @returns {Control}
 */
function createChoice(control, changed) {
  const id = uniqueName();
  const input = h(
    "select",
    { id, "data-control": control.name, onchange: changed },
    ...control.options.map(([value, text]) => h("option", { value }, text)),
  );
  input.value = control.start;
  const label = h("label", { for: id }, control.label);
  return { node: h("div", { class: "dann-field" }, label, input), value: () => input.value };
}

/**
 * @param {SliderDescription} control
 * @param {() => void} changed
 * @returns {Control}
 */
function createSlider(control, changed) {
  const id = uniqueName();
  const echo = h("output", { class: "dann-echo", for: id });
  const input = h("input", {
    type: "range",
    id,
    "data-control": control.name,
    min: control.low,
    max: control.high,
    step: control.step,
  });
  input.value = String(control.start);
  const value = () => Number(input.value);
  const show = () => {
    echo.value = shownValue(value(), control.step);
    input.setAttribute("aria-valuetext", spokenValue(control.label, echo.value));
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  const label = h("label", { for: id }, control.label);
  const named = h("div", { class: "dann-named" }, label, echo);
  return { node: h("div", { class: "dann-field" }, named, input), value };
}
