// The diagram of the network: where its boxes and arrows stand, what is written in them, and how wide
// the arrow of lambda is. Pure functions.

import { lambdaWritten } from "../shared/words.js";
import { adapts } from "./allowed.js";
import * as words from "./words.js";

/** @import { DomainSide, State } from "./protocol.js" */

/** @typedef {"extractor" | "predictor" | "labelLoss" | "reversal" | "classifier" | "domainLoss"} BoxName */
/** @typedef {"toPredictor" | "toLabelLoss" | "toReversal" | "toClassifier" | "toDomainLoss"} ForwardName */
/** @typedef {"fromLabelLoss" | "label" | "fromDomainLoss" | "domain" | "push"} BackName */

/**
 * @typedef {object} Box px
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/** @typedef {[x: number, y: number]} Place px */

/**
 * @typedef {object} Arrow
 * @property {Place} from
 * @property {Place} to
 */

/**
 * @typedef {object} Layout
 * @property {number} width px
 * @property {number} height px
 * @property {Record<BoxName, Box>} boxes
 * @property {Record<ForwardName | BackName, Arrow>} arrows
 * @property {Record<"label" | "domain" | "push", { at: Place, anchor: "start" | "middle" }>} norms
 *   where the norms are written
 */

const STACKED = 640; // px: from this width on, forward goes from left to right
export const WIDEST = 18; // px: the arrow of the greatest lambda
const APART = 8; // px from the middle of a pair of arrows to each of the two
const HEAD = 11; // px

/**
 * @param {number} width px that there are
 * @returns {Layout}
 */
export const layoutFor = (width) => (width < STACKED ? stacked(Math.max(width, 250)) : wide(width));

/**
 * @param {number} width
 * @returns {Layout}
 */
function wide(width) {
  const scale = Math.min(1.3, width / 640);
  const [extractor, reversal, head, loss, short] = [114, 116, 124, 92, 26].map((x) => x * scale);
  const gap = (width - extractor - reversal - head - short - loss) / 2;
  const [top, bottom, height, total] = [1, 70, 40, 128];
  const lefts = {
    reversal: extractor + gap,
    head: extractor + gap + reversal + gap,
    loss: width - loss,
  };
  const boxes = {
    extractor: { x: 1, y: top, width: extractor - 1, height: bottom + height - top },
    predictor: { x: lefts.head, y: top, width: head, height },
    labelLoss: { x: lefts.loss, y: top, width: loss - 1, height },
    reversal: { x: lefts.reversal, y: bottom, width: reversal, height },
    classifier: { x: lefts.head, y: bottom, width: head, height },
    domainLoss: { x: lefts.loss, y: bottom, width: loss - 1, height },
  };
  /** @param {Box} left @param {Box} right @param {number} y @returns {[Arrow, Arrow]} */
  const pair = (left, right, y) => {
    const [a, b] = [left.x + left.width + 2, right.x - 2];
    return [
      { from: [a, y - APART], to: [b, y - APART] },
      { from: [b, y + APART], to: [a, y + APART] },
    ];
  };
  const [upper, lower] = [top + height / 2, bottom + height / 2];
  const { arrows, below } = paired(boxes, pair, [upper, lower]);
  return {
    ...{ width, height: total, boxes, arrows },
    norms: {
      label: { at: [below(arrows.label)[0], upper + 34], anchor: "middle" },
      domain: { at: [below(arrows.domain)[0], lower + 34], anchor: "middle" },
      push: { at: [below(arrows.push)[0], lower + 34], anchor: "middle" },
    },
  };
}

/**
 * @param {Record<BoxName, Box>} boxes
 * @param {(one: Box, next: Box, across: number) => [Arrow, Arrow]} pair
 * @param {[number, number]} lanes of the labels and of the domains
 */
function paired(boxes, pair, [labels, domains]) {
  const { extractor, predictor, labelLoss, reversal, classifier, domainLoss } = boxes;
  const [toPredictor, label] = pair(extractor, predictor, labels);
  const [toLabelLoss, fromLabelLoss] = pair(predictor, labelLoss, labels);
  const [toReversal, push] = pair(extractor, reversal, domains);
  const [toClassifier, domain] = pair(reversal, classifier, domains);
  const [toDomainLoss, fromDomainLoss] = pair(classifier, domainLoss, domains);
  const forward = { toPredictor, toLabelLoss, toReversal, toClassifier, toDomainLoss };
  /** @param {Arrow} arrow @returns {Place} */
  const below = ({ from, to }) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return { arrows: { ...forward, fromLabelLoss, label, fromDomainLoss, domain, push }, below };
}

