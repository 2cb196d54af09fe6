// The player as a widget of its own: all it shows is in the model's state.

import { h } from "../shared/elements.js";
import { followTheme } from "../shared/theme.js";
import { Player } from "./player.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const root = h("div", { class: "dann" });
  el.append(root);
  const player = new Player(model);
  const show = () => player.show(model.get("bundle"));
  root.append(player.node);
  const forgetTheme = followTheme(root, () => player.theme());
  model.on("change:bundle", show);
  requestAnimationFrame(show); // once the boxes are on the page
  return () => {
    forgetTheme();
    model.off("change:bundle", show);
    player.remove();
  };
}
