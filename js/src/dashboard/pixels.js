// The pictures of the test digits.

export const SIDE = 28; // pixels
const POINTS = SIDE * SIDE;

/**
 * One digit as a canvas wants it: with an alpha beside the three colours.
 * @param {Uint8Array} pixels of all digits
 * @param {number} index
 */
export function rgba(pixels, index) {
  const start = index * POINTS * 3;
  const image = new Uint8ClampedArray(POINTS * 4);
  for (let point = 0; point < POINTS; point += 1) {
    image.set(pixels.subarray(start + 3 * point, start + 3 * point + 3), 4 * point);
    image[4 * point + 3] = 255;
  }
  return image;
}
