// What is set less often than lambda: the training; and, beside the pictures that they change, the
// target and which arrows are shown.

import { h } from "../shared/elements.js";
import { createSelect } from "../shared/select.js";
import { METHOD, PART } from "../shared/words.js";
import { ARROW_NAMES } from "./arrows.js";
import { createTarget } from "./target.js";
import { ARROWS, ARROWS_LEGEND, DISTANCE_ARROW, SECTIONS, TARGET, TRAINING } from "./words.js";

/** @import { PlaygroundChoices, Form, PlaneName, ShownKnobs, Part } from "./protocol.js" */
/** @import { Tell } from "./tell.js" */

const SPEEDS = { 1: "1", 3: "3", 10: "10" };
const SPEED = "3"; // over 30 steps a second on a busy laptop too

/**
 * @param {PlaygroundChoices} choices
 * @param {Tell} tell
 * @param {() => void} repaint
 */
export function createSettings(choices, tell, repaint) {
  const method = createSelect("method", METHOD, choices.method, (value) =>
    tell.set({ method: value }),
  );
  const part = createSelect("part", PART, choices.part, (value) =>
    tell.set({ part: /** @type {Part} */ (value) }),
  );
  const form = createSelect("form", TRAINING.form, choices.form, (value) =>
    tell.set({ form: /** @type {Form} */ (value) }),
  );
  const noClassifier = h("p", { class: "dann-hint", hidden: true }, TRAINING.noClassifier);
  const speed = createSelect("speed", TRAINING.speed, SPEEDS);
  speed.input.value = SPEED;
  const target = createTarget(choices.shifts, tell);
  const reveal = createTick("reveal", TARGET.reveal, TARGET.revealTitle, false, repaint);
  const arrows = ARROW_NAMES.map((name) => {
    const { text, title } = ARROWS[name];
    return { name, ...createTick(name, text, title, name !== "domain", repaint) };
  });
  return {
    node: h(
      "section",
      { class: "dann-card dann-setup", "aria-label": SECTIONS.settings },
      fieldset(TRAINING.legend, method.node, form.node, part.node, noClassifier, speed.node),
    ),
    /** @type {Record<PlaneName, HTMLElement>} what belongs to the picture that it changes */
    beside: {
      inputs: fieldset(TARGET.legend, ...target.nodes, reveal.node),
      features: fieldset(ARROWS_LEGEND, ...arrows.map(({ node }) => node)),
    },
    target,
    steps: () => Number(speed.input.value),
    reveals: () => reveal.box.checked,
    ticked: () => arrows.filter(({ box }) => box.checked).map(({ name }) => name),
    /**
     * @param {ShownKnobs} knobs
     * @param {boolean} hasClassifier
     */
    show(knobs, hasClassifier) {
      method.input.value = knobs.method;
      for (const { input } of [part, form]) input.disabled = !hasClassifier;
      noClassifier.hidden = hasClassifier;
      for (const { name, node, say } of arrows) {
        node.hidden = name === "domain" && !hasClassifier;
        if (name === "reversed") say(hasClassifier ? ARROWS.reversed : DISTANCE_ARROW);
      }
      part.input.value = knobs.part;
      form.input.value = knobs.form;
      target.show(knobs);
    },
  };
}

/**
 * @param {string} legend
 * @param {...HTMLElement} children
 */
const fieldset = (legend, ...children) => h("fieldset", {}, h("legend", {}, legend), ...children);

/**
 * @param {string} name
 * @param {string} text
 * @param {string} title
 * @param {boolean} checked
 * @param {() => void} changed
 */
function createTick(name, text, title, checked, changed) {
  const box = h("input", { type: "checkbox", "data-show": name, checked, onchange: changed });
  const swatch = h("span", { class: "dann-swatch", "aria-hidden": "true" });
  const words = h("span", {}, text);
  const node = h("label", { class: `dann-tick dann-${name}`, title }, box, swatch, words);
  return {
    box,
    node,
    /** @param {{ text: string, title: string }} said */
    say(said) {
      words.textContent = said.text;
      node.title = said.title;
    },
  };
}
