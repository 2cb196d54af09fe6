// The maps of the runs, side by side.

/** @import { Paint } from "../map/digits.js" */
/** @import { Options } from "./choices.js" */
/** @import { Run } from "./unpack.js" */

import { FeatureMap } from "../map/map.js";
import { h } from "../shared/elements.js";
import { isDark } from "../shared/theme.js";
import { KIND_OF_MAP } from "../shared/words.js";
import { methodToKeep, offer } from "./choices.js";
import { mapAt, mapFigure, pointsAt } from "./maps.js";
import { areSame, lastAt } from "./moments.js";
import { MAPS, mapTitle, onMap } from "./words.js";

/** @typedef {ReturnType<typeof createSlot>} Slot what is on the page for one run */

/** @typedef {(data: string) => Paint | undefined} Pictures of a data's digits */

export class SideBySide {
  #model;
  #pictures;
  /** @type {Slot[]} */
  #slots = [];
  #title = h("h3", {}, MAPS);
  #select;
  #side = h("div", { class: "dann-side" });

  /**
   * @param {WidgetModel} model
   * @param {Pictures} pictures
   * @param {() => void} redraw
   */
  constructor(model, pictures, redraw) {
    this.#model = model;
    this.#pictures = pictures;
    this.#select = h("select", {
      "data-choice": "player-map",
      "aria-label": KIND_OF_MAP,
      onchange: redraw,
    });
    this.nodes = [h("div", { class: "dann-named" }, this.#title, this.#select), this.#side];
  }

  /** The kind of map that the reader has chosen. */
  get method() {
    return this.#select.value;
  }

  /** @param {Options} methods */
  offer(methods) {
    offer(this.#select, methods, methodToKeep(this.method));
    this.#title.hidden = this.#side.hidden = !methods.length;
  }

  /**
   * The maps of the same runs stay, with what is chosen on them.
   * @param {Run[]} runs
   */
  show(runs) {
    const shown = this.#slots.map(({ run }) => run);
    if (!areSame(runs, shown)) this.#replace(runs);
    for (const [place, slot] of this.#slots.entries()) slot.run = runs[place];
  }

  /**
   * @param {number} step
   * @param {number} reach
   */
  draw(step, reach) {
    return this.#slots.map((slot) => drawSlot(slot, this.method, step, reach));
  }

  remove() {
    for (const { map } of this.#slots) map.remove();
  }

  /** @param {Run[]} runs */
  #replace(runs) {
    this.remove();
    this.#slots = runs.map((run, place) => createSlot(this.#model, run, place, this.#pictures));
    this.#side.style.setProperty("--runs", String(runs.length));
    this.#side.replaceChildren(...this.#slots.map(({ node }) => node));
  }
}

/**
 * @param {WidgetModel} model
 * @param {Run} run
 * @param {number} place among the runs
 * @param {Pictures} pictures
 */
function createSlot(model, run, place, pictures) {
  const map = new FeatureMap({
    model,
    title: mapTitle(run),
    name: "player-map",
    pictures: () => pictures(slot.run.data), // the same run may have other data by now
  });
  const words = h("figcaption", { "data-caption": `player-run-${place}` });
  const title = h("h4", {}, run.title);
  const node = h("figure", { class: "dann-wide", "data-run": place }, title, words, map.node);
  const slot = { run, map, words, node };
  return slot;
}

/**
 * @param {Slot} slot
 * @param {string} method
 * @param {number} step
 * @param {number} reach
 */
function drawSlot({ run, map, words }, method, step, reach) {
  const { maps, row } = mapAt(run, method, step);
  const moment = lastAt(run.moments, step);
  words.textContent = moment < 0 ? "" : run.sentences[moment];
  map.caption.textContent = onMap(maps, row, method);
  if (!maps || row < 0) return map.draw(null);
  return map.draw(mapFigure(run, maps, row, isDark(), reach), pointsAt(run, maps.rows[row]));
}
