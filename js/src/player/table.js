// The table of what differs between the runs.

import { h } from "../shared/elements.js";
import { DIFFERENCES } from "./words.js";

/**
 * @param {{ title: string }[]} runs
 * @param {string[][]} differences
 */
export const tableOf = (runs, differences) => ({
  head: ["", ...runs.map(({ title }) => title)],
  rows: differences.map(([what, ...values]) => ({ what, values })),
});

export class Differences {
  #table = h("table", { class: "dann-table", "data-show": "differences" });

  node = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, DIFFERENCES),
    h(
      "div",
      { class: "dann-scroll", tabindex: 0, role: "region", "aria-label": DIFFERENCES },
      this.#table,
    ),
  );

  /**
   * @param {{ title: string }[]} runs
   * @param {string[][]} differences
   */
  show(runs, differences) {
    const { head, rows } = tableOf(runs, differences);
    this.#table.replaceChildren(
      h("thead", {}, h("tr", {}, ...head.map(createHead))),
      h("tbody", {}, ...rows.map(createRow)),
    );
  }
}

/** @param {string} cell */
const createHead = (cell) => (cell ? h("th", { scope: "col" }, cell) : h("td", {}, cell));

/** @param {{ what: string, values: string[] }} row */
const createRow = ({ what, values }) =>
  h("tr", {}, h("th", { scope: "row" }, what), ...values.map((cell) => h("td", {}, cell)));
