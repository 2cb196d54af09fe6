// What widgets share: elements, Plotly (asked for once per page whatever the number of widgets), and
// plots that follow the theme.

const h = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
};

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const unzipped = (base64) => new Response(
  new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"))).text();

function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    const listen = async (message) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", listen);
      try {
        const text = await unzipped(message.gzip);
        const script = document.createElement("script");
        // Without these names Plotly puts itself on the page. Where a module loader is at work
        // (Colab, the classic notebook) plotly.js 2 would hand itself to that, and to nobody else.
        const alone = ["(function (define, module, exports) {", text, "\n}).call(window);"];
        script.src = URL.createObjectURL(new Blob(alone, { type: "text/javascript" }));
        script.onload = () => resolve(globalThis.Plotly);
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

// JupyterLab and Colab say which theme they show; elsewhere the reader's system decides.
const systemDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  if (globalThis.google?.colab) return document.querySelector("[theme=dark]") !== null;
  const lab = document.body.dataset.jpThemeLight;
  return lab === undefined ? systemDark.matches : lab === "false";
}

function onThemeChange(react) {
  const observer = new MutationObserver(react);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  systemDark.addEventListener("change", react);
  return () => {
    observer.disconnect();
    systemDark.removeEventListener("change", react);
  };
}

// A box that draws a plotly figure (plain data) and keeps its size.
function createPlot(box, model) {
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  return {
    async draw(figure) {
      const Plotly = await askForPlotly(model);
      if (!box.isConnected) return;
      const layout = { ...figure.layout, autosize: true };
      await Plotly.react(box, figure.data, layout, { displayModeBar: false });
      box.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    },
  };
}
