// A few of the target's examples, and what each run takes them for at a moment.

/** @import { Paint } from "../map/digits.js" */
/** @import { Run } from "./unpack.js" */

import { captionDigit, createPicture } from "../map/digits.js";
import { isLabelled } from "../map/points.js";
import { h } from "../shared/elements.js";
import { lastAt } from "./moments.js";
import { READINGS, rightOf } from "./words.js";

const MOST = 12;
const TARGET = 1;

/** @typedef {{ run: Run, places: number[], title: HTMLElement, items: HTMLElement[] }} Row */

export class Readings {
  node = h("div", { class: "dann-readings", role: "group", "aria-label": READINGS });
  /** @type {Row[]} */
  #rows = [];

  /**
   * @param {Run[]} runs
   * @param {Record<string, Paint>} paints by the data's id
   */
  show(runs, paints) {
    this.#rows = runs.map((run) => createRow(run, paints[run.data]));
    this.node.replaceChildren(
      ...this.#rows.map(({ title, items }) =>
        h("div", {}, title, h("ul", { class: "dann-digits" }, ...items)),
      ),
    );
  }

  /** @param {number} step */
  draw(step) {
    for (const row of this.#rows) drawRow(row, step);
  }
}

/**
 * The same examples for runs on the same data: the target's first.
 * @param {Run} run
 * @param {Paint | undefined} paint
 * @returns {Row}
 */
function createRow(run, paint) {
  const places = [...run.domains.keys()].filter((place) => run.domains[place] === TARGET);
  const shown = places.slice(0, MOST);
  const items = shown.map((place) => h("li", {}, createPicture(paint, place) ?? "", h("span", {})));
  return { run, places: shown, title: h("h4", {}), items };
}

/**
 * @param {Row} row
 * @param {number} step
 */
function drawRow({ run, places, title, items }, step) {
  const moment = lastAt(run.moments, step);
  if (moment < 0) {
    title.textContent = run.title;
    return;
  }
  const [says, confidence] = [run.predictions(moment), run.confidence(moment)];
  for (const [k, place] of places.entries()) {
    const sure = confidence[place] / 255;
    captionDigit(items[k], run.classes, run.labels[place], says[place], sure);
  }
  const known = places.filter((place) => isLabelled(run.labels[place]));
  const right = known.filter((place) => says[place] === run.labels[place]).length;
  title.textContent = rightOf(run, right, known.length);
}
