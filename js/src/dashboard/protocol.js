// What the live page and dann_lab/live/dashboard.py tell each other. Every name is Python's.

/** @import { Bundle } from "../player/protocol.js" */

/**
 * What a reader can choose from, by value: the trait of the widget.
 * @typedef {object} Choices
 * @property {Record<string, string>} pair
 * @property {Record<string, string>} good_for what each pair is good for, in a line
 * @property {Record<string, string>} mode
 * @property {Record<string, string>} method
 * @property {Record<string, string>} part what learns
 * @property {Record<string, string>} part_does what each of these does, in a line
 * @property {Record<string, string>} preset
 * @property {Record<string, string>} map "" is no map
 * @property {Record<string, [number, number]>} lambda the least and the most, by method
 * @property {Record<string, string>} clothes what the target does to a digit, by pair; a pair for
 *   which nobody can draw one has none
 * @property {boolean} paths whether folders of Python's machine may be named
 * @property {number} zip the most bytes of a zip
 */

/**
 * What a run is made of.
 * @typedef {object} ShownSettings
 * @property {string} pair
 * @property {string} mode
 * @property {string} method by which it adapts, in the mode that does
 * @property {string} part what learns: "both", or "domain" or "features" alone
 * @property {string} preset
 * @property {number} seed
 * @property {number} steps
 * @property {number | null} lambda null follows the paper's schedule
 * @property {string} source where data of one's own are; "" for another pair, as the next ones
 * @property {string} target
 * @property {string} label of a table: the column of the labels; "" for the usual one
 * @property {number} size of pictures: px; 0 for the usual one
 */

/** @typedef {"loading" | "ready" | "training" | "paused" | "finished" | "failed"} RunState */

/**
 * What Python does beside the training.
 * @typedef {object} Busy
 * @property {"loading" | "downloading" | "evaluating" | "branching"} kind
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
 * @property {boolean} looking whether data of one's own are looked at
 * @property {number | null} speed steps per second
 * @property {number | null} left seconds until the last step
 * @property {MapState} map
 * @property {Network} network
 * @property {string} sentence what happens, in words
 * @property {TreeRun[]} tree the runs of the page and those that they came from, the oldest first
 * @property {number} [at] of a run: the step that is looked at
 * @property {number} [applied] of a run: lambda at that step, if it has one
 * @property {number[]} [predictions] of a run: what the network says of each test digit
 * @property {number[]} [confidence] of a run: how sure it is of each
 * @property {string} [digits] of a run: the sentence under the test digits
 */

/** @typedef {"classifier" | "distance" | "none"} DomainSide */

/**
 * What the diagram of the network shows, at the step that is looked at: null before the first step,
 * and for what is not there.
 * @typedef {object} Network
 * @property {DomainSide} side what the domain side is
 * @property {number | null} label_loss nats
 * @property {number | null} domain_loss nats, or a distance
 * @property {number | null} label_gradient the norm at the features
 * @property {number | null} domain_gradient_before the same of the domain side
 * @property {number | null} domain_gradient_after and lambda times, as it reaches the features
 */

/**
 * One step of a run's diagram.
 * @typedef {object} DiagramStep
 * @property {number} at
 * @property {number} applied lambda
 * @property {Network} network
 */

/**
 * A run in the tree of branches.
 * @typedef {object} TreeRun
 * @property {number} number
 * @property {string} key its name in wishes
 * @property {string} title
 * @property {number | null} parent the number of the run that it left, null if it left none
 * @property {number} fork the step after which it left it
 * @property {number} steps how many it has done
 * @property {boolean} shown
 * @property {boolean} unkept whether it has gone on since it was kept, if it ever was
 */

/**
 * Something that a person did.
 * @typedef {object} Act
 * @property {number} step the first in which it was in force
 * @property {string} text
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
 * How many examples of a class each domain has; null where it has no labels.
 * @typedef {object} FoundClass
 * @property {string} name
 * @property {number | null} source
 * @property {number | null} target
 */

/**
 * What was found in data of one's own.
 * @typedef {object} Found
 * @property {number} version another one for each look
 * @property {string} zip the name of the zip, "" for typed paths
 * @property {string} source the settings that train on it, to `size`
 * @property {string} target
 * @property {string} label
 * @property {number} size
 * @property {string[]} names of the two domains
 * @property {string} sentence all of it in words
 * @property {FoundClass[]} classes
 * @property {string[]} notes what is worth knowing
 * @property {string[]} pictures base64 of a PNG, the first of each domain; none of a table
 * @property {string} problem "" if there is none; else the rest is empty
 */

