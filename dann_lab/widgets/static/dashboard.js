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

// src/map/digits.js
var anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
function captionDigit(item, is, says, confidence) {
  const right = is === says;
  const known = says !== void 0;
  item.classList.toggle("dann-wrong", known && !right);
  item.lastChild.textContent = known ? `${right ? "✓" : "✗"} ${says}` : `${is}`;
  item.title = known ? `This is ${anyDigit(is)}; the network says ${says}${confidence === void 0 ? "" : ` with probability ${confidence.toFixed(2)}`}.` : `This is ${anyDigit(is)}.`;
  item.setAttribute(
    "aria-label",
    known ? `${is}, predicted ${says}, ${right ? "right" : "wrong"}` : `${is}`
  );
}
async function digitSheet(url, columns) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return (canvas, index) => canvas.getContext("2d").drawImage(
    image,
    28 * (index % columns),
    28 * Math.floor(index / columns),
    28,
    28,
    0,
    0,
    28,
    28
  );
}

// src/shared/encoding.js
var bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
var unzipped = (base64) => new Response(
  new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"))
).text();

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

// src/dashboard/files.js
async function saveAs(name, content) {
  const found = await content;
  const url = found.startsWith("data:") ? found : URL.createObjectURL(new Blob([found]));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 6e4);
}

