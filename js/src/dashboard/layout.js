// Where the parts of the live page stand, and which of them are shown.

import { h } from "../shared/elements.js";
import { standsAlone } from "./controls.js";
import { partsShown } from "./parts.js";
import * as words from "./words.js";

/** @import { Parts } from "./view.js" */

const WIDE = 860; // px from which the settings stand beside the view, as in dashboard.css

/**
 * Puts all parts on the page.
 * @param {HTMLElement} root
 * @param {Parts} parts
 * @param {string[]} wanted the names of those that are shown; none stands for all
 */
export function layOut(root, parts, wanted) {
  const { messages, training, lambda, settings, share, save } = parts;
  const { accuracies, ...others } = parts.pictures.nodes;
  const plots = h(
    "div",
    { class: "dann-plots" },
    ...[accuracies, parts.map.node, ...Object.values(others), parts.digits.node, parts.draw.node],
  );
  const controls = h(
    "section",
    { class: "dann-card dann-controls", "aria-label": words.TRAINING_REGION },
    ...training.nodes,
    lambda.node,
  );
  const setup = h(
    "section",
    { class: "dann-card dann-setup", "aria-label": words.SETTINGS_REGION },
    settings.node,
    share.node,
    save.node,
    training.device,
  );
  const side = h("div", { class: "dann-rail" }, controls);
  const view = h(
    "section",
    { class: "dann-view", "aria-label": words.VIEW_REGION },
    parts.network.node,
    messages.sentence,
    parts.timeline.node,
    parts.branches.node,
    plots,
    parts.comparison.node,
  );
  const columns = h("div", { class: "dann-columns dann-page" }, side, view, setup);
  root.classList.toggle("dann-alone", standsAlone());
  root.append(...messages.nodes, columns);
  showOnly(wanted, [accuracies, parts.map.node, ...Object.values(others)], {
    network: parts.network.node,
    map: parts.map.node,
    digits: parts.digits.node,
    draw: parts.draw.node,
    branches: parts.branches.node,
    compare: parts.comparison.node,
    settings: setup,
    ...parts.pictures.nodes,
  });
  return {
    placeComparison: placing(parts.comparison.node, plots),
    stopPlacing: besideOrBelow(root, { side, view, setup }),
  };
}

/**
 * Keeps the settings under the controls where the page is wide, else below all else: so that they
 * are reached by keys in the order in which they are seen.
 * @param {HTMLElement} root
 * @param {Record<"side" | "view" | "setup", HTMLElement>} nodes
 * @returns {() => void} what stops it
 */
function besideOrBelow(root, { side, view, setup }) {
  const place = new ResizeObserver(() => {
    const beside = root.clientWidth >= WIDE;
    // What moves on the page loses the focus.
    if (beside === side.contains(setup) || setup.contains(document.activeElement)) return;
    if (beside) side.append(setup);
    else view.after(setup);
  });
  place.observe(root);
  return () => place.disconnect();
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
