// The parts of a step in slow motion: what each shows, and what follows it.

/** @import { ArrowName } from "./protocol.js" */

/** The arrows of each part. Its sentence is in words.js. @type {ArrowName[][]} */
export const PHASE_ARROWS = [[], ["label"], ["label", "domain"], ["label", "reversed"], []];

/**
 * The last part is the step itself: it waits for Python.
 * @param {number} phase
 */
export const isStep = (phase) => phase === PHASE_ARROWS.length - 1;

/** @param {number} phase */
export const phaseAfter = (phase) => (phase + 1) % PHASE_ARROWS.length;
