// The photograph and the window on it, moved with the mouse, a finger or the arrow keys.

import { h } from "../shared/elements.js";
import { SIDE } from "../shared/pixels.js";
import { afterKey, underPointer } from "./window.js";
import { PHOTO, windowAt } from "./words.js";

/** @import { Photo, Wanted } from "./protocol.js" */
/** @import { Move } from "./window.js" */

/** Black and white, so that the frame is seen on any photograph. */
const FRAME = [
  { colour: "#000", thick: 5 },
  { colour: "#fff", thick: 2.5 },
];

/**
 * @param {Photo[]} photos
 * @param {string} describedBy
 * @param {() => Wanted} wanted
 * @param {Move} move
 */
export function createPhoto(photos, describedBy, wanted, move) {
  const canvas = h("canvas", {
    class: "dann-photo",
    tabindex: 0,
    role: "application",
    "aria-roledescription": PHOTO.role,
    "aria-describedby": describedBy,
    "data-show": "photo",
  });
  const draw = () => {
    const now = wanted();
    drawPhoto(canvas, pictures[now.photo], photos[now.photo], now);
  };
  const pictures = photos.map(({ url }) => {
    const picture = new Image();
    picture.onload = draw;
    picture.src = url;
    return picture;
  });
  listen(canvas, () => photos[wanted().photo], wanted, move);
  return { canvas, draw };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement} picture
 * @param {Photo} photo
 * @param {Wanted} wanted
 */
function drawPhoto(canvas, picture, photo, wanted) {
  canvas.width = photo.width;
  canvas.height = photo.height;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  if (picture.complete) brush.drawImage(picture, 0, 0);
  const unit = photo.width / (canvas.clientWidth || photo.width);
  for (const { colour, thick } of FRAME) {
    brush.strokeStyle = colour;
    brush.lineWidth = thick * unit;
    brush.strokeRect(wanted.column, wanted.row, SIDE, SIDE);
  }
  canvas.setAttribute("aria-label", windowAt(photo, wanted));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => Photo} photo
 * @param {() => Wanted} wanted
 * @param {Move} move
 */
function listen(canvas, photo, wanted, move) {
  /** @param {PointerEvent} event */
  const drag = (event) => move(underPointer(event, canvas.getBoundingClientRect(), photo().width));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(event);
  });
  canvas.addEventListener("keydown", (event) => {
    const place = afterKey(wanted(), event);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own use for arrow keys
    move(place);
  });
}
