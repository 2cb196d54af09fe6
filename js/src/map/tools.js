// What stands under a map: the list of what can be shown, the sentence on it, and the gallery.

/** @import { Points } from "./points.js" */
/** @import { Selection } from "./selection.js" */

import { h } from "../shared/elements.js";
import { Colouring } from "./colouring.js";
import { Gallery } from "./gallery.js";
import { canBeWrong } from "./points.js";
import { hasChosen, NOTHING } from "./selection.js";
import { hint, onSelection, rules, show } from "./words.js";

export class Tools {
  gallery = new Gallery();
  /** @type {HTMLOptionElement[]} */
  #options = [];
  #offered = ""; // the rules, as JSON
  #selection = NOTHING;
  #select;
  #label = h("span", {});
  #hint = h("p", { class: "dann-hint", "data-map": "hint" });
  #sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });

  /**
   * @param {(rule: string) => void} choose hears which rule the reader takes
   * @param {() => void} redraw for other colours
   */
  constructor(choose, redraw) {
    this.colouring = new Colouring(redraw);
    this.#select = h("select", {
      "data-map": "show",
      onchange: () => choose(this.#select.value),
    });
    const label = h("label", { class: "dann-inline" }, this.#label, this.#select);
    this.node = h(
      "div",
      { class: "dann-tools", hidden: true },
      h("div", { class: "dann-named" }, this.colouring.node, label, this.#hint),
      this.#sentence,
      ...this.gallery.nodes,
    );
    this.offer(null);
  }

  /**
   * The rules that there are for these points.
   * @param {Points | null} points
   */
  offer(points) {
    const offered = rules(points);
    const text = JSON.stringify(offered);
    if (text !== this.#offered) {
      this.#offered = text;
      const names = points?.names ?? [];
      this.#options = offered.map(([value, words]) => h("option", { value }, words));
      this.#select.replaceChildren(...this.#options);
      this.#label.textContent = show(names);
      this.#hint.textContent = hint(names);
      this.follow(this.#selection);
    }
    for (const option of this.#options) {
      const [rule, domain] = option.value.split("-");
      if (rule === "wrong") option.disabled = !canBeWrong(points, Number(domain));
    }
  }

  /** @param {Selection} selection */
  follow(selection) {
    this.#selection = selection;
    const drawn = /** @type {HTMLOptionElement} */ (this.#options.at(-1));
    drawn.hidden = drawn.disabled = !hasChosen(selection);
    this.#select.value = selection.rule;
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
