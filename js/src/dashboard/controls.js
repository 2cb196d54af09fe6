// What the page's controls are made of.

import { h } from "../shared/elements.js";

/** @import { ButtonWords } from "./words.js" */

/**
 * @param {string} action
 * @param {ButtonWords} words
 * @param {() => void} act
 */
export const button = (action, { label, title }, act) =>
  h("button", { type: "button", "data-action": action, title, onclick: () => act() }, label);

/** @param {Record<string, string>} choices the text of each value */
export const options = (choices) =>
  Object.entries(choices).map(([value, text]) => h("option", { value }, text));

/**
 * Shows a value, but not where somebody is about to type another.
 * @param {HTMLInputElement} input
 * @param {string | number} value
 */
export function setValue(input, value) {
  const text = String(value);
  if (document.activeElement !== input && input.value !== text) input.value = text;
}

/** Whether the page is served alone, so that its address is its own. */
export const standsAlone = () => document.body.dataset.voila !== undefined;