// src/dashboard/link.js
var TICK = 400;
var PATIENCE = 2e3;
var LOST = 5e3;
var DRAW = [500, 2e3];
var DRAW_SHARE = 0.05;
function createLink(model) {
  const standalone = document.body.dataset.voila !== void 0;
  const link = {
    client: Math.random().toString(36).slice(2),
    wish: 0,
    // the last thing wished for
    told: 0,
    // the last wish that was sent: a dragged slider waits a moment
    run: null,
    at: null,
    // the step that is looked at; null: now
    last: null,
    digits: null,
    figures: null,
    captions: null,
    map: null,
    // the figure of the map, its caption, and what its points are
    images: null,
    // the pictures of the map's points, and what does not change about them
    offered: null,
    // the runs that can be compared
    views: /* @__PURE__ */ new Set()
  };
  let drawAt = 0;
  let asked = 0;
  let answered = performance.now();
  let waiting = false;
  let moved = false;
  const send = (message) => {
    try {
      model.send({
        client: link.client,
        wish: link.told,
        run: link.run,
        at: link.at,
        map: link.map?.version ?? null,
        offered: link.offered?.version ?? null,
        dark: isDark(),
        figures: performance.now() >= drawAt,
        ...message
      });
    } catch (error) {
      console.warn("dann: the kernel cannot be reached", error);
    }
  };
  link.send = send;
  link.ask = (message) => {
    link.wish += 1;
    link.told = link.wish;
    send(message);
  };
  link.look = (at) => {
    link.at = at;
    drawAt = 0;
    moved = waiting;
    tick();
  };
  const tick = () => {
    const now = performance.now();
    if (document.hidden || !link.views.size) {
      answered = now;
      waiting = false;
      return;
    }
    const silence = now - answered;
    link.views.forEach((view) => view.connection(silence > LOST ? silence : 0));
    if (waiting && now - asked < PATIENCE) return;
    waiting = true;
    asked = now;
    send({ type: "tick" });
  };
  const hearMap = (figure, { captions, points }) => {
    link.map = {
      figure,
      caption: captions.map,
      version: points.version,
      images: points.images,
      predictions: bytes(points.predictions),
      confidence: Float32Array.from(bytes(points.confidence), (percent) => percent / 100)
    };
    const { name, paint, since } = link.images ?? {};
    const now = performance.now();
    if (name === points.images && (paint || now - since < LOST)) return;
    link.images = { name: points.images, paint: null, since: now };
    send({ type: "images" });
  };
  const hearImages = async (message) => {
    const { name, columns } = message;
    const paint = await digitSheet(`data:image/png;base64,${message.sheet}`, columns);
    if (name !== link.images.name) return;
    link.images = { name, paint, labels: bytes(message.labels), domains: bytes(message.domains) };
    link.views.forEach((view) => view.map());
  };
  const hear = (message) => {
    if (message.client === link.client) {
      if (message.type === "images") hearImages(message);
      if (message.type === "compare") link.views.forEach((view) => view.compare(message));
      if (message.type === "file") {
        saveAs(message.name, unzipped(message.gzip));
        link.views.forEach((view) => view.saved(message.name));
      }
    }
    if (message.type !== "state" || message.client !== link.client) return;
    waiting = false;
    answered = performance.now();
    link.last = message;
    link.offered = message.offered ?? link.offered;
    if (message.digits) {
      if (link.run !== null && link.run !== message.digits.run) link.at = null;
      link.run = message.digits.run;
      link.digits = { labels: message.digits.labels, pixels: bytes(message.digits.pixels) };
    }
    if (message.figures) {
      const { map, ...curves } = message.figures;
      link.figures = curves;
      link.captions = message.captions;
      if (map) hearMap(map, message);
    }
    if (standalone && message.wish === link.wish) {
      history.replaceState(null, "", `#${message.state.text}`);
    }
    const drawn = [...link.views].map((view) => view.update(message));
    if (message.figures) pace(Promise.all(drawn));
    if (moved) {
      moved = false;
      drawAt = 0;
      tick();
    }
  };
  const pace = async (drawn) => {
    const [least, most] = DRAW;
    const begun = performance.now();
    drawAt = begun + most;
    await drawn;
    requestAnimationFrame(
      () => setTimeout(() => {
        const now = performance.now();
        drawAt = begun + Math.min(most, Math.max(least, (now - begun) / DRAW_SHARE));
      })
    );
  };
  const redraw = () => {
    link.run = null;
    link.views.forEach((view) => view.theme());
  };
  model.on("msg:custom", hear);
  const timer = setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);
  const forgetTheme = onThemeChange(redraw);
  if (standalone && location.hash.length > 1) {
    link.ask({ type: "restore", text: location.hash });
  }
  link.close = () => {
    clearInterval(timer);
    model.off("msg:custom", hear);
    document.removeEventListener("visibilitychange", tick);
    forgetTheme();
  };
  return link;
}

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
function createPlot(box, model) {
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  return {
    /** @param {Figure} figure */
    async draw(figure) {
      const Plotly = await askForPlotly(model);
      if (!box.isConnected) return;
      const layout = { ...figure.layout, autosize: true };
      await Plotly.react(box, figure.data, layout, { displayModeBar: false });
      for (const svg of box.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    }
  };
}

// src/map/map.js
var GALLERY = 60;
var GONE_BY = 2;
var BESIDE = 14;
function createMap({ model, title, pictures, name = "map" }) {
  const id = Math.random().toString(36).slice(2);
  const DOMAINS = ["source", "target"];
  let figure = null;
  let points = null;
  let known = null;
  let chosen = /* @__PURE__ */ new Set();
  let dragging = false;
  let late = false;
  let drew = false;
  let listening = false;
  const caption = h("p", { class: "dann-caption", id: `map-${id}`, "data-caption": name });
  const box = h("div", {
    class: "dann-plot dann-map",
    role: "img",
    "aria-label": title,
    tabindex: -1,
    "aria-describedby": `map-${id}`,
    "data-plot": name,
    hidden: true
  });
  const card = h("div", {
    class: "dann-hover",
    "data-map": "card",
    "aria-hidden": "true",
    hidden: true
  });
  const option = (value, text) => h("option", { value }, text);
  const drawn = option("lasso", "those chosen on the map");
  const show = h(
    "select",
    { "data-map": "show", onchange: () => choose() },
    option("", "none"),
    option("wrong-1", "wrong on the target"),
    option("wrong-0", "wrong on the source"),
    ...Array.from({ length: 10 }, (_, k) => option(`class-${k}`, `every ${k}`)),
    drawn
  );
  const hint = h(
    "p",
    { class: "dann-hint", "data-map": "hint" },
    "Draw round points, or click one, to see their digits. Escape: none."
  );
  const sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });
  const groups = DOMAINS.map((domain) => {
    const list = h("ul", {
      class: "dann-digits dann-gallery",
      "data-gallery": domain,
      "aria-label": `Chosen digits of the ${domain}`
    });
    const more = h("p", { class: "dann-domain" });
    const name2 = h("p", { class: "dann-domain" }, domain[0].toUpperCase() + domain.slice(1));
    return { list, more, node: h("div", { hidden: true }, name2, list, more) };
  });
  const tools = h(
    "div",
    { class: "dann-tools", hidden: true },
    h(
      "div",
      { class: "dann-named" },
      h("label", { class: "dann-inline" }, "Show digits: ", show),
      hint
    ),
    sentence,
    ...groups.map((group) => group.node)
  );
  const node = h(
    "div",
    { class: "dann-asked" },
    h("div", { class: "dann-frame" }, box, card),
    caption,
    tools
  );
  const plot = createPlot(box, model);
  const wrong = (i) => points.predictions !== null && points.predictions[i] !== points.labels[i];
  function asked() {
    if (!points || !show.value) return [];
    const [rule, which] = show.value.split("-");
    const all = Array.from(points.labels, (_, i) => i);
    if (rule === "lasso") return all.filter((i) => chosen.has(i));
    if (rule === "class") return all.filter((i) => points.labels[i] === Number(which));
    return all.filter((i) => points.domains[i] === Number(which) && wrong(i));
  }
  function say(indices) {
    const [source, target] = [0, 1].map(
      (domain) => indices.filter((i) => points.domains[i] === domain)
    );
    const count = `${indices.length} digit${indices.length === 1 ? "" : "s"} selected`;
    const kinds = `${source.length} source, ${target.length} target`;
    if (!points.predictions) return `${count}: ${kinds}.`;
    const [of, name2] = target.length ? [target, "target"] : [source, "source"];
    const right = of.filter((i) => !wrong(i)).length;
    return `${count}: ${kinds}; ${right} of ${of.length} ${name2} digits right.`;
  }
  let shown = "";
  function gallery(indices) {
    const key = JSON.stringify([
      indices,
      indices.map((i) => points?.predictions?.[i]),
      Boolean(pictures())
    ]);
    if (key === shown) return;
    shown = key;
    const both = [0, 1].map((domain) => indices.filter((i) => points.domains[i] === domain));
    groups.forEach(({ list, more, node: group }, domain) => {
      const own = both[domain];
      const room = Math.max(GALLERY / 2, GALLERY - both[1 - domain].length);
      const rest = own.length - room;
      group.hidden = !own.length;
      more.hidden = rest <= 0;
      more.textContent = rest > 0 ? `and ${rest} more` : "";
      list.replaceChildren(
        ...own.slice(0, room).map((i) => {
          const item = h("li", { "data-digit": i }, picture(i), h("span", {}));
          captionDigit(item, points.labels[i], points.predictions?.[i], points.confidence?.[i]);
          return item;
        })
      );
    });
  }
  function picture(index) {
    const paint2 = pictures();
    if (!paint2) return null;
    const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    paint2(canvas, index);
    return canvas;
  }
  async function paint(byPerson) {
    if (!figure) return;
    if (dragging) {
      late = true;
      return;
    }
    const indices = asked();
    const marked = new Set(indices);
    const some = Boolean(points && show.value);
    sentence.setAttribute("aria-live", byPerson ? "polite" : "off");
    const words = some ? indices.length ? say(indices) : "No digits of that kind now." : "";
    if (sentence.textContent !== words) sentence.textContent = words;
    gallery(indices);
    if (card.dataset.digit) fillCard(Number(card.dataset.digit));
    const data = figure.data.map((trace) => {
      if (!trace.customdata || !points) return trace;
      const { hovertemplate, ...kept } = trace;
      return {
        ...kept,
        hoverinfo: "none",
        selectedpoints: some ? trace.customdata.flatMap((i, k) => marked.has(i) ? [k] : []) : null,
        selected: { marker: { opacity: 1, size: 8 } },
        unselected: { marker: { opacity: 0.16 } }
      };
    });
    await plot.draw({
      data,
      layout: {
        ...figure.layout,
        dragmode: points ? "lasso" : false,
        selections: [],
        // the line drawn: where the points go, it would not follow
        uirevision: "map",
        // a class that the reader hides stays hidden
        selectionrevision: Math.random(),
        newselection: { line: { color: figure.layout.font.color, width: 1.5 } }
      }
    });
    if (!listening && box.on) {
      listening = true;
      box.on("plotly_hover", hover);
      box.on("plotly_unhover", () => {
        hideCard();
      });
      box.on("plotly_click", click);
      box.on("plotly_selected", lasso);
      box.on("plotly_deselect", () => clear());
    }
  }
  function choose() {
    if (show.value !== "lasso") chosen = /* @__PURE__ */ new Set();
    drawn.hidden = drawn.disabled = !chosen.size;
    paint(true);
  }
  function choosePoints(indices) {
    chosen = new Set(indices);
    drawn.hidden = drawn.disabled = false;
    show.value = chosen.size ? "lasso" : "";
    choose();
  }
  const clear = () => {
    if (show.value) choosePoints([]);
  };
  function lasso(event) {
    const byHand = drew;
    drew = false;
    if (!points || !event || !byHand) return;
    choosePoints(event.points.map((point) => point.customdata));
  }
  function click(event) {
    const index = event.points[0]?.customdata;
    if (!points || index === void 0) return;
    if (show.value === "lasso" && chosen.size === 1 && chosen.has(index)) clear();
    else choosePoints([index]);
  }
  function fillCard(index) {
    const [is, says] = [points.labels[index], points.predictions?.[index]];
    const sure = points.confidence ? ` (${points.confidence[index].toFixed(2)})` : "";
    const read = says === void 0 ? "" : `, read as ${says}${sure}`;
    const mark = says === void 0 ? "" : is === says ? "✓ " : "✗ ";
    card.dataset.digit = index;
    card.classList.toggle("dann-wrong", says !== void 0 && is !== says);
    card.replaceChildren(
      ...[
        picture(index),
        h("span", {}, `${mark}${anyDigit(is)} of the ${DOMAINS[points.domains[index]]}${read}`)
      ].filter(Boolean)
    );
  }
  function hover(event) {
    const [point] = event.points;
    if (!points || dragging || point?.customdata === void 0) return;
    fillCard(point.customdata);
    card.hidden = false;
    const frame = box.getBoundingClientRect();
    const x = point.xaxis.l2p(point.x) + point.xaxis._offset;
    const y = point.yaxis.l2p(point.y) + point.yaxis._offset;
    const fits = x + BESIDE + card.offsetWidth <= frame.width - GONE_BY;
    const left = fits ? x + BESIDE : x - BESIDE - card.offsetWidth;
    const within = (at, size, room) => Math.max(GONE_BY, Math.min(at, room - size - GONE_BY));
    const beside = left >= GONE_BY;
    const top = beside ? y - card.offsetHeight / 2 : y + BESIDE + card.offsetHeight < frame.height ? y + BESIDE : y - BESIDE - card.offsetHeight;
    card.style.left = `${within(left, card.offsetWidth, frame.width)}px`;
    card.style.top = `${within(top, card.offsetHeight, frame.height)}px`;
  }
  function hideCard() {
    card.hidden = true;
    delete card.dataset.digit;
  }
  const release = () => {
    if (!dragging) return;
    setTimeout(() => {
      dragging = false;
      if (late) paint(false);
      late = false;
    });
  };
  box.addEventListener("pointerdown", () => {
    dragging = drew = true;
    hideCard();
    box.focus({ preventScroll: true });
  });
  addEventListener("pointerup", release);
  addEventListener("pointercancel", release);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !show.value) return;
    event.stopPropagation();
    clear();
  });
  drawn.hidden = drawn.disabled = true;
  return {
    node,
    caption,
    async draw(newFigure, newPoints) {
      [figure, points] = [newFigure, newPoints ?? null];
      if (points && known && String(points.labels) !== String(known)) {
        [chosen, show.value] = [/* @__PURE__ */ new Set(), ""];
      }
      known = points?.labels ?? known;
      box.hidden = !figure;
      tools.hidden = !figure || !points;
      if (!figure) hideCard();
      show.querySelectorAll("[value^=wrong]").forEach((rule) => {
        rule.disabled = !points?.predictions;
      });
      await paint(false);
    },
    remove() {
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
      plot.remove();
    }
  };
}

