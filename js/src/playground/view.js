// What happens: the sentences, both planes, who descends what, and the curves.

import { h, uniqueName } from "../shared/elements.js";
import { createCurves } from "./curves.js";
import { createPlanes } from "./planes.js";
import { KEYS, NEXT, phasesOf, SECTIONS, TABLE } from "./words.js";

/** @import { Drawing } from "./planes.js" */
/** @import { CurveName, PlaneName, Row } from "./protocol.js" */

/**
 * @param {WidgetModel} model
 * @param {object} parts
 * @param {CurveName[]} parts.plots
 * @param {Record<PlaneName, HTMLElement>} parts.beside what changes each picture
 * @param {Drawing} parts.drawing
 * @param {() => void} parts.repaint
 * @param {() => void} parts.next what follows in slow motion
 */
export function createView(model, { plots, beside, drawing, repaint, next }) {
  const id = `say-${uniqueName()}`;
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id,
    "data-show": "sentence",
  });
  const phase = h("p", { class: "dann-phase", "aria-live": "polite", "data-show": "phase" });
  const on = h("button", { type: "button", "data-action": "next", onclick: next }, NEXT);
  const phases = h("div", { class: "dann-phases", hidden: true }, phase, on);
  const keys = createKeys();
  const planes = createPlanes(id, beside, drawing, repaint);
  const table = createTable();
  const curves = createCurves(model, plots);
  return {
    node: h(
      "section",
      { class: "dann-view", "aria-label": SECTIONS.view },
      sentence,
      phases,
      keys.node,
      planes.node,
      table.node,
      curves.node,
    ),
    planes,
    table,
    curves,
    /** @param {string} text */
    say(text) {
      sentence.textContent = text;
    },
    /** @param {boolean} there */
    showClassifier(there) {
      keys.domains.hidden = !there;
      planes.describe(there);
    },
    /**
     * @param {number} number
     * @param {boolean} hasClassifier
     */
    showPhase(number, hasClassifier) {
      phase.textContent = phasesOf(hasClassifier)[number];
    },
    /** @param {boolean} slow */
    showsPhases(slow) {
      phases.hidden = !slow;
    },
    remove() {
      planes.remove();
      curves.remove();
    },
  };
}

/** What colours, forms and lines mean. */
export function createKeys() {
  const keys = Object.entries(KEYS).map(([kind, text]) =>
    h("span", { class: `dann-key dann-key-${kind}` }, text),
  );
  const [, , , domains] = keys;
  return { node: h("div", { class: "dann-keys" }, ...keys), domains };
}

function createTable() {
  const body = h("tbody", { "data-show": "descends" });
  const heads = TABLE.columns.map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "dann-table" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const node = h("figure", {}, h("h3", {}, TABLE.title), table);
  return {
    node,
    /** @param {Row[]} rows none where nobody can know, as of a learner's own step */
    show(rows) {
      node.hidden = !rows.length;
      body.replaceChildren(
        ...rows.map(([part, ...does]) =>
          h("tr", {}, h("th", { scope: "row" }, part), ...does.map((text) => h("td", {}, text))),
        ),
      );
    },
  };
}
