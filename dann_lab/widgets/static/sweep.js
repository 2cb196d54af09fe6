// Built from js/src by `npm run build` in js/: change it there.

// src/shared/elements.js
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child != null).map(asNode));
  return node;
}
var asNode = (child) => typeof child === "number" ? String(child) : child;

// src/sweep/state.js
var ended = ({ counts }) => (counts.done ?? 0) + (counts.diverged ?? 0) + (counts.failed ?? 0);

// src/shared/words.js
var written = (number) => number.toLocaleString("en");

// src/sweep/words.js
var RUNS = "Runs that need a look, those at work, and the last to end";
var PROGRESS = "Runs that have ended";
var NOTHING_YET = "The workers are starting.";
var COLUMNS = ["Run", "State", "Steps", "Source accuracy", "Target accuracy"];
var GONE = "The sweep does not answer any more: it has ended, or was stopped. What is below is as it was last.";
var STATES = {
  waiting: "waiting",
  running: "at work",
  done: "done",
  diverged: "diverged",
  failed: "failed",
  stopped: "stopped, saved"
};
var accuracy = (value) => value === null ? "–" : value.toFixed(4);
var steps = (step, steps2) => `${written(step)} of ${written(steps2)}`;
function duration(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60
  ];
  if (hours) return `${written(hours)} h ${minutes} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
}
function soFar({ counts, total, seconds, over }) {
  const parts = [`${written(counts.done ?? 0)} of ${written(total)} runs are done`];
  for (
    const name of
    /** @type {const} */
    [
      "running",
      "waiting",
      "stopped",
      "diverged",
      "failed"
    ]
  ) {
    const count = counts[name];
    if (count) parts.push(`${written(count)} ${STATES[name]}`);
  }
  const left = seconds === null || over ? "" : ` About ${duration(seconds)} left.`;
  return `${parts.join(", ")}.${over ? " The sweep is over." : left}`;
}

// src/sweep/view.js
var PAUSE = 1e3;
function showSweep(page) {
  const said = h("p", { class: "said" }, NOTHING_YET);
  const problem = h("p", { role: "status", class: "problem" });
  const bar = h("progress", { "aria-label": PROGRESS, max: 1, value: 0 });
  const rows = h("tbody");
  const head = COLUMNS.map((name) => h("th", { scope: "col" }, name));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...head)), rows);
  const box = h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": RUNS });
  box.append(table);
  page.append(said, bar, problem, h("h2", {}, RUNS), box);
  const show = (state) => {
    said.textContent = soFar(state);
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
      problem.textContent = GONE;
    }
    setTimeout(ask, PAUSE);
  };
  ask();
}
var rowOf = ({ name, now, step, steps: steps2, source, target, why }) => h(
  "tr",
  { class: now },
  h("th", { scope: "row" }, name),
  h("td", {}, STATES[now], why && h("small", {}, why)),
  h("td", { class: "number" }, steps(step, steps2)),
  h("td", { class: "number" }, accuracy(source)),
  h("td", { class: "number" }, accuracy(target))
);

// src/widgets/sweep.js
showSweep(
  /** @type {HTMLElement} */
  document.querySelector("main")
);
