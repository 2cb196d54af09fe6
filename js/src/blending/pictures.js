// The digit, the patch and the blend of both, enlarged.

import { h } from "../shared/elements.js";
import { bytes } from "../shared/encoding.js";
import { paintPixels, SIDE } from "../shared/pixels.js";
import { PICTURES } from "./words.js";

/** @import { Blended, PictureName } from "./protocol.js" */

const NAMES = /** @type {PictureName[]} */ (Object.keys(PICTURES));

/** @param {string} describedBy */
export function createPictures(describedBy) {
  const pictures = NAMES.map((name) => ({
    name,
    canvas: h("canvas", {
      width: SIDE,
      height: SIDE,
      role: "img",
      "aria-label": PICTURES[name],
      "aria-describedby": describedBy,
      "data-show": name,
    }),
  }));
  return {
    node: h(
      "div",
      { class: "dann-three" },
      ...pictures.map(({ name, canvas }) => h("div", {}, canvas, h("span", {}, PICTURES[name]))),
    ),
    /** @param {Blended} blended */
    show(blended) {
      for (const { name, canvas } of pictures) paintPixels(canvas, bytes(blended[name]));
    },
  };
}
