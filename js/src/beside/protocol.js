// What the page of methods beside each other and dann_lab/lessons/beside.py say: types only.

/** @import { Reach, ShownShift } from "../playground/protocol.js" */

/** @typedef {"inputs" | "features"} Plane */

/**
 * The trait `choices`.
 * @typedef {object} BesideChoices
 * @property {Record<string, ShownShift>} shifts
 * @property {Record<string, string>} methods
 * @property {Record<Plane, string>} planes
 */

/**
 * What a person can set.
 * @typedef {object} ShownBeside
 * @property {string} shift in which way the target differs
 * @property {number} amount by how much
 * @property {number} seed
 * @property {string[]} methods of the pictures, in order
 * @property {Plane} plane
 */

/**
 * What every question says beside its own, with the client's name.
 * @typedef {object} BesideEnvelope
 * @property {number} wish the last one that Python was told
 * @property {boolean} dark
 */

/**
 * What the page asks for. Every question has an answer.
 * @typedef {{ type: "look" | "reset" | "seed" }
 *   | { type: "step", steps: number }
 *   | { type: "set", knobs: Partial<ShownBeside> }} Question
 */

/**
 * One method's picture.
 * @typedef {object} PackedRun
 * @property {string} points float32 in base64: x and y of each point
 * @property {[labels: string, domains: string]} grids uint8 in base64, as in the playground
 * @property {Reach} reach
 * @property {number} source its accuracy
 * @property {number} target its accuracy
 * @property {string} stopped why this run cannot go on, "" if it can
 */

/**
 * @typedef {object} BesideFrame
 * @property {"beside"} type
 * @property {string} client
 * @property {number} wish of the question
 * @property {ShownBeside} knobs
 * @property {number} step
 * @property {number} steps of the whole run
 * @property {number} sources how many of the points are the source's
 * @property {number[]} labels of the source's points, then of the target's
 * @property {PackedRun[]} runs
 * @property {string} sentence
 */

export {};
