// The card beside the point under the pointer: the digit and what the network says of it.

/** @import { Paint } from "./digits.js" */
/** @import { Size } from "./place.js" */
/** @import { Points } from "./points.js" */

import { h } from "../shared/elements.js";
import { createPicture } from "./digits.js";
import { placeCard } from "./place.js";
import { isWrong } from "./points.js";
import { onCard } from "./words.js";

export class Card {
  node = h("div", {
    class: "dann-hover",
    "data-map": "card",
    "aria-hidden": "true",
    hidden: true,
  });

  /** The index of the digit that it shows. */
  get index() {
    const { digit } = this.node.dataset;
    return digit === undefined ? null : Number(digit);
  }

  /**
   * @param {Points} points
   * @param {number} index
   * @param {Paint | null | undefined} paint
   */
  fill(points, index, paint) {
    const picture = createPicture(paint, index);
    const words = h("span", {}, onCard(points, index));
    this.node.dataset.digit = String(index);
    this.node.classList.toggle("dann-wrong", isWrong(points, index));
    this.node.replaceChildren(...(picture ? [picture, words] : [words]));
  }

  /**
   * Shows what it was filled with beside a point. Only once it is shown it has a size.
   * @param {{ x: number, y: number }} point
   * @param {Size} frame
   */
  showBeside(point, frame) {
    this.node.hidden = false;
    const size = { width: this.node.offsetWidth, height: this.node.offsetHeight };
    const { left, top } = placeCard(point, size, frame);
    this.node.style.left = `${left}px`;
    this.node.style.top = `${top}px`;
  }

  hide() {
    this.node.hidden = true;
    delete this.node.dataset.digit;
  }
}
