// Where the parts of the live page stand, and which of them are shown.

import { h } from "../shared/elements.js";
import { partsShown } from "./parts.js";
import * as words from "./words.js";

/** @import { Parts } from "./view.js" */

/**
 * Puts all parts on the page.
 * @param {HTMLElement} root
 * @param {Parts} parts
 * @param {string[]} wanted the names of those that are shown; none stands for all
 */
export function layOut(root, parts, wanted) {
  const { messages, training, lambda, settings, share, save } = parts;
  const pictures = Object.values(parts.pictures.nodes);
  const plots = h("div", { class: "dann-plots" }, ...pictures, parts.map.node, parts.digits.node);
  plots.append(parts.draw.node);
  const setup = h(
    "section",
    { class: "dann-card dann-setup", "aria-label": words.SETTINGS_REGION },
    settings.node,
    share.node,
    save.node,
    training.device,
  );
  root.append(
    ...messages.nodes,
    h(
      "div",
      { class: "dann-columns" },
      h(
        "section",
        { class: "dann-card dann-controls", "aria-label": words.TRAINING_REGION },
        ...training.nodes,
        lambda.node,
      ),
      h(
        "section",
        { class: "dann-view", "aria-label": words.VIEW_REGION },
        messages.sentence,
        parts.timeline.node,
        parts.branches.node,
        plots,
        parts.comparison.node,
      ),
      setup,
    ),
  );
  showOnly(wanted, pictures, {
    map: parts.map.node,
    digits: parts.digits.node,
    draw: parts.draw.node,
    compare: parts.comparison.node,
    settings: setup,
    ...parts.pictures.nodes,
  });
  return { placeComparison: placing(parts.comparison.node, plots) };
}

/**
 * @param {string[]} wanted
 * @param {HTMLElement[]} pictures
 * @param {Record<string, HTMLElement>} nodes
 */
function showOnly(wanted, pictures, nodes) {
  if (!wanted.length) return;
  const { shown, wide } = partsShown(wanted, Object.keys(nodes));
  for (const [name, node] of Object.entries(nodes)) node.hidden = !shown.includes(name);
  for (const node of pictures) node.classList.toggle("dann-wide", wide);
}

/**
 * Before anything is trained the recorded runs come first; then those that are trained do.
 * @param {HTMLElement} comparison
 * @param {HTMLElement} plots
 */
function placing(comparison, plots) {
  let first = false;
  /** @param {boolean} untrained */
  return (untrained) => {
    // What moves on the page loses the focus.
    if (untrained === first || comparison.contains(document.activeElement)) return;
    first = untrained;
    if (first) plots.before(comparison);
    else plots.after(comparison);
  };
}
