// The states that a saved notebook has of its widgets, as pages made of it carry them.

import { show } from "./show.js";

/** @typedef {{ state: Record<string, any> }} Saved */

/**
 * @param {HTMLElement} place
 * @param {Record<string, any>} state of the widget
 * @param {string} plotly gzip in base64
 */
export async function showState(place, state, plotly) {
  const { default: widget } = await import(addressOf(state._esm));
  addStyle(state._css);
  show(place, widget, state, plotly);
}

/** @type {Map<string, string>} */
const addresses = new Map();

/** @param {string} script */
function addressOf(script) {
  const blob = new Blob([script], { type: "text/javascript" });
  const found = addresses.get(script) ?? URL.createObjectURL(blob);
  addresses.set(script, found); // so that a script is read once, however many widgets it draws
  return found;
}

/** @type {Set<string>} */
const styles = new Set();

/** @param {string} [text] */
function addStyle(text) {
  if (!text || styles.has(text)) return;
  styles.add(text);
  const style = document.createElement("style");
  style.textContent = text;
  document.head.append(style);
}
