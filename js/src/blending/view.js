// The blend on the page, put together from its parts.

import { h, uniqueName } from "../shared/elements.js";
import { WORKING } from "../shared/words.js";
import { createDigits, createKnobs } from "./knobs.js";
import { createPhoto } from "./photo.js";
import { createPictures } from "./pictures.js";
import { PHOTO, TITLE } from "./words.js";

/** @import { Blended, Photo, Wanted } from "./protocol.js" */
/** @import { Move } from "./window.js" */

/**
 * @param {Photo[]} photos
 * @param {() => Wanted} wanted
 * @param {Move} move
 */
export function createView(photos, wanted, move) {
  const id = uniqueName();
  const photo = createPhoto(photos, id, wanted, move);
  const pictures = createPictures(id);
  const digits = createDigits(move);
  const knobs = createKnobs(photos, wanted, move);
  const sentence = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const working = h("span", { class: "dann-working", role: "status" });
  const help = h("p", { class: "dann-domain" }, PHOTO.help);
  const figure = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, TITLE), working),
    digits.node,
    h("div", { class: "dann-blend" }, h("div", {}, photo.canvas, help), pictures.node),
    knobs.node,
    sentence,
  );
  const root = h("div", { class: "dann" }, figure);
  return {
    root,
    /** Shows what is wanted. */
    draw() {
      photo.draw();
      digits.show(wanted());
      knobs.show();
    },
    /** @param {Blended} blended */
    show(blended) {
      pictures.show(blended);
      sentence.textContent = blended.sentence;
      root.dataset.at = blended.at.join(",");
    },
    /** @param {boolean} busy */
    showWorking(busy) {
      working.textContent = busy ? WORKING : "";
    },
  };
}
