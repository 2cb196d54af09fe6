// The curves of a run as figures for Plotly: the same that dann_lab/figures/curves.py draws.

import { isDistance } from "./sentences.js";

/** @import { Run } from "./sentences.js" */

/** @typedef {Record<"text" | "grid" | "paper" | "blue" | "orange" | "green", string>} Theme */
/** @typedef {[level: number, text: string]} Level a line across, and its name */

const POINTS = 240; // of a curve that are drawn, at most
const SMALL = 11; // px

/** @type {Theme} */
export const LIGHT = {
  text: "#1f2933",
  grid: "#dde3ea",
  paper: "rgba(255,255,255,0.75)",
  blue: "#0072B2",
  orange: "#B84A00",
  green: "#00755A",
};
/** @type {Theme} */
export const DARK = {
  text: "#e6ebf1",
  grid: "#3a4450",
  paper: "rgba(28,35,43,0.75)",
  blue: "#56B4E9",
  orange: "#F0A030",
  green: "#35C79A",
};

/**
 * At most {@link POINTS} groups of neighbouring values, of a power of two of steps each, so that a
 * growing curve keeps its points until their number halves.
 * @param {number[]} values
 * @param {(group: number[]) => number} one what stands for a group
 */
export function thin(values, one) {
  let size = 1;
  while (values.length > size * POINTS) size *= 2;
  const groups = [];
  for (let at = 0; at < values.length; at += size) groups.push(one(values.slice(at, at + size)));
  return groups;
}

/** @param {number[]} group */
const mean = (group) => group.reduce((sum, value) => sum + value, 0) / group.length;
/** @param {number[]} group */
const last = (group) => group[group.length - 1];

/**
 * @param {object} line
 * @param {number[]} line.x
 * @param {number[]} line.y
 * @param {string} line.name
 * @param {string} line.colour
 * @param {string} [line.dash]
 */
const lineOf = ({ x, y, name, colour, dash = "solid" }) => ({
  type: "scatter",
  mode: "lines",
  name,
  visible: !y.length || !y.every(Number.isNaN),
  x,
  y: y.map((value) => (Number.isNaN(value) ? null : value)),
  line: { color: colour, width: 2, dash },
  hovertemplate: "%{y:.3g}",
});

/**
 * @param {string} y its title
 * @param {object[]} data
 * @param {Level[]} levels
 * @param {Theme} theme
 * @returns {Figure}
 */
function figureOf(y, data, levels, theme) {
  const axis = { gridcolor: theme.grid, zeroline: false, rangemode: "tozero" };
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.text, size: 12, family: "system-ui, sans-serif" },
    legend: {
      orientation: "h",
      font: { size: SMALL },
      ...{ xref: "container", x: 0, yref: "container", y: 1, yanchor: "top" },
    },
    showlegend: true,
    margin: { l: 54, r: 10, t: 28, b: 38 },
    xaxis: { ...axis, title: { text: "step", standoff: 4 }, autorange: true },
    yaxis: { ...axis, title: { text: y, standoff: 6 } },
    hovermode: "x",
    uirevision: "keep", // a redraw keeps the reader's zoom
    shapes: levels.map(([level]) => rule(theme.text, level)),
    annotations: levels.map(([level, text]) => nameOf(level, text, theme)),
  };
  return { data, layout };
}

/**
 * @param {string} color
 * @param {number} level
 */
const rule = (color, level) => ({
  type: "line",
  opacity: 0.75,
  line: { color, width: 1, dash: "dot" },
  ...{ xref: "paper", x0: 0, x1: 1, y0: level, y1: level },
});

/**
 * @param {number} y
 * @param {string} text
 * @param {Theme} theme
 */
const nameOf = (y, text, theme) => ({
  ...{ text, xref: "paper", x: 1, xanchor: "right", y, yanchor: "bottom" },
  showarrow: false,
  font: { size: SMALL },
  bgcolor: theme.paper,
});

/**
 * Label and domain loss by step. A distance in place of the domain loss is of another size: it goes
 * by the axis on the right.
 * @param {Run} run
 * @param {Theme} theme
 * @returns {Figure}
 */
export function losses(run, theme) {
  const { history } = run;
  const steps = history.map(({ step }) => step);
  const x = thin(steps, last);
  const label = thin(
    history.map(({ labelLoss }) => labelLoss),
    mean,
  );
  const domain = thin(
    history.map(({ domainLoss }) => domainLoss),
    mean,
  );
  const pulls = isDistance(run);
  const data = [
    lineOf({ x, y: label, name: pulls ? "label loss (left)" : "label loss", colour: theme.blue }),
    lineOf({
      ...{ x, y: domain, name: pulls ? "distance (right)" : "domain loss" },
      ...{ colour: theme.green, dash: "dash" },
    }),
  ];
  /** @type {Level[]} */
  const levels = history.length ? [[Math.log(2), "ln 2: a domain classifier that guesses"]] : [];
  if (!pulls) return figureOf("loss (nats)", data, levels, theme);
  Object.assign(data[1], { yaxis: "y2" });
  const { layout } = figureOf("loss (nats)", data, [], theme);
  layout.yaxis2 = {
    ...{ ...layout.yaxis, overlaying: "y", side: "right", showgrid: false },
    ...{ title: { text: "distance" }, tickmode: "auto" }, // round numbers of its own
  };
  layout.margin.r = 62;
  return { data, layout };
}

/**
 * Source, target and domain accuracy on test points by step.
 * @param {Run} run
 * @param {Theme} theme
 * @returns {Figure}
 */
export function accuracies({ evaluations }, theme) {
  const x = evaluations.map(({ step }) => step);
  const looks = /** @type {const} */ ([
    ["source", theme.blue, "circle"],
    ["target", theme.orange, "triangle-up"],
    ["domain", theme.green, "square-open"],
  ]);
  const data = looks.map(([name, colour, symbol]) => ({
    ...lineOf({ x, y: evaluations.map((one) => one[name]), name, colour }),
    mode: "lines+markers",
    hovertemplate: "%{y:.1%}",
    marker: { symbol, size: 7, color: colour },
  }));
  const figure = figureOf("right answers", data, [[0.5, "chance"]], theme);
  Object.assign(figure.layout.yaxis, { range: [0, 1.03], tickformat: ".0%" });
  return figure;
}
