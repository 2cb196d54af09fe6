// @ts-nocheck
// Up to three runs side by side with one time line. `show` takes what dann_lab.player.bundle makes.

import { digitSheet } from "../map/digits.js";
import { createMap } from "../map/map.js";
import { h } from "../shared/elements.js";
import { bytes } from "../shared/encoding.js";
import { createPlot } from "../shared/plot.js";
import { isDark } from "../shared/theme.js";

const FRAME_TIME = 250; // ms between two moments of a replay
const MAP_MARGIN = 1.06; // room around the outermost point

const arrays = {
  uint8: Uint8Array,
  int16: Int16Array,
  int64: BigInt64Array,
  float32: Float32Array,
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
    }),
  );
  const curves = Object.fromEntries(
    Object.entries(run.curves).map(([name, { x, y }]) => [
      name,
      { x: unpackArray(x).flat, y: unpackArray(y).flat },
    ]),
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
    confidence: rows(run.confidence),
  };
}

// The last of ascending `steps` at or before `step`, as an index; -1 if there is none.
const lastAt = (steps, step) => steps.reduce((found, at, i) => (at <= step ? i : found), -1);

// The page's look of a run's map at one of its moments.
function mapFigure(run, map, row, dark, reach) {
  const template = run.templates[dark ? "dark" : "light"];
  const at = (i, axis) => map.flat[2 * (row * run.points + i) + axis] * map.scale;
  const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const data = template.data.map((trace) =>
    !trace.customdata
      ? trace
      : {
          ...trace,
          x: trace.customdata.map((i) => at(i, 0)),
          y: trace.customdata.map((i) => at(i, 1)),
        },
  );
  const annotations = template.layout.annotations.map((annotation) => {
    const label = Number(annotation.text.replace(/\D/g, ""));
    const own = [...run.labels.keys()].filter((i) => run.labels[i] === label);
    const [x, y] = [0, 1].map((axis) => middle(own.map((i) => at(i, axis))));
    // On the point in the middle, for the middle of a ring is empty.
    const far = (i) => Math.abs(at(i, 0) - x) + Math.abs(at(i, 1) - y);
    const nearest = own.reduce((best, i) => (far(i) < far(best) ? i : best), own[0]);
    return { ...annotation, x: at(nearest, 0), y: at(nearest, 1) };
  });
  const range = [-reach, reach];
  const layout = {
    ...template.layout,
    annotations,
    xaxis: { ...template.layout.xaxis, range: [...range] },
    yaxis: { ...template.layout.yaxis, range: [...range] },
  };
  return { data, layout };
}

