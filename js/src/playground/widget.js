// @ts-nocheck
// The playground: the page asks for steps, the answer shows what they did.

import { h } from "../shared/elements.js";
import { bytes, floats } from "../shared/encoding.js";
import { createPlot } from "../shared/plot.js";
import { isDark, onThemeChange } from "../shared/theme.js";
import { paint, palette } from "./paint.js";

const FIGURES_EVERY = 700; // ms between two drawings of the curves
const AHEAD = 2; // questions under way while playing: Python computes while an answer travels
const SLOW = 1500; // ms for each part of a step in slow motion
const MOVE = 700; // ms in which the features move to their new places there
const ARROW = 26; // px for a domain gradient of average length: the scale of all arrows
const ARROWS = {
  label: ["label", "Label gradient: where descent on the label loss pushes (source only)"],
  domain: ["domain", "Domain gradient: where descent on the domain loss would push"],
  reversed: ["reversed", "Reversed gradient: what leaves the reversal layer, lambda times as long"],
};
const PHASES = [
  { show: [], text: "1 of 5. Forward: every point has its place in the feature plane." },
  {
    show: ["label"],
    text: "2 of 5. The label loss looks at the source only, and pulls its two classes apart.",
  },
  {
    show: ["label", "domain"],
    text: "3 of 5. Left to itself, the domain loss would pull source and target apart: that would help the domain classifier.",
  },
  {
    show: ["label", "reversed"],
    text: "4 of 5. The reversal layer turns that gradient round, lambda times as long: source and target are pushed together.",
  },
  { show: [], text: "5 of 5. The weights move, and with them every feature." },
];

// px for a gradient of length 1. It drifts, so that one step's arrows compare with the next step's.
function follow(scale, pushes) {
  let sum = 0;
  for (let k = 0; k < pushes.length; k += 2) sum += Math.hypot(pushes[k], pushes[k + 1]);
  const wanted = ARROW / Math.max(sum / (pushes.length / 2), 1e-6);
  return scale ? scale * (wanted / scale) ** 0.1 : wanted;
}

