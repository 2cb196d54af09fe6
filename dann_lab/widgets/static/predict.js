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
var uniqueName = () => Math.random().toString(36).slice(2);

// src/shared/theme.js
var systemDark = () => matchMedia("(prefers-color-scheme: dark)");
function isDark() {
  if (globalThis.google?.colab) return document.querySelector("[theme=dark]") !== null;
  const lab = document.body.dataset.jpThemeLight;
  return lab === void 0 ? systemDark().matches : lab === "false";
}
function onThemeChange(react) {
  const observer = new MutationObserver(react);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const system = systemDark();
  system.addEventListener("change", react);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", react);
  };
}
var showTheme = (root) => root.classList.toggle("dann-dark", isDark());
function followTheme(root, changed = () => {
}) {
  showTheme(root);
  return onThemeChange(() => {
    showTheme(root);
    changed();
  });
}

// src/predict/words.js
var GUESS = "That is my guess";
var placeOf = (place) => `${place}. `;
var answered = (said, was, why) => `You said ${said}. It was ${was}. ${why}`;
var EACH_ONCE = "Each of them once, please.";
var between = ({ low, high }) => `A number from ${low} to ${high}, please.`;
var ONE = "Choose one first.";

// src/predict/decisions.js
function told({ kind, choices, unit }, said) {
  if (kind === "number") return `${said}${unit}`;
  const places = Array.isArray(said) ? said : [said];
  const names = places.map((place) => choices[place]);
  return kind === "order" ? names.join(", then ") : `“${names[0]}”`;
}
var sentence = (shown, said) => answered(told(shown, said), shown.was, shown.why);
function taken(shown, entered) {
  const numbers = entered.map((text) => text.trim() === "" ? Number.NaN : Number(text));
  if (shown.kind === "number") {
    const [value] = numbers;
    const fits = value >= shown.low && value <= shown.high;
    return fits ? { said: value, problem: "" } : { said: null, problem: between(shown) };
  }
  if (shown.kind === "choice") {
    const [place] = numbers;
    return Number.isInteger(place) ? { said: place, problem: "" } : { said: null, problem: ONE };
  }
  const each = new Set(numbers.filter(Number.isInteger)).size === shown.choices.length;
  return each ? { said: numbers, problem: "" } : { said: null, problem: EACH_ONCE };
}

// src/predict/widget.js
function render({ model, el }) {
  const shown = (
    /** @type {ShownPrediction} */
    model.get("shown")
  );
  const fields = FIELDS[shown.kind](shown);
  const answer = h("p", { class: "dann-answer-to", "aria-live": "polite", "data-show": "answer" });
  const button = h("button", { type: "submit" }, GUESS);
  const form = h(
    "form",
    { class: "dann-card dann-predict-form", novalidate: true },
    h("fieldset", {}, h("legend", {}, shown.label), ...fields.nodes, button),
    answer
  );
  const show = (said) => {
    if (said === null) return;
    fields.show(said);
    button.hidden = true;
    answer.textContent = sentence(shown, said);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (model.get("said") !== null) return;
    const { said, problem } = taken(shown, fields.entered());
    answer.textContent = problem;
    if (said === null) return;
    model.set("said", said);
    model.save_changes();
    show(said);
  });
  const root = h("div", { class: "dann dann-predict" }, form);
  show(model.get("said"));
  el.append(root);
  return followTheme(root);
}
var FIELDS = { number: numberField, choice: choiceFields, order: orderFields };
function numberField({ label, low, high, unit }) {
  const input = h("input", {
    type: "number",
    min: low,
    max: high,
    step: "any",
    "aria-label": label
  });
  return {
    nodes: [h("label", { class: "dann-predict-number" }, input, unit)],
    entered: () => [input.value],
    show(said) {
      input.value = String(said);
      input.readOnly = true;
    }
  };
}
function choiceFields({ choices }) {
  const name = uniqueName();
  const radios = choices.map((_, place) => h("input", { type: "radio", name, value: place }));
  return {
    nodes: choices.map((text, place) => h("label", {}, radios[place], h("span", {}, text))),
    entered: () => [radios.find((radio) => radio.checked)?.value ?? ""],
    show(said) {
      radios.forEach((radio, place) => {
        radio.checked = place === said;
        radio.disabled = place !== said;
      });
    }
  };
}
function orderFields({ choices }) {
  const selects = choices.map(
    (_, at) => h(
      "select",
      { "aria-label": placeOf(at + 1).trim() },
      h("option", { value: "" }, "…"),
      ...choices.map((text, place) => h("option", { value: place }, text))
    )
  );
  return {
    nodes: selects.map((select, at) => h("label", {}, placeOf(at + 1), select)),
    entered: () => selects.map(({ value }) => value),
    show(said) {
      selects.forEach((select, at) => {
        select.value = String(
          /** @type {number[]} */
          said[at]
        );
        select.disabled = true;
      });
    }
  };
}

// src/shared/notebook.js
var SEEN_EVERY = 1e4;
var PANEL = ".jp-NotebookPanel";
var SCROLLS = ".jp-WindowedPanel-outer, .jp-Notebook";
var BAR = "dann-ended";
var inNotebook = (widget) => ({
  ...widget,
  render(context) {
    const forget = follow(context);
    const remove = widget.render(context);
    return () => {
      forget();
      remove?.();
    };
  }
});
function follow({ model, el }) {
  const hear = ({ type, text }) => {
    if (type === "ended") showEnd(el, text);
  };
  model.on("msg:custom", hear);
  const timer = setInterval(() => {
    if (!document.hidden && isDue(el)) model.send({ type: "seen" });
  }, SEEN_EVERY);
  requestAnimationFrame(() => barOf(el)?.remove());
  return () => {
    clearInterval(timer);
    model.off("msg:custom", hear);
  };
}
function isDue(el) {
  const panel = (
    /** @type {HTMLElement | null} */
    el.closest(PANEL)
  );
  if (!panel || !el.getClientRects().length || barOf(el)) return false;
  const now = performance.now();
  if (now - Number(panel.dataset.dannSeen ?? -SEEN_EVERY) < SEEN_EVERY / 2) return false;
  panel.dataset.dannSeen = String(now);
  return true;
}
var placeOf2 = (el) => el.closest(SCROLLS) ?? el;
var barOf = (el) => placeOf2(el).querySelector(`:scope > .${BAR}`);
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => bar.isConnected ? showTheme(bar) : forget());
  placeOf2(el).prepend(bar);
}

// src/widgets/predict.js
var predict_default = inNotebook({ render });
export {
  predict_default as default
};
