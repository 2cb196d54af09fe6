// The exported page: what the player asks of a widget's model, where there is no kernel behind it.

import { render } from "./widget.js";

export function showPage() {
  globalThis.dannPlotly = Promise.resolve(/** @type {PlotlyLibrary} */ (globalThis.Plotly));
  const runs = /** @type {HTMLElement} */ (document.getElementById("runs"));
  const given = JSON.parse(runs.textContent);
  const nobody = () => {};
  const model = {
    get: () => given,
    set: nobody,
    save_changes: nobody,
    on: nobody,
    off: nobody,
    send: nobody,
  };
  render({ model, el: /** @type {HTMLElement} */ (document.querySelector("main")) });
}
