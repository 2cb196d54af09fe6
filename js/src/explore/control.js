// One knob of an explorable picture.

import { h, uniqueName } from "../shared/elements.js";

/**
 * A knob as dann_lab.explore describes it.
 * @typedef {{ kind: "choice", name: string, label: string, options: [string, string][], start: string }
 *   | { kind: "slider", name: string, label: string, low: number, high: number, step: number,
 *     start: number }} ControlDescription
 */

/**
 * @param {ControlDescription} control
 * @param {() => void} changed
 * @returns {{ node: HTMLElement, value: () => string | number }}
 */
export function createControl(control, changed) {
  const id = uniqueName();
  const label = h("label", { for: id }, control.label);
  if (control.kind === "choice") {
    const input = h(
      "select",
      { id, "data-control": control.name, onchange: changed },
      ...control.options.map(([value, text]) => h("option", { value }, text)),
    );
    input.value = control.start;
    const node = h("div", { class: "dann-field" }, label, input);
    return { node, value: () => input.value };
  }
  const digits = (String(control.step).split(".")[1] || "").length;
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
  const show = () => {
    echo.value = Number(input.value).toFixed(digits);
    input.setAttribute("aria-valuetext", `${control.label} ${echo.value}`);
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  const node = h(
    "div",
    { class: "dann-field" },
    h("div", { class: "dann-named" }, label, echo),
    input,
  );
  return { node, value: () => Number(input.value) };
}
