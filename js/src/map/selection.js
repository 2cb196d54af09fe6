// Which digits the reader wants to see: none, those of a rule, or those chosen by hand.

/** @import { Points } from "./points.js" */

import { everyIndex, isLabelled, isWrong } from "./points.js";

/**
 * @typedef {object} Selection
 * @property {string} rule "" for none, "lasso" for those chosen by hand, "wrong-0" or "wrong-1" for
 *   what is wrong in that domain, "class-0" and so on for all of that class, "says-0" and so on for
 *   what has no label and the network takes for that class
 * @property {ReadonlySet<number>} chosen by hand, as indices; none with any other rule
 */

/** @type {Selection} */
export const NOTHING = { rule: "", chosen: new Set() };

/**
 * After the reader took a rule from the list.
 * @param {Selection} selection
 * @param {string} rule
 * @returns {Selection}
 */
export const byRule = (selection, rule) => ({
  rule,
  chosen: rule === "lasso" ? selection.chosen : NOTHING.chosen,
});

/**
 * After the reader drew round some points.
 * @param {number[]} indices
 * @returns {Selection}
 */
export const byHand = (indices) =>
  indices.length ? { rule: "lasso", chosen: new Set(indices) } : NOTHING;

/**
 * After the reader clicked a point: a second click gives it up.
 * @param {Selection} selection
 * @param {number} index
 * @returns {Selection}
 */
export function byClick({ chosen }, index) {
  const again = chosen.size === 1 && chosen.has(index);
  return byHand(again ? [] : [index]);
}

/**
 * Whether any are chosen by hand: only then the list offers them.
 * @param {Selection} selection
 */
export const hasChosen = ({ chosen }) => chosen.size > 0;

/**
 * The digits to show now, as indices. A rule is answered anew at each frame.
 * @param {Points | null} points
 * @param {Selection} selection
 */
export function asked(points, { rule, chosen }) {
  if (!points || !rule) return [];
  const { labels, domains, predictions } = points;
  const [kind, number] = rule.split("-");
  const which = Number(number);
  /** @type {Record<string, (index: number) => boolean>} */
  const rules = {
    lasso: (index) => chosen.has(index),
    class: (index) => labels[index] === which,
    says: (index) => !isLabelled(labels[index]) && predictions?.[index] === which,
    wrong: (index) => domains[index] === which && isWrong(points, index),
  };
  return everyIndex(points).filter(rules[kind]);
}
