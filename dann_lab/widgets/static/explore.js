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

// src/shared/pull.js
var PATIENCE = 6e4;
var QUIET = 300;
var noQuestions = (now) => ({
  wish: 0,
  told: 0,
  underWay: 0,
  again: false,
  asked: now,
  answered: now
});
var expected = (questions, rules, now) => now - questions.asked < rules.patience ? questions.underWay : 0;
var hasRoom = (questions, rules, now) => expected(questions, rules, now) < rules.limit;
var afterQuestion = (questions, rules, now) => ({
  ...questions,
  underWay: expected(questions, rules, now) + 1,
  asked: now
});
var afterNoRoom = (questions) => ({ ...questions, again: true });
var afterAnswer = (questions, now) => ({
  ...questions,
  underWay: Math.max(0, questions.underWay - 1),
  // one that was given up may still come
  again: false,
  answered: now
});
var afterWish = (questions) => ({ ...questions, wish: questions.wish + 1 });
var afterTelling = (questions) => ({ ...questions, told: questions.wish });
var afterRest = (questions, now) => ({ ...questions, underWay: 0, answered: now });
var Pull = class {
  /** The name under which Python answers: a model may have several clients. */
  client = uniqueName();
  #model;
  #options;
  #rules;
  #questions = noQuestions(performance.now());
  #ended = false;
  // Python has said that it ends: nothing is asked any more
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  /**
   * @param {WidgetModel} model
   * @param {PullOptions} options
   */
  constructor(model, options) {
    this.#model = model;
    this.#options = options;
    this.#rules = { limit: options.limit ?? 1, patience: options.patience ?? PATIENCE };
    model.on("msg:custom", this.#hear);
  }
  /** Asks the question as soon as there is room; until then only the latest one is kept. */
  ask = () => {
    if (this.#hasRoom()) this.#askNow();
    else this.#questions = afterNoRoom(this.#questions);
  };
  /** Asks as many questions as there is room for, and keeps none for later. */
  more = () => {
    while (this.#hasRoom() && this.#askNow()) ;
  };
  /**
   * Asks for more from time to time too, since an answer can be lost, and whenever the page is
   * looked at again.
   * @param {number} every ms
   * @returns {() => void} what ends that
   */
  keepAsking(every) {
    const watch = setInterval(this.more, every);
    document.addEventListener("visibilitychange", this.more);
    return () => {
      clearInterval(watch);
      document.removeEventListener("visibilitychange", this.more);
    };
  }
  /** The reader is about to wish for something: counts at once what {@link wish} says later. */
  announce() {
    this.#questions = afterWish(this.#questions);
  }
  /**
   * Tells a wish. It never waits, and its answer is an answer like those to questions.
   * @param {Message} message
   */
  wish(message) {
    if (this.#ended) return;
    this.#questions = afterTelling(afterWish(this.#questions));
    this.#sendQuestion(message);
  }
  /**
   * Sends what is answered by a message of another type, or by none: see `aside`.
   * @param {Message} message
   */
  send(message) {
    const envelope = this.#options.envelope?.(this.#questions.told);
    try {
      this.#model.send({ client: this.client, ...envelope, ...message });
    } catch (error) {
      console.warn("dann: the kernel cannot be reached", error);
    }
  }
  /**
   * Whether an answer knows of all wishes: only then it may set the page's knobs.
   * @param {{ wish: number }} message
   */
  knowsAll(message) {
    return message.wish === this.#questions.wish;
  }
  /** How many answers are still expected. */
  expected() {
    return expected(this.#questions, this.#rules, performance.now());
  }
  /** ms since the last answer, or since somebody looked; 0 once Python has said that it ends. */
  silence() {
    return this.#ended ? 0 : performance.now() - this.#questions.answered;
  }
  /** Nobody looks now: silence does not count, and questions under way are forgotten. */
  rest() {
    this.#questions = afterRest(this.#questions, performance.now());
  }
  remove() {
    clearTimeout(this.#quiet);
    this.#model.off("msg:custom", this.#hear);
  }
  #hasRoom() {
    return !this.#ended && hasRoom(this.#questions, this.#rules, performance.now());
  }
  #end() {
    this.#ended = true;
    clearTimeout(this.#quiet);
    this.#options.working?.(false);
  }
  /** Whether there was something to ask. */
  #askNow() {
    const message = this.#options.question?.();
    if (message) this.#sendQuestion(message);
    return Boolean(message);
  }
  /** @param {Message} message */
  #sendQuestion(message) {
    this.#questions = afterQuestion(this.#questions, this.#rules, performance.now());
    const { working } = this.#options;
    if (working) {
      clearTimeout(this.#quiet);
      this.#quiet = setTimeout(() => working(true), QUIET);
    }
    this.send(message);
  }
  /** @param {any} message */
  #hear = (message) => {
    if (message.type === "ended") this.#end();
    if (message.client !== this.client) return;
    const { answer, react, aside, working } = this.#options;
    if (message.type !== answer) {
      aside?.(message);
      return;
    }
    const { again } = this.#questions;
    this.#questions = afterAnswer(this.#questions, performance.now());
    if (working && !this.#questions.underWay) {
      clearTimeout(this.#quiet);
      working(false);
    }
    react(message, { again });
    if (again) this.ask();
  };
};

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

// src/explore/values.js
var shownValue = (value, step) => value.toFixed((String(step).split(".")[1] ?? "").length);
var valuesOf = (controls) => Object.fromEntries(Object.entries(controls).map(([name, { value }]) => [name, value()]));

// src/explore/words.js
var spokenValue = (label, value) => `${label} ${value}`;

// src/explore/control.js
var createControl = (control, changed) => control.kind === "choice" ? createChoice(control, changed) : createSlider(control, changed);
function createChoice(control, changed) {
  const id = uniqueName();
  const input = h(
    "select",
    { id, "data-control": control.name, onchange: changed },
    ...control.options.map(([value, text]) => h("option", { value }, text))
  );
  input.value = control.start;
  const label = h("label", { for: id }, control.label);
  return { node: h("div", { class: "dann-field" }, label, input), value: () => input.value };
}
function createSlider(control, changed) {
  const id = uniqueName();
  const echo = h("output", { class: "dann-echo", for: id });
  const input = h("input", {
    type: "range",
    id,
    "data-control": control.name,
    min: control.low,
    max: control.high,
    step: control.step
  });
  input.value = String(control.start);
  const value = () => Number(input.value);
  const show = () => {
    echo.value = shownValue(value(), control.step);
    input.setAttribute("aria-valuetext", spokenValue(control.label, echo.value));
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  const label = h("label", { for: id }, control.label);
  const named = h("div", { class: "dann-named" }, label, echo);
  return { node: h("div", { class: "dann-field" }, named, input), value };
}

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

// src/shared/words.js
var WORKING = "Working…";

// src/explore/picture.js
function createPicture(model, title) {
  const caption = h("figcaption", { "aria-live": "polite", "data-show": "sentence" });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem"
  });
  const working = h("span", { class: "dann-working", role: "status" });
  const plot = createPlot({ model, title, caption });
  let shown = null;
  const draw = () => shown && plot.drawWhole(colouring.of(shown));
  const colouring = new Colouring(draw);
  return {
    working,
    nodes: [problem, plot.box, colouring.node, caption],
    /** @param {boolean} busy */
    showWorking(busy) {
      working.textContent = busy ? WORKING : "";
    },
    /** @param {Drawn} drawn */
    show(drawn) {
      problem.textContent = drawn.problem;
      problem.hidden = !drawn.problem;
      if (drawn.problem) return;
      shown = drawn.figure;
      draw();
      caption.textContent = drawn.sentence;
    },
    remove: () => plot.remove()
  };
}

// src/explore/widget.js
function render({ model, el }) {
  const title = model.get("title");
  const picture = createPicture(model, title);
  const pull = new Pull(model, {
    answer: "explored",
    question: () => ({ type: "explore", dark: isDark(), values: valuesOf(controls) }),
    react: picture.show,
    working: picture.showWorking
  });
  const described = model.get("controls");
  const controls = Object.fromEntries(
    described.map((control) => [control.name, createControl(control, pull.ask)])
  );
  const knobs = Object.values(controls).map(({ node }) => node);
  const figure = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, title), picture.working),
    h("div", { class: "dann-knobs" }, ...knobs),
    ...picture.nodes
  );
  const root = h("div", { class: "dann" }, figure);
  el.append(root);
  const forgetTheme = followTheme(root, pull.ask);
  requestAnimationFrame(() => picture.show(model.get(isDark() ? "dark" : "light")));
  return () => {
    forgetTheme();
    pull.remove();
    picture.remove();
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

// src/widgets/explore.js
var explore_default = inNotebook({ render });
export {
  explore_default as default
};
