// What is painted on a plane, and where: no page in here.

/** @import { Point } from "./arrows.js" */
/** @import { Frame, Grids } from "./frame.js" */
/** @import { Place } from "./pen.js" */
/** @import { ArrowName, PlaneName, Reach } from "./protocol.js" */

/** @typedef {[red: number, green: number, blue: number]} Rgb 0-255 each */

/**
 * @typedef {object} Scene
 * @property {Grids} grids
 * @property {Float32Array} points
 * @property {number} sources how many of the points are the source's
 * @property {number[]} labels of the source's points, then of the target's
 * @property {Reach} reach
 * @property {[ArrowName, Float32Array][]} arrows
 * @property {number} scale px for a gradient of length 1
 * @property {boolean} reveal whether the target's labels are shown
 * @property {Place | null} pen where the keys draw, null where they do not
 */

/**
 * @param {Frame} frame
 * @param {object} look
 * @param {Float32Array} look.features where the features are painted: they may be on their way
 * @param {ArrowName[]} look.shown
 * @param {number} look.scale
 * @param {boolean} look.reveal
 * @param {number} look.plane half the side of the plane of the inputs
 * @param {Place | null} look.pen
 * @returns {Record<PlaneName, Scene>}
 */
export function scenes(frame, { features, shown, scale, reveal, plane, pen }) {
  const both = { sources: frame.sources, labels: frame.labels, scale, reveal, pen: null };
  return {
    inputs: {
      ...both,
      grids: frame.grids.inputs,
      points: frame.inputs,
      reach: [-plane, plane, -plane, plane],
      arrows: [],
      pen,
    },
    features: {
      ...both,
      grids: frame.grids.features,
      points: features,
      reach: frame.reach,
      arrows: shown.map((name) => [name, frame.pushes[name]]),
    },
  };
}

/**
 * Where a point is on a square of so many px.
 * @param {Scene} scene
 * @param {number} size
 * @param {number} k
 * @returns {Point}
 */
export function placeOf({ points, reach: [left, right, low, high] }, size, k) {
  return [
    ((points[2 * k] - left) / (right - left)) * size,
    ((high - points[2 * k + 1]) / (high - low)) * size,
  ];
}

/**
 * @param {string} colour such as "#0072b2"
 * @returns {Rgb}
 */
export function rgb(colour) {
  const [red, green, blue] = [1, 3, 5].map((k) => Number.parseInt(colour.slice(k, k + 2), 16));
  return [red, green, blue];
}

/**
 * The background's pixels: the colour of the likelier class, the stronger the surer.
 * @param {Uint8Array} labels
 * @param {Rgb} zero
 * @param {Rgb} one
 */
export function background(labels, zero, one) {
  const pixels = new Uint8ClampedArray(4 * labels.length);
  labels.forEach((level, p) => {
    const sure = Math.abs(level - 127.5) / 127.5;
    pixels.set([...(level > 127.5 ? one : zero), 12 + 52 * sure], 4 * p);
  });
  return pixels;
}
