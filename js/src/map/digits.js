// Pictures of examples, most often digits, and what is said under one.

import { h } from "../shared/elements.js";
import { isLabelled } from "./points.js";
import { onDigit } from "./words.js";

/** @import { Sheet } from "../player/protocol.js" */

/**
 * What paints one example: on a canvas of its `width` and `height`.
 * @typedef {object} Paint
 * @property {number} width
 * @property {number} height
 * @property {(canvas: HTMLCanvasElement, index: number) => void} on
 */

/**
 * Says under an example's picture what it is and what the network takes it for.
 * @param {HTMLElement} item its last child takes the caption
 * @param {string[]} names of the classes, none for digits
 * @param {number} is
 * @param {number} [says] undefined where nobody asked the network
 * @param {number} [confidence]
 */
export function captionDigit(item, names, is, says, confidence) {
  const { caption, title, label } = onDigit(names, is, says, confidence);
  item.classList.toggle("dann-wrong", says !== undefined && isLabelled(is) && is !== says);
  const words = /** @type {ChildNode} */ (item.lastChild);
  // Written again, the same words would still lose a reader's place in them.
  if (words.textContent !== caption) words.textContent = caption;
  item.title = title;
  item.setAttribute("aria-label", label);
}

/**
 * The pictures of one image that holds many; null for an empty one, of what has no pictures.
 * @param {Sheet} sheet
 * @returns {Promise<Paint | null>}
 */
export async function digitSheet({ sheet, columns, width, height }) {
  if (!sheet) return null;
  const image = new Image();
  image.src = `data:image/png;base64,${sheet}`;
  await image.decode();
  /** @type {Paint["on"]} */
  const on = (canvas, index) => {
    const [x, y] = placeInSheet(index, { columns, width, height });
    canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, width, height);
  };
  return { width, height, on };
}

/**
 * @param {number} index
 * @param {Pick<Sheet, "columns" | "width" | "height">} sheet
 */
export const placeInSheet = (index, { columns, width, height }) => [
  width * (index % columns),
  height * Math.floor(index / columns),
];

/**
 * A picture of its own size, which `paint` fills.
 * @param {{ width: number, height: number }} size
 * @param {(canvas: HTMLCanvasElement) => void} paint
 */
export function createCanvas({ width, height }, paint) {
  const canvas = h("canvas", { width, height, "aria-hidden": "true" });
  paint(canvas);
  return canvas;
}

/**
 * An example's picture, or null while there are no pictures.
 * @param {Paint | null | undefined} paint
 * @param {number} index
 */
export const createPicture = (paint, index) =>
  paint ? createCanvas(paint, (canvas) => paint.on(canvas, index)) : null;
