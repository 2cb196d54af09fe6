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

// src/map/words.js
var DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
var COLOUR = "Colour by: ";
var COLOURINGS = [
  ["class", "class"],
  ["domain", "domain"]
];

// src/map/colouring.js
var Colouring = class {
  #select;
  /** @param {() => void} redraw */
  constructor(redraw) {
    this.#select = h(
      "select",
      { "data-map": "colour", onchange: redraw },
      ...COLOURINGS.map(([value, words]) => h("option", { value }, words))
    );
    this.node = h("label", { class: "dann-inline", hidden: true }, COLOUR, this.#select);
  }
  /**
   * As its reader wants it; the select is there for a map alone.
   * @param {Figure} figure
   * @returns {Figure}
   */
  of(figure) {
    this.node.hidden = !figure.data.some(({ meta }) => meta?.domain);
    return this.#select.value === "domain" ? colouredByDomain(figure) : figure;
  }
};
var colouredByDomain = ({ data, layout }) => ({ data: data.map(domainTrace), layout });
function domainTrace(trace) {
  const color = trace.meta?.domain;
  if (!color) return trace;
  const marker = { ...trace.marker, color };
  if (!trace.customdata) return { ...trace, marker };
  return { ...trace, marker: { ...marker, line: { ...marker.line, color } }, showlegend: false };
}

// src/shared/encoding.js
function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}
var inflated = (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
var unzipped = (base64) => inflated(bytes(base64)).text();

// src/shared/plotly.js
function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    const listen = async (message) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", listen);
      try {
        const text = await unzipped(message.gzip);
        const script = document.createElement("script");
        const alone = ["(function (define, module, exports) {", text, "\n}).call(window);"];
        script.src = URL.createObjectURL(new Blob(alone, { type: "text/javascript" }));
        script.onload = () => resolve(
          /** @type {PlotlyLibrary} */
          globalThis.Plotly
        );
        script.onerror = () => reject(new Error("Plotly's script did not load."));
        document.head.append(script);
      } catch (error) {
        reject(error);
      }
    };
    model.on("msg:custom", listen);
    model.send({ type: "plotly" });
  });
  return globalThis.dannPlotly;
}

// src/shared/plot.js
function createPlot({ model, title, caption, attributes }) {
  caption.id = `caption-${uniqueName()}`;
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": caption.id,
    ...attributes
  });
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  const draw = async (figure) => {
    const Plotly = await askForPlotly(model);
    if (!box.isConnected) return;
    const layout = { ...figure.layout, height: void 0, autosize: true };
    await Plotly.react(box, figure.data, layout, { displayModeBar: false });
    for (const svg of box.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
  };
  return {
    box,
    draw,
    /**
     * Draws in a box as high as the figure.
     * @param {Figure} figure
     */
    drawWhole(figure) {
      const { height } = figure.layout;
      if (height) box.style.height = `${height}px`;
      return draw(figure);
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    }
  };
}
function createTitledPlot(options) {
  const { title, caption } = options;
  const plot = createPlot(options);
  return {
    ...plot,
    node: h("figure", {}, h("h3", {}, title), plot.box, caption),
    /**
     * @param {Figure} figure
     * @param {string} text of the caption
     */
    show(figure, text) {
      caption.textContent = text;
      return plot.draw(figure);
    }
  };
}

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

// src/plot/widget.js
function render({ model, el }) {
  const caption = h("figcaption", {}, model.get("caption"));
  const plot = createTitledPlot({ model, title: model.get("title"), caption });
  const draw = () => plot.drawWhole(colouring.of(model.get(isDark() ? "dark" : "light")));
  const colouring = new Colouring(draw);
  const root = h("div", { class: "dann" }, plot.node, colouring.node);
  el.append(root);
  const forgetTheme = followTheme(root, draw);
  requestAnimationFrame(draw);
  return () => {
    forgetTheme();
    plot.remove();
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
var placeOf = (el) => el.closest(SCROLLS) ?? el;
var barOf = (el) => placeOf(el).querySelector(`:scope > .${BAR}`);
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => bar.isConnected ? showTheme(bar) : forget());
  placeOf(el).prepend(bar);
}

// src/widgets/plot.js
var plot_default = inNotebook({ render });
export {
  plot_default as default
};
