// Where the card of a point goes. All lengths are in px, from the corner of the map at the top left.

const EDGE = 2; // between the card and the edge of the map
const BESIDE = 14; // between the point and the card

/** @typedef {{ width: number, height: number }} Size */

/**
 * A point that Plotly tells of.
 * @typedef {object} PlotlyPoint
 * @property {number} [customdata] its index
 * @property {number} x
 * @property {number} y
 * @property {PlotlyAxis} xaxis
 * @property {PlotlyAxis} yaxis
 */

/** @typedef {{ l2p: (value: number) => number, _offset: number }} PlotlyAxis */

/** @param {PlotlyPoint} point */
export const whereIs = ({ x, y, xaxis, yaxis }) => ({
  x: xaxis.l2p(x) + xaxis._offset,
  y: yaxis.l2p(y) + yaxis._offset,
});

/**
 * To the right of the point, or to its left where there is more room; and where there is no room on
 * either side of it, above or below it.
 * @param {{ x: number, y: number }} point
 * @param {Size} card
 * @param {Size} frame of the map
 */
export function placeCard({ x, y }, card, frame) {
  const fits = x + BESIDE + card.width <= frame.width - EDGE;
  const left = fits ? x + BESIDE : x - BESIDE - card.width;
  const top = left >= EDGE ? y - card.height / 2 : aboveOrBelow(y, card, frame);
  return {
    left: within(left, card.width, frame.width),
    top: within(top, card.height, frame.height),
  };
}

/**
 * @param {number} y
 * @param {Size} card
 * @param {Size} frame
 */
const aboveOrBelow = (y, card, frame) =>
  y + BESIDE + card.height < frame.height ? y + BESIDE : y - BESIDE - card.height;

/**
 * @param {number} at
 * @param {number} size
 * @param {number} room
 */
const within = (at, size, room) => Math.max(EDGE, Math.min(at, room - size - EDGE));