/**
 * The test examples, those of the source before those of the target.
 * @typedef {object} DigitsOfRun
 * @property {number[]} labels 255 where nobody knows it
 * @property {string} pixels base64 of height x width x 3 bytes an example; "" of a table
 * @property {number} run its number
 * @property {number} source how many are of the source
 * @property {number} height px of a picture, 0 of a table
 * @property {number} width px of a picture, 0 of a table
 * @property {string[]} names of the classes, none for the digits 0 to 9
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
 * What a network says of a drawn digit: as drawn, and in the target's clothes.
 * @typedef {object} Reading
 * @property {number} run its number
 * @property {number} step
 * @property {number[]} labels both answers
 * @property {number[]} confidence how sure it is of each, from 0 to 1
 */

/**
 * A digit that was drawn, and what the networks of this page say of it.
 * @typedef {object} Drawn
 * @property {string} version another one for each drawing and each answer
 * @property {string} sketch the name of its pictures
 * @property {string} pair whose clothes it wears
 * @property {string} [pixels] unless the page has them: base64 of two pictures of 28 x 28 x 3
 *   bytes, as drawn and in the target's clothes; "" where nothing is drawn
 * @property {Reading[]} readings the first is of the run that is shown
 * @property {string} problem "" if there is none; else the rest is empty
 */

/**
 * The answer to a tick and to every wish: how things stand, and what is new.
 * @typedef {object} StateMessage
 * @property {"state"} type
 * @property {string} client
 * @property {number} wish the last wish that the page had told when it asked
 * @property {State} state
 * @property {Offered} [offered]
 * @property {Found} [found]
 * @property {DigitsOfRun} [digits]
 * @property {Record<string, Figure>} [figures] by the name of the curve; "map" is the map
 * @property {Record<string, string>} [captions] under the figures, by the same names
 * @property {PackedPoints} [points] of the map, if there is one in `figures`
 * @property {Act[]} [journal] of the run, with `figures`
 * @property {Drawn} [drawn]
 */

/**
 * The pictures of the map's points, in one image.
 * @typedef {object} ImagesMessage
 * @property {"images"} type
 * @property {string} client
 * @property {string} name
 * @property {string} labels base64 of a byte a point: 255 where nobody knows it
 * @property {string} domains base64 of a byte a point: 0 is the source, 1 the target
 * @property {string[]} names of the classes, none for the digits 0 to 9
 * @property {string} sheet base64 of a PNG, "" of a table
 * @property {number} columns pictures in a row of it
 * @property {number} width px of a picture
 * @property {number} height px of a picture
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
 * The answer to each part of a file.
 * @typedef {object} ReceivedMessage
 * @property {"received"} type
 * @property {string} client
 * @property {string} key of the file
 * @property {number} received how many bytes of it are there
 * @property {string} problem "" if there is none
 */

/**
 * What Python tells a page beside its answers.
 * @typedef {ImagesMessage | CompareMessage | FileMessage | ReceivedMessage} AsideMessage
 */

/**
 * What the page says with every message, so that Python sends what it lacks and no more.
 * @typedef {object} Envelope
 * @property {number} wish the last wish that it has told
 * @property {number | null} run the number of the run that it shows
 * @property {number | null} at the step that it looks at, null for the latest
 * @property {string | null} map the version of the map that it shows
 * @property {string | null} offered the version of the list of runs that it has
 * @property {number | null} found the version of what it shows as found
 * @property {string | null} drawn the version of what it shows as drawn
 * @property {string | null} sketch the name of the pictures of that
 * @property {boolean} dark
 * @property {boolean} figures whether it wants new pictures now
 */

/** @typedef {{ type: "tick" }} Tick asks how things stand */

/** @typedef {"train" | "pause" | "step" | "reset" | "seed" | "undo" | "fetch" | "cancel" | "keep" | "stop" | "branch"} PlainWish */

/**
 * What a reader may wish for. A {@link StateMessage} answers it.
 * @typedef {(
 *   | { type: PlainWish }
 *   | { type: "choose", changes: Partial<ShownSettings>, train?: boolean }
 *   | { type: "lambda", value: number | null }
 *   | { type: "map", method: string }
 *   | { type: "replay", key: string }
 *   | { type: "rerun", key: string }
 *   | { type: "show", key: string }
 *   | { type: "more", steps: number }
 *   | { type: "restore", text: string }
 *   | { type: "draw", ink: string, pattern: number }
 *   | { type: "look", source: string, target: string, label: string, size: number }
 * )} Wish
 */

/**
 * What the page asks for beside that; see {@link AsideMessage}.
 * @typedef {(
 *   | { type: "images" }
 *   | { type: "compare", keys: string[] }
 *   | { type: "export", what: FileKind, keys: string[] }
 *   | { type: "part", key: string, name: string, size: number, first: number, data: string }
 *   | { type: "drop", key: string }
 * )} Request
 */

/** @typedef {"html" | "csv"} FileKind */

export {};
