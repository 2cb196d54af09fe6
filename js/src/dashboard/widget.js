// @ts-nocheck
// The live page as a widget: all views of one model share its link.

import { h } from "../shared/elements.js";
import { createLink } from "./link.js";
import { createView } from "./view.js";

export function createDashboard() {
  let link = null;
  return {
    initialize({ model }) {
      link = createLink(model);
      return () => link.close();
    },
    render({ model, el }) {
      const root = h("div", { class: "dann" });
      el.append(root);
      const view = createView(model, link, root);
      link.views.add(view);
      return () => {
        link.views.delete(view);
        view.remove();
      };
    },
  };
}
