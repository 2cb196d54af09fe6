// The picture, what is said of it, and what went wrong.

import { Colouring } from "../map/colouring.js";
import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { WORKING } from "../shared/words.js";

/** @import { Drawn } from "./protocol.js" */

/**
 * @param {WidgetModel} model
 * @param {string} title
 */
export function createPicture(model, title) {
  const caption = h("figcaption", { "aria-live": "polite", "data-show": "sentence" });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  const working = h("span", { class: "dann-working", role: "status" });
  const plot = createPlot({ model, title, caption });
  /** @type {Figure | null} */
  let shown = null;
  const draw = () => shown && plot.drawWhole(colouring.of(shown));
  const colouring = new Colouring(draw);
  return {
    working,
    nodes: [problem, plot.box, colouring.node, caption],
    /** @param {boolean} busy */
    showWorking(busy) {
      working.textContent = busy ? WORKING : "";
    },
    /** @param {Drawn} drawn */
    show(drawn) {
      problem.textContent = drawn.problem;
      problem.hidden = !drawn.problem;
      if (drawn.problem) return; // the picture before stays
      shown = drawn.figure;
      draw();
      caption.textContent = drawn.sentence;
    },
    remove: () => plot.remove(),
  };
}
