// One place of a page where a widget is drawn from its saved state.

import { isDark } from "../src/shared/theme.js";
import { addStyle, json, widgetOf, workerOf } from "./files.js";
import { createModel, engineOf, firstPicture } from "./model.js";
import { whenThemeChanges } from "./theme.js";

const NOTE = "Moving this needs Python: open the lesson live.";

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

/**
 * Who answers in Python's place.
 * @param {DOMStringMap} files
 * @param {Record<string, unknown>} traits
 */
async function whoAnswers({ engine, answers }, traits) {
  if (engine) return engineOf(await workerOf(engine), traits.choices);
  return answers ? firstPicture(await json(answers), isDark) : undefined;
}

/** @param {HTMLElement} place what data-dann-widget marks; its other attributes name its files */
export async function show(place) {
  const { state = "", script = "", style, live } = place.dataset;
  const [traits, widget] = await Promise.all([
    json(state),
    widgetOf(script),
    style && addStyle(style),
  ]);
  const hear = await whoAnswers(place.dataset, traits);
  const draw = () => {
    const el = document.createElement("div");
    place.replaceChildren(el);
    const forget = widget.render({ model: createModel(traits, hear), el });
    if (!live) return forget;
    keepDisabled(el);
    const note = document.createElement("p");
    note.className = "dann-site-note";
    note.textContent = NOTE;
    place.prepend(note);
    return forget;
  };
  let forget = draw();
  if (!live) return; // it follows the theme by itself
  whenThemeChanges(async () => {
    (await forget)?.();
    forget = draw();
  });
}
