// A map of the features that answers questions: point at a digit, draw round some, or choose from a
// list.

/** @import { Paint } from "./digits.js" */
/** @import { Late } from "./hand.js" */
/** @import { PlotlyPoint } from "./place.js" */
/** @import { Numbers, Points } from "./points.js" */
/** @import { Selection } from "./selection.js" */

import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { Card } from "./card.js";
import { drawnFigure } from "./figure.js";
import { alsoLate, Hand } from "./hand.js";
import { layoutApart } from "./labels.js";
import { whereIs } from "./place.js";
import { areOthers } from "./points.js";
import { asked, byClick, byHand, byRule, NOTHING } from "./selection.js";
import { Tools } from "./tools.js";

/**
 * @typedef {object} MapOptions
 * @property {WidgetModel} model
 * @property {string} title
 * @property {() => Paint | null | undefined} pictures what paints a digit, once it is there
 * @property {string} [name]
 */

/** @typedef {{ points: PlotlyPoint[] }} PlotlyEvent */

export class FeatureMap {
  caption;
  node;
  #box;
  #plot;
  #pictures;
  #hand;
  #card = new Card();
  #tools = new Tools(
    (rule) => this.#choose(byRule(this.#selection, rule)),
    () => this.#paint(true),
  );
  /** @type {Figure | null} */
  #figure = null;
  /** @type {Points | null} */
  #points = null;
  /** @type {Numbers | null} the labels of the points that were there last */
  #known = null;
  /** @type {Selection} */
  #selection = NOTHING;
  /** @type {Late} */
  #late = null;
  #listening = false;

  /** @param {MapOptions} options */
  constructor({ model, title, pictures, name = "map" }) {
    this.#pictures = pictures;
    this.caption = h("p", { class: "dann-caption", "data-caption": name });
    this.#plot = createPlot({
      model,
      title,
      caption: this.caption,
      attributes: { class: "dann-plot dann-map", tabindex: -1, "data-plot": name, hidden: true },
    });
    this.#box = this.#plot.box;
    this.node = h(
      "div",
      { class: "dann-asked", onkeydown: this.#press },
      h("div", { class: "dann-frame" }, this.#box, this.#card.node),
      this.caption,
      this.#tools.node,
    );
    this.#hand = new Hand(this.#box, this.#pressed, this.#released);
  }

  /**
   * @param {Figure | null} figure of scatter_map in dann_lab/figures/feature_maps.py; null shows no
   *   map
   * @param {Points | null} [points] null until they are known
   */
  async draw(figure, points = null) {
    this.#figure = figure;
    this.#points = points;
    if (points && areOthers(points.labels, this.#known)) {
      this.#select(NOTHING);
      this.#card.hide();
    }
    this.#known = points?.labels ?? this.#known;
    this.#box.hidden = !figure;
    const canBeAsked = figure && points;
    this.#tools.node.hidden = !canBeAsked;
    if (!canBeAsked) this.#card.hide();
    if (points) this.#tools.offer(points);
    await this.#paint(false);
  }

  remove() {
    this.#hand.remove();
    this.#plot.remove();
  }

  /**
   * Draws everything as it is now.
   * @param {boolean} byPerson whether the reader has asked for it, not a frame
   */
  async #paint(byPerson) {
    if (!this.#figure) return;
    if (this.#hand.drawing) {
      this.#late = alsoLate(this.#late, byPerson);
      return;
    }
    const points = this.#points;
    const { rule } = this.#selection;
    const indices = asked(points, this.#selection);
    this.#tools.say(points, rule, indices, byPerson);
    this.#tools.gallery.show(points, indices, this.#pictures());
    const { index } = this.#card;
    if (points && index !== null) this.#card.fill(points, index, this.#pictures());
    const marked = points && rule ? new Set(indices) : null;
    const box = { width: this.#box.clientWidth, height: this.#box.clientHeight };
    const figure = drawnFigure(
      { data: this.#figure.data, layout: layoutApart(this.#figure, box) },
      points,
      marked,
      Math.random(),
    );
    await this.#plot.draw(this.#tools.colouring.of(figure));
    this.#listen();
  }

  #listen() {
    if (this.#listening || !this.#box.on) return;
    this.#listening = true;
    this.#box.on("plotly_hover", this.#hover);
    this.#box.on("plotly_unhover", () => this.#card.hide());
    this.#box.on("plotly_click", this.#click);
    this.#box.on("plotly_selected", this.#lasso);
    this.#box.on("plotly_deselect", this.#clear);
  }

  /** @param {Selection} selection */
  #choose(selection) {
    this.#select(selection);
    this.#paint(true);
  }

  /** @param {Selection} selection */
  #select(selection) {
    this.#selection = selection;
    this.#tools.follow(selection);
  }

  #clear = () => {
    if (this.#selection.rule) this.#choose(NOTHING);
  };

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    if (event.key !== "Escape" || !this.#selection.rule) return;
    event.stopPropagation();
    this.#clear();
  };

  #pressed = () => {
    this.#card.hide();
    this.#box.focus({ preventScroll: true }); // so that Escape is heard
  };

  #released = () => {
    const late = this.#late;
    this.#late = null;
    if (late) this.#paint(late.byPerson);
  };

  /** @param {PlotlyEvent | undefined} event */
  #lasso = (event) => {
    const byPerson = this.#hand.hasDrawn();
    if (!this.#points || !event || !byPerson) return;
    this.#choose(byHand(event.points.map((point) => /** @type {number} */ (point.customdata))));
  };

  /** @param {PlotlyEvent} event */
  #click = (event) => {
    const index = event.points[0]?.customdata;
    if (this.#points && index !== undefined) this.#choose(byClick(this.#selection, index));
  };

  /** @param {PlotlyEvent} event */
  #hover = (event) => {
    const [point] = event.points;
    if (!this.#points || this.#hand.drawing || point?.customdata === undefined) return;
    this.#card.fill(this.#points, point.customdata, this.#pictures());
    this.#card.showBeside(whereIs(point), this.#box.getBoundingClientRect());
  };
}
