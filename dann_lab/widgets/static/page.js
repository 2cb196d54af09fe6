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

// src/player/widget.js
function render({ model, el }) {
  const root = h("div", { class: "dann" });
  el.append(root);
  const player = createPlayer({ model });
  const show = () => player.show(model.get("bundle"));
  const look = () => {
    root.classList.toggle("dann-dark", isDark());
    player.theme();
  };
  root.append(player.node);
  root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(look);
  model.on("change:bundle", show);
  requestAnimationFrame(show);
  return () => {
    forgetTheme();
    model.off("change:bundle", show);
    player.remove();
  };
}

// src/player/page.js
function showPage() {
  globalThis.dannPlotly = Promise.resolve(globalThis.Plotly);
  const given = JSON.parse(document.getElementById("runs").textContent);
  const nobody = () => {
  };
  const model = { get: () => given, on: nobody, off: nobody, send: nobody };
  render({ model, el: document.querySelector("main") });
}

// src/widgets/page.js
showPage();
