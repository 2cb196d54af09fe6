// @ts-nocheck
// Line segments where a grid of 0-255 crosses one half, in cells from the top left.
export function contour(grid, n) {
  const segments = [];
  const at = (row, column) => grid[row * n + column] - 127.5;
  for (let row = 0; row < n - 1; row += 1) {
    for (let column = 0; column < n - 1; column += 1) {
      const corners = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column),
      ];
      const places = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ];
      const crossings = [];
      for (let k = 0; k < 4; k += 1) {
        const [a, b] = [corners[k], corners[(k + 1) % 4]];
        if (a < 0 === b < 0) continue;
        const share = a / (a - b);
        const [p, q] = [places[k], places[(k + 1) % 4]];
        crossings.push([column + p[0] + share * (q[0] - p[0]), row + p[1] + share * (q[1] - p[1])]);
      }
      for (let k = 0; k + 1 < crossings.length; k += 2)
        segments.push([crossings[k], crossings[k + 1]]);
    }
  }
  return segments;
}
