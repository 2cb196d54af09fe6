// A box for a prediction. What it was appears with it, without a mark.

import { h, uniqueName } from "../shared/elements.js";
import { followTheme } from "../shared/theme.js";
import { sentence, taken } from "./decisions.js";
import { GUESS, placeOf } from "./words.js";

/** @import { Said, ShownPrediction } from "./protocol.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  const shown = /** @type {ShownPrediction} */ (model.get("shown"));
  const fields = FIELDS[shown.kind](shown);
  const answer = h("p", { class: "dann-answer-to", "aria-live": "polite", "data-show": "answer" });
  const button = h("button", { type: "submit" }, GUESS);
  const form = h(
    "form",
    { class: "dann-card dann-predict-form", novalidate: true },
    h("fieldset", {}, h("legend", {}, shown.label), ...fields.nodes, button),
    answer,
  );
  /** @param {Said} said */
  const show = (said) => {
    if (said === null) return;
    fields.show(said);
    button.hidden = true;
    answer.textContent = sentence(shown, said);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (model.get("said") !== null) return;
    const { said, problem } = taken(shown, fields.entered());
    answer.textContent = problem;
    if (said === null) return;
    model.set("said", said);
    model.save_changes();
    show(said);
  });
  const root = h("div", { class: "dann dann-predict" }, form);
  show(model.get("said"));
  el.append(root);

  return followTheme(root);
}

/**
 * @typedef {object} Fields
 * @property {Node[]} nodes
 * @property {() => string[]} entered
 * @property {(said: Exclude<Said, null>) => void} show what was said, which stays as it is
 */

/** @type {Record<ShownPrediction["kind"], (shown: ShownPrediction) => Fields>} */
const FIELDS = { number: numberField, choice: choiceFields, order: orderFields };

/** @param {ShownPrediction} shown */
function numberField({ label, low, high, unit }) {
  const input = h("input", {
    type: "number",
    min: low,
    max: high,
    step: "any",
    "aria-label": label,
  });
  return {
    nodes: [h("label", { class: "dann-predict-number" }, input, unit)],
    entered: () => [input.value],
    show(/** @type {Exclude<Said, null>} */ said) {
      input.value = String(said);
      input.readOnly = true;
    },
  };
}

/** @param {ShownPrediction} shown */
function choiceFields({ choices }) {
  const name = uniqueName();
  const radios = choices.map((_, place) => h("input", { type: "radio", name, value: place }));
  return {
    nodes: choices.map((text, place) => h("label", {}, radios[place], h("span", {}, text))),
    entered: () => [radios.find((radio) => radio.checked)?.value ?? ""],
    show(/** @type {Exclude<Said, null>} */ said) {
      radios.forEach((radio, place) => {
        radio.checked = place === said;
        radio.disabled = place !== said;
      });
    },
  };
}

/** @param {ShownPrediction} shown */
function orderFields({ choices }) {
  const selects = choices.map((_, at) =>
    h(
      "select",
      { "aria-label": placeOf(at + 1).trim() },
      h("option", { value: "" }, "…"),
      ...choices.map((text, place) => h("option", { value: place }, text)),
    ),
  );
  return {
    nodes: selects.map((select, at) => h("label", {}, placeOf(at + 1), select)),
    entered: () => selects.map(({ value }) => value),
    show(/** @type {Exclude<Said, null>} */ said) {
      selects.forEach((select, at) => {
        select.value = String(/** @type {number[]} */ (said)[at]);
        select.disabled = true;
      });
    },
  };
}
