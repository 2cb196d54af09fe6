// What a page knows of Python's run, and how each message changes that: pure functions.

import { bytes } from "../shared/encoding.js";

/** @import { Paint } from "../map/digits.js" */
/** @import { Points } from "../map/points.js" */
/** @import { Act, DigitsOfRun, Drawn, Found, ImagesMessage, Offered, PackedPoints, StateMessage } from "./protocol.js" */

/**
 * A map that can be drawn.
 * @typedef {object} KnownMap
 * @property {Figure} figure
 * @property {string} caption
 * @property {string} version
 * @property {string} images the name of its points' pictures
 * @property {Uint8Array} predictions
 * @property {Float32Array} confidence from 0 to 1
 */

/**
 * Pictures that were asked for and have not come yet.
 * @typedef {object} AwaitedImages
 * @property {string} name
 * @property {null} points
 * @property {number} since when they were asked for, in ms
 */

/**
 * Pictures of the map's points, and what does not change about these.
 * @typedef {object} PaintedImages
 * @property {string} name
 * @property {Paint | null} paint null for a table, which has no pictures
 * @property {KnownPoints} points
 */

/** @typedef {Pick<Points, "labels" | "domains" | "names">} KnownPoints */

/** @typedef {Drawn & { pixels: string }} KnownDrawn */

/** @typedef {Omit<DigitsOfRun, "pixels"> & { pixels: Uint8Array }} Digits */

/**
 * @typedef {object} Known
 * @property {number | null} run the number of the run that is shown; null asks for everything anew
 * @property {number | null} at the step that is looked at, null for the latest
 * @property {StateMessage | null} last
 * @property {Digits | null} digits
 * @property {Record<string, Figure>} figures the curves
 * @property {Record<string, string>} captions
 * @property {KnownMap | null} map
 * @property {AwaitedImages | PaintedImages | null} images
 * @property {Offered | null} offered the runs that can be compared
 * @property {Found | null} found in data of one's own
 * @property {Act[]} journal of the run
 * @property {KnownDrawn | null} drawn a digit, and what the networks say of it
 */

/** @returns {Known} */
export const nothingKnown = () => ({
  run: null,
  at: null,
  last: null,
  digits: null,
  figures: {},
  captions: {},
  map: null,
  images: null,
  offered: null,
  found: null,
  journal: [],
  drawn: null,
});

/**
 * After an answer.
 * @param {Known} known
 * @param {StateMessage} message
 * @returns {Known}
 */
export const afterState = (known, message) => ({
  ...known,
  last: message,
  offered: message.offered ?? known.offered,
  found: message.found ?? known.found,
  drawn: message.drawn ? drawnOf(known, message.drawn) : known.drawn,
  ...(message.digits && digitsOf(known, message.digits)),
  ...(message.figures && figuresOf(message)),
});

/**
 * @param {Known} known
 * @param {DigitsOfRun} digits
 */
function digitsOf(known, digits) {
  // Another run begins at its own latest step. The same run comes again after a change of theme.
  const { run } = digits;
  const another = known.run !== null && known.run !== run;
  const pixels = bytes(digits.pixels);
  return { run, at: another ? null : known.at, digits: { ...digits, pixels } };
}

/**
 * The pictures come once, however often the networks are asked.
 * @param {Known} known
 * @param {Drawn} drawn
 * @returns {KnownDrawn}
 */
const drawnOf = (known, drawn) => ({ ...drawn, pixels: drawn.pixels ?? known.drawn?.pixels ?? "" });

/** @param {StateMessage} message */
function figuresOf({ figures = {}, captions = {}, points, journal = [] }) {
  const { map, ...curves } = figures;
  const drawn = { figures: curves, captions, journal };
  return map && points ? { ...drawn, map: mapOf(map, captions.map, points) } : drawn;
}

/**
 * @param {Figure} figure
 * @param {string} caption
 * @param {PackedPoints} points
 * @returns {KnownMap}
 */
const mapOf = (figure, caption, points) => ({
  figure,
  caption,
  version: points.version,
  images: points.images,
  predictions: bytes(points.predictions),
  confidence: Float32Array.from(bytes(points.confidence), (percent) => percent / 100),
});

/**
 * Whether the pictures of a map's points have to be asked for.
 * @param {Known["images"]} images
 * @param {string} name of those that the map needs
 * @param {number} now in ms
 * @param {number} patience ms after which they are asked for again
 */
export function lacksImages(images, name, now, patience) {
  if (images?.name !== name) return true;
  return images.points === null && now - images.since >= patience;
}

/**
 * After pictures came that the map still needs.
 * @param {ImagesMessage} message
 * @param {Paint | null} paint
 * @returns {PaintedImages}
 */
export const imagesOf = ({ name, labels, domains, names }, paint) => ({
  name,
  paint,
  points: { labels: bytes(labels), domains: bytes(domains), names },
});

/**
 * The map that is to be seen now: Python may have withdrawn the one that the page has.
 * @param {Known} known
 */
export const mapToShow = ({ last, map }) => (last?.state.map.drawn ? map : null);

/**
 * Another word for each look of the map, with the pictures of its points and without; null for none.
 * @param {Known} known
 */
export function lookOfMap(known) {
  const map = mapToShow(known);
  return map && `${map.version},${Boolean(known.images?.points)}`;
}

/**
 * Another word for all that is said of the test digits: the same needs no new captions.
 * @param {Known} known
 */
export function lookOfDigits({ last, run }) {
  if (!last?.state.predictions) return null;
  const { predictions, confidence, digits } = last.state;
  return JSON.stringify([run, predictions, confidence, digits]);
}

/**
 * Whether Python trains or is about to, and stops if nobody looks.
 * @param {Known} known
 */
export const isAtWork = ({ last }) =>
  last !== null && (last.state.state === "training" || last.state.begins);

/**
 * Whether a branch would be lost with the page's Python.
 * @param {Known} known
 */
export const losesBranch = ({ last }) =>
  Boolean(last?.state.tree.some(({ parent, unkept }) => parent !== null && unkept));

/** @param {Known} known */
export const latestStep = ({ last }) => last?.state.step ?? 0;

/** @param {Known} known */
export const shownStep = (known) => known.at ?? latestStep(known);
