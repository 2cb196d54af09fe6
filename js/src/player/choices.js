// What the reader can choose from.

/** @import { Bundle } from "./protocol.js" */
/** @import { Run } from "./unpack.js" */

import { h } from "../shared/elements.js";

const FIRST_METHOD = "t-SNE";
const FIRST_CURVE = "target_accuracy";

/** @typedef {[value: string, words: string][]} Options */

/**
 * The kinds of maps that any of the runs has.
 * @param {Pick<Run, "maps">[]} runs
 * @returns {Options}
 */
export function methodsOf(runs) {
  const methods = new Set(runs.flatMap((run) => Object.keys(run.maps)));
  return [...methods].map((name) => [name, name]);
}

/**
 * @param {Bundle["curves"]} curves
 * @returns {Options}
 */
export const curvesOf = (curves) =>
  Object.entries(curves).map(([name, { title }]) => [name, title]);

/** @param {string} chosen "" for none yet */
export const methodToKeep = (chosen) => chosen || FIRST_METHOD;

/**
 * A page that was saved has the curves in the order of their names, so the first is any.
 * @param {string} chosen "" for none yet
 */
export const curveToKeep = (chosen) => chosen || FIRST_CURVE;

/**
 * What is chosen of new options: what was chosen, as long as it is there, or else the first.
 * @param {Options} options
 * @param {string} chosen
 */
export const stillChosen = (options, chosen) =>
  options.some(([value]) => value === chosen) ? chosen : (options[0]?.[0] ?? "");

/**
 * Fills a list, and hides one that leaves no choice.
 * @param {HTMLSelectElement} select
 * @param {Options} options
 * @param {string} chosen
 */
export function offer(select, options, chosen) {
  select.replaceChildren(...options.map(([value, words]) => h("option", { value }, words)));
  select.value = stillChosen(options, chosen);
  select.hidden = options.length < 2;
}
