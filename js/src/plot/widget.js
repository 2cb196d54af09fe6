// One still picture with its title and the sentence that says what it shows.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { followTheme, isDark } from "../shared/theme.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const caption = h("figcaption", {}, model.get("caption"));
  const plot = createTitledPlot({ model, title: model.get("title"), caption });
  const root = h("div", { class: "dann" }, plot.node);
  el.append(root);

  const draw = () => plot.drawWhole(model.get(isDark() ? "dark" : "light"));
  const forgetTheme = followTheme(root, draw);
  requestAnimationFrame(draw); // once the box is on the page
  return () => {
    forgetTheme();
    plot.remove();
  };
}
