// The curves of the run.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import * as words from "./words.js";

/** @import { Known } from "./known.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createPictures({ model }) {
  const pictures = new Map(
    Object.entries(words.PLOTS).map(([name, title]) => {
      const caption = h("figcaption", { "data-caption": name });
      const attributes = { "data-plot": name };
      return [name, createTitledPlot({ model, title, caption, attributes })];
    }),
  );
  return {
    /** The figures by their names. */
    nodes: Object.fromEntries([...pictures].map(([name, { node }]) => [name, node])),
    /** @param {Known} known */
    draw: ({ figures, captions }) =>
      Object.entries(figures).map(([name, figure]) =>
        pictures.get(name)?.show(figure, captions[name]),
      ),
    remove() {
      for (const picture of pictures.values()) picture.remove();
    },
  };
}
