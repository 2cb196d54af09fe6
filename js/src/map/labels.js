// The names of the classes on a map, moved apart where they would lie on one another.

import { floats } from "../shared/encoding.js";

/** @import { Annotation } from "../player/maps.js" */

const ROUNDS = 60;
const AIR = 2; // px between two names

/**
 * Where the middle of a name is, and how large it is, in px.
 * @typedef {object} Name
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * The same names, none on another: two that touch go half the way each.
 * @param {Name[]} names
 */
export function apart(names) {
  const moved = names.map((name) => ({ ...name }));
  for (let round = 0; round < ROUNDS; round++) {
    let touched = false;
    for (const [i, one] of moved.entries()) {
      for (const other of moved.slice(i + 1)) touched = part(one, other) || touched;
    }
    if (!touched) break;
  }
  return moved;
}

/**
 * Moves two names, if they touch, along the axis on which the way is shorter.
 * @param {Name} one
 * @param {Name} other
 */
function part(one, other) {
  const missing = {
    x: (one.width + other.width) / 2 + AIR - Math.abs(one.x - other.x),
    y: (one.height + other.height) / 2 + AIR - Math.abs(one.y - other.y),
  };
  if (missing.x <= 0.01 || missing.y <= 0.01) return false;
  const axis = missing.x < missing.y ? "x" : "y";
  const half = ((one[axis] <= other[axis] ? 1 : -1) * missing[axis]) / 2;
  one[axis] -= half;
  other[axis] += half;
  return true;
}

/**
 * The layout of a map in a box of that size, with its names apart.
 * @param {Figure} figure
 * @param {{ width: number, height: number }} box px
 */
export function layoutApart({ data, layout }, box) {
  const { annotations, margin } = layout;
  if (!annotations?.length || !box.width) return layout;
  const scale = Math.min(
    (box.width - margin.l - margin.r) / spanOf(data, layout, "x"),
    (box.height - margin.t - margin.b) / spanOf(data, layout, "y"),
  );
  /** @type {Name[]} */
  const names = annotations.map((/** @type {Annotation} */ { x, y, text, font }) => ({
    x: x * scale,
    y: -y * scale,
    width: 0.72 * font.size * text.replace(/<.*?>/g, "").length + 6,
    height: font.size + 6,
  }));
  const moved = apart(names);
  return {
    ...layout,
    annotations: annotations.map(
      (/** @type {Annotation} */ annotation, /** @type {number} */ k) => ({
        ...annotation,
        xshift: (annotation.xshift ?? 0) + Math.round(moved[k].x - names[k].x),
        yshift: (annotation.yshift ?? 0) - Math.round(moved[k].y - names[k].y),
      }),
    ),
  };
}

const PADDED = 1.1; // Plotly leaves a margin at each end of an axis

/**
 * How far an axis reaches.
 * @param {Figure["data"]} data
 * @param {Figure["layout"]} layout
 * @param {"x" | "y"} axis
 */
function spanOf(data, layout, axis) {
  const { range } = layout[`${axis}axis`];
  if (range) return range[1] - range[0];
  let [low, high] = [Infinity, -Infinity];
  for (const trace of data) {
    if (!trace.customdata) continue;
    const values = trace[axis];
    for (const value of values.bdata ? floats(values.bdata) : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return PADDED * Math.max(high - low, 1e-9);
}
