// What Python hands to a page whose networks read a drawn digit: the traits `networks` and `grounds`
// of dann_lab/runs/reader.py.

/**
 * @typedef {object} NamedShape
 * @property {string} name of a tensor, as PyTorch has it
 * @property {number[]} shape
 */

/**
 * A network without its domain classifier, made by dann_lab/runs/halves.py `plain`.
 * @typedef {object} PlainNetwork
 * @property {string} name for people
 * @property {string} about where it comes from, for people
 * @property {"tutorial" | "deep"} network
 * @property {boolean} instance_norm whether each picture's channels are normalised first
 * @property {number[]} mean what is taken off red, green and blue, 0 to 255
 * @property {NamedShape[]} shapes of its weights, in the order in which they follow each other
 * @property {string} weights all of them as little-endian float16, packed by gzip, in base64
 */

/**
 * What can be behind a digit.
 * @typedef {object} Ground
 * @property {"drawn" | "stripes" | "photo"} kind
 * @property {string} pictures uint8 [n, 28, 28, 3] in base64
 */

export {};
