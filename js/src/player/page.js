// The exported page, where there is no kernel behind the widgets.

import { createModel } from "../alone/model.js";
import { render as renderReader } from "../reader/widget.js";
import { render } from "./widget.js";

export function showPage() {
  globalThis.dannPlotly = Promise.resolve(/** @type {PlotlyLibrary} */ (globalThis.Plotly));
  const el = /** @type {HTMLElement} */ (document.querySelector("main"));
  render({ model: createModel({ bundle: dataIn("runs") }), el });
  const reader = dataIn("reader"); // if somebody has asked for the networks
  if (reader) renderReader({ model: createModel(reader), el });
}

/** @param {string} id of an element with JSON */
const dataIn = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
