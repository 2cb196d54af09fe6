// How a knob tells Python that it was moved.

import { createDrag } from "../shared/drag.js";

/** @import { Pen, ShownKnobs } from "./protocol.js" */

/**
 * @typedef {object} Tell
 * @property {(knobs: Partial<ShownKnobs>) => void} set tells at once
 * @property {(read: () => Partial<ShownKnobs>) => void} drag tells what is read then, from time to time
 * @property {(pen: Pen, at: [number, number], begins: boolean) => void} draw a point
 * @property {() => void} clear all that is drawn goes
 */

/**
 * @param {Pick<import("../shared/pull.js").Pull, "announce" | "wish">} pull
 * @returns {Tell}
 */
export function createTell(pull) {
  const drag = createDrag(pull);
  /** @type {Tell["set"]} */
  const set = (knobs) => pull.wish({ type: "set", knobs });
  return {
    set,
    drag: (read) => drag(() => set(read())),
    draw: (pen, at, begins) => pull.wish({ type: "draw", pen, at, begins }),
    clear: () => pull.wish({ type: "draw", pen: "rubber", at: null, begins: true }),
  };
}
