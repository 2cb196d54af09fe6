// Some test examples, most often digits, and what the network says of them.

import { captionDigit, createCanvas } from "../map/digits.js";
import { h } from "../shared/elements.js";
import { paintPixels, pictureAt } from "../shared/pixels.js";
import { lookOfDigits } from "./known.js";
import * as words from "./words.js";

/** @import { Digits } from "./known.js" */
/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @type {("source" | "target")[]} */
const DOMAINS = ["source", "target"];

/** @param {Page} page */
export function createDigits({ link }) {
  const caption = h("figcaption", { "data-caption": "digits" });
  const heading = h("h3", {});
  const rows = DOMAINS.map((domain) => h("ul", { class: "dann-digits", "data-digits": domain }));
  /** @param {string[]} names */
  const call = (names) => {
    heading.textContent = words.digits(names);
    for (const [row, domain] of DOMAINS.entries()) {
      rows[row].setAttribute("aria-label", words.digitsOf(names, domain));
      rows[row].classList.toggle("dann-named", names.length > 0);
    }
  };
  call([]);
  const node = h(
    "figure",
    { class: "dann-wide" },
    heading,
    ...DOMAINS.flatMap((domain, row) => [
      h("p", { class: "dann-domain" }, words.DOMAIN_OF_DIGITS[domain]),
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
      call(digits.names);
      items = digits.labels.map((_, index) => createDigit(digits, index));
      rows[0].replaceChildren(...items.slice(0, digits.source));
      rows[1].replaceChildren(...items.slice(digits.source));
      shown = null;
    },
    /** @param {State} state */
    update({ predictions, confidence, digits: text }) {
      const { digits } = link.known;
      const look = lookOfDigits(link.known);
      if (!digits || !predictions || look === shown) return;
      shown = look;
      for (const [i, item] of items.entries()) {
        captionDigit(item, digits.names, digits.labels[i], predictions[i], confidence?.[i]);
      }
      caption.textContent = text ?? "";
    },
  };
}

/**
 * Of a table the words alone.
 * @param {Digits} digits
 * @param {number} index
 */
function createDigit(digits, index) {
  const words = h("span", {});
  if (!digits.height) return h("li", {}, words);
  /** @param {HTMLCanvasElement} canvas */
  const paint = (canvas) => paintPixels(canvas, pictureAt(digits.pixels, index, digits));
  return h("li", {}, createCanvas(digits, paint), words);
}
