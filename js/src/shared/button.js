// A button with its words.

import { h } from "./elements.js";

/**
 * What is written on a button, and what it says when it is pointed at.
 * @typedef {object} ButtonWords
 * @property {string} label
 * @property {string} title
 */

/**
 * @param {string} action
 * @param {ButtonWords} words
 * @param {() => void} act
 */
export const button = (action, { label, title }, act) =>
  h("button", { type: "button", "data-action": action, title, onclick: () => act() }, label);
