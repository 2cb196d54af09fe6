// Small pictures, pixel by pixel.

export const SIDE = 28; // px of a digit, each way

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
 * @param {Uint8Array} pixels of all: red, green and blue of each
 * @param {number} index
 * @param {{ width: number, height: number }} size of each
 */
export function pictureAt(pixels, index, { width, height }) {
  const values = 3 * width * height;
  return pixels.subarray(values * index, values * (index + 1));
}

/**
 * @param {HTMLCanvasElement} canvas as large as the picture
 * @param {Uint8Array} pixels of one picture
 */
export function paintPixels(canvas, pixels) {
  const image = new ImageData(withAlpha(pixels), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
