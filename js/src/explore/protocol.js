// What an explorable picture and dann_lab/widgets/explore.py say to each other: types only.

/**
 * One of some options, known by their places: "0", "1" and so on.
 * @typedef {object} ChoiceDescription
 * @property {"choice"} kind
 * @property {string} name
 * @property {string} label
 * @property {[value: string, text: string][]} options
 * @property {string} start
 */

/**
 * @typedef {object} SliderDescription
 * @property {"slider"} kind
 * @property {string} name
 * @property {string} label
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} start
 */

/** @typedef {ChoiceDescription | SliderDescription} ControlDescription of the trait `controls` */

/** @typedef {Record<string, string | number>} Values of the controls, by name */

/**
 * What the page asks, with the client's name.
 * @typedef {{ type: "explore", dark: boolean, values: Values }} Question
 */

/**
 * What is shown. The traits `light` and `dark` are the first ones.
 * @typedef {object} Drawn
 * @property {Figure} figure
 * @property {string} sentence
 * @property {string} problem "" if there is none
 */

/** @typedef {Drawn & { type: "explored", client: string }} Answer */

export {};
