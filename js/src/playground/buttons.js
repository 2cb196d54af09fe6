// The buttons that run the training.

import { h } from "../shared/elements.js";
import { BUTTONS, PAUSE } from "./words.js";

/** @import { Action, Mode } from "./state.js" */

const ACTIONS = /** @type {Action[]} */ (Object.keys(BUTTONS));

/** @param {(action: Action) => void} press */
export function createButtons(press) {
  const made = ACTIONS.map((action) =>
    h(
      "button",
      {
        type: "button",
        "data-action": action,
        title: BUTTONS[action].title,
        onclick: () => press(action),
        class: action === "play" && "dann-primary",
      },
      BUTTONS[action].label,
    ),
  );
  const [play, slow, step, , , undo] = made;
  return {
    node: h("div", { class: "dann-buttons" }, ...made),
    /** @param {Mode} mode */
    showMode(mode) {
      play.textContent = mode === "playing" ? PAUSE : BUTTONS.play.label;
      slow.setAttribute("aria-pressed", String(mode === "slow"));
    },
    /** @param {{ done: boolean, undoable: boolean }} run */
    showRun({ done, undoable }) {
      for (const button of [play, slow, step]) button.disabled = done;
      undo.disabled = !undoable;
    },
  };
}
