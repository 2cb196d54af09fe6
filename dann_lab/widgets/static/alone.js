// Built from js/src by `npm run build` in js/: change it there.

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

// src/alone/model.js
function createModel(traits, hear = () => {
}) {
  const values = { ...traits };
  const listeners = /* @__PURE__ */ new Map();
  const of = (event) => listeners.get(event) ?? /* @__PURE__ */ new Set();
  const tell = (event, ...words) => {
    for (const listener of of(event)) listener(...words);
  };
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {
    },
    send: (message) => hear(message, (answer) => tell("msg:custom", answer, [])),
    on: (event, listener) => void listeners.set(event, of(event).add(listener)),
    off(event, listener) {
      if (listener) of(event).delete(listener);
      else listeners.delete(event);
    }
  };
}
var hasFirst = (answers) => Boolean(answers?.light);
var firstPicture = (answers, isDark2) => (question, tell) => {
  if (question.type !== "look") return;
  const { client, wish } = question;
  queueMicrotask(() => tell({ ...answers[isDark2() ? "dark" : "light"], client, wish }));
};

// src/alone/words.js
var NEEDS_PYTHON = "Moving this needs Python: open the notebook and run it.";

// src/alone/draw.js
function drawAlone(place, widget, state, { hear, dead }) {
  const draw = () => {
    const el = h("div");
    place.replaceChildren(el);
    const forget2 = widget.render({ model: createModel(state, hear), el });
    if (!dead) return forget2;
    keepDisabled(el);
    place.prepend(createNote());
    return forget2;
  };
  let forget = draw();
  if (!dead) return;
  let was = isDark();
  onThemeChange(() => {
    if (was === isDark()) return;
    was = isDark();
    forget?.();
    forget = draw();
  });
}
function createNote() {
  const note = h(
    "div",
    { class: "dann dann-note" },
    h("p", { class: "dann-message" }, NEEDS_PYTHON)
  );
  showTheme(note);
  return note;
}
function disable(root) {
  for (const knob of root.querySelectorAll("button, input, select")) {
    const named = (
      /** @type {HTMLButtonElement} */
      knob
    );
    if (!named.disabled) named.disabled = true;
  }
  for (const canvas of root.querySelectorAll("canvas[tabindex]")) {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    canvas.style.pointerEvents = "none";
  }
}
function keepDisabled(el) {
  disable(el);
  const again = new MutationObserver(() => disable(el));
  again.observe(el, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}

// src/alone/states.js
async function showState(place, state, plotly) {
  const { default: made } = await import(addressOf(state._esm));
  addStyle(state._css);
  const widget = typeof made === "function" ? made() : made;
  drawAlone(place, widget, state, { hear: answering(state, plotly), dead: state.asks_python });
}
var answering = (state, plotly) => (question, tell) => {
  if (question.type === "plotly") queueMicrotask(() => tell({ type: "plotly", gzip: plotly }));
  if (hasFirst(state.answers)) firstPicture(state.answers, isDark)(question, tell);
};
var addresses = /* @__PURE__ */ new Map();
function addressOf(script) {
  const blob = new Blob([script], { type: "text/javascript" });
  const found = addresses.get(script) ?? URL.createObjectURL(blob);
  addresses.set(script, found);
  return found;
}
var styles = /* @__PURE__ */ new Set();
function addStyle(text) {
  if (!text || styles.has(text)) return;
  styles.add(text);
  const style = document.createElement("style");
  style.textContent = text;
  document.head.append(style);
}
export {
  showState
};
