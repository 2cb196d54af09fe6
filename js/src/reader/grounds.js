// A drawn digit as a network gets it: as drawn, behind stripes or over a photo. Pure functions, which
// compute what dann_core/datasets/stripes.py and dann_core/datasets/blending.py do.

import { bytes } from "../shared/encoding.js";
import { pictureAt, SIDE } from "../shared/pixels.js";

/** @import { Ground } from "./protocol.js" */

const INK = 115; // what ink adds to the stripes in front of it

/** @type {Record<Ground["kind"], (ink: number, ground: number) => number>} */
const BLENDS = {
  drawn: (ink) => ink,
  stripes: (ink, ground) => Math.min(255, Math.floor((ink * INK) / 255) + ground),
  photo: (ink, ground) => Math.abs(ground - ink),
};

/**
 * A ground's pictures, red, green and blue of each pixel.
 * @param {Ground} ground
 */
export function picturesOf({ pictures }) {
  const all = bytes(pictures);
  const count = all.length / (3 * SIDE * SIDE);
  const size = { width: SIDE, height: SIDE };
  return Array.from({ length: count }, (_, index) => pictureAt(all, index, size));
}

/**
 * @param {Uint8Array} ink 0 or 255 a pixel
 * @param {Ground["kind"]} kind
 * @param {Uint8Array} ground red, green and blue of each pixel
 */
export const dressed = (ink, kind, ground) =>
  ground.map((value, i) => BLENDS[kind](ink[Math.floor(i / 3)], value));
