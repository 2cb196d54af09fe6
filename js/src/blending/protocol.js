// What the blend's page and dann_lab/lessons/blending.py say to each other: types only.

/**
 * @typedef {object} Photo of the trait `photos`
 * @property {string} name
 * @property {number} height
 * @property {number} width
 * @property {string} url
 */

/**
 * What is blended: a photograph, the window's top left corner in it, and a digit.
 * @typedef {object} Wanted
 * @property {number} photo from 0
 * @property {number} row
 * @property {number} column
 * @property {number} digit
 * @property {boolean} signed false makes the mistake of subtracting in uint8
 */

/** @typedef {"ink" | "patch" | "image"} PictureName */

/**
 * What the page asks, with the client's name.
 * @typedef {{ type: "blend" } & Wanted} Question
 */

/**
 * What is shown. Pictures are uint8 [28, 28, 3] in base64.
 * @typedef {object} Blended
 * @property {[row: number, column: number]} at
 * @property {string} sentence
 * @property {string} ink
 * @property {string} patch
 * @property {string} image
 */

/** @typedef {Blended & { type: "blended", client: string }} Answer */

/** @typedef {Wanted & Blended} First the trait `first` */

export {};
