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

// src/playground/phases.js
var PHASE_ARROWS = [[], ["label"], ["label", "domain"], ["label", "reversed"], []];
var isStep = (phase) => phase === PHASE_ARROWS.length - 1;
var phaseAfter = (phase) => (phase + 1) % PHASE_ARROWS.length;

// src/playground/arrows.js
var USUAL = 26;
var SHORTEST = 1.5;
var LONGEST = 80;
var DRIFT = 0.1;
var ARROW_NAMES = ["label", "domain", "reversed"];
var arrowsToShow = (mode, phase, ticked, hasClassifier) => (mode === "slow" ? PHASE_ARROWS[phase] : ticked).filter(
  (name) => hasClassifier || name !== "domain"
);
var yardstick = ({ pushes, hasClassifier, sources }) => hasClassifier ? pushes.domain : pushes.label.subarray(0, 2 * sources);
function follow(scale, pushes) {
  let sum = 0;
  for (let k = 0; k < pushes.length; k += 2) sum += Math.hypot(pushes[k], pushes[k + 1]);
  const wanted = USUAL / Math.max(sum / Math.max(pushes.length / 2, 1), 1e-6);
  return scale ? scale * (wanted / scale) ** DRIFT : wanted;
}
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

// src/shared/words.js
var WAITING_FOR_PYTHON = "Waiting for Python…";
var METHOD = "Method";
var PART = "What learns";
var STEP = { label: "Step", title: "Do one step, then pause" };
var RESET = { label: "Reset", title: "Start again from the same initial weights" };
var written = (number) => number.toLocaleString("en");
var stepOf = (step, steps) => `Step ${written(step)} of ${written(steps)}`;
var LAMBDA = {
  legend: "Lambda",
  paper: " follow the paper's schedule",
  hand: " by hand: ",
  slider: "Lambda by hand"
};
var lambdaWritten = (lambda, digits = 2) => lambda < 100 ? lambda.toFixed(digits) : written(Math.round(lambda));
var lambdaIs = (lambda) => `lambda ${lambdaWritten(lambda)}`;

