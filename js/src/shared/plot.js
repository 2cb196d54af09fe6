// The box of a plotly figure, and the words that describe it.

import { h, uniqueName } from "./elements.js";
import { askForPlotly } from "./plotly.js";

/** @import { Attribute } from "./elements.js" */

/**
 * @typedef {object} PlotOptions
 * @property {WidgetModel} model
 * @property {string} title
 * @property {HTMLElement} caption what describes the picture, wherever it stands on the page
 * @property {Record<string, Attribute>} [attributes] of the box, beside those that all have
 */

/**
 * A box that draws a plotly figure and keeps its size.
 * @param {PlotOptions} options
 */
export function createPlot({ model, title, caption, attributes }) {
  caption.id = `caption-${uniqueName()}`;
  /** @type {PlotBox} */
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": caption.id,
    ...attributes,
  });
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  /** @param {Figure} figure */
  const draw = async (figure) => {
    const Plotly = await askForPlotly(model);
    if (!box.isConnected) return;
    // It fills the box, however high that is.
    const layout = { ...figure.layout, height: undefined, autosize: true };
    await Plotly.react(box, figure.data, layout, { displayModeBar: false });
    for (const svg of box.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
  };
  return {
    box,
    draw,
    /**
     * Draws in a box as high as the figure.
     * @param {Figure} figure
     */
    drawWhole(figure) {
      const { height } = figure.layout;
      if (height) box.style.height = `${height}px`;
      return draw(figure);
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    },
  };
}

/**
 * The same under its title and above its caption.
 * @param {PlotOptions} options
 */
export function createTitledPlot(options) {
  const { title, caption } = options;
  const plot = createPlot(options);
  return {
    ...plot,
    node: h("figure", {}, h("h3", {}, title), plot.box, caption),
    /**
     * @param {Figure} figure
     * @param {string} text of the caption
     */
    show(figure, text) {
      caption.textContent = text;
      return plot.draw(figure);
    },
  };
}
