// What the knobs say: no page in here.

/** @import { Values } from "./protocol.js" */

/**
 * A slider's value as it is shown: with as many digits as its step has.
 * @param {number} value
 * @param {number} step
 */
export const shownValue = (value, step) => value.toFixed((String(step).split(".")[1] ?? "").length);

/**
 * @param {Record<string, { value: () => string | number }>} controls
 * @returns {Values}
 */
export const valuesOf = (controls) =>
  Object.fromEntries(Object.entries(controls).map(([name, { value }]) => [name, value()]));
