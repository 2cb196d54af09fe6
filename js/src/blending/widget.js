// A window dragged over a photograph; the kernel answers with the patch and the blend.

import { Pull } from "../shared/pull.js";
import { followTheme } from "../shared/theme.js";
import { createView } from "./view.js";
import { afterChange } from "./window.js";

/** @import { First, Photo, Wanted } from "./protocol.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  /** @type {Photo[]} */
  const photos = model.get("photos");
  /** @type {First} */
  const first = model.get("first");
  const { photo, row, column, digit, signed } = first;
  /** @type {Wanted} */
  let wanted = { photo, row, column, digit, signed };
  /** @param {Partial<Wanted>} change */
  const move = (change) => {
    wanted = afterChange(wanted, change, photos);
    view.draw();
    pull.ask();
  };
  const view = createView(photos, () => wanted, move);
  el.append(view.root);
  const pull = new Pull(model, {
    answer: "blended",
    question: () => ({ type: "blend", ...wanted }),
    react: view.show,
    working: view.showWorking,
  });

  const forgetTheme = followTheme(view.root);
  view.show(first);
  requestAnimationFrame(view.draw); // once the canvas has its size
  return () => {
    forgetTheme();
    pull.remove();
  };
}
