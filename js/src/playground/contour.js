// The line on a plane where a probability is one half.

/** @typedef {[column: number, row: number]} Place in cells from the top left */

const HALF = 127.5;
/** A cell's corners, from its top left on around it. @type {Place[]} */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/**
 * Where one cell's edges are crossed: at none of them, at two or at all four.
 * @param {Uint8Array} grid
 * @param {number} n
 * @param {number} column
 * @param {number} row
 */
function crossings(grid, n, column, row) {
  const heights = CORNERS.map(([x, y]) => grid[(row + y) * n + column + x] - HALF);
  /** @type {Place[]} */
  const found = [];
  for (let k = 0; k < 4; k += 1) {
    const next = (k + 1) % 4;
    const [a, b] = [heights[k], heights[next]];
    if (a < 0 === b < 0) continue;
    const share = a / (a - b);
    const [p, q] = [CORNERS[k], CORNERS[next]];
    found.push([column + p[0] + share * (q[0] - p[0]), row + p[1] + share * (q[1] - p[1])]);
  }
  return found;
}

/**
 * The line in short straight pieces.
 * @param {Uint8Array} grid n times n numbers of 0-255, row by row from the top left
 * @param {number} n
 */
export function contour(grid, n) {
  /** @type {[from: Place, to: Place][]} */
  const segments = [];
  for (let row = 0; row < n - 1; row += 1) {
    for (let column = 0; column < n - 1; column += 1) {
      const found = crossings(grid, n, column, row);
      for (let k = 0; k + 1 < found.length; k += 2) segments.push([found[k], found[k + 1]]);
    }
  }
  return segments;
}
