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
 * Which digits are shown, of each domain, and what paints them.
 * @typedef {object} Content
 * @property {ReturnType<typeof fitting>} groups
 * @property {Paint | null | undefined} paint
 * @property {string[]} names of the classes
 */

/**
 * Whether other pictures are to be shown. Captions are no part of this: an item stays while what is
 * said of it changes, so that its title can be read while a network is trained.
 * @param {Content} now
 * @param {Content} before
 */
export const areOtherPictures = (now, before) =>
  now.paint !== before.paint || JSON.stringify(now.groups) !== JSON.stringify(before.groups);

export class Gallery {
  /** @type {Content} */
  #content = { groups: fitting(null, []), paint: null, names: [] };
  /** @type {Map<number, HTMLElement>} */
  #items = new Map(); // by the digit's index
  #groups = DOMAINS.map(createGroup);

  nodes = this.#groups.map((group) => group.node);

  /**
   * @param {Points | null} points
   * @param {number[]} indices
   * @param {Paint | null | undefined} paint
   */
  show(points, indices, paint) {
    const content = { groups: fitting(points, indices), paint, names: points?.names ?? [] };
    if (areOtherPictures(content, this.#content)) this.#fill(content);
    if (!points) return;
    for (const [index, item] of this.#items) captionItem(item, points, index);
  }

  /** @param {Content} content */
  #fill(content) {
    this.#content = content;
    this.#items.clear();
    for (const [domain, { shown, rest }] of content.groups.entries()) {
      const { node, list, more } = this.#groups[domain];
      list.setAttribute("aria-label", galleryName(content.names, DOMAINS[domain]));
      node.hidden = !shown.length;
      more.hidden = !rest;
      more.textContent = andMore(rest);
      for (const index of shown) this.#items.set(index, createItem(index, content.paint));
      list.replaceChildren(...shown.map((index) => /** @type {Node} */ (this.#items.get(index))));
    }
  }
}

/** @param {string} domain */
function createGroup(domain) {
  const list = h("ul", {
    class: "dann-digits dann-gallery",
    "data-gallery": domain,
    "aria-label": galleryName([], domain),
  });
  const more = h("p", { class: "dann-domain" });
  const name = h("p", { class: "dann-domain" }, heading(domain));
  return { list, more, node: h("div", { hidden: true }, name, list, more) };
}

/**
 * @param {number} index
 * @param {Paint | null | undefined} paint
 */
const createItem = (index, paint) =>
  h("li", { "data-digit": index }, createPicture(paint, index), h("span", {}));

/**
 * @param {HTMLElement} item
 * @param {Points} points
 * @param {number} index
 */
const captionItem = (item, { labels, predictions, confidence, names }, index) =>
  captionDigit(item, names, labels[index], predictions?.[index], confidence?.[index]);
