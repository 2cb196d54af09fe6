// The exported page: what widgets ask of their models, where there is no kernel behind them.

import { render as renderReader } from "../reader/widget.js";
import { render } from "./widget.js";

export function showPage() {
  globalThis.dannPlotly = Promise.resolve(/** @type {PlotlyLibrary} */ (globalThis.Plotly));
  const el = /** @type {HTMLElement} */ (document.querySelector("main"));
  render({ model: modelOf({ bundle: dataIn("runs") }), el });
  const reader = dataIn("reader"); // if somebody has asked for the networks
  if (reader) renderReader({ model: modelOf(reader), el });
}

/** @param {string} id of an element with JSON */
const dataIn = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

/**
 * @param {Record<string, any>} traits
 * @returns {WidgetModel}
 */
function modelOf(traits) {
  const nobody = () => {};
  return {
    get: (name) => traits[name],
    set: nobody,
    save_changes: nobody,
    on: nobody,
    off: nobody,
    send: nobody,
  };
}