// src/player/player.js
var FRAME_TIME = 250;
var MAP_MARGIN = 1.06;
var arrays = {
  uint8: Uint8Array,
  int16: Int16Array,
  int64: BigInt64Array,
  float32: Float32Array
};
function unpackArray({ dtype, shape, data }) {
  const flat = new arrays[dtype](bytes(data).buffer);
  return { shape, flat: dtype === "int64" ? Array.from(flat, Number) : flat };
}
function unpackRun(run) {
  const [points] = run.labels.shape;
  const rows = (packed) => {
    const { flat } = unpackArray(packed);
    return (row) => flat.subarray(row * points, (row + 1) * points);
  };
  const maps = Object.fromEntries(
    Object.entries(run.maps).map(([method, map]) => {
      const { flat } = unpackArray(map.positions);
      return [method, { ...map, flat, rows: unpackArray(map.rows).flat }];
    })
  );
  const curves = Object.fromEntries(
    Object.entries(run.curves).map(([name, { x, y }]) => [
      name,
      { x: unpackArray(x).flat, y: unpackArray(y).flat }
    ])
  );
  return {
    ...run,
    points,
    maps,
    curves,
    moments: unpackArray(run.moments).flat,
    labels: unpackArray(run.labels).flat,
    domains: unpackArray(run.domains).flat,
    predictions: rows(run.predictions),
    confidence: rows(run.confidence)
  };
}
var lastAt = (steps, step) => steps.reduce((found, at, i) => at <= step ? i : found, -1);
function mapFigure(run, map, row, dark, reach) {
  const template = run.templates[dark ? "dark" : "light"];
  const at = (i, axis) => map.flat[2 * (row * run.points + i) + axis] * map.scale;
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const data = template.data.map(
    (trace) => !trace.customdata ? trace : {
      ...trace,
      x: trace.customdata.map((i) => at(i, 0)),
      y: trace.customdata.map((i) => at(i, 1))
    }
  );
  const annotations = template.layout.annotations.map((annotation) => {
    const label = Number(annotation.text.replace(/\D/g, ""));
    const own = [...run.labels.keys()].filter((i) => run.labels[i] === label);
    const [x, y] = [0, 1].map((axis) => middle(own.map((i) => at(i, axis))));
    const far = (i) => Math.abs(at(i, 0) - x) + Math.abs(at(i, 1) - y);
    const nearest = own.reduce((best, i) => far(i) < far(best) ? i : best, own[0]);
    return { ...annotation, x: at(nearest, 0), y: at(nearest, 1) };
  });
  const range = [-reach, reach];
  const layout = {
    ...template.layout,
    annotations,
    xaxis: { ...template.layout.xaxis, range: [...range] },
    yaxis: { ...template.layout.yaxis, range: [...range] }
  };
  return { data, layout };
}
function createPlayer({ model }) {
  const id = Math.random().toString(36).slice(2);
  let runs = [];
  let bundle = null;
  let shown = null;
  let at = 0;
  let last = 0;
  let paints = {};
  let playing = null;
  let slots = [];
  const heading = h("h3", {});
  const about = h("p", { class: "dann-status" });
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    "data-show": "player-sentence"
  });
  const moment = h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    "data-time": "player",
    "aria-label": "Moment of these runs, in steps",
    oninput: () => {
      stop();
      goTo(Number(moment.value));
    }
  });
  const momentText = h("output", { class: "dann-applied", "data-show": "player-moment" });
  const replay = h(
    "button",
    {
      type: "button",
      "data-action": "play",
      title: "Show these runs from their beginning",
      onclick: () => playing ? stop() : play()
    },
    "Play"
  );
  const method = h("select", {
    "data-choice": "player-map",
    "aria-label": "Kind of map",
    onchange: () => draw()
  });
  const mapsTitle = h("h3", {}, "Maps of the features, side by side");
  const maps = h("div", { class: "dann-side" });
  const curve = h("select", {
    "data-choice": "player-curve",
    "aria-label": "Curve",
    onchange: () => drawCurves()
  });
  const curveBox = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": "Curves of these runs",
    "aria-describedby": `curves-${id}`,
    "data-plot": "player-curves"
  });
  const curveCaption = h("figcaption", { id: `curves-${id}`, "data-caption": "player-curves" });
  const curvePlot = createPlot(curveBox, model);
  const table = h("table", { class: "dann-table", "data-show": "differences" });
  const node = h(
    "section",
    { class: "dann-player", "aria-label": "Runs side by side" },
    heading,
    about,
    h(
      "div",
      { class: "dann-card dann-time" },
      h("div", { class: "dann-named" }, momentText, h("div", { class: "dann-buttons" }, replay)),
      moment
    ),
    sentence,
    h("div", { class: "dann-named" }, mapsTitle, method),
    maps,
    h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, "Curves in one picture"), curve),
      curveBox,
      curveCaption
    ),
    h(
      "figure",
      { class: "dann-wide" },
      h("h3", {}, "What differs"),
      h(
        "div",
        { class: "dann-scroll", tabindex: 0, role: "region", "aria-label": "What differs" },
        table
      )
    )
  );
  const allMoments = () => [...new Set(runs.flatMap((run) => run.moments).concat(last))].sort((a, b) => a - b);
  const stop = () => {
    clearInterval(playing);
    playing = null;
    replay.textContent = "Play";
  };
  const play = () => {
    const steps = allMoments();
    let k = at >= last ? 0 : steps.findIndex((step) => step > at);
    replay.textContent = "Stop";
    goTo(steps[k]);
    playing = setInterval(() => {
      k += 1;
      if (k >= steps.length || !node.isConnected) stop();
      else goTo(steps[k]);
    }, FRAME_TIME);
  };
  const goTo = (step) => {
    at = Math.min(Math.max(0, step), last);
    draw();
  };
  const value = (run, name) => {
    const { x, y } = run.curves[name] ?? { x: [], y: [] };
    const found = lastAt(x, at);
    return found < 0 || Number.isNaN(y[found]) ? null : y[found];
  };
  const percent = (share) => `${Math.round(100 * share)} %`;
  const inWords = (name) => runs.map((run) => {
    const found = value(run, name);
    const text = found === null ? "none yet" : name.endsWith("accuracy") ? percent(found) : found.toFixed(2);
    return `${run.title}: ${text}`;
  }).join("; ");
  const frameNow = (run) => {
    const frames = run.maps[method.value];
    return {
      frames,
      row: frames ? lastAt(
        frames.rows.map((r) => run.moments[r]),
        at
      ) : -1
    };
  };
  const reachNow = () => {
    let most = 0;
    for (const run of runs) {
      const { frames, row } = frameNow(run);
      const drawn = row < 0 ? [] : frames.flat.subarray(2 * row * run.points, 2 * (row + 1) * run.points);
      for (const place of drawn) most = Math.max(most, Math.abs(place) * frames.scale);
    }
    return Math.max(0.5, Math.ceil(2 * MAP_MARGIN * most) / 2);
  };
  const drawCurves = () => {
    if (!bundle || !curve.value) return;
    const { title, light, dark } = bundle.curves[curve.value];
    const figure = isDark() ? dark : light;
    const cursor = {
      type: "line",
      yref: "paper",
      x0: at,
      x1: at,
      y0: 0,
      y1: 1,
      line: { color: figure.layout.font.color, width: 1.5 }
    };
    const layout = { ...figure.layout, shapes: [...figure.layout.shapes, cursor] };
    curveCaption.textContent = `${title} at step ${at.toLocaleString("en")}, where the upright line is. ${inWords(curve.value)}.`;
    return curvePlot.draw({ data: figure.data, layout });
  };
  const draw = () => {
    moment.value = at;
    moment.setAttribute("aria-valuetext", `step ${at}`);
    momentText.textContent = `Step ${at.toLocaleString("en")} of ${last.toLocaleString("en")}.`;
    sentence.textContent = `Step ${at.toLocaleString("en")}. Right on the target: ${inWords("target_accuracy")}.`;
    const reach = reachNow();
    const drawn = slots.map(({ run, map, words }) => {
      const { frames, row } = frameNow(run);
      const then = lastAt(run.moments, at);
      words.textContent = then < 0 ? "" : run.sentences[then];
      map.caption.textContent = row >= 0 ? frames.captions[row] : frames ? `The first ${method.value} map of this run comes later.` : `There is no ${method.value} map of this run. Maps are drawn while one is chosen on its page.`;
      if (row < 0) return map.draw(null);
      const moment_ = frames.rows[row];
      return map.draw(mapFigure(run, frames, row, isDark(), reach), {
        labels: run.labels,
        domains: run.domains,
        predictions: run.predictions(moment_),
        confidence: Float32Array.from(run.confidence(moment_), (c) => c / 255)
      });
    });
    return Promise.all([...drawn, drawCurves()]);
  };
  const options = (select, entries, keep) => {
    select.replaceChildren(...entries.map(([name, text]) => h("option", { value: name }, text)));
    if (entries.some(([name]) => name === keep)) select.value = keep;
    select.hidden = entries.length < 2;
  };
  return {
    node,
    async show(given) {
      const text = JSON.stringify(given);
      if (text === shown) return draw();
      shown = text;
      bundle = given;
      const same = runs.map((run) => run.title).join() === given.runs.map((run) => run.title).join();
      const atEnd = at >= last;
      runs = given.runs.map(unpackRun);
      last = Math.max(...runs.map((run) => Math.max(run.steps, ...run.moments)));
      moment.max = last;
      if (!same || atEnd) at = last;
      heading.textContent = given.title ?? "";
      heading.hidden = !given.title;
      about.textContent = [...new Set(runs.map((run) => run.about).filter(Boolean))].join(". ");
      about.hidden = !about.textContent;
      const methods = [...new Set(runs.flatMap((run) => Object.keys(run.maps)))];
      options(
        method,
        methods.map((name) => [name, name]),
        method.value || "t-SNE"
      );
      mapsTitle.hidden = maps.hidden = !methods.length;
      options(
        curve,
        Object.entries(given.curves).map(([name, { title }]) => [name, title]),
        curve.value
      );
      paints = Object.fromEntries(
        await Promise.all(
          Object.entries(given.pictures).map(async ([data, { sheet, columns }]) => [
            data,
            await digitSheet(`data:image/png;base64,${sheet}`, columns)
          ])
        )
      );
      if (bundle !== given) return;
      if (!same) {
        slots.forEach(({ map }) => map.remove());
        slots = runs.map((run, k) => {
          const map = createMap({
            model,
            title: `Map of ${run.title}`,
            name: "player-map",
            pictures: () => paints[run.data]
          });
          return { run, map, words: h("figcaption", { "data-caption": `player-run-${k}` }) };
        });
        maps.style.setProperty("--runs", runs.length);
        maps.replaceChildren(
          ...slots.map(
            ({ run, map, words }, k) => h(
              "figure",
              { class: "dann-wide", "data-run": k },
              h("h4", {}, run.title),
              words,
              map.node
            )
          )
        );
      }
      slots.forEach((slot, k) => {
        slot.run = runs[k];
      });
      const [head, ...rows] = [["", ...runs.map((run) => run.title)], ...given.differences];
      table.replaceChildren(
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...head.map((cell) => h(cell ? "th" : "td", cell ? { scope: "col" } : {}, cell))
          )
        ),
        h(
          "tbody",
          {},
          ...rows.map(
            ([what, ...values]) => h(
              "tr",
              {},
              h("th", { scope: "row" }, what),
              ...values.map((cell) => h("td", {}, cell))
            )
          )
        )
      );
      return draw();
    },
    theme: () => bundle && draw(),
    remove() {
      stop();
      curvePlot.remove();
      slots.forEach(({ map }) => map.remove());
    }
  };
}

