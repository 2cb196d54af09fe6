// The map that follows the training. A reader chooses its kind, or none.

import { FeatureMap } from "../map/map.js";
import { h } from "../shared/elements.js";
import { KIND_OF_MAP } from "../shared/words.js";
import { options } from "./controls.js";
import { lookOfMap, mapToShow } from "./known.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createLiveMap({ model, link, choices, wish }) {
  const pictures = () => {
    const { images } = link.known;
    return images?.points && images.paint;
  };
  const map = new FeatureMap({ model, title: words.MAP, pictures });
  const choice = h(
    "select",
    {
      "data-choice": "map",
      "aria-label": KIND_OF_MAP,
      onchange: () => wish({ type: "map", method: choice.value }),
    },
    ...options(choices.map),
  );
  const node = h(
    "figure",
    { class: "dann-beside" },
    h("div", { class: "dann-named" }, h("h3", {}, words.MAP), choice),
    map.node,
  );
  /** @type {string | null | undefined} */
  let shown; // no map was drawn yet, nor that there is none

  return {
    node,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update({ map: { method, note } }, knowsAll) {
      if (knowsAll) choice.value = method;
      const drawn = mapToShow(link.known);
      map.caption.textContent = words.mapCaption({ method, note }, drawn?.caption);
    },
    /** Draws it, if it looks different now. */
    draw() {
      const look = lookOfMap(link.known);
      if (look === shown) return null;
      shown = look;
      const drawn = mapToShow(link.known);
      const { images } = link.known;
      if (!drawn) return map.draw(null);
      if (!images?.points) return map.draw(drawn.figure, null);
      const { figure, predictions, confidence } = drawn;
      return map.draw(figure, { ...images.points, predictions, confidence });
    },
    remove: () => map.remove(),
  };
}
