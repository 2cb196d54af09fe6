// The curves of losses and accuracies, each with the sentence that says what it shows.

import { h, uniqueName } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { CURVES } from "./words.js";

/** @import { PackedFrame, CurveName } from "./protocol.js" */

const NAMES = /** @type {CurveName[]} */ (Object.keys(CURVES));

/** @param {WidgetModel} model */
export function createCurves(model) {
  const curves = NAMES.map((name) => createCurve(name, model));
  return {
    node: h("div", { class: "dann-plots" }, ...curves.map(({ node }) => node)),
    /** @param {PackedFrame} answer */
    show({ figures, captions }) {
      if (!figures || !captions) return;
      for (const { name, plot, caption } of curves) {
        plot.draw(figures[name]);
        caption.textContent = captions[name];
      }
    },
    remove() {
      for (const { plot } of curves) plot.remove();
    },
  };
}

/**
 * @param {CurveName} name
 * @param {WidgetModel} model
 */
function createCurve(name, model) {
  const id = `${name}-${uniqueName()}`;
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": CURVES[name],
    "aria-describedby": id,
    "data-plot": name,
  });
  const caption = h("figcaption", { id });
  const node = h("figure", {}, h("h3", {}, CURVES[name]), box, caption);
  return { name, node, caption, plot: createPlot(box, model) };
}
