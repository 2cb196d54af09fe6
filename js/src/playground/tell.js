// How a knob tells Python that it was moved.

/** @import { ShownKnobs } from "./protocol.js" */

const TELL_EVERY = 33; // ms: a dragged slider speaks up to 60 times a second; 30 are plenty

/**
 * @typedef {object} Tell
 * @property {(knobs: Partial<ShownKnobs>) => void} set tells at once
 * @property {(read: () => Partial<ShownKnobs>) => void} drag tells what is read then, from time to time
 */

/**
 * @param {Pick<import("../shared/pull.js").Pull, "announce" | "wish">} pull
 * @returns {Tell}
 */
export function createTell(pull) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  /** @type {Tell["set"]} */
  const set = (knobs) => pull.wish({ type: "set", knobs });
  return {
    set,
    drag(read) {
      pull.announce();
      timer ??= setTimeout(() => {
        timer = null;
        set(read());
      }, TELL_EVERY);
    },
  };
}
