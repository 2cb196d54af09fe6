import { describe, expect, test } from "vitest";
import { colouredByDomain } from "../../src/map/colouring.js";

const LEGEND = { name: "source", x: [null], y: [null], meta: { domain: "blue" } };
const TRACE = {
  name: "7",
  x: [1, 2, 3],
  customdata: [4, 6, 9],
  marker: { color: "green", symbol: "circle", line: { color: "green", width: 1 } },
  meta: { domain: "blue" },
};
const OTHER = { name: "a curve", x: [1], marker: { color: "green" } };

describe("coloured by domain, a map", () => {
  const figure = { data: [LEGEND, TRACE, OTHER], layout: { height: 470 } };
  const { data, layout } = colouredByDomain(figure);
  const [legend, trace, other] = data;

  test("has the domain's colour in its points and in the legend", () => {
    expect(legend.marker).toEqual({ color: "blue" });
    const line = { color: "blue", width: 1 };
    expect(trace.marker).toEqual({ color: "blue", symbol: "circle", line });
    expect(trace.x).toBe(TRACE.x);
  });

  test("has no class in its legend", () => {
    expect(legend.showlegend).toBe(undefined);
    expect(trace.showlegend).toBe(false);
  });

  test("leaves alone what is of no domain, the layout, and the figure that it came from", () => {
    expect(other).toBe(OTHER);
    expect(layout).toBe(figure.layout);
    expect(TRACE.marker.color).toBe("green");
  });
});
