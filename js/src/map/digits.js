// Pictures of digits, and what is said under one.

import { h } from "../shared/elements.js";
import { SIDE } from "../shared/pixels.js";
import { onDigit } from "./words.js";

/** @typedef {(canvas: HTMLCanvasElement, index: number) => void} Paint paints one digit */

/**
 * Says under a digit's picture what it is and what the network takes it for.
 * @param {HTMLElement} item its last child takes the caption
 * @param {number} is
 * @param {number} [says] undefined where nobody asked the network
 * @param {number} [confidence]
 */
export function captionDigit(item, is, says, confidence) {
  const { caption, title, label } = onDigit(is, says, confidence);
  item.classList.toggle("dann-wrong", says !== undefined && is !== says);
  const words = /** @type {ChildNode} */ (item.lastChild);
  // Written again, the same words would still lose a reader's place in them.
  if (words.textContent !== caption) words.textContent = caption;
  item.title = title;
  item.setAttribute("aria-label", label);
}

/**
 * The pictures of one image that holds many, `columns` in a row.
 * @param {string} url
 * @param {number} columns
 * @returns {Promise<Paint>}
 */
export async function digitSheet(url, columns) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return (canvas, index) => {
    const [x, y] = placeInSheet(index, columns);
    canvas.getContext("2d")?.drawImage(image, x, y, SIDE, SIDE, 0, 0, SIDE, SIDE);
  };
}

/**
 * @param {number} index
 * @param {number} columns
 */
export const placeInSheet = (index, columns) => [
  SIDE * (index % columns),
  SIDE * Math.floor(index / columns),
];

/**
 * A digit's picture, or null while there are no pictures.
 * @param {Paint | null | undefined} paint
 * @param {number} index
 */
export function createPicture(paint, index) {
  if (!paint) return null;
  const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  paint(canvas, index);
  return canvas;
}
