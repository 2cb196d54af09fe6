import { describe, expect, test } from "vitest";
import { labelOf, mapAt, mapFigure, pointsAt, reachAt } from "../../src/player/maps.js";
import { unpackRun } from "../../src/player/unpack.js";
import { plainRun } from "./made.js";

const run = unpackRun(plainRun({ classes: ["cat", "dog"] }));
const maps = /** @type {import("../../src/player/unpack.js").Maps} */ (run.maps.PCA);

describe("the map at a step", () => {
  test("is the latest by then", () => {
    expect([0, 9, 10, 19, 20, 25].map((step) => mapAt(run, "PCA", step).row)).toEqual([
      -1, -1, 0, 0, 1, 1,
    ]);
    expect(mapAt(run, "PCA", 0).maps).toBe(maps);
  });

  test("is none where there is no map of the kind", () => {
    expect(mapAt(run, "t-SNE", 25)).toEqual({ maps: undefined, row: -1 });
  });
});

test("its points are what the network said then", () => {
  const points = pointsAt(run, 1);
  expect(points.labels).toBe(run.labels);
  expect(points.domains).toBe(run.domains);
  expect(points.predictions).toEqual(Uint8Array.of(1, 0, 1, 7));
  expect(points.confidence).toEqual(Float32Array.of(0.2, 0.4, 0, 1));
  expect(points.names).toEqual(["cat", "dog"]);
});

describe("how far the maps reach", () => {
  test("is the same for all, rounded up to a half", () => {
    expect(reachAt([run], "PCA", 10)).toBe(11); // 10 with some room
    expect(reachAt([run], "PCA", 20)).toBe(32);
    const near = unpackRun(plainRun({ maps: { PCA: { ...plainRun().maps.PCA, scale: 0.001 } } }));
    expect(reachAt([near], "PCA", 20)).toBe(0.5);
    expect(reachAt([near, run], "PCA", 20)).toBe(32);
  });

  test("is a little where there is no map", () => {
    expect(reachAt([run], "PCA", 0)).toBe(0.5);
    expect(reachAt([run], "t-SNE", 20)).toBe(0.5);
    expect(reachAt([], "PCA", 20)).toBe(0.5);
  });
});

test("the number of a class is its annotation's name, whatever people read", () => {
  expect(labelOf({ name: "8", text: "eight" })).toBe(8);
  expect(labelOf({ name: "0", text: "<b>0</b>" })).toBe(0);
});

describe("the figure of a map", () => {
  const { data, layout } = mapFigure(run, maps, 0, false, 11);

  test("puts the points where they were then", () => {
    expect(data[1]).toEqual({ name: "1", customdata: [0, 2, 3], x: [0, 10, 3], y: [0, 4, 2] });
    expect(data[2]).toEqual({ name: "8", customdata: [1], x: [1], y: [-2] });
  });

  test("leaves the legend's traces alone", () => {
    expect(data[0]).toBe(run.templates.light.data[0]);
  });

  test("puts a class's number on the point in its middle", () => {
    expect(layout.annotations).toEqual([
      { name: "1", text: "<b>1</b>", showarrow: false, x: 3, y: 2 },
      { name: "8", text: "<b>8</b>", showarrow: false, x: 1, y: -2 },
    ]);
  });

  test("reaches as far both ways, and gives each axis a range of its own", () => {
    expect(layout.xaxis).toEqual({ showgrid: false, range: [-11, 11] });
    expect(layout.yaxis).toEqual({ showgrid: false, scaleanchor: "x", range: [-11, 11] });
    expect(layout.xaxis.range).not.toBe(layout.yaxis.range);
  });

  test("is of the theme", () => {
    expect(mapFigure(run, maps, 0, true, 11).data).toEqual([]);
  });

  test("of another map puts them elsewhere", () => {
    const later = mapFigure(run, maps, 1, false, 32).data[1];
    expect(later.y.at(-1)).toBeCloseTo(-30);
    expect(run.templates.light.data[1]).not.toHaveProperty("x");
  });
});
