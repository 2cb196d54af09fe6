// What the live page and dann_lab/live/dashboard.py tell each other. Every name is Python's.

/** @import { Bundle } from "../player/protocol.js" */

/**
 * What a reader can choose from, by value: the trait of the widget.
 * @typedef {object} Choices
 * @property {Record<string, string>} pair
 * @property {Record<string, string>} good_for what each pair is good for, in a line
 * @property {Record<string, string>} mode
 * @property {Record<string, string>} preset
 * @property {Record<string, string>} map "" is no map
 * @property {[number, number]} lambda the least and the most
 */

/**
 * What a run is made of.
 * @typedef {object} ShownSettings
 * @property {string} pair
 * @property {string} mode
 * @property {string} preset
 * @property {number} seed
 * @property {number} steps
 * @property {number | null} lambda null follows the paper's schedule
 */

/** @typedef {"loading" | "ready" | "training" | "paused" | "finished" | "failed"} RunState */

/**
 * What Python does beside the training.
 * @typedef {object} Busy
 * @property {"loading" | "downloading" | "evaluating"} kind
 * @property {string} text
 * @property {number | null} fraction of it that is done, null where nobody knows
 */

/**
 * What the page says. What stands under "of a run" is there once there is one.
 * @typedef {object} State
 * @property {ShownSettings} settings
 * @property {string} text the settings in one line, to share
 * @property {RunState} state
 * @property {boolean} begins whether steps are wanted that wait for something
 * @property {Busy | null} busy
 * @property {string} problem "" if there is none
 * @property {string} notice "" if there is none
 * @property {boolean} undo whether there is something to take back
 * @property {boolean} mnist whether MNIST is on this machine
 * @property {number} step how many steps are done
 * @property {string} device "" before it is chosen
 * @property {number | null} speed steps per second
 * @property {number | null} left seconds until the last step
 * @property {MapState} map
 * @property {string} sentence what happens, in words
 * @property {number} [at] of a run: the step that is looked at
 * @property {number} [applied] of a run: lambda at that step, if it has one
 * @property {number[]} [predictions] of a run: what the network says of each test digit
 * @property {number[]} [confidence] of a run: how sure it is of each
 * @property {string} [digits] of a run: the sentence under the test digits
 */

/**
 * @typedef {object} MapState
 * @property {string} method "" if nobody has asked for a map
 * @property {string} note what is to say of it, such as that it is being made; "" for nothing
 * @property {string | null} drawn the version of the map that is to be seen, null if there is none
 */

/**
 * A run that can be compared.
 * @typedef {object} OfferedRun
 * @property {"own" | "kept" | "recorded"} kind
 * @property {string} group the heading that it stands under
 * @property {string} key its name for Python
 * @property {string} title its name for people
 * @property {boolean} adapts whether it is known to have a lambda that can be replayed
 */

/**
 * The runs that can be compared.
 * @typedef {object} Offered
 * @property {string} version another one for each list
 * @property {OfferedRun[]} runs
 */

/**
 * The test digits, those of the source before those of the target.
 * @typedef {object} DigitsOfRun
 * @property {number[]} labels
 * @property {string} pixels base64 of 28 x 28 x 3 bytes a digit
 * @property {number} run its number
 */

/**
 * What the points of the map are.
 * @typedef {object} PackedPoints
 * @property {string} version of the map
 * @property {string} images the name of their pictures
 * @property {string} predictions base64 of a byte a point
 * @property {string} confidence base64 of a byte a point: percent
 */

/**
 * The answer to a tick and to every wish: how things stand, and what is new.
 * @typedef {object} StateMessage
 * @property {"state"} type
 * @property {string} client
 * @property {number} wish the last wish that the page had told when it asked
 * @property {State} state
 * @property {Offered} [offered]
 * @property {DigitsOfRun} [digits]
 * @property {Record<string, Figure>} [figures] by the name of the curve; "map" is the map
 * @property {Record<string, string>} [captions] under the figures, by the same names
 * @property {PackedPoints} [points] of the map, if there is one in `figures`
 */

/**
 * The pictures of the map's points, in one image.
 * @typedef {object} ImagesMessage
 * @property {"images"} type
 * @property {string} client
 * @property {string} name
 * @property {string} labels base64 of a byte a point
 * @property {string} domains base64 of a byte a point: 0 is the source, 1 the target
 * @property {string} sheet base64 of a PNG
 * @property {number} columns pictures in a row of it
 */

/** @typedef {{ [Part in keyof Bundle]?: undefined }} NoBundle an empty one: there is a problem */

/**
 * The runs that were asked for, side by side.
 * @typedef {object} CompareMessage
 * @property {"compare"} type
 * @property {string} client
 * @property {string[]} keys
 * @property {Bundle | NoBundle} bundle
 * @property {string} problem "" if there is none
 */

/**
 * A file for the reader.
 * @typedef {object} FileMessage
 * @property {"file"} type
 * @property {string} client
 * @property {string} name
 * @property {string} gzip base64 of its text, packed
 */

/**
 * What Python tells a page beside its answers.
 * @typedef {ImagesMessage | CompareMessage | FileMessage} AsideMessage
 */

/**
 * What the page says with every message, so that Python sends what it lacks and no more.
 * @typedef {object} Envelope
 * @property {number} wish the last wish that it has told
 * @property {number | null} run the number of the run that it shows
 * @property {number | null} at the step that it looks at, null for the latest
 * @property {string | null} map the version of the map that it shows
 * @property {string | null} offered the version of the list of runs that it has
 * @property {boolean} dark
 * @property {boolean} figures whether it wants new pictures now
 */

/** @typedef {{ type: "tick" }} Tick asks how things stand */

/** @typedef {"train" | "pause" | "step" | "reset" | "seed" | "undo" | "fetch" | "cancel" | "keep"} PlainWish */

/**
 * What a reader may wish for. A {@link StateMessage} answers it.
 * @typedef {(
 *   | { type: PlainWish }
 *   | { type: "choose", changes: Partial<ShownSettings> }
 *   | { type: "lambda", value: number | null }
 *   | { type: "map", method: string }
 *   | { type: "replay", key: string }
 *   | { type: "restore", text: string }
 * )} Wish
 */

/**
 * What the page asks for beside that; see {@link AsideMessage}.
 * @typedef {(
 *   | { type: "images" }
 *   | { type: "compare", keys: string[] }
 *   | { type: "export", what: FileKind, keys: string[] }
 * )} Request
 */

/** @typedef {"html" | "csv"} FileKind */

export {};
