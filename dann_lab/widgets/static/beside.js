// Built from js/src by `npm run build` in js/: change it there.

// src/playground/arrows.js
var SHORTEST = 1.5;
var LONGEST = 80;
function arrowShape([x, y], [across, down]) {
  const length = Math.hypot(across, down);
  if (length < SHORTEST) return null;
  const cut = length > LONGEST ? LONGEST / length : 1;
  const tip = [x + cut * across, y + cut * down];
  const angle = Math.atan2(down, across);
  const size = Math.min(6, 2 + length / 4);
  const end = (turn) => [
    tip[0] - size * Math.cos(angle + turn),
    tip[1] - size * Math.sin(angle + turn)
  ];
  return { tip, head: [end(-0.5), end(0.5)] };
}

// src/playground/contour.js
var HALF = 127.5;
var CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1]
];
function crossings(grid, n, column, row) {
  const heights = CORNERS.map(([x, y]) => grid[(row + y) * n + column + x] - HALF);
  const found = [];
  for (let k = 0; k < 4; k += 1) {
    const next = (k + 1) % 4;
    const [a, b] = [heights[k], heights[next]];
    if (a < 0 === b < 0) continue;
    const share = a / (a - b);
    const [p, q] = [CORNERS[k], CORNERS[next]];
    found.push([column + p[0] + share * (q[0] - p[0]), row + p[1] + share * (q[1] - p[1])]);
  }
  return found;
}
function contour(grid, n) {
  const segments = [];
  for (let row = 0; row < n - 1; row += 1) {
    for (let column = 0; column < n - 1; column += 1) {
      const found = crossings(grid, n, column, row);
      for (let k = 0; k + 1 < found.length; k += 2) segments.push([found[k], found[k + 1]]);
    }
  }
  return segments;
}

// src/playground/scene.js
function placeOf({ points, reach: [left, right, low, high] }, size, k) {
  return [
    (points[2 * k] - left) / (right - left) * size,
    (high - points[2 * k + 1]) / (high - low) * size
  ];
}
function rgb(colour) {
  const [red, green, blue] = [1, 3, 5].map((k) => Number.parseInt(colour.slice(k, k + 2), 16));
  return [red, green, blue];
}
function background(labels, zero, one) {
  const pixels = new Uint8ClampedArray(4 * labels.length);
  labels.forEach((level, p) => {
    const sure = Math.abs(level - 127.5) / 127.5;
    pixels.set([...level > 127.5 ? one : zero, 12 + 52 * sure], 4 * p);
  });
  return pixels;
}

