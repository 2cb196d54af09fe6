// The diagram of the network by itself, with a slider for the step. It asks Python for nothing.

import { h, uniqueName } from "../shared/elements.js";
import { followTheme } from "../shared/theme.js";
import { stepOf } from "../shared/words.js";
import { createNetwork } from "./network.js";
import * as words from "./words.js";

/** @import { DiagramStep, State } from "./protocol.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  /** @type {DiagramStep[]} */
  const steps = model.get("steps");
  const settings = { mode: model.get("mode"), method: model.get("method") };
  const lambdas = { [settings.method]: [0, model.get("greatest")] };
  const network = createNetwork({ choices: /** @type {any} */ ({ lambda: lambdas }) });
  const text = h("output", { class: "dann-applied", id: `step-${uniqueName()}` });
  const last = steps.length - 1;
  const slider = h("input", {
    type: "range",
    min: 0,
    max: last,
    value: last,
    "data-network": "step",
    "aria-label": words.STEP_SLIDER,
    "aria-describedby": text.id,
    oninput: () => show(),
  });
  const show = () => {
    const step = steps[Number(slider.value)];
    text.textContent = stepOf(step.at, steps[last].at);
    slider.setAttribute("aria-valuetext", text.textContent);
    network.update(/** @type {State} */ ({ settings, ...step }));
  };
  const root = h(
    "div",
    { class: "dann" },
    network.node,
    h("div", { class: "dann-card" }, text, slider),
  );
  show();
  el.append(root);

  const forgetTheme = followTheme(root);
  return () => {
    forgetTheme();
    network.remove();
  };
}
