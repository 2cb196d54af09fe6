// What an explorable picture says by itself, except what is in shared/words.js; the rest comes from
// Python.

/**
 * What a slider tells a screen reader.
 * @param {string} label
 * @param {string} value as it is shown
 */
export const spokenValue = (label, value) => `${label} ${value}`;
