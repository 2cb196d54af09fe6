// The sheet on which a digit is drawn: with the mouse, a finger or keys.

import { h } from "../shared/elements.js";
import { SIDE } from "../shared/pixels.js";
import { INK, RADIUS } from "./ink.js";
import { afterKey, begun, drawnTo } from "./strokes.js";
import * as words from "./words.js";

/** @import { Sheet, Point, Stroke } from "./strokes.js" */

const CELL = 12; // px of the canvas
const WIDTH = SIDE * CELL;
// As the source's digits are, whatever the page's colours.
const GROUND = "#000000";
const LINE = "#ffffff";
const PEN = { up: "#7cc4f2", down: "#ffb000" };

/**
 * @param {object} given
 * @param {() => Sheet} given.sheet what stands on it
 * @param {(sheet: Sheet) => void} given.change hears what stands on it next
 * @param {HTMLElement} given.pen says where the pen of the keys is
 * @param {string} given.help the id of the text that says how to draw
 */
export function createSheet({ sheet, change, pen, help }) {
  /** @type {number | null} */
  let pointer = null; // the one that draws: a second finger draws nothing
  /** @type {HTMLCanvasElement} */
  const node = h("canvas", {
    width: WIDTH,
    height: WIDTH,
    class: "dann-paper",
    tabindex: 0,
    role: "application",
    "aria-label": words.SHEET,
    "aria-describedby": help,
    "data-draw": "sheet",
    /** @param {KeyboardEvent} event */
    onkeydown: (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = afterKey(sheet(), event.key);
      if (!next) return;
      event.preventDefault(); // the page stands still
      change(next);
      pen.textContent = words.penAt(next.pen);
    },
    /** @param {PointerEvent} event */
    onpointerdown: (event) => {
      if (pointer !== null || event.button) return;
      pointer = event.pointerId;
      node.setPointerCapture(pointer);
      change(begun(sheet(), placeOf(node, event)));
    },
    /** @param {PointerEvent} event */
    onpointermove: (event) => {
      if (event.pointerId !== pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      const points = (events.length ? events : [event]).map((one) => placeOf(node, one));
      change(points.reduce(drawnTo, sheet()));
    },
    onlostpointercapture: () => {
      pointer = null;
    },
    onfocus: () => repaint(),
    onblur: () => repaint(),
  });
  /** @type {Uint8Array | null} */
  let shown = null;
  const repaint = () => paint(node, sheet(), shown);
  repaint();
  return {
    node,
    /**
     * @param {Uint8Array | null} ink what stands there of a drawing that was made elsewhere
     */
    paint(ink) {
      shown = ink;
      repaint();
    },
  };
}

/**
 * Where a pointer is, in cells of the sheet.
 * @param {HTMLCanvasElement} canvas
 * @param {{ clientX: number, clientY: number }} event
 * @returns {Point}
 */
function placeOf(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [(SIDE * (clientX - left)) / width, (SIDE * (clientY - top)) / height];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Sheet} sheet
 * @param {Uint8Array | null} ink
 */
function paint(canvas, { strokes, pen }, ink) {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = GROUND;
  context.fillRect(0, 0, WIDTH, WIDTH);
  context.fillStyle = context.strokeStyle = LINE;
  for (const [index, value] of ink?.entries() ?? []) {
    if (value === INK) context.fillRect(...cell(index % SIDE, Math.floor(index / SIDE)));
  }
  context.lineWidth = 2 * RADIUS * CELL;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = pen.down ? PEN.down : PEN.up;
  context.lineWidth = 3;
  context.strokeRect(...cell(pen.column, pen.row));
}

/**
 * @param {number} column
 * @param {number} row
 * @returns {[number, number, number, number]}
 */
const cell = (column, row) => [CELL * column, CELL * row, CELL, CELL];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 */
function paintStroke(context, stroke) {
  context.beginPath();
  context.moveTo(CELL * stroke[0][0], CELL * stroke[0][1]);
  for (const [x, y] of stroke) context.lineTo(CELL * x, CELL * y);
  context.stroke();
}
