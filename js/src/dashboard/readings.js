// Whose answers are shown beside a drawn digit, and when they are read aloud: pure functions.

import { bytes } from "../shared/encoding.js";
import { pictureAt, SIDE } from "../shared/pixels.js";
import { maySpeak } from "./notices.js";

/** @import { OfferedRun, Reading, RunState } from "./protocol.js" */

const SIZE = { width: SIDE, height: SIDE };

/**
 * The two pictures, each with red, green and blue of every pixel; none where nothing is drawn.
 * @param {{ pixels: string }} drawn
 */
export function picturesOf({ pixels }) {
  const found = bytes(pixels);
  return found.length ? [0, 1].map((look) => pictureAt(found, look, SIZE)) : [];
}

/**
 * The ink of a picture, 0 or 255 a pixel: it is the same in red, green and blue.
 * @param {Uint8Array} picture
 */
export const inkIn = (picture) => picture.filter((_, index) => index % 3 === 0);

/**
 * What is said by the compared runs beside the one that is shown. `answers`: those of this page,
 * whose reading is null where they read no digits. `silent`: the titles of the others.
 * @param {object} now
 * @param {string[]} now.keys of the runs that are compared
 * @param {OfferedRun[]} now.offered
 * @param {Reading[]} now.readings the first is of the run that is shown
 */
export function compared({ keys, offered, readings }) {
  const runs = keys.flatMap((key) => offered.filter((run) => run.key === key));
  const others = runs.filter(({ key }) => key !== `run ${readings[0]?.run}`);
  const answers = others
    .filter(({ kind }) => kind === "own")
    .map(({ key, title }) => ({
      title,
      reading: readings.find(({ run }) => key === `run ${run}`) ?? null,
    }));
  const silent = others.filter(({ kind }) => kind !== "own").map(({ title }) => title);
  return { answers, silent };
}

const NEW_DRAWING = 1000; // ms between two sentences while somebody draws

/**
 * The last sentence that was read aloud.
 * @typedef {object} Read
 * @property {string} pixels of what was drawn
 * @property {RunState | null} state what the training was doing
 * @property {number} time in ms
 */

/** @type {Readonly<Read>} */
export const NOTHING_READ = { pixels: "", state: null, time: 0 };

/**
 * Whether the next sentence may be read: soon of a new drawing, and of the same not many a minute.
 * @param {Read} read
 * @param {Read & { state: RunState }} now
 */
export const mayRead = (read, now) =>
  (now.pixels !== read.pixels && now.time - read.time > NEW_DRAWING) ||
  maySpeak(read, { ...now, past: false });
