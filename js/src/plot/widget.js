// One still picture with its title and the sentence that says what it shows.

import { h, uniqueName } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { followTheme, isDark } from "../shared/theme.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const id = uniqueName();
  /** @type {string} */
  const title = model.get("title");
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": id,
  });
  const caption = h("figcaption", { id }, model.get("caption"));
  const root = h("div", { class: "dann" }, h("figure", {}, h("h3", {}, title), box, caption));
  el.append(root);

  const plot = createPlot(box, model);
  const draw = () => {
    /** @type {Figure} */
    const picture = model.get(isDark() ? "dark" : "light");
    const { height } = picture.layout;
    if (height) box.style.height = `${height}px`;
    plot.draw(picture);
  };
  const forgetTheme = followTheme(root, draw);
  requestAnimationFrame(draw); // once the box is on the page
  return () => {
    forgetTheme();
    plot.remove();
  };
}
