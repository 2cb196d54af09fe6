// What the playground's page and dann_lab/lessons/playground.py say to each other: types only.

/** @typedef {"both" | "domain" | "features"} Part what learns */
/** @typedef {"reverse" | "subtract" | "scale"} Form how the losses are put together */
/** @typedef {"label" | "domain" | "reversed"} ArrowName whose gradient an arrow is */
/** @typedef {"inputs" | "features"} PlaneName */
/** @typedef {"bound" | "losses" | "accuracies"} CurveName */
/** @typedef {[x: number, y: number]} Spot of the plane of the inputs */
/** @typedef {"source-0" | "source-1" | "target-0" | "target-1" | "rubber"} Pen what draws */
/** @typedef {[left: number, right: number, low: number, high: number]} Reach the ends of a plane */
/** @typedef {[part: string, does: string, howStrongly: string]} Row of "Who descends what" */

/**
 * The slider of a shift.
 * @typedef {object} ShownAmount
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {string} label before the number
 * @property {string} unit behind it
 */

/**
 * A way in which the target differs.
 * @typedef {object} ShownShift
 * @property {string} text
 * @property {string} about which kind of shift it is, "" if that is not told
 * @property {ShownAmount | null} amount null where there is nothing to slide
 */

/**
 * The trait `choices`.
 * @typedef {object} PlaygroundChoices
 * @property {Record<string, ShownShift>} shifts
 * @property {CurveName[]} plots in their order
 * @property {Record<string, string>} method
 * @property {Record<Part, string>} part
 * @property {Record<Form, string>} form
 * @property {Record<string, [low: number, high: number]>} lambda by method
 * @property {Record<string, Record<Form, Row[]>>} tables by method
 * @property {number} plane the inputs shown: -plane to plane both ways
 */

/**
 * What a person can set.
 * @typedef {object} ShownKnobs
 * @property {string} shift in which way the target differs
 * @property {number} amount by how much
 * @property {number} seed
 * @property {string} method what is added to the label loss
 * @property {number | null} lambda_ null follows the paper's schedule
 * @property {Part} part
 * @property {Form} form
 */

/**
 * What the page asks for. Every question has an answer.
 * @typedef {{ type: "look" | "slow" | "reset" | "seed" | "undo" }
 *   | { type: "step", steps: number }
 *   | { type: "set", knobs: Partial<ShownKnobs> }
 *   | { type: "draw", pen: Pen, at: Spot | null, begins: boolean }} Question
 */

/**
 * What every question says beside its own, with the client's name.
 * @typedef {object} PlaygroundEnvelope
 * @property {number} wish the last one that Python was told
 * @property {boolean} dark
 * @property {boolean} figures whether the answer brings the curves
 */

/**
 * @typedef {object} PackedFrame
 * @property {"frame"} type
 * @property {string} client
 * @property {number} wish of the question
 * @property {ShownKnobs} knobs
 * @property {boolean} has_classifier whether there is a domain classifier
 * @property {number} step
 * @property {number} steps of the whole run
 * @property {number} lambda of the next step
 * @property {[label: number | null, domain: number | null] | null} losses of the last step
 * @property {number} target its accuracy
 * @property {boolean} undo whether there is a run to bring back
 * @property {string} problem "" if there is none
 * @property {string} sentence
 * @property {number} sources how many of the points are the source's
 * @property {number[]} labels of the source's points, then of the target's
 * @property {string} inputs float32 in base64: x and y of each point
 * @property {string} features likewise
 * @property {Record<ArrowName, string>} pushes likewise
 * @property {Reach} reach of the feature plane
 * @property {Record<PlaneName, [labels: string, domains: string]>} grids uint8 in base64: the
 *   probability of class 1 and of the target, 0-255 a cell, row by row from the top left;
 *   of the target "" where there is no domain classifier
 * @property {Partial<Record<CurveName, Figure>>} [figures]
 * @property {Partial<Record<CurveName, string>>} [captions] there when the figures are
 */

export {};