// src/playground/words.js
var SECTIONS = {
  controls: "Playground controls",
  settings: "Playground settings",
  view: "What happens"
};
var BUTTONS = {
  play: { label: "Play", title: "Train, as fast as the picture follows" },
  slow: {
    label: "Slow motion",
    title: "One step in five parts, at lambda 1. A new run first learns for 60 steps without the reversal."
  },
  step: STEP,
  reset: RESET,
  seed: { label: "New seed", title: "Other points, other initial weights" },
  undo: { label: "Undo", title: "Bring the last run back" }
};
var NEXT = "Next";
var PAUSE = "Pause";
var TRAINING = {
  legend: "Training",
  form: "How the losses are put together",
  speed: "Steps for each picture",
  noClassifier: "These two are about a domain classifier. This method has none."
};
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
var SHEET = "Plane of the inputs, to draw points in";
var penAt = ([x, y]) => `The pen is at ${x.toFixed(1)}, ${y.toFixed(1)}.`;
var ARROWS_LEGEND = "Arrows";
var ARROWS = {
  label: {
    text: "label",
    title: "Label gradient: where descent on the label loss pushes (source only)"
  },
  domain: {
    text: "domain",
    title: "Domain gradient: where descent on the domain loss would push"
  },
  reversed: {
    text: "reversed",
    title: "Reversed gradient: what leaves the reversal layer, lambda times as long"
  }
};
var DISTANCE_ARROW = {
  text: "distance",
  title: "Gradient of the distance, lambda times: where descent on the distance pushes"
};
var KEYS = {
  source: "source, coloured by class",
  target: "target, unlabelled",
  labels: "label boundary",
  domains: "domain boundary"
};
var boundaries = (hasClassifier) => hasClassifier ? "both boundaries" : "the label boundary";
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
var TABLE = {
  title: "Who descends what",
  columns: ["part", "what it does", "how strongly"]
};
var CURVES = {
  bound: "The target's error, and what bounds it",
  losses: "Losses",
  accuracies: "Accuracy on test points"
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
var phasesOf = (hasClassifier) => hasClassifier ? PHASES : OF_A_DISTANCE;
var MODES = { playing: "playing", slow: "slow motion", paused: "paused" };
var FINISHED = "finished: Reset starts again";
var speedIs = (perSecond) => `${perSecond.toFixed(0)} steps/s`;

// src/playground/buttons.js
var ACTIONS = (
  /** @type {Action[]} */
  Object.keys(BUTTONS)
);
function createButtons(press) {
  const made = ACTIONS.map(
    (action) => h(
      "button",
      {
        type: "button",
        "data-action": action,
        title: BUTTONS[action].title,
        onclick: () => press(action),
        class: action === "play" && "dann-primary"
      },
      BUTTONS[action].label
    )
  );
  const [play, slow, step, , , undo] = made;
  return {
    node: h("div", { class: "dann-buttons" }, ...made),
    /** @param {Mode} mode */
    showMode(mode) {
      play.textContent = mode === "playing" ? PAUSE : BUTTONS.play.label;
      slow.setAttribute("aria-pressed", String(mode === "slow"));
    },
    /** @param {{ done: boolean, undoable: boolean }} run */
    showRun({ done, undoable }) {
      for (const button of [play, slow, step]) button.disabled = done;
      undo.disabled = !undoable;
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
var inflated = (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
var unzipped = (base64) => inflated(bytes(base64)).text();

// src/playground/frame.js
function unpacked(answer) {
  const { step, steps, lambda, sources, labels, reach, inputs, features, pushes, grids } = answer;
  const unpackedGrids = ([ofLabels, ofDomains]) => [bytes(ofLabels), bytes(ofDomains)];
  return {
    hasClassifier: answer.has_classifier,
    step,
    steps,
    lambda,
    sources,
    labels,
    reach,
    inputs: floats(inputs),
    features: floats(features),
    pushes: {
      label: floats(pushes.label),
      domain: floats(pushes.domain),
      reversed: floats(pushes.reversed)
    },
    grids: { inputs: unpackedGrids(grids.inputs), features: unpackedGrids(grids.features) }
  };
}
var isDone = ({ step, steps }) => step >= steps;
var between = (from, to, share) => to.map((value, k) => from[k] + share * (value - from[k]));

// src/shared/lambda.js
var STEPS = 200;
var within = ([low, high]) => ({
  step: (high - low) / STEPS,
  middle: (low + high) / 2
});
function createLambdaKnob({ range, marks, toPaper, toHand, dragged }) {
  const name = `lambda-${uniqueName()}`;
  const paper = h("input", { type: "radio", name, ...marks.paper, onchange: toPaper });
  const hand = h("input", { type: "radio", name, ...marks.hand, onchange: toHand });
  const echo = h("output", { class: "dann-echo", ...marks.echo });
  const slider = h("input", {
    type: "range",
    ...marks.slider,
    "aria-label": LAMBDA.slider,
    oninput: () => {
      hand.checked = true;
      echo.value = lambdaWritten(value());
      speak();
      dragged();
    }
  });
  const ends = h("div", { class: "dann-ends", "aria-hidden": "true" });
  const value = () => Number(slider.value);
  const speak = () => slider.setAttribute("aria-valuetext", lambdaIs(value()));
  const stretch = ([low, high]) => {
    const { step, middle } = within([low, high]);
    if (slider.max === String(high)) return;
    Object.assign(slider, { min: low, max: high, step, value: middle });
    ends.replaceChildren(...[low, middle, high].map((end) => h("span", {}, written(end))));
  };
  stretch(range);
  return {
    node: fieldset(paper, hand, echo, slider, ends),
    value,
    isByHand: () => hand.checked,
    /**
     * @param {number | null} lambda null follows the schedule
     * @param {Range} range of the slider
     */
    show(lambda, range2) {
      stretch(range2);
      paper.checked = lambda === null;
      hand.checked = lambda !== null;
      if (lambda !== null) slider.value = String(lambda);
      echo.value = lambdaWritten(value());
      speak();
    },
    /** @param {boolean} used */
    enable(used) {
      for (const input of [paper, hand, slider]) input.disabled = !used;
    }
  };
}
var fieldset = (paper, hand, echo, slider, ends) => h(
  "fieldset",
  {},
  h("legend", {}, LAMBDA.legend),
  h("label", {}, paper, LAMBDA.paper),
  h("label", {}, hand, LAMBDA.hand, echo),
  slider,
  ends
);

// src/playground/lambda.js
var MARKS = {
  paper: { "data-knob": "paper" },
  hand: { "data-knob": "hand" },
  slider: { "data-knob": "lambda" },
  echo: { "data-show": "lambda" }
};
function createLambda(ranges, tell) {
  const taken = () => ({ lambda_: knob.isByHand() ? knob.value() : null });
  const knob = createLambdaKnob({
    range: ranges.dann,
    marks: MARKS,
    toPaper: () => tell.set({ lambda_: null }),
    toHand: () => tell.set(taken()),
    dragged: () => tell.drag(taken)
  });
  return {
    node: knob.node,
    /** @param {ShownKnobs} knobs */
    show: ({ lambda_, method }) => knob.show(lambda_, ranges[method])
  };
}

// src/playground/pen.js
var APART = 0.05;
var STEP2 = 0.1;
var onPlane = ([across, down], plane) => [
  plane * (2 * across - 1),
  plane * (1 - 2 * down)
];
var isFarEnough = (last, at, plane) => !last || Math.hypot(at[0] - last[0], at[1] - last[1]) >= 2 * plane * APART;
var WAYS = /* @__PURE__ */ new Map([
  ["ArrowLeft", [-STEP2, 0]],
  ["ArrowRight", [STEP2, 0]],
  ["ArrowUp", [0, STEP2]],
  ["ArrowDown", [0, -STEP2]]
]);
function movedBy(pen, key, plane) {
  const way = WAYS.get(key);
  if (!way) return null;
  const within2 = (value) => Math.min(plane, Math.max(-plane, Math.round(value / STEP2) * STEP2));
  return [within2(pen[0] + way[0]), within2(pen[1] + way[1])];
}
var putsPoint = (key) => key === "Enter" || key === " ";

// src/playground/scene.js
function scenes(frame, { features, shown, scale, reveal, plane, pen }) {
  const both = { sources: frame.sources, labels: frame.labels, scale, reveal, pen: null };
  return {
    inputs: {
      ...both,
      grids: frame.grids.inputs,
      points: frame.inputs,
      reach: [-plane, plane, -plane, plane],
      arrows: [],
      pen
    },
    features: {
      ...both,
      grids: frame.grids.features,
      points: features,
      reach: frame.reach,
      arrows: shown.map((name) => [name, frame.pushes[name]])
    }
  };
}
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

// src/shared/select.js
function createSelect(knob, label, options, chosen) {
  const input = h(
    "select",
    { "data-knob": knob, onchange: () => chosen?.(input.value) },
    ...Object.entries(options).map(([value, text]) => h("option", { value }, text))
  );
  return { input, node: h("label", { class: "dann-field" }, h("span", {}, label), input) };
}

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

// src/playground/settings.js
var SPEEDS = { 1: "1", 3: "3", 10: "10" };
var SPEED = "3";
function createSettings(choices, tell, repaint) {
  const method = createSelect(
    "method",
    METHOD,
    choices.method,
    (value) => tell.set({ method: value })
  );
  const part = createSelect(
    "part",
    PART,
    choices.part,
    (value) => tell.set({ part: (
      /** @type {Part} */
      value
    ) })
  );
  const form = createSelect(
    "form",
    TRAINING.form,
    choices.form,
    (value) => tell.set({ form: (
      /** @type {Form} */
      value
    ) })
  );
  const noClassifier = h("p", { class: "dann-hint", hidden: true }, TRAINING.noClassifier);
  const speed = createSelect("speed", TRAINING.speed, SPEEDS);
  speed.input.value = SPEED;
  const target = createTarget(choices.shifts, tell);
  const reveal = createTick("reveal", TARGET.reveal, TARGET.revealTitle, false, repaint);
  const arrows = ARROW_NAMES.map((name) => {
    const { text, title } = ARROWS[name];
    return { name, ...createTick(name, text, title, name !== "domain", repaint) };
  });
  return {
    node: h(
      "section",
      { class: "dann-card dann-setup", "aria-label": SECTIONS.settings },
      fieldset2(TRAINING.legend, method.node, form.node, part.node, noClassifier, speed.node)
    ),
    /** @type {Record<PlaneName, HTMLElement>} what belongs to the picture that it changes */
    beside: {
      inputs: fieldset2(TARGET.legend, ...target.nodes, reveal.node),
      features: fieldset2(ARROWS_LEGEND, ...arrows.map(({ node }) => node))
    },
    target,
    steps: () => Number(speed.input.value),
    reveals: () => reveal.box.checked,
    ticked: () => arrows.filter(({ box }) => box.checked).map(({ name }) => name),
    /**
     * @param {ShownKnobs} knobs
     * @param {boolean} hasClassifier
     */
    show(knobs, hasClassifier) {
      method.input.value = knobs.method;
      for (const { input } of [part, form]) input.disabled = !hasClassifier;
      noClassifier.hidden = hasClassifier;
      for (const { name, node, say } of arrows) {
        node.hidden = name === "domain" && !hasClassifier;
        if (name === "reversed") say(hasClassifier ? ARROWS.reversed : DISTANCE_ARROW);
      }
      part.input.value = knobs.part;
      form.input.value = knobs.form;
      target.show(knobs);
    }
  };
}
var fieldset2 = (legend, ...children) => h("fieldset", {}, h("legend", {}, legend), ...children);
function createTick(name, text, title, checked, changed) {
  const box = h("input", { type: "checkbox", "data-show": name, checked, onchange: changed });
  const swatch = h("span", { class: "dann-swatch", "aria-hidden": "true" });
  const words = h("span", {}, text);
  const node = h("label", { class: `dann-tick dann-${name}`, title }, box, swatch, words);
  return {
    box,
    node,
    /** @param {{ text: string, title: string }} said */
    say(said) {
      words.textContent = said.text;
      node.title = said.title;
    }
  };
}

// src/playground/slow.js
var MOVE = 700;
var SlowMotion = class {
  running = false;
  phase = 0;
  #options;
  #stepped = false;
  // whether the last part's step has come
  /** @param {SlowMotionOptions} options */
  constructor(options) {
    this.#options = options;
  }
  start() {
    this.running = true;
    this.#enter(0);
  }
  stop() {
    this.running = false;
  }
  /** The next part; nothing while the step has not come yet. */
  next() {
    if (this.running && !this.awaitsStep) this.#enter(phaseAfter(this.phase));
  }
  /** Whether the next answer may be that of the step. */
  get awaitsStep() {
    return this.running && isStep(this.phase) && !this.#stepped;
  }
  /**
   * The step is done: the features move to their new places.
   * @param {Float32Array} from
   * @param {Float32Array} to
   */
  arrive(from, to) {
    this.#stepped = true;
    const begun = performance.now();
    const move = (now) => {
      if (!isStep(this.phase)) return;
      const share = Math.min(1, (now - begun) / MOVE);
      this.#options.repaint(between(from, to, share));
      if (share < 1 && this.running) requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  }
  /** @param {number} phase */
  #enter(phase) {
    this.phase = phase;
    this.#stepped = false;
    this.#options.show(phase);
    if (isStep(phase)) this.#options.step();
    else this.#options.repaint();
  }
};

// src/playground/pace.js
var KEPT = 40;
var FEWEST = 5;
var paceWith = (pace, now, step) => [...pace.slice(-KEPT), [now, step]];
function stepsPerSecond(pace) {
  if (pace.length <= FEWEST) return null;
  const [from, to] = [pace[0], pace[pace.length - 1]];
  return 1e3 * (to[1] - from[1]) / (to[0] - from[0]);
}

// src/playground/state.js
var SPOKEN_EVERY = 1e3;
var beginning = () => ({ mode: "paused", frame: null, scale: 0, pace: [] });
var inMode = (state, mode) => ({ ...state, mode, pace: [] });
function withAnswer(state, answer, now) {
  const frame = unpacked(answer);
  const scale = answer.step ? state.scale : 0;
  return {
    ...state,
    frame,
    scale: follow(scale, yardstick(frame)),
    pace: paceWith(state.pace, now, frame.step)
  };
}
function pressed(action, mode) {
  if (action === "play" || action === "slow") {
    const wanted = action === "play" ? "playing" : "slow";
    if (mode === wanted) return { mode: "paused", wish: null };
    return { mode: wanted, wish: action === "slow" ? { type: "slow" } : null };
  }
  return {
    mode: "paused",
    wish: action === "step" ? { type: "step", steps: 1 } : { type: action }
  };
}
function nextQuestion({ mode, frame }, { steps, seen, curvesMissing }) {
  if (curvesMissing) return { type: "look" };
  const plays = mode === "playing" && seen && frame !== null && !isDone(frame);
  return plays ? { type: "step", steps } : null;
}
var mustPause = (mode, answer) => mode !== "paused" && (isDone(answer) || answer.problem !== "");
var maySpeak = (mode, quiet) => mode !== "playing" || quiet > SPOKEN_EVERY;
function statusLine({ mode, frame, pace }) {
  if (!frame) return WAITING_FOR_PYTHON;
  const parts = [stepOf(frame.step, frame.steps), lambdaIs(frame.lambda)];
  const speed = mode === "playing" ? stepsPerSecond(pace) : null;
  if (speed !== null) parts.push(speedIs(speed));
  parts.push(isDone(frame) ? FINISHED : MODES[mode]);
  return parts.join(" · ");
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

// src/playground/tell.js
function createTell(pull) {
  const drag = createDrag(pull);
  const set = (knobs) => pull.wish({ type: "set", knobs });
  return {
    set,
    drag: (read) => drag(() => set(read())),
    draw: (pen, at, begins) => pull.wish({ type: "draw", pen, at, begins }),
    clear: () => pull.wish({ type: "draw", pen: "rubber", at: null, begins: true })
  };
}

// src/shared/plotly.js
function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    const listen2 = async (message) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", listen2);
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
    model.on("msg:custom", listen2);
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
function createTitledPlot(options) {
  const { title, caption } = options;
  const plot = createPlot(options);
  return {
    ...plot,
    node: h("figure", {}, h("h3", {}, title), plot.box, caption),
    /**
     * @param {Figure} figure
     * @param {string} text of the caption
     */
    show(figure, text) {
      caption.textContent = text;
      return plot.draw(figure);
    }
  };
}

// src/playground/curves.js
function createCurves(model, names) {
  const curves = names.map((name) => {
    const caption = h("figcaption");
    const attributes = { "data-plot": name };
    return { name, ...createTitledPlot({ model, title: CURVES[name], caption, attributes }) };
  });
  return {
    node: h("div", { class: "dann-plots" }, ...curves.map(({ node }) => node)),
    /** @param {PackedFrame} answer */
    show({ figures, captions }) {
      for (const { name, show } of curves) {
        const [figure, caption] = [figures?.[name], captions?.[name]];
        if (figure && caption !== void 0) show(figure, caption);
      }
    },
    remove() {
      for (const { remove } of curves) remove();
    }
  };
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

// src/playground/planes.js
var NAMES = (
  /** @type {PlaneName[]} */
  Object.keys(PLANES)
);
function createPlanes(describedBy, beside, drawing, repaint) {
  const planes = NAMES.map((name) => {
    const canvas = h("canvas", {
      "data-plane": name,
      role: "img",
      "aria-describedby": describedBy
    });
    const title = h("h3", {}, PLANES[name].title);
    return { name, canvas, node: h("figure", {}, title, canvas, beside[name]) };
  });
  const resize = new ResizeObserver(repaint);
  for (const { canvas } of planes) resize.observe(canvas);
  const node = h("div", { class: "dann-planes" }, ...planes.map((plane) => plane.node));
  const sheet = planes[NAMES.indexOf("inputs")].canvas;
  let draws = false;
  listen(sheet, drawing, () => draws);
  return {
    node,
    /** @param {boolean} now whether one can draw */
    letDraw(now) {
      if (draws === now) return;
      draws = now;
      sheet.tabIndex = draws ? 0 : -1;
      sheet.role = draws ? "application" : "img";
      sheet.setAttribute("aria-describedby", draws ? drawing.help : describedBy);
      sheet.classList.toggle("dann-drawable", draws);
    },
    /** Whether the keys draw. */
    get isFocused() {
      return draws && sheet.matches(":focus-visible");
    },
    /** @param {boolean} hasClassifier */
    describe(hasClassifier) {
      const lines = boundaries(hasClassifier);
      for (const { name, canvas } of planes)
        canvas.ariaLabel = canvas === sheet && draws ? SHEET : PLANES[name].label(lines);
    },
    /** @param {Record<PlaneName, Scene>} scenes */
    paint(scenes2) {
      const colours = palette(node);
      for (const { name, canvas } of planes) paint(canvas, colours, scenes2[name]);
    },
    remove: () => resize.disconnect()
  };
}
function listen(canvas, drawing, draws) {
  let pointer = null;
  const placeOf3 = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  canvas.onpointerdown = (event) => {
    if (!draws() || pointer !== null || event.button) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    drawing.point(placeOf3(event), true);
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId === pointer) drawing.point(placeOf3(event), false);
  };
  canvas.onlostpointercapture = () => {
    pointer = null;
  };
  canvas.onkeydown = (event) => {
    if (!draws() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (drawing.key(event.key)) event.preventDefault();
  };
}

// src/playground/view.js
function createView(model, { plots, beside, drawing, repaint, next }) {
  const id = `say-${uniqueName()}`;
  const sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id,
    "data-show": "sentence"
  });
  const phase = h("p", { class: "dann-phase", "aria-live": "polite", "data-show": "phase" });
  const on = h("button", { type: "button", "data-action": "next", onclick: next }, NEXT);
  const phases = h("div", { class: "dann-phases", hidden: true }, phase, on);
  const keys = createKeys();
  const planes = createPlanes(id, beside, drawing, repaint);
  const table = createTable();
  const curves = createCurves(model, plots);
  return {
    node: h(
      "section",
      { class: "dann-view", "aria-label": SECTIONS.view },
      sentence,
      phases,
      keys.node,
      planes.node,
      table.node,
      curves.node
    ),
    planes,
    table,
    curves,
    /** @param {string} text */
    say(text) {
      sentence.textContent = text;
    },
    /** @param {boolean} there */
    showClassifier(there) {
      keys.domains.hidden = !there;
      planes.describe(there);
    },
    /**
     * @param {number} number
     * @param {boolean} hasClassifier
     */
    showPhase(number, hasClassifier) {
      phase.textContent = phasesOf(hasClassifier)[number];
    },
    /** @param {boolean} slow */
    showsPhases(slow) {
      phases.hidden = !slow;
    },
    remove() {
      planes.remove();
      curves.remove();
    }
  };
}
function createKeys() {
  const keys = Object.entries(KEYS).map(
    ([kind, text]) => h("span", { class: `dann-key dann-key-${kind}` }, text)
  );
  const [, , , domains] = keys;
  return { node: h("div", { class: "dann-keys" }, ...keys), domains };
}
function createTable() {
  const body = h("tbody", { "data-show": "descends" });
  const heads = TABLE.columns.map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "dann-table" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const node = h("figure", {}, h("h3", {}, TABLE.title), table);
  return {
    node,
    /** @param {Row[]} rows none where nobody can know, as of a learner's own step */
    show(rows) {
      node.hidden = !rows.length;
      body.replaceChildren(
        ...rows.map(
          ([part, ...does]) => h("tr", {}, h("th", { scope: "row" }, part), ...does.map((text) => h("td", {}, text)))
        )
      );
    }
  };
}

// src/playground/playground.js
var AHEAD = 2;
var PATIENCE2 = 3e3;
var WATCH_EVERY = 1e3;
var CURVES_EVERY = 700;
var Playground = class {
  root = h("div", { class: "dann dann-play" });
  #state = beginning();
  #status = h("p", { class: "dann-status", "data-show": "status" });
  #problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem"
  });
  #buttons = createButtons((action) => this.#press(action));
  #slow = new SlowMotion({
    show: (phase) => this.#view.showPhase(phase, this.#hasClassifier),
    repaint: (features) => this.#repaint(features),
    step: () => this.#wish({ type: "step", steps: 1 })
  });
  #curvesDue = 0;
  // when answers bring the curves again
  #curvesMissing = false;
  // whether the curves have to be asked for
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #curvesTimer;
  #spokenAt = 0;
  /** @type {Place} */
  #pen = [0, 0];
  // of those who draw by keys
  #choices;
  #pull;
  #lambda;
  #settings;
  #view;
  #forget;
  /** @param {WidgetModel} model */
  constructor(model) {
    this.#choices = /** @type {PlaygroundChoices} */
    model.get("choices");
    this.#pull = new Pull(model, {
      answer: "frame",
      limit: AHEAD,
      patience: PATIENCE2,
      question: this.#question,
      envelope: this.#envelope,
      react: this.#hear
    });
    const tell = createTell(this.#pull);
    const repaint = () => this.#repaint();
    this.#lambda = createLambda(this.#choices.lambda, tell);
    this.#settings = createSettings(this.#choices, tell, repaint);
    this.#view = createView(model, {
      plots: this.#choices.plots,
      beside: this.#settings.beside,
      drawing: this.#drawing(tell),
      repaint,
      next: () => this.#slow.next()
    });
    this.root.append(this.#problem, this.#columns());
    this.#showStatus();
    this.#forget = this.#watch();
  }
  get #hasClassifier() {
    return this.#state.frame?.hasClassifier ?? true;
  }
  /** Asks for the first picture. */
  start() {
    this.#wish({ type: "look" });
  }
  remove() {
    this.#state = inMode(this.#state, "paused");
    this.#slow.stop();
    clearTimeout(this.#curvesTimer);
    this.#forget();
    this.#pull.remove();
    this.#view.remove();
  }
  #columns() {
    const controls = h(
      "section",
      { class: "dann-card dann-controls", "aria-label": SECTIONS.controls },
      this.#buttons.node,
      this.#status,
      this.#lambda.node
    );
    return h("div", { class: "dann-columns" }, controls, this.#settings.node, this.#view.node);
  }
  /**
   * What a hand or keys do in the plane of the inputs.
   * @param {import("./tell.js").Tell} tell
   * @returns {import("./planes.js").Drawing}
   */
  #drawing(tell) {
    const { plane } = this.#choices;
    const { pen, sayPen, help } = this.#settings.target;
    let last = null;
    return {
      help,
      point: (where, begins) => {
        const at = onPlane(where, plane);
        if (!begins && !isFarEnough(last, at, plane)) return;
        last = at;
        tell.draw(pen(), at, begins);
      },
      key: (key) => {
        const moved = movedBy(this.#pen, key, plane);
        if (moved) {
          this.#pen = moved;
          sayPen(moved);
          this.#repaint();
        } else if (putsPoint(key)) tell.draw(pen(), this.#pen, true);
        return moved !== null || putsPoint(key);
      }
    };
  }
  /** Follows what happens around the playground, until what this returns is called. */
  #watch() {
    const endAsking = this.#pull.keepAsking(WATCH_EVERY);
    const forgetTheme = followTheme(this.root, () => {
      this.#repaint();
      if (this.#state.frame) this.#wish({ type: "look" });
    });
    return () => {
      endAsking();
      forgetTheme();
    };
  }
  #question = () => nextQuestion(this.#state, {
    steps: this.#settings.steps(),
    seen: !document.hidden && this.root.isConnected,
    curvesMissing: this.#curvesMissing
  });
  /**
   * @param {number} wish
   * @returns {PlaygroundEnvelope}
   */
  #envelope = (wish) => {
    const now = performance.now();
    const figures = now >= this.#curvesDue;
    if (figures) this.#curvesDue = now + CURVES_EVERY;
    return { wish, dark: isDark(), figures };
  };
  /**
   * What a person asks for brings the curves.
   * @param {Question} question
   */
  #wish(question) {
    this.#curvesDue = 0;
    this.#pull.wish(question);
  }
  /** @param {Action} action */
  #press(action) {
    const { mode, wish } = pressed(action, this.#state.mode);
    this.#go(mode);
    if (wish) this.#wish(wish);
  }
  /** @param {Mode} mode */
  #go(mode) {
    this.#slow.stop();
    this.#state = inMode(this.#state, mode);
    this.#view.showsPhases(mode === "slow");
    this.#buttons.showMode(mode);
    this.#pull.more();
    if (mode === "slow") this.#slow.start();
    else this.#repaint();
    this.#showStatus();
  }
  /** @param {PackedFrame} answer */
  #hear = (answer) => {
    this.#pull.more();
    const before = this.#state.frame;
    this.#state = withAnswer(this.#state, answer, performance.now());
    if (this.#pull.knowsAll(answer)) {
      this.#lambda.show(answer.knobs);
      this.#settings.show(answer.knobs, answer.has_classifier);
    }
    this.#showRun(answer);
    this.#showProblem(answer.problem);
    if (mustPause(this.#state.mode, answer)) this.#go("paused");
    this.#speak(answer);
    this.#view.curves.show(answer);
    const { frame, mode } = this.#state;
    if (this.#slow.awaitsStep && before && frame)
      this.#slow.arrive(before.features, frame.features);
    else this.#repaint();
    if (mode !== "playing" && !answer.figures) this.#curvesLater();
  };
  /** @param {PackedFrame} answer */
  #showRun(answer) {
    this.#buttons.showRun({ done: isDone(answer), undoable: answer.undo });
    const { method, form, shift } = answer.knobs;
    this.#view.planes.letDraw(shift === DRAWN);
    this.#view.table.show(this.#choices.tables[method][form]);
    this.#view.showClassifier(answer.has_classifier);
    this.#showStatus();
  }
  /** @param {string} problem */
  #showProblem(problem) {
    this.#problem.textContent = problem;
    this.#problem.hidden = !problem;
  }
  #showStatus() {
    this.#status.textContent = statusLine(this.#state);
  }
  /** @param {PackedFrame} answer */
  #speak({ sentence }) {
    const now = performance.now();
    if (!maySpeak(this.#state.mode, now - this.#spokenAt)) return;
    this.#view.say(sentence);
    this.#spokenAt = now;
  }
  #repaint(features = this.#state.frame?.features) {
    const { frame, mode, scale } = this.#state;
    if (!frame || !features) return;
    const ticked = this.#settings.ticked();
    const shown = arrowsToShow(mode, this.#slow.phase, ticked, frame.hasClassifier);
    const reveal = this.#settings.reveals();
    const { plane } = this.#choices;
    const pen = this.#view.planes.isFocused ? this.#pen : null;
    this.#view.planes.paint(scenes(frame, { features, shown, scale, reveal, plane, pen }));
  }
  /** Brings the last steps' curves, once nothing follows them. */
  #curvesLater() {
    clearTimeout(this.#curvesTimer);
    this.#curvesTimer = setTimeout(() => {
      if (this.#state.mode === "playing" || this.#pull.expected()) return;
      this.#curvesDue = 0;
      this.#curvesMissing = true;
      this.#pull.ask();
      this.#curvesMissing = false;
    }, CURVES_EVERY);
  }
};

// src/playground/widget.js
function render({ model, el }) {
  const playground = new Playground(model);
  el.append(playground.root);
  playground.start();
  return () => playground.remove();
}

// src/shared/notebook.js
var SEEN_EVERY = 1e4;
var PANEL = ".jp-NotebookPanel";
var SCROLLS = ".jp-WindowedPanel-outer, .jp-Notebook";
var BAR = "dann-ended";
var inNotebook = (widget) => ({
  ...widget,
  render(context) {
    const forget = follow2(context);
    const remove = widget.render(context);
    return () => {
      forget();
      remove?.();
    };
  }
});
function follow2({ model, el }) {
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

// src/widgets/playground.js
var playground_default = inNotebook({ render });
export {
  playground_default as default
};
