// A widget on a page without Python, drawn by its own script from its saved state.

import { h } from "../shared/elements.js";
import { isDark, onThemeChange, showTheme } from "../shared/theme.js";
import { createModel } from "./model.js";
import { NEEDS_PYTHON } from "./words.js";

/** @typedef {{ render(context: RenderContext): (() => void) | void }} Drawing */

/**
 * Draws into `place`, whose content it replaces.
 * @param {HTMLElement} place
 * @param {Drawing | (() => Drawing)} widget what the widget's script gives
 * @param {Record<string, any>} state
 * @param {string} plotly as for `createModel`
 */
export function show(place, widget, state, plotly) {
  const draw = () => {
    const el = h("div");
    const made = typeof widget === "function" ? widget() : widget;
    place.replaceChildren(el);
    const forget = made.render({ model: createModel(state, plotly), el });
    if (!state.asks_python) return forget;
    disable(el);
    // What an answer enables or adds is dead as well.
    new MutationObserver(() => disable(el)).observe(el, {
      ...{ subtree: true, childList: true },
      attributeFilter: ["disabled"],
    });
    const note = h("div", { class: "dann" }, h("p", { class: "dann-message" }, NEEDS_PYTHON));
    showTheme(note);
    place.prepend(note);
    return forget;
  };
  let forget = draw();
  if (!state.asks_python) return; // it follows the theme by itself
  let was = isDark();
  onThemeChange(() => {
    if (was === isDark()) return;
    was = isDark();
    forget?.();
    forget = draw();
  });
}

/**
 * Knobs that nothing would answer.
 * @param {HTMLElement} root
 */
function disable(root) {
  for (const knob of root.querySelectorAll("button, input, select")) {
    if (!(/** @type {HTMLButtonElement} */ (knob).disabled)) knob.setAttribute("disabled", "");
  }
  for (const canvas of root.querySelectorAll("canvas[tabindex]")) {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    /** @type {HTMLElement} */ (canvas).style.pointerEvents = "none";
  }
}
