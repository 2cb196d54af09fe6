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

// src/shared/encoding.js
var bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
var floats = (base64) => new Float32Array(bytes(base64).buffer);
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

// src/playground/contour.js
function contour(grid, n) {
  const segments = [];
  const at = (row, column) => grid[row * n + column] - 127.5;
  for (let row = 0; row < n - 1; row += 1) {
    for (let column = 0; column < n - 1; column += 1) {
      const corners = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column)
      ];
      const places = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1]
      ];
      const crossings = [];
      for (let k = 0; k < 4; k += 1) {
        const [a, b] = [corners[k], corners[(k + 1) % 4]];
        if (a < 0 === b < 0) continue;
        const share = a / (a - b);
        const [p, q] = [places[k], places[(k + 1) % 4]];
        crossings.push([column + p[0] + share * (q[0] - p[0]), row + p[1] + share * (q[1] - p[1])]);
      }
      for (let k = 0; k + 1 < crossings.length; k += 2)
        segments.push([crossings[k], crossings[k + 1]]);
    }
  }
  return segments;
}

// src/playground/paint.js
var SHOWN = 4;
var LONGEST = 80;
function palette(root) {
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue(`--play-${name}`).trim();
  return Object.fromEntries(
    ["zero", "one", "target", "label", "domain", "reversed", "edge", "line"].map((name) => [
      name,
      colour(name)
    ])
  );
}
function paint(canvas, colours, scene) {
  const size = canvas.clientWidth;
  if (!size) return;
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(size * ratio))
    canvas.width = canvas.height = Math.round(size * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size, size);
  const [labels, domains] = scene.grids;
  const n = Math.round(Math.sqrt(labels.length));
  const cell = size / (n - 1);
  const small = new OffscreenCanvas(n, n);
  const image = new ImageData(n, n);
  const rgb = [colours.zero, colours.one].map(
    (c) => [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16))
  );
  for (let p = 0; p < n * n; p += 1) {
    const sure = Math.abs(labels[p] - 127.5) / 127.5;
    const [r2, g, b] = rgb[labels[p] > 127.5 ? 1 : 0];
    image.data.set([r2, g, b, 12 + 52 * sure], 4 * p);
  }
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, size, size);
  const line = (grid, colour, dash, width) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [from, to] of contour(grid, n)) {
      pen.moveTo(from[0] * cell, from[1] * cell);
      pen.lineTo(to[0] * cell, to[1] * cell);
    }
    pen.stroke();
    pen.setLineDash([]);
  };
  line(labels, colours.line, [], 2);
  line(domains, colours.domain, [6, 5], 2.5);
  const [left, right, low, high] = scene.reach;
  const place = (k) => [
    (scene.points[2 * k] - left) / (right - left) * size,
    (high - scene.points[2 * k + 1]) / (high - low) * size
  ];
  const half = scene.labels.length / 2;
  const r = size < 320 ? 2.6 : 3.4;
  for (let k = 0; k < 2 * half; k += 1) {
    const [x, y] = place(k);
    const class_ = scene.labels[k] ? colours.one : colours.zero;
    pen.beginPath();
    if (k < half) {
      pen.arc(x, y, r, 0, 7);
      pen.fillStyle = class_;
      pen.fill();
      pen.strokeStyle = colours.edge;
      pen.lineWidth = 0.7;
    } else {
      pen.moveTo(x, y - 1.4 * r);
      pen.lineTo(x + 1.25 * r, y + 0.9 * r);
      pen.lineTo(x - 1.25 * r, y + 0.9 * r);
      pen.closePath();
      pen.strokeStyle = scene.reveal ? class_ : colours.target;
      pen.lineWidth = 1.5;
    }
    pen.stroke();
  }
  for (const [name, pushes] of Object.entries(scene.arrows)) {
    pen.strokeStyle = pen.fillStyle = colours[name];
    pen.lineWidth = 1.8;
    for (let k = 0; k < 2 * half; k += SHOWN) {
      let [dx, dy] = [pushes[2 * k] * scene.scale, -pushes[2 * k + 1] * scene.scale];
      const length = Math.hypot(dx, dy);
      if (length < 1.5) continue;
      if (length > LONGEST) [dx, dy] = [dx * LONGEST / length, dy * LONGEST / length];
      const [x, y] = place(k);
      const angle = Math.atan2(dy, dx);
      const head = Math.min(6, 2 + length / 4);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + dx, y + dy);
      pen.stroke();
      pen.beginPath();
      pen.moveTo(x + dx, y + dy);
      pen.lineTo(x + dx - head * Math.cos(angle - 0.5), y + dy - head * Math.sin(angle - 0.5));
      pen.lineTo(x + dx - head * Math.cos(angle + 0.5), y + dy - head * Math.sin(angle + 0.5));
      pen.fill();
    }
  }
}

