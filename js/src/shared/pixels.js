// Small pictures, pixel by pixel: digits, and what is as large as one.

export const SIDE = 28; // px of a digit, each way
const VALUES = 3 * SIDE * SIDE; // of a picture: red, green and blue of each pixel

/**
 * Pixels as a canvas wants them: with an alpha beside the three colours.
 * @param {Uint8Array} pixels red, green and blue of each
 */
export function withAlpha(pixels) {
  const count = pixels.length / 3;
  const made = new Uint8ClampedArray(4 * count);
  for (let p = 0; p < count; p += 1) {
    made.set(pixels.subarray(3 * p, 3 * p + 3), 4 * p);
    made[4 * p + 3] = 255;
  }
  return made;
}

/**
 * One of many pictures that stand one after the other.
 * @param {Uint8Array} pixels of all
 * @param {number} index
 */
export const pictureAt = (pixels, index) => pixels.subarray(VALUES * index, VALUES * (index + 1));

/**
 * @param {HTMLCanvasElement} canvas of SIDE px each way
 * @param {Uint8Array} pixels of one picture
 */
export function paintPixels(canvas, pixels) {
  const image = new ImageData(withAlpha(pixels), SIDE, SIDE);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
