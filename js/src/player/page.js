// @ts-nocheck
// The exported page: what the player asks of a widget's model, where there is no kernel behind it.

import { render } from "./widget.js";

export function showPage() {
  globalThis.dannPlotly = Promise.resolve(globalThis.Plotly);
  const given = JSON.parse(document.getElementById("runs").textContent);
  const nobody = () => {};
  const model = { get: () => given, on: nobody, off: nobody, send: nobody };
  render({ model, el: document.querySelector("main") });
}
