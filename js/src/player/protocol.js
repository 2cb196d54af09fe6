// What Python hands to the player: a bundle, made by dann_lab/runs/player.py `bundle`. Its runs are
// made by dann_lab/runs/recordings.py `plain`.

/**
 * @template {string} Type
 * @typedef {object} PackedArray
 * @property {Type} dtype
 * @property {number[]} shape
 * @property {string} data little-endian bytes in base64
 */

/**
 * @typedef {object} PackedCurve
 * @property {PackedArray<"float32">} x
 * @property {PackedArray<"float32">} y
 */

/**
 * The maps of one method, m of them.
 * @typedef {object} PackedMaps
 * @property {PackedArray<"int64">} rows [m], which of the run's moments they are of
 * @property {PackedArray<"int16">} moves [m, N, 2], times `scale`: the positions of the first map,
 *   and of each other how far its points have moved since the map before
 * @property {number} scale
 * @property {string[]} captions one for each
 */

/**
 * A figure as each theme shows it.
 * @typedef {object} Themed
 * @property {Figure} light
 * @property {Figure} dark
 */

/**
 * A run, with what it says of N test images at each of its m moments.
 * @typedef {object} PlainRun
 * @property {string} title
 * @property {string} about where it comes from, for people
 * @property {Record<string, unknown>} recipe
 * @property {string} data the id of its data: see `pictures` of the bundle
 * @property {[string, string]} names of its source and target
 * @property {number} steps how many it has
 * @property {Record<string, PackedCurve>} curves by name, those that it has
 * @property {PackedArray<"int64">} moments [m], as steps, ascending
 * @property {string[]} sentences one for each moment
 * @property {PackedArray<"uint8">} labels [N], 255 where nobody knows it
 * @property {PackedArray<"uint8">} domains [N], 0 source, 1 target
 * @property {PackedArray<"uint8">} predictions [m, N]
 * @property {PackedArray<"uint8">} confidence [m, N], 255 is certain
 * @property {Record<string, PackedMaps>} maps by method
 * @property {string[]} classes their names, none for the digits 0 to 9
 * @property {number} fork the step after which it left another run, 0 if it never did
 * @property {Themed} templates the look of its maps, without positions
 */

/**
 * One curve of all runs in one picture.
 * @typedef {object} Overlay
 * @property {string} title
 * @property {boolean} share whether its values are shares of something, 0 to 1
 * @property {Figure} light
 * @property {Figure} dark
 */

/**
 * Pictures as one.
 * @typedef {object} Sheet
 * @property {number} columns
 * @property {number} width px of a picture
 * @property {number} height px of a picture
 * @property {string} sheet a PNG file in base64
 */

/** @typedef {"readings" | "maps" | "curves" | "differences"} Part */

/**
 * @typedef {object} Bundle
 * @property {PlainRun[]} runs one to three
 * @property {Record<string, Overlay>} curves by name
 * @property {string[][]} differences rows of what differs: a name, then a value for each run
 * @property {Record<string, Sheet>} pictures by a data's id
 * @property {string} [title]
 * @property {Part[]} [parts] what is shown below the time line, in this order
 */

export {};