// src/compare/compare.js
var REFRESH = 2e4;
function createCompare({ model, link, ask }) {
  const player = createPlayer({ model });
  let offered = "";
  let titles = /* @__PURE__ */ new Map();
  let sought = null;
  let askedAt = 0;
  let refreshed = "";
  const empty = h(
    "p",
    { class: "dann-hint" },
    "Choose a run to see its curves and maps, and a second or third to put beside it."
  );
  const replayButtons = [];
  const selects = ["First run", "Second run", "Third run"].map((label, k) => {
    const again = h(
      "button",
      {
        type: "button",
        hidden: true,
        "data-replay": k,
        title: "Start a new run with the same settings in which lambda is, step by step, what it was in this one",
        onclick: () => ask({ type: "replay", key: select.value })
      },
      "Replay its lambda"
    );
    const select = h("select", {
      "data-compare": k,
      onchange: () => {
        seek();
        buttons();
      }
    });
    replayButtons.push(again);
    return {
      select,
      node: h("div", { class: "dann-field" }, h("label", {}, label, select), again)
    };
  });
  const note = h("p", { class: "dann-status", role: "status", "data-show": "compare-note" });
  const box = h("div", { hidden: true }, player.node);
  const node = h(
    "section",
    { class: "dann-card dann-compare", "aria-label": "Compare runs" },
    h("h3", {}, "Compare runs"),
    h("div", { class: "dann-knobs" }, ...selects.map((one) => one.node)),
    note,
    empty,
    box
  );
  const keys = () => [...new Set(selects.map(({ select }) => select.value).filter(Boolean))];
  const buttons = () => selects.forEach(({ select }, k) => {
    replayButtons[k].hidden = !(select.value.startsWith("run ") && titles.get(select.value)?.startsWith("DANN"));
  });
  const seek = () => {
    sought = keys();
    askedAt = performance.now();
    empty.hidden = sought.length > 0;
    if (!sought.length) {
      box.hidden = true;
      note.textContent = "";
      return;
    }
    note.textContent = "Putting the runs side by side…";
    link.send({ type: "compare", keys: sought });
  };
  return {
    node,
    keys,
    update(state) {
      const { version, runs } = link.offered;
      if (version !== offered) {
        const first = !offered;
        offered = version;
        titles = new Map(runs.map(([, key, title]) => [key, title]));
        const groups = [...new Set(runs.map(([group]) => group))];
        selects.forEach(({ select }) => {
          const { value } = select;
          select.replaceChildren(
            h("option", { value: "" }, "none"),
            ...groups.map(
              (group) => h(
                "optgroup",
                { label: group },
                ...runs.filter(([own2]) => own2 === group).map(([, key, title]) => h("option", { value: key }, title))
              )
            )
          );
          select.value = titles.has(value) ? value : "";
        });
        if (first) {
          const recorded = [...titles.keys()].filter((key) => key.startsWith("recorded"));
          selects.forEach(({ select }, k) => {
            select.value = recorded[k] ?? "";
          });
          seek();
        } else if (keys().join() !== (sought ?? []).join()) seek();
        buttons();
      }
      const own = keys().some((key) => key === `run ${link.run}`);
      const now = `${state.state === "training"} ${state.step}`;
      const due = state.state !== "training" || performance.now() - askedAt > REFRESH;
      if (own && now !== refreshed && due) {
        refreshed = now;
        seek();
      }
    },
    async hear(message) {
      if (message.keys.join() !== (sought ?? []).join()) return;
      note.textContent = message.problem;
      if (message.problem) return;
      box.hidden = false;
      await player.show(message.bundle);
    },
    theme: () => player.theme(),
    remove: () => player.remove()
  };
}

