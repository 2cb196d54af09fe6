// The card on which a digit is drawn and read, put together from its parts.

import { createDesk } from "../drawing/desk.js";
import { headOf, OTHER_GROUND } from "../drawing/words.js";
import { createCanvas } from "../map/digits.js";
import { button } from "../shared/button.js";
import { h, uniqueName } from "../shared/elements.js";
import { paintPixels, SIDE } from "../shared/pixels.js";
import { answerIn } from "./answers.js";
import { EXAMPLES } from "./examples.js";
import * as words from "./words.js";

/** @import { Ground, PlainNetwork } from "./protocol.js" */

/** @typedef {Ground["kind"]} Kind */

/**
 * @param {object} given
 * @param {string} given.title
 * @param {string} given.caption
 * @param {PlainNetwork[]} given.networks
 * @param {Kind[]} given.kinds of grounds, of which the first is chosen
 * @param {() => void} given.changed hears that there is something else to read
 */
export function createView({ title, caption, networks, kinds, changed }) {
  let pattern = 0;
  let example = 0;
  const desk = createDesk(changed);
  const behind = createChoice(kinds, changed);
  const other = button("other", OTHER_GROUND, () => {
    pattern += 1;
    changed();
  });
  const draw = button("example", words.EXAMPLE, () => {
    desk.draw(EXAMPLES[example % EXAMPLES.length]);
    example += 1;
  });
  const empty = h("p", { class: "dann-hint", "data-draw": "empty" }, words.EMPTY);
  const read = createRead(networks, other);
  const lines = [caption, ...networks.map(({ about }) => about)].filter(Boolean);
  const figure = h(
    "figure",
    { class: "dann-wide dann-draw dann-reader", "data-draw": "card" },
    h("h3", {}, title),
    desk.help,
    h(
      "div",
      { class: "dann-desk" },
      h("div", { class: "dann-draws" }, desk.node, h("div", { class: "dann-buttons" }, draw)),
      h("div", { class: "dann-read" }, behind.node, empty, read.node),
    ),
    h("figcaption", {}, ...lines.map((line) => h("p", { class: "dann-hint" }, line))),
  );
  return {
    root: h("div", { class: "dann" }, figure),
    ink: () => (desk.isEmpty() ? null : desk.ink()),
    kind: behind.chosen,
    pattern: () => pattern,
    /**
     * @param {Uint8Array} picture
     * @param {Float64Array[]} probabilities of each network
     */
    show(picture, probabilities) {
      empty.hidden = true;
      other.hidden = behind.chosen() === "drawn";
      read.show(picture, probabilities, headOf(words.LOOKS[behind.chosen()]));
    },
    showNothing() {
      empty.hidden = false;
      read.forget();
    },
    /** @param {string} problem */
    tell(problem) {
      empty.textContent = problem;
      empty.classList.add("dann-message", "dann-bad");
    },
  };
}

/**
 * @param {Kind[]} kinds
 * @param {() => void} changed
 */
function createChoice(kinds, changed) {
  const name = uniqueName();
  const radios = kinds.map((kind, i) =>
    h("input", { type: "radio", name, value: kind, checked: i === 0, onchange: changed }),
  );
  return {
    node: h(
      "fieldset",
      { class: "dann-behind", "data-draw": "behind" },
      h("legend", {}, words.BEHIND_IT),
      ...radios.map((radio, i) => h("label", {}, radio, ` ${words.BEHIND[kinds[i]]}`)),
    ),
    chosen: () => kinds[radios.findIndex((radio) => radio.checked)],
  };
}

/**
 * The picture and what each network reads in it.
 * @param {PlainNetwork[]} networks
 * @param {HTMLElement} other what changes the picture
 */
function createRead(networks, other) {
  const canvas = createCanvas({ width: SIDE, height: SIDE }, () => {});
  const look = h("b", {});
  const sentence = h("p", { "aria-live": "polite", "data-draw": "sentence" });
  const names = networks.map(({ name }) => name);
  const table = createTable(names);
  const node = h(
    "div",
    { class: "dann-read", hidden: true, "data-draw": "read" },
    h(
      "div",
      { class: "dann-given" },
      canvas,
      h("div", {}, h("span", { class: "dann-domain" }, words.NETWORKS_GET), look, other),
    ),
    sentence,
    table.node,
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    node,
    forget() {
      clearTimeout(timer);
      node.hidden = true;
      sentence.textContent = "";
    },
    /**
     * @param {Uint8Array} picture
     * @param {Float64Array[]} probabilities
     * @param {string} name of the look
     */
    show(picture, probabilities, name) {
      node.hidden = false;
      paintPixels(canvas, picture);
      look.textContent = name;
      table.show(probabilities);
      const answers = names.map((one, i) => ({ name: one, answer: answerIn(probabilities[i]) }));
      clearTimeout(timer);
      timer = setTimeout(() => {
        sentence.textContent = words.sentence(name, answers);
      }, AT_REST);
    },
  };
}

const AT_REST = 400; // ms without a new answer, after which it is read aloud

/** @param {string[]} names of the networks */
function createTable(names) {
  const cells = Array.from({ length: 10 }, () =>
    names.map(() => h("td", {}, h("span", { class: "dann-bar" }), h("span", {}))),
  );
  const answers = names.map(() => h("td", {}));
  /** @param {string | number} head @param {HTMLElement[]} others */
  const row = (head, others) => h("tr", {}, h("th", { scope: "row" }, head), ...others);
  return {
    node: h(
      "table",
      { class: "dann-odds", "aria-label": words.PROBABILITIES, "data-draw": "odds" },
      h(
        "thead",
        {},
        h("tr", {}, ...[words.DIGIT, ...names].map((name) => h("th", { scope: "col" }, name))),
      ),
      h("tbody", {}, row(words.READS, answers), ...cells.map((some, digit) => row(digit, some))),
    ),
    /** @param {Float64Array[]} probabilities of each network */
    show(probabilities) {
      for (const [i, some] of probabilities.entries()) {
        const answer = answerIn(some);
        answers[i].textContent = words.told(answer);
        for (const [digit, share] of some.entries()) {
          const cell = cells[digit][i];
          const [bar, text] = cell.children;
          /** @type {HTMLElement} */ (bar).style.setProperty("--share", String(share));
          text.textContent = words.percent(share);
          cell.classList.toggle("dann-most", digit === answer.digit);
        }
      }
    },
  };
}
