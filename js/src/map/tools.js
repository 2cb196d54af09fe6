// What stands under a map: the list of what can be shown, the sentence on it, and the gallery.

/** @import { Points } from "./points.js" */
/** @import { Selection } from "./selection.js" */

import { h } from "../shared/elements.js";
import { Colouring } from "./colouring.js";
import { Gallery } from "./gallery.js";
import { hasChosen, NOTHING } from "./selection.js";
import { HINT, onSelection, RULES, SHOW } from "./words.js";

export class Tools {
  gallery = new Gallery();
  #options = RULES.map(([value, words]) => h("option", { value }, words));
  #drawn = /** @type {HTMLOptionElement} */ (this.#options.at(-1));
  #show;
  #sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });

  /**
   * @param {(rule: string) => void} choose hears which rule the reader takes
   * @param {() => void} redraw for other colours
   */
  constructor(choose, redraw) {
    this.colouring = new Colouring(redraw);
    this.#show = h(
      "select",
      { "data-map": "show", onchange: () => choose(this.#show.value) },
      ...this.#options,
    );
    this.node = h(
      "div",
      { class: "dann-tools", hidden: true },
      h(
        "div",
        { class: "dann-named" },
        this.colouring.node,
        h("label", { class: "dann-inline" }, SHOW, this.#show),
        h("p", { class: "dann-hint", "data-map": "hint" }, HINT),
      ),
      this.#sentence,
      ...this.gallery.nodes,
    );
    this.follow(NOTHING);
  }

  /** @param {Selection} selection */
  follow(selection) {
    this.#drawn.hidden = this.#drawn.disabled = !hasChosen(selection);
    this.#show.value = selection.rule;
  }

  /** @param {boolean} possible whether the network was asked, so that some can be wrong */
  offerWrong(possible) {
    for (const option of this.#options) {
      if (option.value.startsWith("wrong")) option.disabled = !possible;
    }
  }

  /**
   * @param {Points | null} points
   * @param {string} rule
   * @param {number[]} indices
   * @param {boolean} aloud a frame's news is not read aloud; what the reader has asked for is
   */
  say(points, rule, indices, aloud) {
    this.#sentence.setAttribute("aria-live", aloud ? "polite" : "off");
    const words = onSelection(points, rule, indices);
    if (this.#sentence.textContent !== words) this.#sentence.textContent = words;
  }
}
