// The maps of runs at a moment: which ones, and as what figures.

/** @import { Points } from "../map/points.js" */
/** @import { Maps, Run } from "./unpack.js" */

import { lastAt } from "./moments.js";

const MARGIN = 1.06; // room around the outermost point

/** @typedef {(point: number, axis: number) => number} Positions where the points of a map are */

/**
 * The latest map of a run by a step: `row` says which of `maps`, -1 for none yet. A run without any
 * map of the kind has no `maps`.
 * @param {Pick<Run, "maps" | "moments">} run
 * @param {string} method
 * @param {number} step
 */
export function mapAt(run, method, step) {
  const maps = run.maps[method];
  const steps = maps ? maps.rows.map((row) => run.moments[row]) : [];
  return { maps, row: lastAt(steps, step) };
}

/**
 * What the points of a map are and what the network said of them then.
 * @param {Run} run
 * @param {number} moment
 * @returns {Points}
 */
export const pointsAt = (run, moment) => ({
  labels: run.labels,
  domains: run.domains,
  predictions: run.predictions(moment),
  confidence: Float32Array.from(run.confidence(moment), (share) => share / 255),
  names: run.classes,
});

/**
 * How far all maps reach at a step, so that they have one scale; in half steps, so that it seldom
 * changes.
 * @param {Pick<Run, "maps" | "moments" | "points">[]} runs
 * @param {string} method
 * @param {number} step
 */
export function reachAt(runs, method, step) {
  let most = 0;
  for (const run of runs) {
    const { maps, row } = mapAt(run, method, step);
    if (!maps || row < 0) continue;
    for (const place of maps.flat.subarray(2 * row * run.points, 2 * (row + 1) * run.points)) {
      most = Math.max(most, Math.abs(place) * maps.scale);
    }
  }
  return Math.max(0.5, Math.ceil(2 * MARGIN * most) / 2);
}

/**
 * The page's look of one of a run's maps.
 * @param {Pick<Run, "templates" | "labels" | "points">} run
 * @param {Maps} maps
 * @param {number} row
 * @param {boolean} dark
 * @param {number} reach
 * @returns {Figure}
 */
export function mapFigure(run, maps, row, dark, reach) {
  const { data, layout } = run.templates[dark ? "dark" : "light"];
  const at = positionsOf(maps, row, run.points);
  const range = [-reach, reach];
  return {
    data: data.map((trace) => placedTrace(trace, at)),
    layout: {
      ...layout,
      annotations: layout.annotations.map((/** @type {Annotation} */ annotation) =>
        placedNumber(annotation, run.labels, at),
      ),
      xaxis: { ...layout.xaxis, range: [...range] },
      yaxis: { ...layout.yaxis, range: [...range] },
    },
  };
}

/** @typedef {{ name: string, [field: string]: any }} Annotation */

/**
 * @param {Maps} maps
 * @param {number} row
 * @param {number} points
 * @returns {Positions}
 */
const positionsOf = (maps, row, points) => (point, axis) =>
  maps.flat[2 * (row * points + point) + axis] * maps.scale;

/**
 * @param {Record<string, any>} trace
 * @param {Positions} at
 */
function placedTrace(trace, at) {
  if (!trace.customdata) return trace;
  /** @type {number[]} */
  const points = trace.customdata;
  return {
    ...trace,
    x: points.map((point) => at(point, 0)),
    y: points.map((point) => at(point, 1)),
  };
}

/**
 * A class's number on the point in the middle of the class, for the middle of a ring is empty.
 * @param {Annotation} annotation
 * @param {Uint8Array} labels
 * @param {Positions} at
 * @returns {Annotation}
 */
function placedNumber(annotation, labels, at) {
  const label = labelOf(annotation);
  const own = [...labels.keys()].filter((point) => labels[point] === label);
  const [x, y] = [0, 1].map((axis) => middle(own.map((point) => at(point, axis))));
  /** @param {number} point */
  const far = (point) => Math.abs(at(point, 0) - x) + Math.abs(at(point, 1) - y);
  const nearest = own.reduce((best, point) => (far(point) < far(best) ? point : best), own[0]);
  return { ...annotation, x: at(nearest, 0), y: at(nearest, 1) };
}

/** @param {Annotation} annotation the number of a class */
export const labelOf = (annotation) => Number(annotation.name);

/** @param {number[]} values */
const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
