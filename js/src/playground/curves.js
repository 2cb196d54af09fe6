// The curves of losses and accuracies, each with the sentence that says what it shows.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { CURVES } from "./words.js";

/** @import { PackedFrame, CurveName } from "./protocol.js" */

/**
 * @param {WidgetModel} model
 * @param {CurveName[]} names
 */
export function createCurves(model, names) {
  const curves = names.map((name) => {
    const caption = h("figcaption");
    const attributes = { "data-plot": name };
    return { name, ...createTitledPlot({ model, title: CURVES[name], caption, attributes }) };
  });
  return {
    node: h("div", { class: "dann-plots" }, ...curves.map(({ node }) => node)),
    /** @param {PackedFrame} answer */
    show({ figures, captions }) {
      for (const { name, show } of curves) {
        const [figure, caption] = [figures?.[name], captions?.[name]];
        if (figure && caption !== undefined) show(figure, caption);
      }
    },
    remove() {
      for (const { remove } of curves) remove();
    },
  };
}