// src/playground/paint.js
var ARROW_EVERY = 4;
function palette(root) {
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue(`--play-${name}`).trim();
  return {
    zero: colour("zero"),
    one: colour("one"),
    target: colour("target"),
    label: colour("label"),
    domain: colour("domain"),
    reversed: colour("reversed"),
    edge: colour("edge"),
    line: colour("line")
  };
}
function paint(canvas, colours, scene) {
  const size = canvas.clientWidth;
  if (!size) return;
  const easel = { pen: cleared(canvas, size), size, colours, scene };
  paintBackground(easel);
  const [labels, domains] = scene.grids;
  paintBoundary(easel, labels, { colour: colours.line, dash: [], width: 2 });
  paintBoundary(easel, domains, { colour: colours.domain, dash: [6, 5], width: 2.5 });
  paintPoints(easel);
  for (const [name, pushes] of scene.arrows) paintArrows(easel, colours[name], pushes);
  if (scene.pen) paintPen(easel, scene.pen);
}
var penOf = (canvas) => (
  /** @type {CanvasRenderingContext2D} */
  canvas.getContext("2d")
);
function cleared(canvas, size) {
  const ratio = devicePixelRatio || 1;
  const pixels = Math.round(size * ratio);
  if (canvas.width !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  const pen = penOf(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size, size);
  return pen;
}
var sideOf = (grid) => Math.round(Math.sqrt(grid.length));
function paintBackground({ pen, size, colours, scene }) {
  const [labels] = scene.grids;
  const n = sideOf(labels);
  const pixels = background(labels, rgb(colours.zero), rgb(colours.one));
  const small = new OffscreenCanvas(n, n);
  penOf(small).putImageData(new ImageData(pixels, n, n), 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, size, size);
}
function paintBoundary({ pen, size }, grid, { colour, dash, width }) {
  const n = sideOf(grid);
  const cell = size / (n - 1);
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
}
function paintPoints(easel) {
  const { size, colours, scene } = easel;
  const radius = size < 320 ? 2.6 : 3.4;
  scene.labels.forEach((label, k) => {
    const place = placeOf(scene, size, k);
    const colour = label ? colours.one : colours.zero;
    if (k < scene.sources) paintSource(easel, place, radius, colour);
    else paintTarget(easel, place, radius, scene.reveal ? colour : colours.target);
  });
}
function paintSource({ pen, colours }, [x, y], radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = colours.edge;
  pen.lineWidth = 0.7;
  pen.stroke();
}
function paintTarget({ pen }, [x, y], radius, colour) {
  pen.beginPath();
  pen.moveTo(x, y - 1.4 * radius);
  pen.lineTo(x + 1.25 * radius, y + 0.9 * radius);
  pen.lineTo(x - 1.25 * radius, y + 0.9 * radius);
  pen.closePath();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.stroke();
}
function paintPen({ pen, size, colours, scene }, [x, y]) {
  const points = new Float32Array([x, y]);
  const [across, down] = placeOf({ ...scene, points }, size, 0);
  pen.strokeStyle = colours.line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const [dx, dy] of [
    [9, 0],
    [0, 9]
  ]) {
    pen.moveTo(across - dx, down - dy);
    pen.lineTo(across + dx, down + dy);
  }
  pen.stroke();
}
function paintArrows({ pen, size, scene }, colour, pushes) {
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 1.8;
  for (let k = 0; k < scene.labels.length; k += ARROW_EVERY) {
    const from = placeOf(scene, size, k);
    const push = (
      /** @type {Point} */
      [
        pushes[2 * k] * scene.scale,
        -pushes[2 * k + 1] * scene.scale
      ]
    );
    const shape = arrowShape(from, push);
    if (!shape) continue;
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...shape.tip);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(...shape.tip);
    for (const end of shape.head) pen.lineTo(...end);
    pen.fill();
  }
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
var uniqueName = () => Math.random().toString(36).slice(2);

// src/shared/select.js
function createSelect(knob, label, options, chosen) {
  const input = h(
    "select",
    { "data-knob": knob, onchange: () => chosen?.(input.value) },
    ...Object.entries(options).map(([value, text]) => h("option", { value }, text))
  );
  return { input, node: h("label", { class: "dann-field" }, h("span", {}, label), input) };
}

// src/shared/words.js
var WAITING_FOR_PYTHON = "Waiting for Python…";
var STEP = { label: "Step", title: "Do one step, then pause" };
var RESET = { label: "Reset", title: "Start again from the same initial weights" };
var written = (number) => number.toLocaleString("en");
var stepOf = (step, steps) => `Step ${written(step)} of ${written(steps)}`;

// src/playground/words.js
var TARGET = {
  legend: "Target",
  shift: "How it differs from the source",
  slider: "The target",
  pen: "The pen draws",
  help: "Draw in the picture above. With keys: arrows move the pen, Enter or Space puts a point.",
  reveal: "show the target's labels (nobody trains on them)",
  revealTitle: "For you only"
};
var DRAWN = "drawn";
var PENS = {
  "source-0": "source, class 0 (blue)",
  "source-1": "source, class 1 (orange)",
  "target-0": "target, class 0",
  "target-1": "target, class 1",
  rubber: "nothing: it is a rubber"
};
var CLEAR = "Clear all points";
var penAt = ([x, y]) => `The pen is at ${x.toFixed(1)}, ${y.toFixed(1)}.`;
var KEYS = {
  source: "source, coloured by class",
  target: "target, unlabelled",
  labels: "label boundary",
  domains: "domain boundary"
};
var PLANES = {
  inputs: {
    title: "Inputs",
    label: (lines) => `The points and ${lines} in the plane of the inputs`
  },
  features: {
    title: "Features, and what the next step does to them",
    label: (lines) => `The points' features, ${lines}, and the gradients as arrows`
  }
};
var PHASES = [
  "1 of 5. Forward: every point has its place in the feature plane.",
  "2 of 5. The label loss looks at the source only, and pulls its two classes apart.",
  "3 of 5. Left to itself, the domain loss would pull source and target apart: that would help the domain classifier.",
  "4 of 5. The reversal layer turns that gradient round, lambda times as long: source and target are pushed together.",
  "5 of 5. The weights move, and with them every feature."
];
var OF_A_DISTANCE = [
  ...PHASES.slice(0, 2),
  "3 of 5. The distance looks at the features of both domains at once. It is the smaller, the more alike they are.",
  "4 of 5. Its gradient, lambda times as long, pushes source and target together.",
  ...PHASES.slice(4)
];

