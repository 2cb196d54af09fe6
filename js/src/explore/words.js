// What an explorable picture says by itself; the rest comes from Python.

export const WORKING = "Working…";

/**
 * What a slider tells a screen reader.
 * @param {string} label
 * @param {string} value as it is shown
 */
export const spokenValue = (label, value) => `${label} ${value}`;
