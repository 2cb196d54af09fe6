// All that a person reads or hears of a map and of its digits.

/** @import { Points } from "./points.js" */

import { byDomain, DOMAINS, isWrong } from "./points.js";

/** What can be shown, each rule with its words; see selection.js. */
export const RULES = [
  ["", "none"],
  ["wrong-1", "wrong on the target"],
  ["wrong-0", "wrong on the source"],
  ...Array.from({ length: 10 }, (_, digit) => [`class-${digit}`, `every ${digit}`]),
  ["lasso", "those chosen on the map"],
];
export const SHOW = "Show digits: ";
export const COLOUR = "Colour by: ";
/** What a point's colour can say. */
export const COLOURINGS = [
  ["class", "class"],
  ["domain", "domain"],
];
export const HINT = "Draw round points, or click one, to see their digits. Escape: none.";

/** @param {string} domain */
export const galleryName = (domain) => `Chosen digits of the ${domain}`;

/** @param {string} domain */
export const heading = (domain) => domain[0].toUpperCase() + domain.slice(1);

/** @param {number} rest how many digits a gallery does not show */
export const andMore = (rest) => (rest > 0 ? `and ${rest} more` : "");

/** @param {number} digit */
const anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

/**
 * The sentence on the digits that are asked for.
 * @param {Points | null} points
 * @param {string} rule
 * @param {number[]} indices
 */
export function onSelection(points, rule, indices) {
  if (!points || !rule) return "";
  return indices.length ? selected(points, indices) : "No digits of that kind now.";
}

/**
 * @param {Points} points
 * @param {number[]} indices
 */
function selected(points, indices) {
  const [source, target] = byDomain(points, indices);
  const count = `${indices.length} digit${indices.length === 1 ? "" : "s"} selected`;
  const kinds = `${source.length} source, ${target.length} target`;
  if (!points.predictions) return `${count}: ${kinds}.`;
  const [of, name] = target.length ? [target, "target"] : [source, "source"];
  const right = of.filter((index) => !isWrong(points, index)).length;
  return `${count}: ${kinds}; ${right} of ${of.length} ${name} digits right.`;
}

/**
 * What the card says that a pointer on a point brings up.
 * @param {Points} points
 * @param {number} index
 */
export function onCard({ labels, domains, predictions, confidence }, index) {
  const is = labels[index];
  const what = `${anyDigit(is)} of the ${DOMAINS[domains[index]]}`;
  if (!predictions) return what;
  const says = predictions[index];
  const sure = confidence ? ` (${confidence[index].toFixed(2)})` : "";
  return `${is === says ? "✓" : "✗"} ${what}, read as ${says}${sure}`;
}

/**
 * What belongs to a digit's picture.
 * @param {number} is
 * @param {number} [says] what the network says; undefined where nobody asked it
 * @param {number} [confidence]
 * @returns {{ caption: string, title: string, label: string }} `label` is for a screen reader
 */
export function onDigit(is, says, confidence) {
  if (says === undefined) {
    return { caption: `${is}`, title: `This is ${anyDigit(is)}.`, label: `${is}` };
  }
  const right = is === says;
  const sure = confidence === undefined ? "" : ` with probability ${confidence.toFixed(2)}`;
  return {
    caption: `${right ? "✓" : "✗"} ${says}`,
    title: `This is ${anyDigit(is)}; the network says ${says}${sure}.`,
    label: `${is}, predicted ${says}, ${right ? "right" : "wrong"}`,
  };
}
