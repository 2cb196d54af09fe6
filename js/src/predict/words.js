// What the box for a prediction says by itself; questions and answers come from Python.

export const GUESS = "That is my guess";

/** @param {number} place from 1 */
export const placeOf = (place) => `${place}. `;

/**
 * @param {string} said
 * @param {string} was
 * @param {string} why
 */
export const answered = (said, was, why) => `You said ${said}. It was ${was}. ${why}`;

export const EACH_ONCE = "Each of them once, please.";

/** @param {{ low: number, high: number }} ends */
export const between = ({ low, high }) => `A number from ${low} to ${high}, please.`;

export const ONE = "Choose one first.";
