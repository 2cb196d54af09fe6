// Fills each <div data-dann-widget>: its script draws the state that was saved when the lesson ran.

const NOTE = "Moving this needs Python: open the lesson live.";
const base = new URL("widgets/", import.meta.url);
const known = new Map();

// A file of this site, loaded once per page.
const once = (name, load) => {
  if (!known.has(name)) known.set(name, load(new URL(name, base)));
  return known.get(name);
};
const json = (name) => once(name, async (url) => (await fetch(url)).json());
const addStyle = (name) => once(name, async (url) => {
  const style = document.createElement("style");
  style.textContent = await (await fetch(url)).text();
  document.head.append(style);
});

// The widgets ask for Plotly here (js/src/shared/plotly.js); it is loaded when the first one does.
let plotly;
Object.defineProperty(globalThis, "dannPlotly", {
  get: () => (plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", import.meta.url);
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => reject(new Error("Plotly's script did not load."));
    document.head.append(script);
  })),
});

const dark = () => {
  const theme = document.body.dataset.theme;
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
};
// What the widgets read (js/src/shared/theme.js) is JupyterLab's word for the theme.
const tellTheme = () => { document.body.dataset.jpThemeLight = String(!dark()); };

// A widget's model without a kernel. `answers`: what Python would say first, for each theme.
function createModel(traits, answers) {
  const values = { ...traits };
  const listeners = new Map();
  const of = (event) => listeners.get(event) ?? listeners.set(event, new Set()).get(event);
  const tell = (event, ...values_) => of(event).forEach((listener) => listener(...values_));
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {},
    on: (event, listener) => { of(event).add(listener); },
    off: (event, listener) => { if (listener) of(event).delete(listener); else of(event).clear(); },
    send(question) {
      if (!answers || question.type !== "look") return;
      const { client, wish } = question;
      queueMicrotask(() => tell("msg:custom", { ...answers[dark() ? "dark" : "light"], client, wish }, []));
    },
  };
}

// Knobs that nothing would answer.
function disable(root) {
  root.querySelectorAll("button, input, select").forEach((knob) => {
    if (!knob.disabled) knob.disabled = true;
  });
  root.querySelectorAll("canvas[tabindex]").forEach((canvas) => {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    canvas.removeAttribute("aria-roledescription");
    canvas.style.pointerEvents = "none";
  });
}

async function show(place) {
  const { state, script, style, live, answers } = place.dataset;
  const [traits, { default: widget }, said] = await Promise.all([
    json(state), import(new URL(script, base)), answers && json(answers), style && addStyle(style),
  ]);
  const draw = () => {
    const el = document.createElement("div");
    const made = typeof widget === "function" ? widget() : widget;
    place.replaceChildren(el);
    const forget = made.render({ model: createModel(traits, said), el });
    if (!live) return forget;
    disable(el);
    // What an answer enables or adds is dead as well.
    new MutationObserver(() => disable(el)).observe(el, { subtree: true, childList: true, attributeFilter: ["disabled"] });
    const note = document.createElement("p");
    note.className = "dann-site-note";
    note.textContent = NOTE;
    place.prepend(note);
    return forget;
  };
  let forget = draw();
  if (!live) return; // it follows the theme by itself
  let was = dark();
  new MutationObserver(async () => {
    if (was === dark()) return;
    was = dark();
    (await forget)?.();
    forget = draw();
  }).observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
}

// Code that is wider than its box can be scrolled by keyboard.
const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
  else target.removeAttribute("tabindex");
}));
document.querySelectorAll("pre").forEach((pre) => watch.observe(pre));

tellTheme();
new MutationObserver(tellTheme).observe(document.body, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tellTheme);

const places = [...document.querySelectorAll("[data-dann-widget]")];
await Promise.all(places.map((place) => show(place).catch((error) => {
  console.error(error); // its words, which are on the page, stay
})));
// What has been drawn above may have moved the section that the address names.
if (places.length && location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
document.body.dataset.dannWidgets = "drawn";
