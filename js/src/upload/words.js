// What the box for a zip says by itself; what was found and what is wrong with it comes from Python.

export const REGION = "Data of your own";

/** @param {string} name */
export const reading = (name) => `Reading ${name}…`;

/**
 * @param {string} name
 * @param {number} share from 0 to 1
 */
export const sent = (name, share) => `Sending ${name}: ${Math.round(100 * share)} %`;
