// The pictures of the digits that are asked for, those of each domain together.

/** @import { Paint } from "./digits.js" */
/** @import { Points } from "./points.js" */

import { h } from "../shared/elements.js";
import { captionDigit, createPicture } from "./digits.js";
import { byDomain, DOMAINS } from "./points.js";
import { andMore, galleryName, heading } from "./words.js";

const ROOM = 60; // digits at most: half for each domain, and what the other one does not need

/**
 * For each domain the digits that are shown, and how many more there are.
 * @param {Points | null} points
 * @param {number[]} indices
 */
export function fitting(points, indices) {
  const both = byDomain(points, indices);
  return both.map((own, domain) => {
    const room = Math.max(ROOM / 2, ROOM - both[1 - domain].length);
    return { shown: own.slice(0, room), rest: Math.max(0, own.length - room) };
  });
}

/**
 * Changes exactly when other pictures or captions are to be shown.
 * @param {Points | null} points
 * @param {number[]} indices
 * @param {boolean} pictured
 */
export const lookOf = (points, indices, pictured) =>
  JSON.stringify([indices, indices.map((index) => points?.predictions?.[index]), pictured]);

export class Gallery {
  #look = "";
  #groups = DOMAINS.map(createGroup);

  nodes = this.#groups.map((group) => group.node);

  /**
   * @param {Points | null} points
   * @param {number[]} indices
   * @param {Paint | null | undefined} paint
   */
  show(points, indices, paint) {
    const look = lookOf(points, indices, Boolean(paint));
    if (look === this.#look) return;
    this.#look = look;
    fitting(points, indices).forEach(({ shown, rest }, domain) => {
      const { node, list, more } = this.#groups[domain];
      node.hidden = !shown.length;
      more.hidden = !rest;
      more.textContent = andMore(rest);
      list.replaceChildren(
        ...shown.map((index) => createItem(/** @type {Points} */ (points), index, paint)),
      );
    });
  }
}

/** @param {string} domain */
function createGroup(domain) {
  const list = h("ul", {
    class: "dann-digits dann-gallery",
    "data-gallery": domain,
    "aria-label": galleryName(domain),
  });
  const more = h("p", { class: "dann-domain" });
  const name = h("p", { class: "dann-domain" }, heading(domain));
  return { list, more, node: h("div", { hidden: true }, name, list, more) };
}

/**
 * @param {Points} points
 * @param {number} index
 * @param {Paint | null | undefined} paint
 */
function createItem({ labels, predictions, confidence }, index, paint) {
  const item = h("li", { "data-digit": index }, createPicture(paint, index), h("span", {}));
  captionDigit(item, labels[index], predictions?.[index], confidence?.[index]);
  return item;
}