// src/playground/target.js
function createTarget(shifts, tell) {
  const texts = Object.entries(shifts).map(([value, { text }]) => [value, text]);
  const { input: select, node: menu } = createSelect(
    "shift",
    TARGET.shift,
    Object.fromEntries(texts),
    (shift) => tell.set({ shift })
  );
  menu.hidden = Object.keys(shifts).length < 2;
  const about = h("p", { class: "dann-hint", "aria-live": "polite", "data-show": "about" });
  const amount = createAmount(tell);
  const pens = createPens(tell.clear);
  return {
    nodes: [menu, about, ...amount.nodes, pens.node],
    help: pens.help,
    pen: pens.pen,
    sayPen: pens.say,
    /** @param {Pick<ShownKnobs, "shift" | "amount">} knobs */
    show(knobs) {
      const shift = shifts[knobs.shift];
      select.value = knobs.shift;
      if (about.textContent !== shift.about) about.textContent = shift.about;
      about.hidden = !shift.about;
      amount.show(shift.amount, knobs.amount);
      pens.node.hidden = knobs.shift !== DRAWN;
    }
  };
}
function createAmount(tell) {
  const value = () => Number(slider.value);
  let shown = null;
  const said = () => shown ? `${Number(value().toFixed(2))}${shown.unit}` : "";
  const slider = h("input", {
    type: "range",
    "data-knob": "amount",
    oninput: () => {
      echo.value = said();
      tell.drag(() => ({ amount: value() }));
    }
  });
  const label = h("span");
  const echo = h("output", { class: "dann-echo" });
  const above = h("label", {}, label, " ", echo);
  return {
    nodes: [above, slider],
    /**
     * @param {ShownAmount | null} ends
     * @param {number} amount
     */
    show(ends, amount) {
      above.hidden = slider.hidden = !ends;
      shown = ends;
      if (!ends) return;
      label.textContent = ends.label;
      Object.assign(slider, { min: ends.low, max: ends.high, step: ends.step });
      slider.value = String(amount);
      echo.value = said();
      slider.ariaLabel = `${TARGET.slider}: ${ends.label}`;
      slider.setAttribute("aria-valuetext", said().replace("°", " degrees"));
    }
  };
}
function createPens(clear) {
  const { input: select, node: choice } = createSelect("pen", TARGET.pen, PENS);
  const id = `draw-${uniqueName()}`;
  const place = h("span", { "aria-live": "polite", "data-show": "pen" });
  const attributes = { type: "button", "data-action": "clear", onclick: clear };
  const node = h(
    "div",
    { class: "dann-pens", hidden: true },
    choice,
    h("button", attributes, CLEAR),
    h("p", { class: "dann-hint", id }, TARGET.help, " ", place)
  );
  return {
    node,
    help: id,
    pen: () => (
      /** @type {Pen} */
      select.value
    ),
    /** @param {Place} at */
    say(at) {
      place.textContent = penAt(at);
    }
  };
}

// src/shared/encoding.js
function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}
var floats = (base64) => new Float32Array(bytes(base64).buffer);

// src/playground/planes.js
var NAMES = (
  /** @type {PlaneName[]} */
  Object.keys(PLANES)
);

// src/playground/view.js
function createKeys() {
  const keys = Object.entries(KEYS).map(
    ([kind, text]) => h("span", { class: `dann-key dann-key-${kind}` }, text)
  );
  const [, , , domains] = keys;
  return { node: h("div", { class: "dann-keys" }, ...keys), domains };
}

// src/shared/drag.js
var BETWEEN = 33;
function createDrag(pull) {
  let untold = null;
  let resting = false;
  const tellNow = () => {
    const tell = untold;
    untold = null;
    resting = tell !== null;
    if (!tell) return;
    setTimeout(tellNow, BETWEEN);
    tell();
  };
  return (tell) => {
    pull.announce();
    untold = tell;
    if (!resting) tellNow();
  };
}

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

