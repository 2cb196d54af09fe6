// The page of a table: pictures above the table that is there already. A dot opens its run.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { isDark, onThemeChange } from "../shared/theme.js";

/**
 * A picture as dann_lab/sweeps/report.py `pictures` gives it.
 * @typedef {object} Picture
 * @property {string} title
 * @property {string} text
 * @property {Figure} light
 * @property {Figure} dark
 */

export function showResults() {
  globalThis.dannPlotly = Promise.resolve(/** @type {PlotlyLibrary} */ (globalThis.Plotly));
  const data = /** @type {HTMLElement} */ (document.getElementById("data"));
  const place = /** @type {HTMLElement} */ (document.getElementById("pictures"));
  const model = /** @type {any} */ ({}); // nobody is asked for Plotly: it is here
  for (const picture of /** @type {Picture[]} */ (JSON.parse(data.textContent))) {
    const plot = createTitledPlot({ model, title: picture.title, caption: h("figcaption") });
    place.append(plot.node);
    const draw = () => {
      const figure = isDark() ? picture.dark : picture.light;
      plot.box.style.height = `${figure.layout.height}px`;
      return plot.show(figure, picture.text);
    };
    draw().then(() => plot.box.on?.("plotly_click", open));
    onThemeChange(draw);
  }
}

/** @param {{points: {customdata?: unknown}[]}} event */
function open({ points }) {
  const address = points[0]?.customdata;
  if (typeof address === "string") location.assign(address);
}
