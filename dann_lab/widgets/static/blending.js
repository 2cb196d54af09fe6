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

// src/shared/encoding.js
var bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

// src/shared/pull.js
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;
  /**
   * @param {WidgetModel} model
   * @param {PullOptions} options
   */
  constructor(model, options) {
    this.#model = model;
    this.#options = options;
    this.#rules = { limit: options.limit ?? 1, patience: options.patience };
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
  /** The reader is about to wish for something: counts at once what {@link wish} says later. */
  announce() {
    this.#questions = afterWish(this.#questions);
  }
  /**
   * Tells a wish. It never waits, and its answer is an answer like those to questions.
   * @param {Message} message
   */
  wish(message) {
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
  /** ms since the last answer, or since somebody looked. */
  silence() {
    return performance.now() - this.#questions.answered;
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
    return hasRoom(this.#questions, this.#rules, performance.now());
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

// src/blending/widget.js
var PATIENCE = 6e4;
var SIDE = 28;
var PICTURES = { ink: "digit", patch: "patch", image: "|patch − digit|" };
function paint(canvas, text) {
  const pixels = bytes(text);
  const image = new ImageData(SIDE, SIDE);
  for (let p = 0; p < SIDE * SIDE; p += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * p + c] = pixels[3 * p + c];
    image.data[4 * p + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
function render({ model, el }) {
  const id = uniqueName();
  const photos = model.get("photos");
  const { photo, row, column, digit, signed } = model.get("first");
  const state = { photo, row, column, digit, signed };
  const pictures = photos.map(
    ({ url }) => Object.assign(new Image(), { src: url, onload: () => draw() })
  );
  const canvas = h("canvas", {
    class: "dann-photo",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "movable window",
    "aria-describedby": id,
    "data-show": "photo"
  });
  const place = (name, label) => {
    const input = h("input", {
      type: "number",
      min: 0,
      step: 1,
      "data-control": name,
      oninput: () => {
        if (input.value !== "") move({ [name]: Math.round(input.value) });
      },
      onblur: () => {
        input.value = state[name];
      }
    });
    return { input, node: h("label", { class: "dann-field" }, label, input) };
  };
  const places = { row: place("row", "Row"), column: place("column", "Column") };
  const choice = h(
    "select",
    { "data-control": "photo", onchange: () => move({ photo: Number(choice.value) }) },
    ...photos.map(({ name }, i) => h("option", { value: i }, name))
  );
  const arithmetic = h(
    "select",
    { "data-control": "signed", onchange: () => move({ signed: arithmetic.value === "signed" }) },
    h("option", { value: "signed" }, "signed (right)"),
    h("option", { value: "unsigned" }, "unsigned, 0 to 255 (the classic bug)")
  );
  const buttons = Array.from(
    { length: 10 },
    (_, name) => h(
      "button",
      {
        type: "button",
        "data-digit": name,
        "aria-label": `Digit ${name}`,
        onclick: () => move({ digit: name })
      },
      name
    )
  );
  const shown = Object.fromEntries(
    Object.entries(PICTURES).map(([name, label]) => [
      name,
      h("canvas", {
        width: SIDE,
        height: SIDE,
        role: "img",
        "aria-label": label,
        "aria-describedby": id,
        "data-show": name
      })
    ])
  );
  const sentence = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const working = h("span", { class: "dann-working", role: "status" });
  const root = h(
    "div",
    { class: "dann" },
    h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, "Blend a digit with a photograph"), working),
      h(
        "div",
        { class: "dann-buttons dann-tens", role: "group", "aria-label": "Digit" },
        ...buttons
      ),
      h(
        "div",
        { class: "dann-blend" },
        h(
          "div",
          {},
          canvas,
          h(
            "p",
            { class: "dann-domain" },
            "Drag the window, or focus the photograph and press the arrow keys (with Shift: 10 pixels)."
          )
        ),
        h(
          "div",
          { class: "dann-three" },
          ...Object.entries(PICTURES).map(
            ([name, label]) => h("div", {}, shown[name], h("span", {}, label))
          )
        )
      ),
      h(
        "div",
        { class: "dann-knobs" },
        h("label", { class: "dann-field" }, "Photograph", choice),
        h("div", { class: "dann-pair" }, places.row.node, places.column.node),
        h("label", { class: "dann-field" }, "Arithmetic", arithmetic)
      ),
      sentence
    )
  );
  el.append(root);
  const draw = () => {
    const { width, height } = photos[state.photo];
    canvas.width = width;
    canvas.height = height;
    const brush = canvas.getContext("2d");
    if (pictures[state.photo].complete) brush.drawImage(pictures[state.photo], 0, 0);
    const unit = width / (canvas.clientWidth || width);
    for (const [colour, thick] of [
      ["#000", 5],
      ["#fff", 2.5]
    ]) {
      brush.strokeStyle = colour;
      brush.lineWidth = thick * unit;
      brush.strokeRect(state.column, state.row, SIDE, SIDE);
    }
    canvas.setAttribute(
      "aria-label",
      `${photos[state.photo].name}; window at row ${state.row}, column ${state.column}`
    );
    buttons.forEach((button, name) => button.setAttribute("aria-pressed", name === state.digit));
    for (const [name, side] of [
      ["row", height],
      ["column", width]
    ]) {
      places[name].input.max = side - SIDE;
      if (document.activeElement !== places[name].input) places[name].input.value = state[name];
    }
    choice.value = state.photo;
    arithmetic.value = state.signed ? "signed" : "unsigned";
  };
  const hear = (answer) => {
    Object.entries(shown).forEach(([name, picture]) => paint(picture, answer[name]));
    sentence.textContent = answer.sentence;
    root.dataset.at = answer.at.join(",");
  };
  const pull = new Pull(model, {
    answer: "blended",
    question: () => ({ type: "blend", ...state }),
    react: hear,
    working: (busy) => {
      working.textContent = busy ? "Working…" : "";
    },
    patience: PATIENCE
  });
  const move = (change) => {
    Object.assign(state, change);
    const { width, height } = photos[state.photo];
    state.row = Math.min(Math.max(state.row, 0), height - SIDE);
    state.column = Math.min(Math.max(state.column, 0), width - SIDE);
    draw();
    pull.ask();
  };
  const drag = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const unit = photos[state.photo].width / width;
    move({
      row: Math.round((event.clientY - top) * unit - SIDE / 2),
      column: Math.round((event.clientX - left) * unit - SIDE / 2)
    });
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(event);
  });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 10 : 1;
    move({ row: state.row + size * step[0], column: state.column + size * step[1] });
  });
  const look = () => root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(look);
  look();
  hear(model.get("first"));
  requestAnimationFrame(draw);
  return () => {
    forgetTheme();
    pull.remove();
  };
}

// src/widgets/blending.js
var blending_default = { render };
export {
  blending_default as default
};
