// The buttons of the training, and how far it is.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { RESET, STEP } from "../shared/words.js";
import { allowed, progress, trainAction } from "./allowed.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createTraining({ wish }) {
  /** @type {"train" | "pause"} */
  let action = "train";
  const buttons = {
    train: button("train", words.TRAIN.train, () => wish({ type: action })),
    step: button("step", STEP, () => wish({ type: "step" })),
    reset: button("reset", RESET, () => wish({ type: "reset" })),
    seed: button("seed", words.NEW_SEED, () => wish({ type: "seed" })),
    undo: button("undo", words.UNDO, () => wish({ type: "undo" })),
  };
  buttons.train.classList.add("dann-primary");
  for (const early of Object.values(buttons)) early.disabled = true; // until Python answers
  const bar = h("progress", { max: 1, value: 0, "aria-label": words.STEPS_DONE });
  const status = h("p", { class: "dann-status", "data-show": "status" });
  const device = h("p", { class: "dann-status dann-device", "data-show": "device" });

  return {
    nodes: [h("div", { class: "dann-buttons" }, ...Object.values(buttons)), bar, status],
    device,
    /** @param {State} state */
    update(state) {
      action = trainAction(state);
      buttons.train.dataset.action = action;
      buttons.train.textContent = words.TRAIN[action].label;
      buttons.train.title = words.TRAIN[action].title;
      const may = allowed(state);
      buttons.train.disabled = !may.train;
      buttons.step.disabled = !may.step;
      buttons.reset.disabled = !may.reset;
      buttons.seed.disabled = !may.seed;
      buttons.undo.disabled = !may.undo;
      const done = progress(state);
      if (done === null) bar.removeAttribute("value");
      else bar.value = done;
      status.textContent = words.statusLine(state);
      device.textContent = words.trainsOn(state.device);
    },
  };
}