// src/dashboard/view.js
var REPLAY = [60, 400];
var LIVE_SENTENCE = 5e3;
var PLOTS = {
  losses: "Losses",
  accuracies: "Accuracy on test images",
  lambdas: "Lambda, as applied",
  gradients: "Gradients at the features"
};
var minutes = (seconds) => seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
function createView(model, link, root) {
  const id = Math.random().toString(36).slice(2);
  const choices = model.get("choices");
  const [low, high] = choices.lambda;
  const ask = (message) => {
    said = "";
    link.ask(message);
  };
  const select = (name, label) => h(
    "label",
    { class: "dann-field" },
    h("span", {}, label),
    h(
      "select",
      { "data-setting": name, onchange: (e) => choose({ [name]: e.target.value }) },
      ...Object.entries(choices[name]).map(([value, text]) => h("option", { value }, text))
    )
  );
  const number = (name, label, min, max) => h(
    "label",
    { class: "dann-field dann-number" },
    h("span", {}, label),
    h("input", {
      type: "number",
      "data-setting": name,
      min,
      max,
      step: 1,
      inputmode: "numeric",
      onchange: (e) => {
        if (e.target.value.trim() === "" || !e.target.checkValidity()) {
          const given = e.target.value || "empty";
          say(
            `${label} is ${given}: it must be a whole number from ${min} to ${max}. Nothing was changed.`
          );
          e.target.value = link.last.state.settings[name];
          return;
        }
        choose({ [name]: Number(e.target.value) });
      }
    })
  );
  const button = (action, text, title, act) => h("button", { type: "button", "data-action": action, title, onclick: act }, text);
  const choose = (changes) => ask({ type: "choose", changes });
  const train = button(
    "train",
    "Train",
    "Train until the last step",
    () => ask({ type: train.dataset.action })
  );
  train.classList.add("dann-primary");
  const step = button("step", "Step", "Do one step, then pause", () => ask({ type: "step" }));
  const reset = button(
    "reset",
    "Reset",
    "Start again from the same initial weights",
    () => ask({ type: "reset" })
  );
  const reseed = button(
    "seed",
    "New seed",
    "Start again from other initial weights",
    () => ask({ type: "seed" })
  );
  const undo = button(
    "undo",
    "Undo",
    "Take the last change back; a run that was reset returns",
    () => ask({ type: "undo" })
  );
  for (const early of [train, step, reset, reseed, undo]) early.disabled = true;
  const paper = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    value: "paper",
    "data-lambda": "paper",
    onchange: () => ask({ type: "lambda", value: null })
  });
  const byHand = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    value: "hand",
    "data-lambda": "hand",
    onchange: () => sendLambda()
  });
  const slider = h("input", {
    type: "range",
    min: low,
    max: high,
    step: 0.01,
    value: 1,
    "data-lambda": "slider",
    "aria-label": "Lambda by hand",
    oninput: () => {
      byHand.checked = true;
      echo.value = Number(slider.value).toFixed(2);
      slider.setAttribute("aria-valuetext", `lambda ${echo.value}`);
      sendLambda();
    }
  });
  const echo = h("output", { class: "dann-echo", "data-lambda": "echo" });
  let lambdaTimer = null;
  const sendLambda = () => {
    link.wish += 1;
    lambdaTimer ??= setTimeout(() => {
      lambdaTimer = null;
      if (byHand.checked) ask({ type: "lambda", value: Number(slider.value) });
    }, 33);
  };
  const applied = h("span", { class: "dann-applied", "data-show": "applied" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Steps done" });
  const status = h("p", { class: "dann-status", "data-show": "status" });
  const device = h("p", { class: "dann-status dann-device", "data-show": "device" });
  const share = h("input", {
    type: "text",
    class: "dann-share",
    "data-show": "share",
    spellcheck: "false",
    "aria-label": "All settings as text",
    onkeydown: (e) => {
      if (e.key === "Enter") restore();
    }
  });
  const restore = () => ask({ type: "restore", text: share.value });
  const copy = button("copy", "Copy", "Copy the settings", async () => {
    const link_ = document.body.dataset.voila !== void 0 ? `${location.href.split("#")[0]}#${share.value}` : share.value;
    try {
      await navigator.clipboard.writeText(link_);
      say("Copied. Whoever opens it gets the same settings.");
    } catch {
      share.select();
      say("Press Ctrl+C to copy the marked settings.");
    }
  });
  const download = button(
    "fetch",
    "Download MNIST (12 MB) and photos (71 MB)",
    "From their public servers to this machine",
    () => ask({ type: "fetch" })
  );
  const cancel = button(
    "cancel",
    "Stop the download",
    "Asking again goes on where it stopped",
    () => ask({ type: "cancel" })
  );
  const lost = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "lost"
  });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem"
  });
  const notice = h("p", {
    class: "dann-message",
    role: "status",
    hidden: true,
    "data-show": "notice"
  });
  const sentence = h(
    "p",
    { class: "dann-sentence", "aria-live": "polite", "data-show": "sentence" },
    "Waiting for Python…"
  );
  let said = "";
  let heard = "";
  const notify = () => {
    notice.textContent = said || heard;
    notice.hidden = !notice.textContent;
  };
  const say = (text) => {
    said = text;
    notify();
  };
  const plots = {};
  const captions = {};
  const pictures = Object.entries(PLOTS).map(([name, title]) => {
    const box = h("div", {
      class: "dann-plot",
      role: "img",
      "aria-label": title,
      "aria-describedby": `${name}-${id}`,
      "data-plot": name
    });
    captions[name] = h("figcaption", { id: `${name}-${id}`, "data-caption": name });
    plots[name] = createPlot(box, model);
    return h("figure", {}, h("h3", {}, title), box, captions[name]);
  });
  const moment = h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    disabled: true,
    "data-time": "slider",
    "aria-label": "Moment of the run, in steps",
    oninput: () => {
      stopReplay();
      look(Number(moment.value));
    }
  });
  const momentText = h("output", { class: "dann-applied", "data-show": "moment" });
  const replay = button("replay", "Replay", "Show the run again from its beginning", () => {
    if (replaying) stopReplay();
    else startReplay();
  });
  const toNow = button("now", "Now", "Back to the latest step", () => {
    stopReplay();
    look(null);
  });
  const latest = () => link.last?.state.step ?? 0;
  const look = (at) => link.look(at === null || at >= latest() ? null : at);
  let replaying = null;
  const stopReplay = () => {
    clearInterval(replaying);
    replaying = null;
    replay.textContent = "Replay";
  };
  const startReplay = () => {
    replay.textContent = "Stop";
    look(link.at ?? 0);
    replaying = setInterval(() => {
      look(link.at + Math.max(1, Math.ceil(latest() / REPLAY[0])));
      if (link.at === null) stopReplay();
    }, REPLAY[1]);
  };
  const timeline = h(
    "div",
    { class: "dann-card dann-time" },
    h(
      "div",
      { class: "dann-named" },
      momentText,
      h("div", { class: "dann-buttons" }, replay, toNow)
    ),
    moment
  );
  const map = createMap({
    model,
    title: "Map of the features",
    pictures: () => link.images?.paint
  });
  const mapChoice = h(
    "select",
    {
      "data-choice": "map",
      "aria-label": "Kind of map",
      onchange: () => ask({ type: "map", method: mapChoice.value })
    },
    ...Object.entries(choices.map).map(([value, text]) => h("option", { value }, text))
  );
  const mapFigure2 = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, "Map of the features"), mapChoice),
    map.node
  );
  const mapEmpty = "Choose PCA, t-SNE or UMAP: 500 test images of each domain (fewer, if there are fewer), as the network sees them, move while it trains.";
  const comparison = createCompare({ model, link, ask });
  const picture = h(
    "select",
    { "data-choice": "picture", "aria-label": "Picture" },
    ...Object.entries({ ...PLOTS, map: "Map of the features" }).map(
      ([value, text]) => h("option", { value }, text)
    )
  );
  const savePicture = async (format) => {
    const box = root.querySelector(`[data-plot="${picture.value}"]`);
    if (!box?.data || box.hidden) {
      say("There is no such picture yet. Train first; for a map, choose one.");
      return;
    }
    const Plotly = await askForPlotly(model);
    const ground = getComputedStyle(root).getPropertyValue("--card").trim();
    const layout = {
      ...box.layout,
      paper_bgcolor: ground,
      plot_bgcolor: ground,
      width: void 0,
      height: void 0
    };
    const size = { width: Math.max(560, box.offsetWidth), height: box.offsetHeight, scale: 2 };
    const url = await Plotly.toImage({ data: box.data, layout }, { format, ...size });
    await saveAs(`dann-${picture.value}-step-${link.at ?? latest()}.${format}`, url);
    say(
      `Saved: ${picture.selectedOptions[0].text}, step ${(link.at ?? latest()).toLocaleString("en")}.`
    );
  };
  const wantFile = (what) => {
    say("Making the file…");
    const keys = comparison.keys();
    const chosen = !latest() || keys.some((key) => !key.startsWith("recorded"));
    link.send({ type: "export", what, keys: what === "html" && chosen ? keys : [] });
  };
  const keep = button(
    "keep",
    "Keep this run",
    "Into the folder runs, to compare with another day",
    () => ask({ type: "keep" })
  );
  const files = [
    button(
      "html",
      "Page",
      "The runs that are compared, or this one, as one HTML file that opens offline, with a time line",
      () => wantFile("html")
    ),
    button("csv", "Table", "This run so far as CSV: a row a step", () => wantFile("csv"))
  ];
  const save = h(
    "fieldset",
    { class: "dann-save" },
    h("legend", {}, "Save"),
    h("div", { class: "dann-buttons" }, keep, ...files),
    picture,
    h(
      "div",
      { class: "dann-buttons" },
      button("png", "PNG", "The picture as it is shown", () => savePicture("png")),
      button("svg", "SVG", "The picture as it is shown", () => savePicture("svg"))
    )
  );
  const digitsCaption = h("figcaption", { "data-caption": "digits" });
  const rows = ["source", "target"].map(
    (domain) => h("ul", {
      class: "dann-digits",
      "data-digits": domain,
      "aria-label": `Test digits of the ${domain}`
    })
  );
  const digits = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, "Test digits and what the network says"),
    h("p", { class: "dann-domain" }, "Source"),
    rows[0],
    h("p", { class: "dann-domain" }, "Target"),
    rows[1],
    digitsCaption
  );
  const plotsBox = h("div", { class: "dann-plots" }, ...pictures, mapFigure2, digits);
  let untrained = false;
  const place = (now) => {
    if (now === untrained || comparison.node.contains(document.activeElement)) return;
    untrained = now;
    if (now) plotsBox.before(comparison.node);
    else plotsBox.after(comparison.node);
  };
  root.append(
    lost,
    problem,
    notice,
    h(
      "div",
      { class: "dann-columns" },
      h(
        "section",
        { class: "dann-card dann-controls", "aria-label": "Training" },
        h("div", { class: "dann-buttons" }, train, step, reset, reseed, undo),
        bar,
        status,
        h(
          "fieldset",
          {},
          h("legend", {}, "Lambda"),
          h("label", {}, paper, " follow the paper's schedule"),
          h("label", {}, byHand, " by hand: ", echo),
          slider,
          h(
            "div",
            { class: "dann-ends", "aria-hidden": "true" },
            h("span", {}, low),
            h("span", {}, (low + high) / 2),
            h("span", {}, high)
          ),
          applied
        )
      ),
      h(
        "section",
        { class: "dann-view", "aria-label": "What happens" },
        sentence,
        timeline,
        plotsBox,
        comparison.node
      ),
      h(
        "section",
        { class: "dann-card dann-setup", "aria-label": "Settings" },
        h(
          "fieldset",
          {},
          h("legend", {}, "Run"),
          select("pair", "Domains"),
          select("mode", "Mode"),
          select("preset", "Recipe"),
          h(
            "div",
            { class: "dann-pair" },
            number("steps", "Steps", 1, 1e5),
            number("seed", "Seed", 0, 2147483647)
          ),
          download,
          cancel
        ),
        h(
          "fieldset",
          {},
          h("legend", {}, "Share"),
          h(
            "div",
            { class: "dann-row" },
            share,
            copy,
            button("restore", "Apply", "Take the settings in the field", restore)
          )
        ),
        save,
        device
      )
    )
  );
  const parts = model.get("parts");
  if (parts.length) {
    const setup = root.querySelector(".dann-setup");
    const all = {
      map: mapFigure2,
      digits,
      compare: comparison.node,
      settings: setup,
      ...Object.fromEntries(Object.keys(PLOTS).map((name, k) => [name, pictures[k]]))
    };
    Object.entries(all).forEach(([name, part]) => {
      part.hidden = !parts.includes(name);
    });
    pictures.forEach((part) => part.classList.toggle("dann-wide", parts.length < 3));
  }
  const compares = !parts.length || parts.includes("compare");
  let spoken = 0;
  let lastState = "";
  let lastProblem = "";
  let shownPredictions = "";
  let mapped = false;
  let shownMap = false;
  const drawDigits = () => {
    if (!link.digits) return;
    const { labels, pixels } = link.digits;
    const half = labels.length / 2;
    rows.forEach(
      (row, r) => row.replaceChildren(
        ...labels.slice(r * half, (r + 1) * half).map((_, i) => {
          const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
          const image = new ImageData(28, 28);
          const start = (r * half + i) * 28 * 28 * 3;
          for (let p = 0; p < 28 * 28; p += 1) {
            for (let c = 0; c < 3; c += 1) image.data[4 * p + c] = pixels[start + 3 * p + c];
            image.data[4 * p + 3] = 255;
          }
          canvas.getContext("2d").putImageData(image, 0, 0);
          return h("li", {}, canvas, h("span", {}));
        })
      )
    );
    shownPredictions = "";
  };
  const drawPredictions = (state) => {
    const key = JSON.stringify([state.predictions, link.run]);
    if (!link.digits || !state.predictions || key === shownPredictions) return;
    shownPredictions = key;
    const items = rows.flatMap((row) => [...row.children]);
    items.forEach((item, i) => {
      captionDigit(item, link.digits.labels[i], state.predictions[i], state.confidence[i]);
    });
    digitsCaption.textContent = state.digits;
  };
  const setValue = (node, value) => {
    if (document.activeElement !== node && node.value !== String(value)) node.value = value;
  };
  const view = {
    update(message) {
      const state = message.state;
      const settings = state.settings;
      const running = state.state === "training" || state.begins;
      if (message.wish === link.wish) {
        root.querySelectorAll("[data-setting]").forEach((node) => {
          const value = settings[node.dataset.setting];
          if (node.tagName === "SELECT") node.value = value;
          else setValue(node, value);
        });
        const hand = settings.lambda !== null;
        paper.checked = !hand;
        byHand.checked = hand;
        if (hand) slider.value = settings.lambda;
        echo.value = Number(slider.value).toFixed(2);
        slider.setAttribute("aria-valuetext", `lambda ${echo.value}`);
      }
      setValue(share, state.text);
      train.dataset.action = running ? "pause" : "train";
      train.textContent = running ? "Pause" : "Train";
      train.title = running ? "Stop after this step" : "Train until the last step";
      const idle = state.state === "loading" || state.busy !== null;
      train.disabled = idle || state.state === "finished";
      step.disabled = idle || running || state.state === "finished";
      reset.disabled = reseed.disabled = state.state === "loading";
      undo.disabled = !state.undo;
      const adapts = settings.mode === "dann";
      [paper, byHand, slider].forEach((node) => {
        node.disabled = !adapts;
      });
      applied.textContent = !adapts ? "Not used in this mode." : state.applied === void 0 ? "Not applied yet." : `Applied at step ${state.at.toLocaleString("en")}: ${state.applied.toFixed(3)}`;
      download.hidden = state.mnist || state.busy !== null;
      const mnist = root.querySelector('[data-setting="pair"] option[value="mnist"]');
      mnist.disabled = !state.mnist;
      cancel.hidden = !state.busy?.text.startsWith("Downloading");
      if (state.busy) {
        status.textContent = `${state.busy.text}…`;
        if (state.busy.fraction === null) bar.removeAttribute("value");
        else bar.value = state.busy.fraction;
      } else {
        bar.value = state.step / settings.steps;
        const parts2 = [
          `Step ${state.step.toLocaleString("en")} of ${settings.steps.toLocaleString("en")}`
        ];
        if (running && state.speed) parts2.push(`${state.speed.toFixed(1)} steps/s`);
        if (state.begins) parts2.push("begins in a moment");
        else if (running && state.left) parts2.push(`${minutes(state.left)} left`);
        else parts2.push(state.state === "loading" ? "getting ready" : state.state);
        status.textContent = parts2.join(" · ");
      }
      device.textContent = state.device && `Trains on: ${state.device}`;
      const past = link.at !== null;
      moment.disabled = replay.disabled = !state.step;
      moment.max = state.step;
      if (!past || document.activeElement !== moment) moment.value = past ? link.at : state.step;
      moment.setAttribute("aria-valuetext", past ? `step ${link.at}` : "now");
      toNow.disabled = !past;
      momentText.textContent = !state.step ? "The time line begins with the first step." : past ? `Looking at step ${link.at.toLocaleString("en")} of ${state.step.toLocaleString("en")}. Training ${running ? "goes on" : "is not touched"} meanwhile.` : `Now: step ${state.step.toLocaleString("en")}. Drag to go back in time.`;
      if (message.wish === link.wish) mapChoice.value = state.map.method;
      mapped = state.map.drawn && link.map !== null;
      map.caption.textContent = !state.map.method ? `${mapEmpty} ${state.map.note}` : state.map.note || (mapped ? link.map.caption : "Waiting for the first frame…");
      problem.textContent = state.problem;
      problem.hidden = !state.problem;
      if (state.notice !== heard || state.problem && state.problem !== lastProblem) said = "";
      heard = state.notice;
      lastProblem = state.problem;
      notify();
      const now = performance.now();
      if (state.state !== lastState || past || now - spoken > LIVE_SENTENCE) {
        if (sentence.textContent !== state.sentence) sentence.textContent = state.sentence;
        spoken = now;
        lastState = state.state;
      }
      if (message.digits) drawDigits();
      drawPredictions(state);
      keep.disabled = files[1].disabled = !state.step;
      if (compares) {
        place(!state.step);
        comparison.update(state);
      }
      return message.figures ? view.figures() : view.map();
    },
    figures() {
      return Promise.all([
        view.map(),
        ...Object.entries(link.figures).map(([name, figure]) => {
          captions[name].textContent = link.captions[name];
          return plots[name].draw(figure);
        })
      ]);
    },
    map() {
      const { map: now, images } = link;
      const key = mapped && [now.version, images.paint !== null].join();
      if (key === shownMap) return null;
      shownMap = key;
      if (!mapped) return map.draw(null);
      const { labels, domains } = images;
      const { predictions, confidence } = now;
      return map.draw(now.figure, images.paint && { labels, domains, predictions, confidence });
    },
    connection(silence) {
      lost.hidden = !silence;
      if (silence) {
        lost.textContent = `No answer from Python for ${Math.round(silence / 1e3)} s. Training pauses by itself until this page is back in touch. If a cell is running, wait for it; if nothing changes, reload the page. (Binder ends a Python that nobody has used for 10 minutes, and what was trained is gone.)`;
      }
    },
    compare: (message) => comparison.hear(message),
    saved: (name) => say(`Saved: ${name}`),
    theme() {
      comparison.theme();
      root.classList.toggle("dann-dark", isDark());
    }
  };
  view.theme();
  drawDigits();
  if (link.last) view.update(link.last);
  if (link.figures) view.figures();
  view.remove = () => {
    stopReplay();
    Object.values(plots).forEach((plot) => plot.remove());
    map.remove();
    comparison.remove();
  };
  return view;
}

// src/dashboard/widget.js
function createDashboard() {
  let link = null;
  return {
    initialize({ model }) {
      link = createLink(model);
      return () => link.close();
    },
    render({ model, el }) {
      const root = h("div", { class: "dann" });
      el.append(root);
      const view = createView(model, link, root);
      link.views.add(view);
      return () => {
        link.views.delete(view);
        view.remove();
      };
    }
  };
}

// src/widgets/dashboard.js
var dashboard_default = createDashboard;
export {
  dashboard_default as default
};
