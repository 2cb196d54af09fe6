// Some test digits, and what the network says of them.

import { captionDigit } from "../map/digits.js";
import { h } from "../shared/elements.js";
import { paintPixels, pictureAt, SIDE } from "../shared/pixels.js";
import { lookOfDigits } from "./known.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @type {("source" | "target")[]} */
const DOMAINS = ["source", "target"];

/** @param {Page} page */
export function createDigits({ link }) {
  const caption = h("figcaption", { "data-caption": "digits" });
  const rows = DOMAINS.map((domain) =>
    h("ul", {
      class: "dann-digits",
      "data-digits": domain,
      "aria-label": words.DIGITS_OF[domain].list,
    }),
  );
  const node = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, words.DIGITS),
    ...DOMAINS.flatMap((domain, row) => [
      h("p", { class: "dann-domain" }, words.DIGITS_OF[domain].domain),
      rows[row],
    ]),
    caption,
  );
  /** @type {HTMLElement[]} */
  let items = [];
  /** @type {string | null} */
  let shown = null;

  return {
    node,
    draw() {
      const { digits } = link.known;
      if (!digits) return;
      items = digits.labels.map((_, index) => createDigit(digits.pixels, index));
      const half = items.length / 2;
      rows[0].replaceChildren(...items.slice(0, half));
      rows[1].replaceChildren(...items.slice(half));
      shown = null;
    },
    /** @param {State} state */
    update({ predictions, confidence, digits: text }) {
      const { digits } = link.known;
      const look = lookOfDigits(link.known);
      if (!digits || !predictions || look === shown) return;
      shown = look;
      for (const [i, item] of items.entries()) {
        captionDigit(item, digits.labels[i], predictions[i], confidence?.[i]);
      }
      caption.textContent = text ?? "";
    },
  };
}

/**
 * @param {Uint8Array} pixels of all digits
 * @param {number} index
 */
function createDigit(pixels, index) {
  const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  paintPixels(canvas, pictureAt(pixels, index));
  return h("li", {}, canvas, h("span", {}));
}
