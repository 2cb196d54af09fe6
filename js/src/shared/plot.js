import { askForPlotly } from "./plotly.js";

/**
 * A box that draws a plotly figure and keeps its size.
 * @param {PlotBox} box
 * @param {WidgetModel} model
 */
export function createPlot(box, model) {
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  return {
    /** @param {Figure} figure */
    async draw(figure) {
      const Plotly = await askForPlotly(model);
      if (!box.isConnected) return;
      const layout = { ...figure.layout, autosize: true };
      await Plotly.react(box, figure.data, layout, { displayModeBar: false });
      for (const svg of box.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    },
  };
}
