// The curves of the run. While it trains, those that nobody sees wait.

import { h } from "../shared/elements.js";
import { createTitledPlot } from "../shared/plot.js";
import { isRunning } from "./allowed.js";
import * as words from "./words.js";

/** @import { Known } from "./known.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createPictures({ model }) {
  const pictures = new Map(
    Object.entries(words.PLOTS).map(([name, title]) => [name, createPicture(model, name, title)]),
  );
  return {
    /** The figures by their names. */
    nodes: Object.fromEntries([...pictures].map(([name, { node }]) => [name, node])),
    /** @param {Known} known */
    draw({ figures, captions, last }) {
      const mayWait = last !== null && isRunning(last.state);
      return Object.entries(figures).map(([name, figure]) =>
        pictures.get(name)?.show(figure, captions[name], mayWait),
      );
    },
    remove() {
      for (const picture of pictures.values()) picture.remove();
    },
  };
}

/**
 * @param {WidgetModel} model
 * @param {string} name
 * @param {string} title
 */
function createPicture(model, name, title) {
  const caption = h("figcaption", { "data-caption": name });
  const plot = createTitledPlot({ model, title, caption, attributes: { "data-plot": name } });
  /** @type {Figure | null} */
  let waiting = null;
  let isOut = false; // of sight: until the browser has said so it counts as seen
  const sight = new IntersectionObserver((entries) => {
    isOut = !entries[entries.length - 1].isIntersecting;
    if (!isOut && waiting) draw(waiting);
  });
  sight.observe(plot.box);
  /** @param {Figure} figure */
  const draw = (figure) => {
    waiting = null;
    return plot.draw(figure);
  };
  return {
    node: plot.node,
    /**
     * @param {Figure} figure
     * @param {string} text
     * @param {boolean} mayWait
     */
    show(figure, text, mayWait) {
      if (caption.textContent !== text) caption.textContent = text;
      if (!(isOut && mayWait)) return draw(figure);
      waiting = figure;
      return null;
    },
    remove() {
      sight.disconnect();
      plot.remove();
    },
  };
}
