// @ts-nocheck
// One view of the live page: its controls and its pictures.

import { createCompare } from "../compare/compare.js";
import { captionDigit } from "../map/digits.js";
import { createMap } from "../map/map.js";
import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { askForPlotly } from "../shared/plotly.js";
import { isDark } from "../shared/theme.js";
import { saveAs } from "./files.js";

const REPLAY = [60, 400]; // frames of a replay at most, and ms between two of them
const LIVE_SENTENCE = 5000; // ms between two sentences read aloud

const PLOTS = {
  losses: "Losses",
  accuracies: "Accuracy on test images",
  lambdas: "Lambda, as applied",
  gradients: "Gradients at the features",
};

const minutes = (seconds) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

export function createView(model, link, root) {
  const id = Math.random().toString(36).slice(2);
  const choices = model.get("choices");
  const [low, high] = choices.lambda;
  const ask = (message) => {
    said = "";
    link.ask(message);
  };

  // Controls
  const select = (name, label) =>
    h(
      "label",
      { class: "dann-field" },
      h("span", {}, label),
      h(
        "select",
        { "data-setting": name, onchange: (e) => choose({ [name]: e.target.value }) },
        ...Object.entries(choices[name]).map(([value, text]) => h("option", { value }, text)),
      ),
    );
  const number = (name, label, min, max) =>
    h(
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
              `${label} is ${given}: it must be a whole number from ${min} to ${max}. Nothing was changed.`,
            );
            e.target.value = link.last.state.settings[name];
            return;
          }
          choose({ [name]: Number(e.target.value) });
        },
      }),
    );
  const button = (action, text, title, act) =>
    h("button", { type: "button", "data-action": action, title, onclick: act }, text);
  const choose = (changes) => ask({ type: "choose", changes });

  const train = button("train", "Train", "Train until the last step", () =>
    ask({ type: train.dataset.action }),
  );
  train.classList.add("dann-primary");
  const step = button("step", "Step", "Do one step, then pause", () => ask({ type: "step" }));
  const reset = button("reset", "Reset", "Start again from the same initial weights", () =>
    ask({ type: "reset" }),
  );
  const reseed = button("seed", "New seed", "Start again from other initial weights", () =>
    ask({ type: "seed" }),
  );
  const undo = button(
    "undo",
    "Undo",
    "Take the last change back; a run that was reset returns",
    () => ask({ type: "undo" }),
  );

  for (const early of [train, step, reset, reseed, undo]) early.disabled = true; // until Python answers

  const paper = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    value: "paper",
    "data-lambda": "paper",
    onchange: () => ask({ type: "lambda", value: null }),
  });
  const byHand = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    value: "hand",
    "data-lambda": "hand",
    onchange: () => sendLambda(),
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
    },
  });
  const echo = h("output", { class: "dann-echo", "data-lambda": "echo" });
  // A dragged slider speaks up to 60 times a second; 30 are plenty, and the last one always arrives.
  let lambdaTimer = null;
  const sendLambda = () => {
    link.wish += 1; // at once, so that an answer under way does not move the slider back
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
    },
  });
  const restore = () => ask({ type: "restore", text: share.value });
  const copy = button("copy", "Copy", "Copy the settings", async () => {
    const link_ =
      document.body.dataset.voila !== undefined
        ? `${location.href.split("#")[0]}#${share.value}`
        : share.value;
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
    () => ask({ type: "fetch" }),
  );
  const cancel = button(
    "cancel",
    "Stop the download",
    "Asking again goes on where it stopped",
    () => ask({ type: "cancel" }),
  );

  // Messages
  const lost = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "lost",
  });
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  const notice = h("p", {
    class: "dann-message",
    role: "status",
    hidden: true,
    "data-show": "notice",
  });
  const sentence = h(
    "p",
    { class: "dann-sentence", "aria-live": "polite", "data-show": "sentence" },
    "Waiting for Python…",
  );
  // The page's own word stands until the person does something else, or Python has news.
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

  // Pictures
  const plots = {};
  const captions = {};
  const pictures = Object.entries(PLOTS).map(([name, title]) => {
    const box = h("div", {
      class: "dann-plot",
      role: "img",
      "aria-label": title,
      "aria-describedby": `${name}-${id}`,
      "data-plot": name,
    });
    captions[name] = h("figcaption", { id: `${name}-${id}`, "data-caption": name });
    plots[name] = createPlot(box, model);
    return h("figure", {}, h("h3", {}, title), box, captions[name]);
  });
  // The time line
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
    },
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
      h("div", { class: "dann-buttons" }, replay, toNow),
    ),
    moment,
  );

  // The map: on request, because it costs the training some of its speed.
  const map = createMap({
    model,
    title: "Map of the features",
    pictures: () => link.images?.paint,
  });
  const mapChoice = h(
    "select",
    {
      "data-choice": "map",
      "aria-label": "Kind of map",
      onchange: () => ask({ type: "map", method: mapChoice.value }),
    },
    ...Object.entries(choices.map).map(([value, text]) => h("option", { value }, text)),
  );
  const mapFigure = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, "Map of the features"), mapChoice),
    map.node,
  );
  const mapEmpty =
    "Choose PCA, t-SNE or UMAP: 500 test images of each domain (fewer, if there are fewer), as the network sees them, move while it trains.";

  // Side by side, and files
  const comparison = createCompare({ model, link, ask });
  const picture = h(
    "select",
    { "data-choice": "picture", "aria-label": "Picture" },
    ...Object.entries({ ...PLOTS, map: "Map of the features" }).map(([value, text]) =>
      h("option", { value }, text),
    ),
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
      width: undefined,
      height: undefined,
    };
    const size = { width: Math.max(560, box.offsetWidth), height: box.offsetHeight, scale: 2 };
    const url = await Plotly.toImage({ data: box.data, layout }, { format, ...size });
    await saveAs(`dann-${picture.value}-step-${link.at ?? latest()}.${format}`, url);
    say(
      `Saved: ${picture.selectedOptions[0].text}, step ${(link.at ?? latest()).toLocaleString("en")}.`,
    );
  };
  const wantFile = (what) => {
    say("Making the file…");
    // The recorded runs stand there by themselves: once there is a run, it is the one that is meant.
    const keys = comparison.keys();
    const chosen = !latest() || keys.some((key) => !key.startsWith("recorded"));
    link.send({ type: "export", what, keys: what === "html" && chosen ? keys : [] });
  };
  const keep = button(
    "keep",
    "Keep this run",
    "Into the folder runs, to compare with another day",
    () => ask({ type: "keep" }),
  );
  const files = [
    button(
      "html",
      "Page",
      "The runs that are compared, or this one, as one HTML file that opens offline, with a time line",
      () => wantFile("html"),
    ),
    button("csv", "Table", "This run so far as CSV: a row a step", () => wantFile("csv")),
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
      button("svg", "SVG", "The picture as it is shown", () => savePicture("svg")),
    ),
  );

  const digitsCaption = h("figcaption", { "data-caption": "digits" });
  const rows = ["source", "target"].map((domain) =>
    h("ul", {
      class: "dann-digits",
      "data-digits": domain,
      "aria-label": `Test digits of the ${domain}`,
    }),
  );
  const digits = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, "Test digits and what the network says"),
    h("p", { class: "dann-domain" }, "Source"),
    rows[0],
    h("p", { class: "dann-domain" }, "Target"),
    rows[1],
    digitsCaption,
  );

  const plotsBox = h("div", { class: "dann-plots" }, ...pictures, mapFigure, digits);
  // Before anything is trained the recorded runs come first; then those that are trained do.
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
            h("span", {}, high),
          ),
          applied,
        ),
      ),
      h(
        "section",
        { class: "dann-view", "aria-label": "What happens" },
        sentence,
        timeline,
        plotsBox,
        comparison.node,
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
            number("steps", "Steps", 1, 100000),
            number("seed", "Seed", 0, 2147483647),
          ),
          download,
          cancel,
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
            button("restore", "Apply", "Take the settings in the field", restore),
          ),
        ),
        save,
        device,
      ),
    ),
  );

  const parts = model.get("parts");
  if (parts.length) {
    const setup = root.querySelector(".dann-setup");
    const all = {
      map: mapFigure,
      digits,
      compare: comparison.node,
      settings: setup,
      ...Object.fromEntries(Object.keys(PLOTS).map((name, k) => [name, pictures[k]])),
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
  let mapped = false; // whether there is a map at this moment
  let shownMap = false;

  const drawDigits = () => {
    if (!link.digits) return;
    const { labels, pixels } = link.digits;
    const half = labels.length / 2;
    rows.forEach((row, r) =>
      row.replaceChildren(
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
        }),
      ),
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
      applied.textContent = !adapts
        ? "Not used in this mode."
        : state.applied === undefined
          ? "Not applied yet."
          : `Applied at step ${state.at.toLocaleString("en")}: ${state.applied.toFixed(3)}`;

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
        const parts = [
          `Step ${state.step.toLocaleString("en")} of ${settings.steps.toLocaleString("en")}`,
        ];
        if (running && state.speed) parts.push(`${state.speed.toFixed(1)} steps/s`);
        if (state.begins) parts.push("begins in a moment");
        else if (running && state.left) parts.push(`${minutes(state.left)} left`);
        else parts.push(state.state === "loading" ? "getting ready" : state.state);
        status.textContent = parts.join(" · ");
      }
      device.textContent = state.device && `Trains on: ${state.device}`;

      const past = link.at !== null;
      moment.disabled = replay.disabled = !state.step;
      moment.max = state.step;
      if (!past || document.activeElement !== moment) moment.value = past ? link.at : state.step;
      moment.setAttribute("aria-valuetext", past ? `step ${link.at}` : "now");
      toNow.disabled = !past;
      momentText.textContent = !state.step
        ? "The time line begins with the first step."
        : past
          ? `Looking at step ${link.at.toLocaleString("en")} of ${state.step.toLocaleString("en")}. Training ${running ? "goes on" : "is not touched"} meanwhile.`
          : `Now: step ${state.step.toLocaleString("en")}. Drag to go back in time.`;

      if (message.wish === link.wish) mapChoice.value = state.map.method;
      mapped = state.map.drawn && link.map !== null;
      map.caption.textContent = !state.map.method
        ? `${mapEmpty} ${state.map.note}`
        : state.map.note || (mapped ? link.map.caption : "Waiting for the first frame…");

      problem.textContent = state.problem;
      problem.hidden = !state.problem;
      if (state.notice !== heard || (state.problem && state.problem !== lastProblem)) said = "";
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
        }),
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
        lost.textContent = `No answer from Python for ${Math.round(silence / 1000)} s. Training pauses by itself until this page is back in touch. If a cell is running, wait for it; if nothing changes, reload the page. (Binder ends a Python that nobody has used for 10 minutes, and what was trained is gone.)`;
      }
    },
    compare: (message) => comparison.hear(message),
    saved: (name) => say(`Saved: ${name}`),
    theme() {
      comparison.theme();
      root.classList.toggle("dann-dark", isDark());
    },
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
