// The page of a sweep, which asks how far it is once a second.

import { h } from "../shared/elements.js";
import { ended } from "./state.js";
import * as words from "./words.js";

/** @import { Row, State } from "./state.js" */

const PAUSE = 1000; // ms between an answer and the next question

/** @param {HTMLElement} page */
export function showSweep(page) {
  const said = h("p", { class: "said" }, words.NOTHING_YET);
  const problem = h("p", { role: "status", class: "problem" });
  const bar = h("progress", { "aria-label": words.PROGRESS, max: 1, value: 0 });
  const rows = h("tbody");
  const head = words.COLUMNS.map((name) => h("th", { scope: "col" }, name));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...head)), rows);
  // What is too wide for a phone is scrolled, with the keyboard as well.
  const box = h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": words.RUNS });
  box.append(table);
  page.append(said, bar, problem, h("h2", {}, words.RUNS), box);

  /** @param {State} state */
  const show = (state) => {
    said.textContent = words.soFar(state);
    bar.max = state.total;
    bar.value = ended(state);
    rows.replaceChildren(...state.runs.map(rowOf));
  };
  const ask = async () => {
    try {
      const state = await (await fetch("state")).json();
      problem.textContent = "";
      show(state);
      if (state.over) return;
    } catch {
      problem.textContent = words.GONE;
    }
    setTimeout(ask, PAUSE);
  };
  ask();
}

/** @param {Row} row */
const rowOf = ({ name, now, step, steps, source, target, why }) =>
  h(
    "tr",
    { class: now },
    h("th", { scope: "row" }, name),
    h("td", {}, words.STATES[now], why && h("small", {}, why)),
    h("td", { class: "number" }, words.steps(step, steps)),
    h("td", { class: "number" }, words.accuracy(source)),
    h("td", { class: "number" }, words.accuracy(target)),
  );
