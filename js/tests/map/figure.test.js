import { describe, expect, test } from "vitest";
import { drawnFigure, placesOf } from "../../src/map/figure.js";

const LEGEND = { name: "source", x: [null], y: [null], meta: { domain: "blue" } };
const TRACE = {
  name: "7",
  x: [1, 2, 3],
  hovertemplate: "7, source",
  customdata: [4, 6, 9],
  marker: { color: "green", symbol: "circle", line: { color: "green", width: 1 } },
  meta: { domain: "blue" },
};
const FIGURE = {
  data: [LEGEND, TRACE],
  layout: { font: { color: "black" }, height: 470, dragmode: "zoom" },
};
const POINTS = { labels: [], domains: [], predictions: null, confidence: null, names: [] };

test("points of a trace are marked by their place in it", () => {
  expect(placesOf([4, 6, 9], new Set([9, 4, 5]))).toEqual([0, 2]);
  expect(placesOf([4, 6, 9], new Set())).toEqual([]);
});

describe("the figure", () => {
  test("dims all but the marked points", () => {
    const [legend, trace] = drawnFigure(FIGURE, POINTS, new Set([6]), 0.5).data;
    expect(legend).toBe(LEGEND);
    expect(trace).toMatchObject({ name: "7", x: [1, 2, 3], customdata: [4, 6, 9] });
    expect(trace).toMatchObject({ hoverinfo: "none", selectedpoints: [1] });
    expect(trace).toMatchObject({ unselected: { marker: { opacity: 0.16 } } });
    expect(trace).not.toHaveProperty("hovertemplate");
  });

  test("dims all where a rule finds none, and none where there is no rule", () => {
    expect(drawnFigure(FIGURE, POINTS, new Set(), 0).data[1].selectedpoints).toEqual([]);
    expect(drawnFigure(FIGURE, POINTS, null, 0).data[1].selectedpoints).toBe(null);
  });

  test("can be drawn on once its points are known", () => {
    expect(drawnFigure(FIGURE, POINTS, null, 0.5).layout).toEqual({
      font: { color: "black" },
      height: 470,
      dragmode: "lasso",
      selections: [],
      uirevision: "map",
      selectionrevision: 0.5,
      newselection: { line: { color: "black", width: 1.5 } },
    });
  });

  test("stays as it came while its points are not known", () => {
    const { data, layout } = drawnFigure(FIGURE, null, null, 0.5);
    expect(data).toEqual(FIGURE.data);
    expect(layout.dragmode).toBe(false);
  });

  test("changes nothing of what it was made of", () => {
    drawnFigure(FIGURE, POINTS, new Set([6]), 0.5);
    expect(TRACE).toHaveProperty("hovertemplate");
    expect(FIGURE.layout.dragmode).toBe("zoom");
  });
});