/**
 * @param {number} width
 * @returns {Layout}
 */
function stacked(width) {
  const [height, gap, short] = [36, 40, 24];
  const half = width / 2;
  const rows = [1, 1 + height + gap, 1 + 2 * (height + gap)];
  const lowest = rows[2] + height + short;
  /** @param {number} x @param {number} y */
  const box = (x, y) => ({ x, y, width: half - 6, height });
  const [left, right] = [1, half + 5];
  const boxes = {
    extractor: { x: 1, y: rows[0], width: width - 2, height },
    predictor: box(left, rows[2]),
    labelLoss: box(left, lowest),
    reversal: box(right, rows[1]),
    classifier: box(right, rows[2]),
    domainLoss: box(right, lowest),
  };
  /** @param {Box} above @param {Box} under @param {number} x @returns {[Arrow, Arrow]} */
  const pair = (above, under, x) => {
    const [a, b] = [above.y + above.height + 2, under.y - 2];
    return [
      { from: [x - APART, a], to: [x - APART, b] },
      { from: [x + APART + 4, b], to: [x + APART + 4, a] },
    ];
  };
  const { arrows, below } = paired(boxes, pair, [left + 24, right + 24]);
  /** @param {Arrow} arrow @returns {{ at: Place, anchor: "start" }} */
  const beside = (arrow) => ({
    at: [arrow.from[0] + WIDEST / 2 + 8, below(arrow)[1] + 4],
    anchor: "start",
  });
  return {
    ...{ width, height: lowest + height + 1, boxes, arrows },
    norms: {
      label: beside(arrows.label),
      domain: beside(arrows.domain),
      push: beside(arrows.push),
    },
  };
}

/**
 * The head of an arrow, and its line up to there, as paths.
 * @param {Arrow} arrow
 */
export function arrowPaths({ from, to }) {
  const { along, across } = directions({ from, to });
  const neck = moved(to, along, -HEAD);
  const corners = [to, moved(neck, across, HEAD / 2 - 1), moved(neck, across, 1 - HEAD / 2)];
  return { line: `M${from}L${neck}`, head: `M${corners.join("L")}Z` };
}

/**
 * An arrow as wide as that, as a path.
 * @param {Arrow} arrow
 * @param {number} width px
 */
export function broadPath({ from, to }, width) {
  const { along, across } = directions({ from, to });
  const [half, wing] = [width / 2, width / 2 + 4];
  const neck = moved(to, along, -HEAD - width / 4);
  const corners = [
    moved(from, across, half),
    moved(neck, across, half),
    moved(neck, across, wing),
    to,
    moved(neck, across, -wing),
    moved(neck, across, -half),
    moved(from, across, -half),
  ];
  return `M${corners.join("L")}Z`;
}

/**
 * @param {Arrow} arrow
 * @returns {{ along: Place, across: Place }} of length 1
 */
function directions({ from, to }) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(x, y);
  return { along: [x / length, y / length], across: [-y / length, x / length] };
}

/**
 * @param {Place} place
 * @param {Place} direction
 * @param {number} far px
 * @returns {Place}
 */
const moved = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];

/**
 * How wide the arrow is that reaches the features: lambda's share of the greatest lambda.
 * @param {number | undefined} applied
 * @param {number} greatest
 * @returns {number} px
 */
export const widthOf = (applied = 0, greatest) =>
  WIDEST * Math.min(1, Math.max(0, applied) / greatest);

/**
 * What the diagram says as things stand.
 * @param {State} state
 * @param {number} greatest lambda of the method
 */
export function shownIn(state, greatest) {
  const { network, settings, applied } = state;
  const { side } = network;
  const there = side !== "none";
  const known = applied !== undefined && adapts(state);
  const factor = known ? lambdaWritten(applied) : null;
  return {
    side,
    boxes: words.boxes(side, settings, network, factor),
    norms: {
      label: words.norm("gradient", network.label_gradient),
      domain: there ? words.norm("gradient", network.domain_gradient_before) : "",
      push: there ? words.norm(PUSHES[side], network.domain_gradient_after) : "",
    },
    width: there ? widthOf(applied, greatest) : 0,
    sentence: words.networkSentence(state, factor),
  };
}

/** @type {Record<Exclude<DomainSide, "none">, "reversed" | "times">} */
const PUSHES = { classifier: "reversed", distance: "times" };
