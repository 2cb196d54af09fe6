// One curve of all runs in one picture.

/** @import { Bundle, Overlay } from "./protocol.js" */
/** @import { Run } from "./unpack.js" */

import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { isDark } from "../shared/theme.js";
import { curvesOf, curveToKeep, offer } from "./choices.js";
import { CURVE, CURVES, CURVES_BOX, onCurve } from "./words.js";

/**
 * @param {Overlay} overlay
 * @param {number} step where the upright line stands
 * @param {boolean} dark
 * @returns {Figure}
 */
export function curveFigure(overlay, step, dark) {
  const { data, layout } = dark ? overlay.dark : overlay.light;
  const cursor = {
    type: "line",
    yref: "paper",
    x0: step,
    x1: step,
    y0: 0,
    y1: 1,
    line: { color: layout.font.color, width: 1.5 },
  };
  return { data, layout: { ...layout, shapes: [...layout.shapes, cursor] } };
}

export class CurvePicture {
  #select;
  #caption;
  #plot;

  /**
   * @param {WidgetModel} model
   * @param {() => void} redraw
   */
  constructor(model, redraw) {
    this.#caption = h("figcaption", { "data-caption": "player-curves" });
    this.#plot = createPlot({
      model,
      title: CURVES_BOX,
      caption: this.#caption,
      attributes: { "data-plot": "player-curves" },
    });
    this.#select = h("select", {
      "data-choice": "player-curve",
      "aria-label": CURVE,
      onchange: redraw,
    });
    this.node = h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, CURVES), this.#select),
      this.#plot.box,
      this.#caption,
    );
  }

  /** @param {Bundle["curves"]} curves */
  offer(curves) {
    offer(this.#select, curvesOf(curves), curveToKeep(this.#select.value));
  }

  /**
   * @param {Bundle["curves"]} curves
   * @param {Run[]} runs
   * @param {number} step
   */
  async draw(curves, runs, step) {
    const name = this.#select.value;
    if (!name) return;
    this.#caption.textContent = onCurve(runs, name, curves[name], step);
    await this.#plot.draw(curveFigure(curves[name], step, isDark()));
  }

  remove() {
    this.#plot.remove();
  }
}
