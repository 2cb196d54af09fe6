// The curves of the run.

import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import * as words from "./words.js";

/** @import { Known } from "./known.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createPictures(page) {
  const pictures = new Map(
    Object.entries(words.PLOTS).map(([name, title]) => [name, createPicture(page, name, title)]),
  );
  return {
    /** The figures by their names. */
    nodes: Object.fromEntries([...pictures].map(([name, { node }]) => [name, node])),
    /** @param {Known} known */
    draw: ({ figures, captions }) =>
      Object.entries(figures).map(([name, figure]) =>
        pictures.get(name)?.draw(figure, captions[name]),
      ),
    remove() {
      for (const picture of pictures.values()) picture.remove();
    },
  };
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {string} title
 */
function createPicture({ id, model }, name, title) {
  const described = `${name}-${id}`;
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": described,
    "data-plot": name,
  });
  const caption = h("figcaption", { id: described, "data-caption": name });
  const plot = createPlot(box, model);
  return {
    node: h("figure", {}, h("h3", {}, title), box, caption),
    /**
     * @param {Figure} figure
     * @param {string} text
     */
    draw(figure, text) {
      caption.textContent = text;
      return plot.draw(figure);
    },
    remove: () => plot.remove(),
  };
}
