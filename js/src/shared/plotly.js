// Plotly, asked for once per page whatever the number of widgets.

import { unzipped } from "./encoding.js";

/**
 * @param {WidgetModel} model of any widget whose Python is a PlotWidget
 * @returns {Promise<PlotlyLibrary>}
 */
export function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    /** @param {Message} message */
    const listen = async (message) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", listen);
      try {
        const text = await unzipped(message.gzip);
        const script = document.createElement("script");
        // Without these names Plotly puts itself on the page. Where a module loader is at work
        // (Colab, the classic notebook) plotly.js 2 would hand itself to that, and to nobody else.
        const alone = ["(function (define, module, exports) {", text, "\n}).call(window);"];
        script.src = URL.createObjectURL(new Blob(alone, { type: "text/javascript" }));
        script.onload = () => resolve(/** @type {PlotlyLibrary} */ (globalThis.Plotly));
        script.onerror = () => reject(new Error("Plotly's script did not load."));
        document.head.append(script);
      } catch (error) {
        reject(error);
      }
    };
    model.on("msg:custom", listen);
    model.send({ type: "plotly" });
  });
  return globalThis.dannPlotly;
}
