// Move a knob: the picture and the sentence follow.

import { h, uniqueName } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { Pull } from "../shared/pull.js";
import { isDark, onThemeChange } from "../shared/theme.js";
import { createControl } from "./control.js";

const PATIENCE = 60000; // ms after which an unanswered question no longer holds up the next

/** @typedef {{ figure: Figure, sentence: string, problem: string }} Drawn */

/** @param {RenderContext} context */
export function render({ model, el }) {
  const id = uniqueName();
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": model.get("title"),
    "aria-describedby": id,
  });
  const caption = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  const working = h("span", { class: "dann-working", role: "status" });
  const plot = createPlot(box, model);

  /** @param {Drawn} drawn */
  const show = ({ figure, sentence, problem: text }) => {
    problem.textContent = text;
    problem.hidden = !text;
    if (text) return; // the picture before stays
    if (figure.layout.height) box.style.height = `${figure.layout.height}px`;
    plot.draw(figure);
    caption.textContent = sentence;
  };
  const question = () => ({
    type: "explore",
    dark: isDark(),
    values: Object.fromEntries(
      Object.entries(controls).map(([name, control]) => [name, control.value()]),
    ),
  });
  const pull = new Pull(model, {
    answer: "explored",
    question,
    react: show,
    working: (busy) => {
      working.textContent = busy ? "Working…" : "";
    },
    patience: PATIENCE,
  });
  /** @type {import("./control.js").ControlDescription[]} */
  const described = model.get("controls");
  const controls = Object.fromEntries(
    described.map((control) => [control.name, createControl(control, pull.ask)]),
  );

  const root = h(
    "div",
    { class: "dann" },
    h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, model.get("title")), working),
      h("div", { class: "dann-knobs" }, ...Object.values(controls).map((control) => control.node)),
      problem,
      box,
      caption,
    ),
  );
  el.append(root);

  const look = () => root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(() => {
    look();
    pull.ask();
  });
  look();
  // Once the box is on the page.
  requestAnimationFrame(() => show(model.get(isDark() ? "dark" : "light")));
  return () => {
    forgetTheme();
    pull.remove();
    plot.remove();
  };
}
