// The two planes: their canvases, painted again whenever their size changes.

import { h } from "../shared/elements.js";
import { paint, palette } from "./paint.js";
import { boundaries, PLANES } from "./words.js";

/** @import { PlaneName } from "./protocol.js" */
/** @import { Scene } from "./scene.js" */

const NAMES = /** @type {PlaneName[]} */ (Object.keys(PLANES));

/**
 * @param {string} describedBy
 * @param {Record<PlaneName, HTMLElement>} beside what changes each picture
 * @param {() => void} repaint
 */
export function createPlanes(describedBy, beside, repaint) {
  const planes = NAMES.map((name) => {
    const canvas = h("canvas", {
      "data-plane": name,
      role: "img",
      "aria-describedby": describedBy,
    });
    const title = h("h3", {}, PLANES[name].title);
    return { name, canvas, node: h("figure", {}, title, canvas, beside[name]) };
  });
  const resize = new ResizeObserver(repaint);
  for (const { canvas } of planes) resize.observe(canvas);
  const node = h("div", { class: "dann-planes" }, ...planes.map((plane) => plane.node));
  return {
    node,
    /** @param {boolean} hasClassifier */
    describe(hasClassifier) {
      const lines = boundaries(hasClassifier);
      for (const { name, canvas } of planes) canvas.ariaLabel = PLANES[name].label(lines);
    },
    /** @param {Record<PlaneName, Scene>} scenes */
    paint(scenes) {
      const colours = palette(node);
      for (const { name, canvas } of planes) paint(canvas, colours, scenes[name]);
    },
    remove: () => resize.disconnect(),
  };
}