// src/playground/widget.js
var FIGURES_EVERY = 700;
var AHEAD = 2;
var SLOW = 1500;
var MOVE = 700;
var ARROW = 26;
var ARROWS = {
  label: ["label", "Label gradient: where descent on the label loss pushes (source only)"],
  domain: ["domain", "Domain gradient: where descent on the domain loss would push"],
  reversed: ["reversed", "Reversed gradient: what leaves the reversal layer, lambda times as long"]
};
var PHASES = [
  { show: [], text: "1 of 5. Forward: every point has its place in the feature plane." },
  {
    show: ["label"],
    text: "2 of 5. The label loss looks at the source only, and pulls its two classes apart."
  },
  {
    show: ["label", "domain"],
    text: "3 of 5. Left to itself, the domain loss would pull source and target apart: that would help the domain classifier."
  },
  {
    show: ["label", "reversed"],
    text: "4 of 5. The reversal layer turns that gradient round, lambda times as long: source and target are pushed together."
  },
  { show: [], text: "5 of 5. The weights move, and with them every feature." }
];
function follow(scale, pushes) {
  let sum = 0;
  for (let k = 0; k < pushes.length; k += 2) sum += Math.hypot(pushes[k], pushes[k + 1]);
  const wanted = ARROW / Math.max(sum / (pushes.length / 2), 1e-6);
  return scale ? scale * (wanted / scale) ** 0.1 : wanted;
}
function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const choices = model.get("choices");
  const [low, high] = choices.lambda;
  const root = h("div", { class: "dann dann-play" });
  el.append(root);
  let wish = 0;
  let waiting = 0;
  let asked = 0;
  let mode = "paused";
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
  const button = (action, text, title, act) => h("button", { type: "button", "data-action": action, title, onclick: act }, text);
  const play = button(
    "play",
    "Play",
    "Train, as fast as the picture follows",
    () => go(mode === "playing" ? "paused" : "playing")
  );
  play.classList.add("dann-primary");
  const slow = button(
    "slow",
    "Slow motion",
    "One step in five parts, then the next",
    () => go(mode === "slow" ? "paused" : "slow")
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
  const select = (name, label, options) => h(
    "label",
    { class: "dann-field" },
    h("span", {}, label),
    h(
      "select",
      {
        "data-knob": name,
        onchange: (e) => {
          if (name !== "speed") set({ [name]: e.target.value });
        }
      },
      ...Object.entries(options).map(([value, text]) => h("option", { value }, text))
    )
  );
  const part = select("part", "What learns", choices.part);
  const form = select("form", "How the losses are put together", choices.form);
  const speed = select("speed", "Steps for each picture", { 1: "1", 3: "3", 10: "10" });
  speed.querySelector("select").value = "3";
  const paper = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    "data-knob": "paper",
    onchange: () => set({ lambda_: null })
  });
  const hand = h("input", {
    type: "radio",
    name: `lambda-${id}`,
    "data-knob": "hand",
    onchange: () => set({ lambda_: Number(lambda.value) })
  });
  let later = null;
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
    }
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
    }
  });
  const degrees = h("output", { class: "dann-echo" });
  const tick = (name, text, checked, title) => {
    const box = h("input", {
      type: "checkbox",
      "data-show": name,
      checked,
      onchange: () => repaint()
    });
    return [
      box,
      h(
        "label",
        { class: `dann-tick dann-${name}`, title },
        box,
        h("span", { class: "dann-swatch", "aria-hidden": "true" }),
        text
      )
    ];
  };
  const arrows = Object.fromEntries(
    Object.entries(ARROWS).map(([name, [text, title]]) => [
      name,
      tick(name, text, name !== "domain", title)
    ])
  );
  const [reveal, revealLabel] = tick(
    "reveal",
    "show the target's labels (nobody trains on them)",
    false,
    "For you only"
  );
  const status = h("p", { class: "dann-status", "data-show": "status" }, "Waiting for Python…");
  const problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem"
  });
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id: `say-${id}`,
    "data-show": "sentence"
  });
  const caption = h("p", {
    class: "dann-phase",
    "aria-live": "polite",
    "data-show": "phase",
    hidden: true
  });
  const canvas = (name, text) => h("canvas", {
    "data-plane": name,
    role: "img",
    "aria-label": text,
    "aria-describedby": `say-${id}`
  });
  const planes = {
    inputs: canvas("inputs", "The points and both boundaries in the plane of the inputs"),
    features: canvas(
      "features",
      "The points' features, both boundaries, and the gradients as arrows"
    )
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
      "data-plot": name
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
            h("span", {}, high)
          )
        )
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
          revealLabel
        ),
        h(
          "fieldset",
          {},
          h("legend", {}, "Arrows"),
          ...Object.values(arrows).map(([, label]) => label)
        )
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
          key("domains", "domain boundary")
        ),
        h(
          "div",
          { class: "dann-planes" },
          h("figure", {}, h("h3", {}, "Inputs"), planes.inputs),
          h(
            "figure",
            {},
            h("h3", {}, "Features, and what the next step does to them"),
            planes.features
          )
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
                ...["part", "what it does", "how strongly"].map(
                  (t) => h("th", { scope: "col" }, t)
                )
              )
            ),
            table
          )
        ),
        h(
          "div",
          { class: "dann-plots" },
          curve("losses", "Losses"),
          curve("accuracies", "Accuracy on test points")
        )
      )
    )
  );
  const scene = (features) => {
    const shown = mode === "slow" ? PHASES[phase].show : Object.keys(ARROWS).filter((name) => arrows[name][0].checked);
    const { grids, labels, pushes, reach } = frame;
    return {
      inputs: {
        grids: grids.inputs,
        points: frame.inputs,
        labels,
        reach: [-choices.plane, choices.plane, -choices.plane, choices.plane],
        arrows: {},
        reveal: reveal.checked
      },
      features: {
        grids: grids.features,
        points: features,
        labels,
        reach,
        scale,
        arrows: Object.fromEntries(shown.map((name) => [name, pushes[name]])),
        reveal: reveal.checked
      }
    };
  };
  const repaint = (features = frame?.features) => {
    if (!frame) return;
    const colours = palette(root);
    const scenes = scene(features);
    for (const [name, plane] of Object.entries(planes)) paint(plane, colours, scenes[name]);
  };
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
    while (mode === "playing" && waiting < AHEAD && !document.hidden && root.isConnected && frame.step < frame.steps) {
      send({ type: "step", steps: Number(speed.querySelector("select").value) });
    }
  };
  const showPhase = () => {
    caption.textContent = PHASES[phase].text;
    if (phase === PHASES.length - 1)
      ask({ type: "step", steps: 1 });
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
      `lambda ${frame.lambda.toFixed(2)}`
    ];
    if (mode === "playing" && pace.length > 5) {
      const [first, last] = [pace[0], pace.at(-1)];
      parts.push(`${(1e3 * (last[1] - first[1]) / (last[0] - first[0])).toFixed(0)} steps/s`);
    }
    parts.push(
      done ? "finished: Reset starts again" : { playing: "playing", slow: "slow motion", paused: "paused" }[mode]
    );
    status.textContent = parts.join(" · ");
  };
  const hear = (message) => {
    if (message.type !== "frame" || message.client !== id) return;
    waiting = Math.max(0, waiting - 1);
    more();
    const before = frame?.features;
    frame = {
      ...message,
      inputs: floats(message.inputs),
      features: floats(message.features),
      pushes: Object.fromEntries(
        Object.entries(message.pushes).map(([name, text]) => [name, floats(text)])
      ),
      grids: Object.fromEntries(
        Object.entries(message.grids).map(([name, both]) => [name, both.map(bytes)])
      )
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
    if (mode !== "playing" || now - spokenAt > 1e3) {
      sentence.textContent = message.sentence;
      spokenAt = now;
    }
    table.replaceChildren(
      ...choices.tables[message.knobs.form].map(
        (row) => h("tr", {}, ...row.map((text, k) => h(k ? "td" : "th", k ? {} : { scope: "row" }, text)))
      )
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
    clearTimeout(figuresTimer);
    figuresTimer = setTimeout(() => {
      if (mode !== "playing" && !waiting) {
        figuresAt = 0;
        send({ type: "look" });
      }
    }, FIGURES_EVERY);
  };
  const watch = setInterval(() => {
    if (waiting && performance.now() - asked > 3e3) {
      waiting = 0;
      more();
    }
  }, 1e3);
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

// src/widgets/playground.js
var playground_default = { render };
export {
  playground_default as default
};
