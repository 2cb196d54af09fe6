// What Plotly draws of a map and of the digits that are asked for.

/** @import { Points } from "./points.js" */

/**
 * @param {Figure} figure of dann_lab/figures/feature_maps.py `scatter_map`
 * @param {Points | null} points
 * @param {ReadonlySet<number> | null} marked the digits that stand out; null marks none and dims none
 * @param {number} revision a new one each time, or Plotly would keep the line that was drawn
 * @returns {Figure}
 */
export const drawnFigure = ({ data, layout }, points, marked, revision) => ({
  data: data.map((trace) => (points ? askedTrace(trace, marked) : trace)),
  layout: {
    ...layout,
    dragmode: points ? "lasso" : false,
    selections: [], // the line drawn: where the points go, it would not follow
    uirevision: "map", // a class that the reader hides stays hidden
    selectionrevision: revision,
    newselection: { line: { color: layout.font.color, width: 1.5 } },
  },
});

/**
 * @param {Record<string, any>} trace
 * @param {ReadonlySet<number> | null} marked
 */
function askedTrace(trace, marked) {
  if (!trace.customdata) return trace;
  const { hovertemplate, ...kept } = trace; // the card says more
  return {
    ...kept,
    hoverinfo: "none",
    selectedpoints: marked && placesOf(trace.customdata, marked),
    selected: { marker: { opacity: 1, size: 8 } },
    unselected: { marker: { opacity: 0.16 } },
  };
}

/**
 * Which points of a trace are marked, by their place in it.
 * @param {number[]} indices of the trace's points
 * @param {ReadonlySet<number>} marked
 */
export const placesOf = (indices, marked) =>
  indices.flatMap((index, place) => (marked.has(index) ? [place] : []));