export function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const choices = model.get("choices");
  const [low, high] = choices.lambda;
  const root = h("div", { class: "dann dann-play" });
  el.append(root);

  let wish = 0; // so that an answer to an older question moves no knob back
  let waiting = 0; // questions without an answer
  let asked = 0;
  let mode = "paused"; // "playing", "slow"
  let phase = 0;
  let frame = null;
  let scale = 0;
  let figuresAt = 0;
  let spokenAt = 0;
  let pace = [];
  const send = (message) => {
    const now = performance.now();
    const figures = now >= figuresAt;
    if (figures) figuresAt = now + FIGURES_EVERY;
    waiting += 1;
    asked = now;
    model.send({ client: id, wish, dark: isDark(), figures, ...message });
  };
  const ask = (message) => {
    wish += 1;
    figuresAt = 0;
    send(message);
  };
  const set = (knobs) => {
    wish += 1;
    send({ type: "set", knobs });
  };

  // Controls
  const button = (action, text, title, act) =>
    h("button", { type: "button", "data-action": action, title, onclick: act }, text);
  const play = button("play", "Play", "Train, as fast as the picture follows", () =>
    go(mode === "playing" ? "paused" : "playing"),
  );
  play.classList.add("dann-primary");
  const slow = button("slow", "Slow motion", "One step in five parts, then the next", () =>
    go(mode === "slow" ? "paused" : "slow"),
  );
  const single = button("step", "Step", "Do one step, then pause", () => {
    go("paused");
    ask({ type: "step", steps: 1 });
  });
  const reset = button("reset", "Reset", "Start again from the same initial weights", () => {
    go("paused");
    ask({ type: "reset" });
  });
  const seed = button("seed", "New seed", "Other points, other initial weights", () => {
    go("paused");
    ask({ type: "seed" });
  });
  const undo = button("undo", "Undo", "Bring the last run back", () => {
    go("paused");
    ask({ type: "undo" });
  });
  const select = (name, label, options) =>
    h(
      "label",
      { class: "dann-field" },
      h("span", {}, label),
      h(
        "select",
        {
          "data-knob": name,
          onchange: (e) => {
            if (name !== "speed") set({ [name]: e.target.value });
          },
        },
        ...Object.entries(options).map(([value, text]) => h("option", { value }, text)),
      ),
    );
  const part = select("part", "What learns", choices.part);
  const form = select("form", "How the losses are put together", choices.form);
  const speed = select("speed", "Steps for each picture", { 1: "1", 3: "3", 10: "10" });
  speed.querySelector("select").value = "3"; // over 30 steps a second on a busy laptop too
  const paper = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    "data-knob": "paper",
    onchange: () => set({ lambda_: null }),
  });
  const hand = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    "data-knob": "hand",
    onchange: () => set({ lambda_: Number(lambda.value) }),
  });
  let later = null; // a dragged slider speaks up to 60 times a second; 30 are plenty
  const drag = (read) => {
    wish += 1;
    later ??= setTimeout(() => {
      later = null;
      set(read());
    }, 33);
  };
  const lambda = h("input", {
    type: "range",
    min: low,
    max: high,
    step: 0.01,
    value: 1,
    "data-knob": "lambda",
    "aria-label": "Lambda by hand",
    oninput: () => {
      hand.checked = true;
      echo.value = Number(lambda.value).toFixed(2);
      drag(() => ({ lambda_: Number(lambda.value) }));
    },
  });
  const echo = h("output", { class: "dann-echo", "data-show": "lambda" });
  const rotation = h("input", {
    type: "range",
    min: 0,
    max: 90,
    step: 1,
    value: 35,
    "data-knob": "rotation",
    "aria-label": "Rotation of the target in degrees",
    oninput: () => {
      degrees.value = `${rotation.value}°`;
      drag(() => ({ rotation: Number(rotation.value) }));
    },
  });
  const degrees = h("output", { class: "dann-echo" });
  const tick = (name, text, checked, title) => {
    const box = h("input", {
      type: "checkbox",
      "data-show": name,
      checked,
      onchange: () => repaint(),
    });
    return [
      box,
      h(
        "label",
        { class: `dann-tick dann-${name}`, title },
        box,
        h("span", { class: "dann-swatch", "aria-hidden": "true" }),
        text,
      ),
    ];
  };
  const arrows = Object.fromEntries(
    Object.entries(ARROWS).map(([name, [text, title]]) => [
      name,
      tick(name, text, name !== "domain", title),
    ]),
  );
  const [reveal, revealLabel] = tick(
    "reveal",
    "show the target's labels (nobody trains on them)",
    false,
    "For you only",
  );

  const status = h("p", { class: "dann-status", "data-show": "status" }, "Waiting for Python…");
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id: `say-${id}`,
    "data-show": "sentence",
  });
  const caption = h("p", {
    class: "dann-phase",
    "aria-live": "polite",
    "data-show": "phase",
    hidden: true,
  });
  const canvas = (name, text) =>
    h("canvas", {
      "data-plane": name,
      role: "img",
      "aria-label": text,
      "aria-describedby": `say-${id}`,
    });
  const planes = {
    inputs: canvas("inputs", "The points and both boundaries in the plane of the inputs"),
    features: canvas(
      "features",
      "The points' features, both boundaries, and the gradients as arrows",
    ),
  };
  const table = h("tbody", { "data-show": "descends" });
  const plots = {};
  const captions = {};
  const curve = (name, title) => {
    const box = h("div", {
      class: "dann-plot",
      role: "img",
      "aria-label": title,
      "aria-describedby": `${name}-${id}`,
      "data-plot": name,
    });
    captions[name] = h("figcaption", { id: `${name}-${id}` });
    plots[name] = createPlot(box, model);
    return h("figure", {}, h("h3", {}, title), box, captions[name]);
  };
  const key = (kind, text) => h("span", { class: `dann-key dann-key-${kind}` }, text);

  root.append(
    problem,
    h(
      "div",
      { class: "dann-columns" },
      h(
        "section",
        { class: "dann-card dann-controls", "aria-label": "Playground controls" },
        h("div", { class: "dann-buttons" }, play, slow, single, reset, seed, undo),
        status,
        h(
          "fieldset",
          {},
          h("legend", {}, "Lambda"),
          h("label", {}, paper, " follow the paper's schedule"),
          h("label", {}, hand, " by hand: ", echo),
          lambda,
          h(
            "div",
            { class: "dann-ends", "aria-hidden": "true" },
            h("span", {}, low),
            h("span", {}, (low + high) / 2),
            h("span", {}, high),
          ),
        ),
      ),
      h(
        "section",
        { class: "dann-card dann-setup", "aria-label": "Playground settings" },
        h("fieldset", {}, h("legend", {}, "Training"), form, part, speed),
        h(
          "fieldset",
          {},
          h("legend", {}, "Target"),
          h("label", {}, "turned by ", degrees),
          rotation,
          revealLabel,
        ),
        h(
          "fieldset",
          {},
          h("legend", {}, "Arrows"),
          ...Object.values(arrows).map(([, label]) => label),
        ),
      ),
      h(
        "section",
        { class: "dann-view", "aria-label": "What happens" },
        sentence,
        caption,
        h(
          "div",
          { class: "dann-keys" },
          key("source", "source, coloured by class"),
          key("target", "target, unlabelled"),
          key("labels", "label boundary"),
          key("domains", "domain boundary"),
        ),
        h(
          "div",
          { class: "dann-planes" },
          h("figure", {}, h("h3", {}, "Inputs"), planes.inputs),
          h(
            "figure",
            {},
            h("h3", {}, "Features, and what the next step does to them"),
            planes.features,
          ),
        ),
        h(
          "figure",
          {},
          h("h3", {}, "Who descends what"),
          h(
            "table",
            { class: "dann-table" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ...["part", "what it does", "how strongly"].map((t) =>
                  h("th", { scope: "col" }, t),
                ),
              ),
            ),
            table,
          ),
        ),
        h(
          "div",
          { class: "dann-plots" },
          curve("losses", "Losses"),
          curve("accuracies", "Accuracy on test points"),
        ),
      ),
    ),
  );

  // Drawing
  const scene = (features) => {
    const shown =
      mode === "slow"
        ? PHASES[phase].show
        : Object.keys(ARROWS).filter((name) => arrows[name][0].checked);
    const { grids, labels, pushes, reach } = frame;
    return {
      inputs: {
        grids: grids.inputs,
        points: frame.inputs,
        labels,
        reach: [-choices.plane, choices.plane, -choices.plane, choices.plane],
        arrows: {},
        reveal: reveal.checked,
      },
      features: {
        grids: grids.features,
        points: features,
        labels,
        reach,
        scale,
        arrows: Object.fromEntries(shown.map((name) => [name, pushes[name]])),
        reveal: reveal.checked,
      },
    };
  };
  const repaint = (features = frame?.features) => {
    if (!frame) return;
    const colours = palette(root);
    const scenes = scene(features);
    for (const [name, plane] of Object.entries(planes)) paint(plane, colours, scenes[name]);
  };

  // Slow motion and play
  let timer = null;
  const go = (next) => {
    clearTimeout(timer);
    mode = next;
    pace = [];
    caption.hidden = mode !== "slow";
    play.textContent = mode === "playing" ? "Pause" : "Play";
    slow.setAttribute("aria-pressed", mode === "slow");
    if (mode === "playing") more();
    if (mode === "slow") {
      phase = 0;
      showPhase();
    } else repaint();
    say();
  };
  const more = () => {
    while (
      mode === "playing" &&
      waiting < AHEAD &&
      !document.hidden &&
      root.isConnected &&
      frame.step < frame.steps
    ) {
      send({ type: "step", steps: Number(speed.querySelector("select").value) });
    }
  };
  const showPhase = () => {
    caption.textContent = PHASES[phase].text;
    if (phase === PHASES.length - 1)
      ask({ type: "step", steps: 1 }); // the answer goes on
    else {
      repaint();
      timer = setTimeout(() => {
        phase += 1;
        showPhase();
      }, SLOW);
    }
  };
  const glide = (from, to) => {
    const begun = performance.now();
    const move = (now) => {
      const share = Math.min(1, (now - begun) / MOVE);
      repaint(to.map((value, k) => from[k] + share * (value - from[k])));
      if (mode !== "slow") return;
      if (share < 1) requestAnimationFrame(move);
      else
        timer = setTimeout(() => {
          phase = 0;
          showPhase();
        }, SLOW - MOVE);
    };
    requestAnimationFrame(move);
  };
  const say = () => {
    if (!frame) return;
    const done = frame.step >= frame.steps;
    const parts = [
      `Step ${frame.step.toLocaleString("en")} of ${frame.steps.toLocaleString("en")}`,
      `lambda ${frame.lambda.toFixed(2)}`,
    ];
    if (mode === "playing" && pace.length > 5) {
      const [first, last] = [pace[0], pace.at(-1)];
      parts.push(`${((1000 * (last[1] - first[1])) / (last[0] - first[0])).toFixed(0)} steps/s`);
    }
    parts.push(
      done
        ? "finished: Reset starts again"
        : { playing: "playing", slow: "slow motion", paused: "paused" }[mode],
    );
    status.textContent = parts.join(" · ");
  };

  const hear = (message) => {
    if (message.type !== "frame" || message.client !== id) return;
    waiting = Math.max(0, waiting - 1);
    more(); // Python does the next steps while this picture is painted
    const before = frame?.features;
    frame = {
      ...message,
      inputs: floats(message.inputs),
      features: floats(message.features),
      pushes: Object.fromEntries(
        Object.entries(message.pushes).map(([name, text]) => [name, floats(text)]),
      ),
      grids: Object.fromEntries(
        Object.entries(message.grids).map(([name, both]) => [name, both.map(bytes)]),
      ),
    };
    scale = follow(message.step ? scale : 0, frame.pushes.domain);
    const now = performance.now();
    pace = [...pace.slice(-40), [now, frame.step]];
    if (message.wish === wish) {
      const { knobs } = message;
      part.querySelector("select").value = knobs.part;
      form.querySelector("select").value = knobs.form;
      rotation.value = knobs.rotation;
      paper.checked = knobs.lambda_ === null;
      hand.checked = !paper.checked;
      if (hand.checked) lambda.value = knobs.lambda_;
      degrees.value = `${rotation.value}°`;
      echo.value = Number(lambda.value).toFixed(2);
      lambda.setAttribute("aria-valuetext", `lambda ${echo.value}`);
      rotation.setAttribute("aria-valuetext", `${rotation.value} degrees`);
    }
    undo.disabled = !message.undo;
    const done = frame.step >= frame.steps;
    for (const control of [play, slow, single]) control.disabled = done;
    problem.textContent = message.problem;
    problem.hidden = !message.problem;
    if (mode !== "paused" && (done || message.problem)) go("paused");
    if (mode !== "playing" || now - spokenAt > 1000) {
      sentence.textContent = message.sentence;
      spokenAt = now;
    }
    table.replaceChildren(
      ...choices.tables[message.knobs.form].map((row) =>
        h("tr", {}, ...row.map((text, k) => h(k ? "td" : "th", k ? {} : { scope: "row" }, text))),
      ),
    );
    say();
    if (message.figures) {
      for (const [name, figure] of Object.entries(message.figures)) {
        plots[name].draw(figure);
        captions[name].textContent = message.captions[name];
      }
    }
    if (mode === "slow" && phase === PHASES.length - 1) glide(before, frame.features);
    else repaint();
    if (mode !== "playing" && !message.figures) figuresLater();
  };
  let figuresTimer = null;
  const figuresLater = () => {
    // the last steps' curves, once nothing follows them
    clearTimeout(figuresTimer);
    figuresTimer = setTimeout(() => {
      if (mode !== "playing" && !waiting) {
        figuresAt = 0;
        send({ type: "look" });
      }
    }, FIGURES_EVERY);
  };
  // A lost answer must not stop the play for ever.
  const watch = setInterval(() => {
    if (waiting && performance.now() - asked > 3000) {
      waiting = 0;
      more();
    }
  }, 1000);

  const theme = () => {
    root.classList.toggle("dann-dark", isDark());
    repaint();
    if (frame) ask({ type: "look" });
  };
  root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(theme);
  const resize = new ResizeObserver(() => repaint());
  Object.values(planes).forEach((plane) => resize.observe(plane));
  const back = () => more();
  document.addEventListener("visibilitychange", back);
  model.on("msg:custom", hear);
  ask({ type: "look" });
  return () => {
    mode = "paused";
    clearTimeout(timer);
    clearTimeout(figuresTimer);
    clearInterval(watch);
    forgetTheme();
    resize.disconnect();
    document.removeEventListener("visibilitychange", back);
    model.off("msg:custom", hear);
    Object.values(plots).forEach((plot) => plot.remove());
  };
}
