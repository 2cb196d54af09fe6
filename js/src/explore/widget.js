// Move a knob: the picture and the sentence follow.

import { h } from "../shared/elements.js";
import { Pull } from "../shared/pull.js";
import { followTheme, isDark } from "../shared/theme.js";
import { createControl } from "./control.js";
import { createPicture } from "./picture.js";
import { valuesOf } from "./values.js";

/** @import { ControlDescription } from "./protocol.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  /** @type {string} */
  const title = model.get("title");
  const picture = createPicture(model, title);
  const pull = new Pull(model, {
    answer: "explored",
    question: () => ({ type: "explore", dark: isDark(), values: valuesOf(controls) }),
    react: picture.show,
    working: picture.showWorking,
  });
  /** @type {ControlDescription[]} */
  const described = model.get("controls");
  const controls = Object.fromEntries(
    described.map((control) => [control.name, createControl(control, pull.ask)]),
  );
  const knobs = Object.values(controls).map(({ node }) => node);
  const figure = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, title), picture.working),
    h("div", { class: "dann-knobs" }, ...knobs),
    ...picture.nodes,
  );
  const root = h("div", { class: "dann" }, figure);
  el.append(root);

  const forgetTheme = followTheme(root, pull.ask);
  // Once the box is on the page.
  requestAnimationFrame(() => picture.show(model.get(isDark() ? "dark" : "light")));
  return () => {
    forgetTheme();
    pull.remove();
    picture.remove();
  };
}
