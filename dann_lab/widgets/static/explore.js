// Move a knob: the picture and the sentence follow.

function createControl(control, changed) {
  const id = Math.random().toString(36).slice(2);
  const label = h("label", { for: id }, control.label);
  if (control.kind === "choice") {
    const input = h("select", { id, "data-control": control.name, onchange: changed },
      ...control.options.map(([value, text]) => h("option", { value }, text)));
    input.value = control.start;
    const node = h("div", { class: "dann-field" }, label, input);
    return { node, value: () => input.value };
  }
  const digits = (String(control.step).split(".")[1] || "").length;
  const echo = h("output", { class: "dann-echo", for: id });
  const input = h("input", { type: "range", id, "data-control": control.name,
    min: control.low, max: control.high, step: control.step });
  input.value = control.start;
  const show = () => {
    echo.value = Number(input.value).toFixed(digits);
    input.setAttribute("aria-valuetext", `${control.label} ${echo.value}`);
  };
  input.addEventListener("input", () => { show(); changed(); });
  show();
  const node = h("div", { class: "dann-field" }, h("div", { class: "dann-named" }, label, echo), input);
  return { node, value: () => Number(input.value) };
}

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const box = h("div", { class: "dann-plot", role: "img", "aria-label": model.get("title"),
    "aria-describedby": id });
  const caption = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const problem = h("p", { class: "dann-message dann-bad", role: "alert", hidden: true, "data-show": "problem" });
  const working = h("span", { class: "dann-working", role: "status" });
  const plot = createPlot(box, model);

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
      Object.entries(controls).map(([name, control]) => [name, control.value()])),
  });
  const pull = createPull(model, working, question, show);
  const controls = Object.fromEntries(
    model.get("controls").map((control) => [control.name, createControl(control, pull.ask)]));

  const root = h("div", { class: "dann" }, h("figure", { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, model.get("title")), working),
    h("div", { class: "dann-knobs" }, ...Object.values(controls).map((control) => control.node)),
    problem, box, caption));
  el.append(root);

  const look = () => root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(() => { look(); pull.ask(); });
  look();
  // Once the box is on the page.
  requestAnimationFrame(() => show(model.get(isDark() ? "dark" : "light")));
  return () => {
    forgetTheme();
    pull.remove();
    plot.remove();
  };
}

export default { render };
