// One still picture with its title and the sentence that says what it shows.

import { Colouring } from "../map/colouring.js";
import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { followTheme, isDark } from "../shared/theme.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const caption = h("figcaption", {}, model.get("caption"));
  const plot = createTitledPlot({ model, title: model.get("title"), caption });
  const draw = () => plot.drawWhole(colouring.of(model.get(isDark() ? "dark" : "light")));
  const colouring = new Colouring(draw);
  const root = h("div", { class: "dann" }, plot.node, colouring.node);
  el.append(root);

  const forgetTheme = followTheme(root, draw);
  requestAnimationFrame(draw); // once the box is on the page
  return () => {
    forgetTheme();
    plot.remove();
  };
}
