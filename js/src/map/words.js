// All that a person reads or hears of a map and of its digits.

/** @import { Points } from "./points.js" */

import { byDomain, DOMAINS, isLabelled, isWrong, labelled } from "./points.js";

/** @typedef {string[]} Names of the classes, none for the digits 0 to 9 */

const DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
const NOT_LABELLED = "not labelled";

/**
 * What examples are called.
 * @param {Names} names
 */
const noun = (names) => (names.length ? "example" : "digit");

/**
 * @param {Names} names
 * @param {number} label
 */
const nameOf = (names, label) => names[label] ?? `${label}`;

/**
 * What can be shown, each rule with its words; see selection.js.
 * @param {Points | null} points
 * @returns {[rule: string, words: string][]}
 */
export function rules(points) {
  const names = points?.names ?? [];
  const all = [...(names.length ? names : DIGITS).keys()];
  const there = new Set(points && Array.from(points.labels));
  const is = names.length ? all.filter((label) => there.has(label)) : all;
  const someUnknown = [...there].some((label) => !isLabelled(label));
  return [
    ["", "none"],
    ["wrong-1", "wrong on the target"],
    ["wrong-0", "wrong on the source"],
    ...ofClasses(names, "class", "every", is),
    ...ofClasses(names, "says", "without a label, taken for", someUnknown ? all : []),
    ["lasso", "those chosen on the map"],
  ];
}

/**
 * @param {Names} names
 * @param {string} rule
 * @param {string} words
 * @param {number[]} labels
 * @returns {[string, string][]}
 */
const ofClasses = (names, rule, words, labels) =>
  labels.map((label) => [`${rule}-${label}`, `${words} ${nameOf(names, label)}`]);

/** @param {Names} names */
export const show = (names) => `Show ${noun(names)}s: `;
export const COLOUR = "Colour by: ";
/** What a point's colour can say. */
export const COLOURINGS = [
  ["class", "class"],
  ["domain", "domain"],
];

/** @param {Names} names */
export const hint = (names) =>
  `Draw round points, or click one, to see their ${noun(names)}s. Escape: none.`;

/**
 * @param {Names} names
 * @param {string} domain
 */
export const galleryName = (names, domain) => `Chosen ${noun(names)}s of the ${domain}`;

/** @param {string} domain */
export const heading = (domain) => domain[0].toUpperCase() + domain.slice(1);

/** @param {number} rest how many pictures a gallery does not show */
export const andMore = (rest) => (rest > 0 ? `and ${rest} more` : "");

/** @param {number} digit */
const anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

/**
 * The sentence on the examples that are asked for.
 * @param {Points | null} points
 * @param {string} rule
 * @param {number[]} indices
 */
export function onSelection(points, rule, indices) {
  if (!points || !rule) return "";
  return indices.length ? selected(points, indices) : `No ${noun(points.names)}s of that kind now.`;
}

/**
 * @param {Points} points
 * @param {number[]} indices
 */
function selected(points, indices) {
  const [source, target] = byDomain(points, indices);
  const what = noun(points.names);
  const count = `${indices.length} ${what}${indices.length === 1 ? "" : "s"} selected`;
  const kinds = `${source.length} source, ${target.length} target`;
  if (!points.predictions) return `${count}: ${kinds}.`;
  const [of, name] = target.length ? [target, "target"] : [source, "source"];
  const known = labelled(points, of);
  if (!known.length) return `${count}: ${kinds}; those of the ${name} have no labels.`;
  const right = known.filter((index) => !isWrong(points, index)).length;
  const among = known.length < of.length ? "labelled " : "";
  return `${count}: ${kinds}; ${right} of ${known.length} ${among}${name} ${what}s right.`;
}

/**
 * What the card says that a pointer on a point brings up.
 * @param {Points} points
 * @param {number} index
 */
export function onCard({ labels, domains, predictions, confidence, names }, index) {
  const is = labels[index];
  const what = `${whatItIs(names, is)} of the ${DOMAINS[domains[index]]}`;
  if (!predictions) return what;
  const says = predictions[index];
  const sure = confidence ? ` (${confidence[index].toFixed(2)})` : "";
  const verb = names.length ? "predicted" : "read as";
  return `${mark(is, says)} ${what}, ${verb} ${nameOf(names, says)}${sure}`;
}

/**
 * @param {Names} names
 * @param {number} is
 */
function whatItIs(names, is) {
  if (!isLabelled(is)) return `${NOT_LABELLED},`;
  return names.length ? `class ${nameOf(names, is)}` : anyDigit(is);
}

/**
 * Right, wrong, or nobody knows.
 * @param {number} is
 * @param {number} says
 */
function mark(is, says) {
  if (!isLabelled(is)) return "–";
  return is === says ? "✓" : "✗";
}

const VERDICTS = { "✓": "right", "✗": "wrong", "–": "nobody knows whether that is right" };

/**
 * What belongs to an example's picture.
 * @param {Names} names
 * @param {number} is
 * @param {number} [says] what the network says; undefined where nobody asked it
 * @param {number} [confidence]
 * @returns {{ caption: string, title: string, label: string }} `label` is for a screen reader
 */
export function onDigit(names, is, says, confidence) {
  const known = isLabelled(is);
  const name = known ? nameOf(names, is) : NOT_LABELLED;
  const digit = known && !names.length;
  const thisIs = `This is ${digit ? anyDigit(is) : name}`;
  if (says === undefined) return { caption: name, title: `${thisIs}.`, label: name };
  const sure = confidence === undefined ? "" : ` with probability ${confidence.toFixed(2)}`;
  const said = nameOf(names, says);
  const verdict = mark(is, says);
  return {
    caption: `${verdict} ${said}`,
    title: `${thisIs}; the network says ${said}${sure}.`,
    label: `${name}, predicted ${said}, ${VERDICTS[verdict]}`,
  };
}
