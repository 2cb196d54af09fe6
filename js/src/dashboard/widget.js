// The live page as a widget: all views of one model share its link.

import { h } from "../shared/elements.js";
import { Link } from "./link.js";
import { createView } from "./view.js";

export function createDashboard() {
  /** @type {Link} */
  let link;
  return {
    /** @param {{ model: WidgetModel }} context */
    initialize({ model }) {
      link = new Link(model);
      return () => link.close();
    },
    /** @param {RenderContext} context */
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