// src/beside/state.js
var isDone = ({ step, steps, runs }) => step >= steps || runs.every(({ stopped }) => stopped !== "");
var nextQuestion = (plays, frame, { steps, seen }) => plays && seen && frame && !isDone(frame) ? { type: "step", steps } : null;
var withMethod = (methods, place, method) => methods.map((former, k) => k === place ? method : former);
function statusLine(frame, plays) {
  const state = isDone(frame) ? "finished: Reset starts again" : plays ? "playing" : "paused";
  return `${stepOf(frame.step, frame.steps)} · ${state}`;
}

// src/beside/words.js
var SECTIONS2 = { controls: "Controls of all methods", view: "Methods beside each other" };
var BUTTONS = {
  play: { label: "Play", title: "Train all of them, as fast as the pictures follow" },
  pause: "Pause",
  seed: { label: "New seed", title: "Other points, other initial weights" }
};
var PLANE = "Pictures";
var TARGET_LEGEND = "Target";
var REVEAL = "show the target's labels (nobody trains on them)";
var methodOf = (place) => `Method ${place + 1}`;
var standing = ({ source, target, stopped }) => stopped || `source ${percent(source)}, target ${percent(target)} right`;
var percent = (share) => `${Math.round(100 * share)} %`;
var pictureOf = (method) => `The points and the boundaries of ${method}`;

