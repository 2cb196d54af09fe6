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

// src/results/view.js
function showResults() {
  globalThis.dannPlotly = Promise.resolve(
    /** @type {PlotlyLibrary} */
    globalThis.Plotly
  );
  const data = (
    /** @type {HTMLElement} */
    document.getElementById("data")
  );
  const place = (
    /** @type {HTMLElement} */
    document.getElementById("pictures")
  );
  const model = (
    /** @type {any} */
    {}
  );
  for (
    const picture of
    /** @type {Picture[]} */
    JSON.parse(data.textContent)
  ) {
    const plot = createTitledPlot({ model, title: picture.title, caption: h("figcaption") });
    place.append(plot.node);
    const draw = () => {
      const figure = isDark() ? picture.dark : picture.light;
      plot.box.style.height = `${figure.layout.height}px`;
      return plot.show(figure, picture.text);
    };
    draw().then(() => plot.box.on?.("plotly_click", open));
    onThemeChange(draw);
  }
}
function open({ points }) {
  const address = points[0]?.customdata;
  if (typeof address === "string") location.assign(address);
}

// src/widgets/results.js
showResults();
