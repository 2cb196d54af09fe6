// A labelled choice.

import { h } from "./elements.js";

/**
 * @param {string} knob its name for tests and styles
 * @param {string} label
 * @param {Record<string, string>} options texts by value
 * @param {(value: string) => void} [chosen]
 */
export function createSelect(knob, label, options, chosen) {
  const input = h(
    "select",
    { "data-knob": knob, onchange: () => chosen?.(input.value) },
    ...Object.entries(options).map(([value, text]) => h("option", { value }, text)),
  );
  return { input, node: h("label", { class: "dann-field" }, h("span", {}, label), input) };
}
