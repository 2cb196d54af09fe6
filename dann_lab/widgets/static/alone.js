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

// src/alone/model.js
function createModel(state, plotly) {
  const values = { ...state };
  const listeners = /* @__PURE__ */ new Map();
  const of = (event) => {
    const found = listeners.get(event) ?? /* @__PURE__ */ new Set();
    listeners.set(event, found);
    return found;
  };
  const tell = (event, message) => {
    for (const listener of [...of(event)]) listener(message);
  };
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      tell(`change:${name}`, value);
      tell("change", void 0);
    },
    save_changes() {
    },
    on: (event, listener) => of(event).add(listener),
    off: (event, listener) => of(event).delete(listener),
    send(question) {
      const answer = answerTo(question, values.answers, plotly);
      if (answer) queueMicrotask(() => tell("msg:custom", answer));
    }
  };
}
function answerTo({ type, client, wish }, answers, plotly) {
  if (type === "plotly" && plotly) return { type, gzip: plotly };
  if (type !== "look" || !answers || !("light" in answers)) return null;
  return { ...answers[isDark() ? "dark" : "light"], client, wish };
}

// src/alone/words.js
var NEEDS_PYTHON = "Moving this needs Python: open the notebook and run it.";

// src/alone/show.js
function show(place, widget, state, plotly) {
  const draw = () => {
    const el = h("div");
    const made = typeof widget === "function" ? widget() : widget;
    place.replaceChildren(el);
    const forget2 = made.render({ model: createModel(state, plotly), el });
    if (!state.asks_python) return forget2;
    disable(el);
    new MutationObserver(() => disable(el)).observe(el, {
      ...{ subtree: true, childList: true },
      attributeFilter: ["disabled"]
    });
    const note = h("div", { class: "dann" }, h("p", { class: "dann-message" }, NEEDS_PYTHON));
    showTheme(note);
    place.prepend(note);
    return forget2;
  };
  let forget = draw();
  if (!state.asks_python) return;
  let was = isDark();
  onThemeChange(() => {
    if (was === isDark()) return;
    was = isDark();
    forget?.();
    forget = draw();
  });
}
function disable(root) {
  for (const knob of root.querySelectorAll("button, input, select")) {
    if (!/** @type {HTMLButtonElement} */
    knob.disabled) knob.setAttribute("disabled", "");
  }
  for (const canvas of root.querySelectorAll("canvas[tabindex]")) {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    canvas.style.pointerEvents = "none";
  }
}

// src/alone/states.js
async function showState(place, state, plotly) {
  const { default: widget } = await import(addressOf(state._esm));
  addStyle(state._css);
  show(place, widget, state, plotly);
}
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
