// A widget of a saved notebook, on a page that carries the notebook's states.

import { isDark } from "../shared/theme.js";
import { drawAlone } from "./draw.js";
import { firstPicture, hasFirst } from "./model.js";

/** @import { Hear } from "./model.js" */

/**
 * @param {HTMLElement} place
 * @param {Record<string, any>} state of the widget
 * @param {string} plotly Plotly's script, gzip in base64
 */
export async function showState(place, state, plotly) {
  const { default: made } = await import(addressOf(state._esm));
  addStyle(state._css);
  const widget = typeof made === "function" ? made() : made;
  drawAlone(place, widget, state, { hear: answering(state, plotly), dead: state.asks_python });
}

/**
 * What Python would say: Plotly's script, and the first picture.
 * @param {Record<string, any>} state
 * @param {string} plotly
 * @returns {Hear}
 */
const answering = (state, plotly) => (question, tell) => {
  // Never before the asker listens, as with Python.
  if (question.type === "plotly") queueMicrotask(() => tell({ type: "plotly", gzip: plotly }));
  if (hasFirst(state.answers)) firstPicture(state.answers, isDark)(question, tell);
};

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