// src/beside/beside.js
var AHEAD = 2;
var PATIENCE2 = 5e3;
var WATCH_EVERY = 1e3;
var STEPS = 3;
var SPOKEN_EVERY = 1e3;
var Beside = class {
  root = h("div", { class: "dann dann-play dann-beside" });
  /** @type {BesideFrame | null} */
  #frame = null;
  #plays = false;
  #spokenAt = 0;
  #id = `say-${uniqueName()}`;
  #status = h("p", { class: "dann-status", "data-show": "status" }, WAITING_FOR_PYTHON);
  #sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id: this.#id,
    "data-show": "sentence"
  });
  #choices;
  #pull;
  #buttons;
  #target;
  #plane;
  #reveal;
  #pictures;
  #forget;
  /** @param {WidgetModel} model */
  constructor(model) {
    this.#choices = /** @type {BesideChoices} */
    model.get("choices");
    this.#pull = new Pull(model, {
      answer: "beside",
      limit: AHEAD,
      patience: PATIENCE2,
      question: () => nextQuestion(this.#plays, this.#frame, {
        steps: STEPS,
        seen: !document.hidden && this.root.isConnected
      }),
      envelope: this.#envelope,
      react: this.#hear
    });
    const drag = createDrag(this.#pull);
    this.#buttons = this.#createButtons();
    this.#target = createTarget(this.#choices.shifts, {
      set: this.#set,
      drag: (read) => drag(() => this.#set(read()))
    });
    this.#plane = createSelect(
      "plane",
      PLANE,
      this.#choices.planes,
      (plane) => this.#set({ plane: (
        /** @type {Plane} */
        plane
      ) })
    );
    this.#reveal = h("input", { type: "checkbox", "data-show": "reveal", onchange: this.#repaint });
    this.#pictures = this.#createPictures(
      /** @type {string[]} */
      model.get("begins")
    );
    this.root.append(this.#columns());
    this.#forget = this.#watch();
  }
  /** Asks for the first pictures. */
  start() {
    this.#pull.wish({ type: "look" });
  }
  remove() {
    this.#plays = false;
    this.#forget();
    this.#pull.remove();
  }
  /**
   * @param {number} wish
   * @returns {BesideEnvelope}
   */
  #envelope = (wish) => ({ wish, dark: isDark() });
  /** @param {Partial<ShownBeside>} knobs */
  #set = (knobs) => this.#pull.wish({ type: "set", knobs });
  #createButtons() {
    const button = (action, { label, title }, onclick) => h("button", { type: "button", "data-action": action, title, onclick }, label);
    const paused = (wish) => () => {
      this.#play(false);
      this.#pull.wish(wish);
    };
    const play = button("play", BUTTONS.play, () => this.#play(!this.#plays));
    play.classList.add("dann-primary");
    const step = button("step", STEP, paused({ type: "step", steps: 1 }));
    const reset = button("reset", RESET, paused({ type: "reset" }));
    const seed = button("seed", BUTTONS.seed, paused({ type: "seed" }));
    return { play, step, node: h("div", { class: "dann-buttons" }, play, step, reset, seed) };
  }
  /** @param {string[]} begins the methods that the pictures begin with */
  #createPictures(begins) {
    return begins.map((method, place) => {
      const choice = createSelect(
        "method",
        methodOf(place),
        this.#choices.methods,
        (chosen) => this.#set({ methods: withMethod(this.#frame?.knobs.methods ?? begins, place, chosen) })
      );
      choice.input.value = method;
      const canvas = h("canvas", { role: "img", "aria-describedby": this.#id });
      const says = h("figcaption", { "data-show": "standing" });
      return { choice, canvas, says, node: h("figure", {}, choice.node, canvas, says) };
    });
  }
  #columns() {
    const tick = h(
      "label",
      { class: "dann-tick dann-reveal" },
      this.#reveal,
      h("span", {}, REVEAL)
    );
    const legend = h("legend", {}, TARGET_LEGEND);
    const target = h("fieldset", {}, legend, ...this.#target.nodes, tick);
    const controls = h(
      "section",
      { class: "dann-card dann-controls", "aria-label": SECTIONS2.controls },
      this.#buttons.node,
      this.#status,
      target,
      this.#plane.node
    );
    const pictures = h("div", { class: "dann-planes" }, ...this.#pictures.map(({ node }) => node));
    const view = h(
      "section",
      { class: "dann-view", "aria-label": SECTIONS2.view },
      this.#sentence,
      createKeys().node,
      pictures
    );
    return h("div", { class: "dann-columns" }, controls, view);
  }
  /** Follows what happens around the pictures, until what this returns is called. */
  #watch() {
    const endAsking = this.#pull.keepAsking(WATCH_EVERY);
    const resize = new ResizeObserver(this.#repaint);
    for (const { canvas } of this.#pictures) resize.observe(canvas);
    const forgetTheme = followTheme(this.root, this.#repaint);
    return () => {
      endAsking();
      resize.disconnect();
      forgetTheme();
    };
  }
  /** @param {boolean} plays */
  #play(plays) {
    this.#plays = plays;
    this.#buttons.play.textContent = plays ? BUTTONS.pause : BUTTONS.play.label;
    this.#pull.more();
    this.#showStatus();
  }
  /** @param {BesideFrame} answer */
  #hear = (answer) => {
    this.#pull.more();
    this.#frame = answer;
    if (this.#pull.knowsAll(answer)) {
      this.#target.show(answer.knobs);
      this.#plane.input.value = answer.knobs.plane;
      for (const [k, { choice }] of this.#pictures.entries())
        choice.input.value = answer.knobs.methods[k];
    }
    const done = isDone(answer);
    if (done) this.#play(false);
    for (const button of [this.#buttons.play, this.#buttons.step]) button.disabled = done;
    this.#showStatus();
    this.#speak(answer.sentence);
    this.#repaint();
  };
  #showStatus() {
    if (this.#frame) this.#status.textContent = statusLine(this.#frame, this.#plays);
  }
  /** @param {string} sentence */
  #speak(sentence) {
    const now = performance.now();
    if (this.#plays && now - this.#spokenAt < SPOKEN_EVERY) return;
    this.#sentence.textContent = sentence;
    this.#spokenAt = now;
  }
  #repaint = () => {
    const frame = this.#frame;
    if (!frame) return;
    const colours = palette(this.root);
    for (const [k, { canvas, says }] of this.#pictures.entries()) {
      const run = frame.runs[k];
      says.textContent = standing(run);
      canvas.ariaLabel = pictureOf(this.#choices.methods[frame.knobs.methods[k]]);
      const [ofLabels, ofDomains] = run.grids;
      paint(canvas, colours, {
        grids: [bytes(ofLabels), bytes(ofDomains)],
        points: floats(run.points),
        sources: frame.sources,
        labels: frame.labels,
        reach: run.reach,
        arrows: [],
        scale: 0,
        reveal: this.#reveal.checked,
        pen: null
      });
    }
  };
};

// src/beside/widget.js
function render({ model, el }) {
  const beside = new Beside(model);
  el.append(beside.root);
  beside.start();
  return () => beside.remove();
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
var placeOf2 = (el) => el.closest(SCROLLS) ?? el;
var barOf = (el) => placeOf2(el).querySelector(`:scope > .${BAR}`);
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => bar.isConnected ? showTheme(bar) : forget());
  placeOf2(el).prepend(bar);
}

// src/widgets/beside.js
var beside_default = inNotebook({ render });
export {
  beside_default as default
};
