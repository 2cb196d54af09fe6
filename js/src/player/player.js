// Up to three runs side by side with one time line.

/** @import { Paint } from "../map/digits.js" */
/** @import { Bundle, Part } from "./protocol.js" */
/** @import { Run } from "./unpack.js" */

import { digitSheet } from "../map/digits.js";
import { h } from "../shared/elements.js";
import { methodsOf } from "./choices.js";
import { CurvePicture } from "./curves.js";
import { reachAt } from "./maps.js";
import { areSame, lastStep, replayed, stepAfter, within } from "./moments.js";
import { Readings } from "./readings.js";
import { SideBySide } from "./side.js";
import { Differences } from "./table.js";
import { TimeLine } from "./timeline.js";
import { unpackRun } from "./unpack.js";
import { aboutRuns, onRuns, PLAYER } from "./words.js";

/** @type {Part[]} */
const USUAL = ["maps", "curves", "differences"];

export class Player {
  /** @type {Run[]} */
  #runs = [];
  /** @type {Bundle | null} */
  #bundle = null;
  /** @type {string | null} */
  #shown = null; // the bundle as JSON, so that the same one again changes nothing
  #placed = ""; // the parts that are on the page
  #step = 0;
  #last = 0;
  /** @type {Record<string, Paint>} */
  #paints = {}; // of the digits, by the data's id
  #heading = h("h3", {});
  #about = h("p", { class: "dann-status" });
  #sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    "data-show": "player-sentence",
  });
  #time = new TimeLine({
    goTo: (step) => this.#goTo(step),
    steps: () => replayed(this.#runs, this.#step, this.#last),
  });
  #readings = new Readings();
  #table = new Differences();
  #maps;
  #curves;

  /** @param {WidgetModel} model */
  constructor(model) {
    const pictures = (/** @type {string} */ data) => this.#paints[data];
    this.#maps = new SideBySide(model, pictures, () => this.#draw());
    this.#curves = new CurvePicture(model, () => this.#drawCurves());
    this.node = h("section", { class: "dann-player", "aria-label": PLAYER });
    this.#place(USUAL);
  }

  /** @param {Bundle} bundle */
  async show(bundle) {
    const text = JSON.stringify(bundle);
    if (text === this.#shown) return this.#draw();
    this.#shown = text;
    this.#bundle = bundle;
    this.#take(bundle);
    const paints = await paintsOf(bundle);
    if (this.#bundle !== bundle) return; // others are shown by now, or nothing any more
    this.#paints = paints;
    this.#readings.show(this.#runs, paints);
    this.#maps.show(this.#runs);
    this.#table.show(this.#runs, bundle.differences);
    return this.#draw();
  }

  /** Draws anew in the page's theme. */
  theme() {
    if (this.#bundle) return this.#draw();
  }

  remove() {
    this.#bundle = null;
    this.#time.stop();
    this.#curves.remove();
    this.#maps.remove();
  }

  /**
   * All that needs no pictures.
   * @param {Bundle} bundle
   */
  #take(bundle) {
    const same = areSame(bundle.runs, this.#runs);
    const was = { step: this.#step, last: this.#last };
    this.#runs = bundle.runs.map(unpackRun);
    this.#last = lastStep(this.#runs);
    this.#time.last = this.#last;
    this.#step = stepAfter(was, this.#last, same);
    this.#heading.textContent = bundle.title ?? "";
    this.#heading.hidden = !bundle.title;
    this.#about.textContent = aboutRuns(this.#runs);
    this.#about.hidden = !this.#about.textContent;
    this.#maps.offer(methodsOf(this.#runs));
    this.#curves.offer(bundle.curves);
    this.#place(this.#parts);
  }

  get #parts() {
    return this.#bundle?.parts ?? USUAL;
  }

  /** @param {Part[]} parts */
  #place(parts) {
    if (parts.join() === this.#placed) return; // what is placed again loses the focus
    this.#placed = parts.join();
    const nodes = {
      readings: [this.#readings.node],
      maps: this.#maps.nodes,
      curves: [this.#curves.node],
      differences: [this.#table.node],
    };
    const [time, sentence] = [this.#time.node, this.#sentence];
    const below = parts.flatMap((part) => nodes[part]);
    this.node.replaceChildren(this.#heading, this.#about, time, sentence, ...below);
  }

  /** @param {number} step */
  #goTo(step) {
    this.#step = within(step, this.#last);
    this.#draw();
  }

  async #draw() {
    this.#time.show(this.#step, this.#last);
    this.#sentence.textContent = onRuns(this.#runs, this.#step);
    this.#readings.draw(this.#step);
    await Promise.all([...this.#drawMaps(), this.#drawCurves()]);
  }

  #drawMaps() {
    if (!this.#parts.includes("maps")) return [];
    const reach = reachAt(this.#runs, this.#maps.method, this.#step);
    return this.#maps.draw(this.#step, reach);
  }

  async #drawCurves() {
    if (this.#bundle && this.#parts.includes("curves"))
      await this.#curves.draw(this.#bundle.curves, this.#runs, this.#step);
  }
}

/** @param {Bundle} bundle */
async function paintsOf({ pictures }) {
  const loading = Object.entries(pictures).map(async ([data, sheet]) => [
    data,
    await digitSheet(sheet),
  ]);
  return Object.fromEntries(await Promise.all(loading));
}
