// When the curves are drawn again. Drawing takes time from the training where both share a
// processor, so a page that draws slowly asks for pictures less often.

const LEAST = 500; // ms between two drawings
const MOST = 2000; // ms between two drawings
const SHARE = 0.05; // of the time may go into drawing

/**
 * When to draw again if a drawing never ends.
 * @param {number} begun in ms, as everywhere here
 */
export const atTheLatest = (begun) => begun + MOST;

/**
 * When to draw again after a drawing.
 * @param {number} begun
 * @param {number} painted
 */
export const nextDrawing = (begun, painted) =>
  begun + Math.min(MOST, Math.max(LEAST, (painted - begun) / SHARE));
