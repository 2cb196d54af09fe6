// The two planes: their canvases, painted again whenever their size changes.

import { h } from "../shared/elements.js";
import { paint, palette } from "./paint.js";
import { boundaries, PLANES, SHEET } from "./words.js";

/** @import { Place } from "./pen.js" */
/** @import { PlaneName } from "./protocol.js" */
/** @import { Scene } from "./scene.js" */

/**
 * What hears a hand that draws on the plane of the inputs.
 * @typedef {object} Drawing
 * @property {(at: Place, begins: boolean) => void} point in 0 to 1 across and down
 * @property {(key: string) => boolean} key whether the key meant anything
 * @property {string} help the id of the text that says how to draw
 */

const NAMES = /** @type {PlaneName[]} */ (Object.keys(PLANES));

/**
 * @param {string} describedBy
 * @param {Record<PlaneName, HTMLElement>} beside what changes each picture
 * @param {Drawing} drawing
 * @param {() => void} repaint
 */
export function createPlanes(describedBy, beside, drawing, repaint) {
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
  const sheet = planes[NAMES.indexOf("inputs")].canvas;
  let draws = false;
  listen(sheet, drawing, () => draws);
  return {
    node,
    /** @param {boolean} now whether one can draw */
    letDraw(now) {
      if (draws === now) return;
      draws = now;
      sheet.tabIndex = draws ? 0 : -1;
      sheet.role = draws ? "application" : "img";
      sheet.setAttribute("aria-describedby", draws ? drawing.help : describedBy);
      sheet.classList.toggle("dann-drawable", draws);
    },
    /** Whether the keys draw. */
    get isFocused() {
      return draws && sheet.matches(":focus-visible");
    },
    /** @param {boolean} hasClassifier */
    describe(hasClassifier) {
      const lines = boundaries(hasClassifier);
      for (const { name, canvas } of planes)
        canvas.ariaLabel = canvas === sheet && draws ? SHEET : PLANES[name].label(lines);
    },
    /** @param {Record<PlaneName, Scene>} scenes */
    paint(scenes) {
      const colours = palette(node);
      for (const { name, canvas } of planes) paint(canvas, colours, scenes[name]);
    },
    remove: () => resize.disconnect(),
  };
}

/**
 * The mouse, a finger or keys on a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {Drawing} drawing
 * @param {() => boolean} draws whether one can draw now
 */
function listen(canvas, drawing, draws) {
  /** @type {number | null} */
  let pointer = null; // the one that draws: a second finger draws nothing
  /** @param {PointerEvent} event @returns {Place} */
  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  canvas.onpointerdown = (event) => {
    if (!draws() || pointer !== null || event.button) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    drawing.point(placeOf(event), true);
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId === pointer) drawing.point(placeOf(event), false);
  };
  canvas.onlostpointercapture = () => {
    pointer = null;
  };
  canvas.onkeydown = (event) => {
    if (!draws() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (drawing.key(event.key)) event.preventDefault(); // the page stands still
  };
}
