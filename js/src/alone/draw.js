// A widget drawn from its saved state, where no Python answers.

import { h } from "../shared/elements.js";
import { isDark, onThemeChange, showTheme } from "../shared/theme.js";
import { createModel } from "./model.js";
import { NEEDS_PYTHON } from "./words.js";

/** @import { Hear } from "./model.js" */

/** @typedef {{ render(context: RenderContext): (() => void) | void }} Widget */

/**
 * Draws into `place`, in the stead of what it holds.
 * @param {HTMLElement} place
 * @param {Widget} widget what its script gives
 * @param {Record<string, any>} state
 * @param {{ hear?: Hear, dead: boolean }} how `dead`: nobody answers its knobs
 */
export function drawAlone(place, widget, state, { hear, dead }) {
  const draw = () => {
    const el = h("div");
    place.replaceChildren(el);
    const forget = widget.render({ model: createModel(state, hear), el });
    if (!dead) return forget;
    keepDisabled(el);
    place.prepend(createNote());
    return forget;
  };
  let forget = draw();
  if (!dead) return; // it follows the theme by itself
  let was = isDark();
  onThemeChange(() => {
    if (was === isDark()) return;
    was = isDark();
    forget?.();
    forget = draw();
  });
}

function createNote() {
  const note = h(
    "div",
    { class: "dann dann-note" },
    h("p", { class: "dann-message" }, NEEDS_PYTHON),
  );
  showTheme(note);
  return note;
}

/**
 * Knobs that nothing would answer.
 * @param {HTMLElement} root
 */
function disable(root) {
  for (const knob of root.querySelectorAll("button, input, select")) {
    const named = /** @type {HTMLButtonElement} */ (knob);
    if (!named.disabled) named.disabled = true;
  }
  for (const canvas of root.querySelectorAll("canvas[tabindex]")) {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    /** @type {HTMLElement} */ (canvas).style.pointerEvents = "none";
  }
}

/** @param {HTMLElement} el */
function keepDisabled(el) {
  disable(el);
  // What an answer enables or adds is dead as well.
  const again = new MutationObserver(() => disable(el));
  again.observe(el, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
