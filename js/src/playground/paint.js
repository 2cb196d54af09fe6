// How a plane of the playground is painted.

import { arrowShape } from "./arrows.js";
import { contour } from "./contour.js";
import { background, placeOf, rgb } from "./scene.js";

/** @import { Point } from "./arrows.js" */
/** @import { Place } from "./pen.js" */
/** @import { ArrowName } from "./protocol.js" */
/** @import { Scene } from "./scene.js" */

const ARROW_EVERY = 4; // points

/** @typedef {ArrowName | "zero" | "one" | "target" | "edge" | "line"} ColourName */
/** @typedef {Record<ColourName, string>} Palette */

/**
 * A canvas that is being painted.
 * @typedef {object} Easel
 * @property {CanvasRenderingContext2D} pen
 * @property {number} size in px
 * @property {Palette} colours
 * @property {Scene} scene
 */

/**
 * The colours of playground.css: they follow the theme.
 * @param {HTMLElement} root
 * @returns {Palette}
 */
export function palette(root) {
  const style = getComputedStyle(root);
  /** @param {ColourName} name */
  const colour = (name) => style.getPropertyValue(`--play-${name}`).trim();
  return {
    zero: colour("zero"),
    one: colour("one"),
    target: colour("target"),
    label: colour("label"),
    domain: colour("domain"),
    reversed: colour("reversed"),
    edge: colour("edge"),
    line: colour("line"),
  };
}

/**
 * One square picture: background, both boundaries, points, arrows.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} colours
 * @param {Scene} scene
 */
export function paint(canvas, colours, scene) {
  const size = canvas.clientWidth;
  if (!size) return;
  const easel = { pen: cleared(canvas, size), size, colours, scene };
  paintBackground(easel);
  const [labels, domains] = scene.grids;
  paintBoundary(easel, labels, { colour: colours.line, dash: [], width: 2 });
  paintBoundary(easel, domains, { colour: colours.domain, dash: [6, 5], width: 2.5 });
  paintPoints(easel);
  for (const [name, pushes] of scene.arrows) paintArrows(easel, colours[name], pushes);
  if (scene.pen) paintPen(easel, scene.pen);
}

/** @param {HTMLCanvasElement | OffscreenCanvas} canvas */
const penOf = (canvas) =>
  /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d") // never null: nobody asks these canvases for another kind
  );

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 */
function cleared(canvas, size) {
  const ratio = devicePixelRatio || 1;
  const pixels = Math.round(size * ratio);
  if (canvas.width !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  const pen = penOf(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size, size);
  return pen;
}

/** @param {Uint8Array} grid of a square */
const sideOf = (grid) => Math.round(Math.sqrt(grid.length));

/** @param {Easel} easel */
function paintBackground({ pen, size, colours, scene }) {
  const [labels] = scene.grids;
  const n = sideOf(labels);
  const pixels = background(labels, rgb(colours.zero), rgb(colours.one));
  const small = new OffscreenCanvas(n, n);
  penOf(small).putImageData(new ImageData(pixels, n, n), 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, size, size);
}

/**
 * @param {Easel} easel
 * @param {Uint8Array} grid
 * @param {{ colour: string, dash: number[], width: number }} line
 */
function paintBoundary({ pen, size }, grid, { colour, dash, width }) {
  const n = sideOf(grid);
  const cell = size / (n - 1);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  for (const [from, to] of contour(grid, n)) {
    pen.moveTo(from[0] * cell, from[1] * cell);
    pen.lineTo(to[0] * cell, to[1] * cell);
  }
  pen.stroke();
  pen.setLineDash([]);
}

/** @param {Easel} easel */
function paintPoints(easel) {
  const { size, colours, scene } = easel;
  const radius = size < 320 ? 2.6 : 3.4;
  scene.labels.forEach((label, k) => {
    const place = placeOf(scene, size, k);
    const colour = label ? colours.one : colours.zero;
    if (k < scene.sources) paintSource(easel, place, radius, colour);
    else paintTarget(easel, place, radius, scene.reveal ? colour : colours.target);
  });
}

/**
 * @param {Easel} easel
 * @param {Point} place
 * @param {number} radius
 * @param {string} colour
 */
function paintSource({ pen, colours }, [x, y], radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = colours.edge;
  pen.lineWidth = 0.7;
  pen.stroke();
}

/**
 * @param {Easel} easel
 * @param {Point} place
 * @param {number} radius
 * @param {string} colour
 */
function paintTarget({ pen }, [x, y], radius, colour) {
  pen.beginPath();
  pen.moveTo(x, y - 1.4 * radius);
  pen.lineTo(x + 1.25 * radius, y + 0.9 * radius);
  pen.lineTo(x - 1.25 * radius, y + 0.9 * radius);
  pen.closePath();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.stroke();
}

/**
 * Where the keys draw.
 * @param {Easel} easel
 * @param {Place} pen
 */
function paintPen({ pen, size, colours, scene }, [x, y]) {
  const points = new Float32Array([x, y]);
  const [across, down] = placeOf({ ...scene, points }, size, 0);
  pen.strokeStyle = colours.line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const [dx, dy] of [
    [9, 0],
    [0, 9],
  ]) {
    pen.moveTo(across - dx, down - dy);
    pen.lineTo(across + dx, down + dy);
  }
  pen.stroke();
}

/**
 * @param {Easel} easel
 * @param {string} colour
 * @param {Float32Array} pushes
 */
function paintArrows({ pen, size, scene }, colour, pushes) {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 1.8;
  for (let k = 0; k < scene.labels.length; k += ARROW_EVERY) {
    const from = placeOf(scene, size, k);
    const push = /** @type {Point} */ ([
      pushes[2 * k] * scene.scale,
      -pushes[2 * k + 1] * scene.scale,
    ]);
    const shape = arrowShape(from, push);
    if (!shape) continue;
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...shape.tip);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(...shape.tip);
    for (const end of shape.head) pen.lineTo(...end);
    pen.fill();
  }
}
