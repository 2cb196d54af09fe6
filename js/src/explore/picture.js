// The picture, what is said of it, and what went wrong.

import { h, uniqueName } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { WORKING } from "../shared/words.js";

/** @import { Drawn } from "./protocol.js" */

/**
 * @param {WidgetModel} model
 * @param {string} title
 */
export function createPicture(model, title) {
  const id = uniqueName();
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": id,
  });
  const caption = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  const working = h("span", { class: "dann-working", role: "status" });
  const plot = createPlot(box, model);
  return {
    working,
    nodes: [problem, box, caption],
    /** @param {boolean} busy */
    showWorking(busy) {
      working.textContent = busy ? WORKING : "";
    },
    /** @param {Drawn} drawn */
    show(drawn) {
      problem.textContent = drawn.problem;
      problem.hidden = !drawn.problem;
      if (drawn.problem) return; // the picture before stays
      const { height } = drawn.figure.layout;
      if (height) box.style.height = `${height}px`;
      plot.draw(drawn.figure);
      caption.textContent = drawn.sentence;
    },
    remove: () => plot.remove(),
  };
}
