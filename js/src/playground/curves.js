// The curves of losses and accuracies, each with the sentence that says what it shows.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { CURVES } from "./words.js";

/** @import { PackedFrame, CurveName } from "./protocol.js" */

const NAMES = /** @type {CurveName[]} */ (Object.keys(CURVES));

/** @param {WidgetModel} model */
export function createCurves(model) {
  const curves = NAMES.map((name) => {
    const caption = h("figcaption");
    const attributes = { "data-plot": name };
    return { name, ...createTitledPlot({ model, title: CURVES[name], caption, attributes }) };
  });
  return {
    node: h("div", { class: "dann-plots" }, ...curves.map(({ node }) => node)),
    /** @param {PackedFrame} answer */
    show({ figures, captions }) {
      if (!figures || !captions) return;
      for (const { name, show } of curves) show(figures[name], captions[name]);
    },
    remove() {
      for (const { remove } of curves) remove();
    },
  };
}