export function createPlayer({ model }) {
  const id = Math.random().toString(36).slice(2);
  let runs = [];
  let bundle = null;
  let shown = null; // as JSON, so that the same runs again change nothing
  let at = 0;
  let last = 0;
  let paints = {}; // of the digits, by the data's id
  let playing = null;
  let slots = []; // what is on the page for each run

  const heading = h("h3", {});
  const about = h("p", { class: "dann-status" });
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    "data-show": "player-sentence",
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
    },
  });
  const momentText = h("output", { class: "dann-applied", "data-show": "player-moment" });
  const replay = h(
    "button",
    {
      type: "button",
      "data-action": "play",
      title: "Show these runs from their beginning",
      onclick: () => (playing ? stop() : play()),
    },
    "Play",
  );
  const method = h("select", {
    "data-choice": "player-map",
    "aria-label": "Kind of map",
    onchange: () => draw(),
  });
  const mapsTitle = h("h3", {}, "Maps of the features, side by side");
  const maps = h("div", { class: "dann-side" });
  const curve = h("select", {
    "data-choice": "player-curve",
    "aria-label": "Curve",
    onchange: () => drawCurves(),
  });
  const curveBox = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": "Curves of these runs",
    "aria-describedby": `curves-${id}`,
    "data-plot": "player-curves",
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
      moment,
    ),
    sentence,
    h("div", { class: "dann-named" }, mapsTitle, method),
    maps,
    h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, "Curves in one picture"), curve),
      curveBox,
      curveCaption,
    ),
    h(
      "figure",
      { class: "dann-wide" },
      h("h3", {}, "What differs"),
      h(
        "div",
        { class: "dann-scroll", tabindex: 0, role: "region", "aria-label": "What differs" },
        table,
      ),
    ),
  );

  const allMoments = () =>
    [...new Set(runs.flatMap((run) => run.moments).concat(last))].sort((a, b) => a - b);
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
  const inWords = (name) =>
    runs
      .map((run) => {
        const found = value(run, name);
        const text =
          found === null
            ? "none yet"
            : name.endsWith("accuracy")
              ? percent(found)
              : found.toFixed(2);
        return `${run.title}: ${text}`;
      })
      .join("; ");

  // A run's maps of the kind that is chosen, and which of them is the latest by now, -1 for none.
  const frameNow = (run) => {
    const frames = run.maps[method.value];
    return {
      frames,
      row: frames
        ? lastAt(
            frames.rows.map((r) => run.moments[r]),
            at,
          )
        : -1,
    };
  };
  // Of all maps now, so that they have one scale; in half steps, so that it seldom changes.
  const reachNow = () => {
    let most = 0;
    for (const run of runs) {
      const { frames, row } = frameNow(run);
      const drawn =
        row < 0 ? [] : frames.flat.subarray(2 * row * run.points, 2 * (row + 1) * run.points);
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
      line: { color: figure.layout.font.color, width: 1.5 },
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
      map.caption.textContent =
        row >= 0
          ? frames.captions[row]
          : frames
            ? `The first ${method.value} map of this run comes later.`
            : `There is no ${method.value} map of this run. Maps are drawn while one is chosen on its page.`;
      if (row < 0) return map.draw(null);
      const moment_ = frames.rows[row];
      return map.draw(mapFigure(run, frames, row, isDark(), reach), {
        labels: run.labels,
        domains: run.domains,
        predictions: run.predictions(moment_),
        confidence: Float32Array.from(run.confidence(moment_), (c) => c / 255),
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
      const same =
        runs.map((run) => run.title).join() === given.runs.map((run) => run.title).join();
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
        method.value || "t-SNE",
      );
      mapsTitle.hidden = maps.hidden = !methods.length;
      options(
        curve,
        Object.entries(given.curves).map(([name, { title }]) => [name, title]),
        curve.value,
      );
      paints = Object.fromEntries(
        await Promise.all(
          Object.entries(given.pictures).map(async ([data, { sheet, columns }]) => [
            data,
            await digitSheet(`data:image/png;base64,${sheet}`, columns),
          ]),
        ),
      );
      if (bundle !== given) return; // others are shown by now
      if (!same) {
        slots.forEach(({ map }) => map.remove());
        slots = runs.map((run, k) => {
          const map = createMap({
            model,
            title: `Map of ${run.title}`,
            name: "player-map",
            pictures: () => paints[run.data],
          });
          return { run, map, words: h("figcaption", { "data-caption": `player-run-${k}` }) };
        });
        maps.style.setProperty("--runs", runs.length);
        maps.replaceChildren(
          ...slots.map(({ run, map, words }, k) =>
            h(
              "figure",
              { class: "dann-wide", "data-run": k },
              h("h4", {}, run.title),
              words,
              map.node,
            ),
          ),
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
            ...head.map((cell) => h(cell ? "th" : "td", cell ? { scope: "col" } : {}, cell)),
          ),
        ),
        h(
          "tbody",
          {},
          ...rows.map(([what, ...values]) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, what),
              ...values.map((cell) => h("td", {}, cell)),
            ),
          ),
        ),
      );
      return draw();
    },
    theme: () => bundle && draw(),
    remove() {
      stop();
      curvePlot.remove();
      slots.forEach(({ map }) => map.remove());
    },
  };
}
