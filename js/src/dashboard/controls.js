// What the page's controls are made of.

import { h } from "../shared/elements.js";
import { wrongNumber } from "./words.js";

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

export const MOST_STEPS = 100000;

/**
 * A field for a whole number.
 * @param {object} field
 * @param {string} field.label
 * @param {number} field.min
 * @param {number} field.max
 * @param {Record<string, unknown>} attributes of its own
 * @param {(text: string) => void} say shows why a number is not taken
 */
export function numberInput({ label, min, max }, attributes, say) {
  const input = h("input", {
    type: "number",
    min,
    max,
    step: 1,
    inputmode: "numeric",
    ...attributes,
  });
  return {
    input,
    /** The number; null, which is said, where there is none. */
    read() {
      const { value } = input;
      const wrong = wrongNumber({ label, min, max, value, valid: input.checkValidity() });
      if (wrong) say(wrong);
      return wrong ? null : Number(value);
    },
  };
}

/** Whether the page is served alone, so that its address is its own. */
export const standsAlone = () => document.body.dataset.voila !== undefined;
