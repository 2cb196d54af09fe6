// Built from js/site and js/engine by `npm run build` in js/: change it there.
"use strict";
(() => {
  // site/near.js
  var watched = /* @__PURE__ */ new WeakMap();
  function near(place) {
    const known2 = watched.get(place) ?? comesNear(place);
    watched.set(place, known2);
    return known2;
  }
  var comesNear = (place) => new Promise((resolve) => {
    const watch = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        watch.disconnect();
        resolve();
      },
      { rootMargin: "25%" }
    );
    watch.observe(place);
  });

  // site/files.js
  var here = (
    /** @type {HTMLScriptElement} */
    document.currentScript.src
  );
  var waiting = /* @__PURE__ */ new Map();
  var known = /* @__PURE__ */ new Map();
  var isNear = () => {
  };
  var aPlotIsNear = new Promise((resolve) => {
    isNear = resolve;
  });
  globalThis.dannFile = (name, text) => waiting.get(name)?.(text);
  function once(name, make) {
    if (!known.has(name)) known.set(name, make());
    return (
      /** @type {Promise<T>} */
      known.get(name)
    );
  }
  function run(path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(path, here).href;
      script.onload = () => resolve();
      script.onerror = () => reject(new Error(`${path} did not load.`));
      document.head.append(script);
    });
  }
  var textOf = (name) => once(name, async () => {
    const text = new Promise((resolve) => waiting.set(name, resolve));
    await run(`widgets/${name}.js`);
    return text;
  });
  var addressOf = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript;charset=utf-8" }));
  var json = (name) => once(`${name} read`, async () => JSON.parse(await textOf(name)));
  var widgetOf = (name) => once(`${name} run`, async () => {
    const { default: widget } = await import(addressOf(await textOf(name)));
    return typeof widget === "function" ? widget() : widget;
  });
  var workerOf = async (name) => new Worker(addressOf(await textOf(name)));
  var addStyle = (name) => once(`${name} added`, async () => {
    const style = document.createElement("style");
    style.textContent = await textOf(name);
    document.head.append(style);
  });
  function plotly() {
    for (const plot of document.querySelectorAll(".dann-plot")) near(plot).then(isNear);
    return once("plotly", async () => {
      await aPlotIsNear;
      await run("plotly.min.js");
      return (
        /** @type {PlotlyLibrary} */
        globalThis.Plotly
      );
    });
  }

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
  function createModel(traits, hear = () => {
  }) {
    const values = { ...traits };
    const listeners = /* @__PURE__ */ new Map();
    const of = (event) => listeners.get(event) ?? /* @__PURE__ */ new Set();
    const tell2 = (event, ...words) => {
      for (const listener of of(event)) listener(...words);
    };
    return {
      get: (name) => values[name],
      set(name, value) {
        values[name] = value;
        tell2(`change:${name}`);
        tell2("change");
      },
      save_changes() {
      },
      send: (message) => hear(message, (answer) => tell2("msg:custom", answer, [])),
      on: (event, listener) => void listeners.set(event, of(event).add(listener)),
      off(event, listener) {
        if (listener) of(event).delete(listener);
        else listeners.delete(event);
      }
    };
  }
  var hasFirst = (answers) => Boolean(answers?.light);
  var firstPicture = (answers, isDark2) => (question, tell2) => {
    if (question.type !== "look") return;
    const { client, wish } = question;
    queueMicrotask(() => tell2({ ...answers[isDark2() ? "dark" : "light"], client, wish }));
  };
  function engineOf(worker, choices, nextFrame = requestAnimationFrame) {
    worker.postMessage(choices);
    let answered = () => {
    };
    const waiting2 = [];
    const tellOne = () => {
      const [answer] = waiting2;
      answered(answer);
      waiting2.shift();
      if (waiting2.length) nextFrame(tellOne);
    };
    worker.addEventListener("message", ({ data }) => {
      if (waiting2.push(data) === 1) nextFrame(tellOne);
    });
    return (question, tell2) => {
      answered = tell2;
      if ("client" in question) worker.postMessage(question);
    };
  }

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

  // site/place.js
  async function whoAnswers({ engine }, traits) {
    if (engine) return engineOf(await workerOf(engine), traits.choices);
    return hasFirst(traits.answers) ? firstPicture(traits.answers, isDark) : void 0;
  }
  async function show(place) {
    const { state = "", script = "", style, live } = place.dataset;
    const [traits, widget] = await Promise.all([
      json(state),
      widgetOf(script),
      style && addStyle(style)
    ]);
    const hear = await whoAnswers(place.dataset, traits);
    drawAlone(place, widget, traits, { hear, dead: Boolean(live) });
  }

  // site/theme.js
  var chosen = () => {
    const { theme } = document.body.dataset;
    if (theme === "dark" || theme === "light") return theme === "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  };
  var tell = () => {
    document.body.dataset.jpThemeLight = String(!chosen());
  };
  function tellTheme() {
    tell();
    new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  }

  // site/widgets.js
  Object.defineProperty(globalThis, "dannPlotly", { get: plotly });
  function letCodeScroll() {
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const box = (
          /** @type {HTMLElement} */
          target
        );
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      }
    });
    for (const code of document.querySelectorAll("pre")) watch.observe(code);
  }
  async function showAll() {
    const places = (
      /** @type {HTMLElement[]} */
      [
        ...document.querySelectorAll("[data-dann-widget]")
      ]
    );
    const showIt = (place) => show(place).catch((error) => {
      console.error(error);
    });
    const isLate = ({ dataset }) => dataset.late !== void 0;
    await Promise.all(places.filter((place) => !isLate(place)).map(showIt));
    const section = decodeURIComponent(location.hash.slice(1));
    if (places.length && section) document.getElementById(section)?.scrollIntoView();
    document.body.dataset.dannWidgets = "drawn";
    for (const place of places.filter(isLate)) near(place).then(() => showIt(place));
  }
  letCodeScroll();
  tellTheme();
  showAll();
})();
