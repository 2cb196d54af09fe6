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

// src/shared/words.js
var WORKING = "Working…";

// src/shared/pixels.js
var SIDE = 28;
function withAlpha(pixels) {
  const count = pixels.length / 3;
  const made = new Uint8ClampedArray(4 * count);
  for (let p = 0; p < count; p += 1) {
    made.set(pixels.subarray(3 * p, 3 * p + 3), 4 * p);
    made[4 * p + 3] = 255;
  }
  return made;
}
function paintPixels(canvas, pixels) {
  const image = new ImageData(withAlpha(pixels), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

// src/blending/window.js
var LEAP = 10;
var lastPlace = ({ width, height }) => ({ row: height - SIDE, column: width - SIDE });
function afterChange(wanted, change, photos) {
  const next = { ...wanted, ...change };
  const last = lastPlace(photos[next.photo]);
  const clamped = (name) => Math.min(Math.max(next[name], 0), last[name]);
  return { ...next, row: clamped("row"), column: clamped("column") };
}
var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
function afterKey({ row, column }, { key, shiftKey }) {
  const step = STEPS[key];
  if (!step) return null;
  const size = shiftKey ? LEAP : 1;
  return { row: row + size * step[0], column: column + size * step[1] };
}
function underPointer({ clientX, clientY }, box, width) {
  const unit = width / box.width;
  return {
    row: Math.round((clientY - box.top) * unit - SIDE / 2),
    column: Math.round((clientX - box.left) * unit - SIDE / 2)
  };
}

// src/blending/words.js
var TITLE = "Blend a digit with a photograph";
var DIGITS = "Digit";
var digitName = (digit) => `Digit ${digit}`;
var PHOTO = {
  label: "Photograph",
  role: "movable window",
  help: "Drag the window, or focus the photograph and press the arrow keys (with Shift: 10 pixels)."
};
var windowAt = ({ name }, { row, column }) => `${name}; window at row ${row}, column ${column}`;
var PICTURES = { ink: "digit", patch: "patch", image: "|patch − digit|" };
var PLACES = { row: "Row", column: "Column" };
var ARITHMETIC = {
  label: "Arithmetic",
  signed: "signed (right)",
  unsigned: "unsigned, 0 to 255 (the classic bug)"
};

// src/blending/knobs.js
function createDigits(move) {
  const buttons = Array.from(
    { length: 10 },
    (_, digit) => h(
      "button",
      {
        type: "button",
        "data-digit": digit,
        "aria-label": digitName(digit),
        onclick: () => move({ digit })
      },
      digit
    )
  );
  return {
    node: h(
      "div",
      { class: "dann-buttons dann-tens", role: "group", "aria-label": DIGITS },
      ...buttons
    ),
    /** @param {Wanted} wanted */
    show(wanted) {
      buttons.forEach(
        (button, digit) => button.setAttribute("aria-pressed", String(digit === wanted.digit))
      );
    }
  };
}
function createKnobs(photos, wanted, move) {
  const choice = h(
    "select",
    { "data-control": "photo", onchange: () => move({ photo: Number(choice.value) }) },
    ...photos.map(({ name }, i) => h("option", { value: i }, name))
  );
  const arithmetic = h(
    "select",
    { "data-control": "signed", onchange: () => move({ signed: arithmetic.value === "signed" }) },
    h("option", { value: "signed" }, ARITHMETIC.signed),
    h("option", { value: "unsigned" }, ARITHMETIC.unsigned)
  );
  const row = createPlace("row", wanted, move);
  const column = createPlace("column", wanted, move);
  return {
    node: h(
      "div",
      { class: "dann-knobs" },
      h("label", { class: "dann-field" }, PHOTO.label, choice),
      h("div", { class: "dann-pair" }, row.node, column.node),
      h("label", { class: "dann-field" }, ARITHMETIC.label, arithmetic)
    ),
    show() {
      const { photo, signed } = wanted();
      const last = lastPlace(photos[photo]);
      row.show(last.row);
      column.show(last.column);
      choice.value = String(photo);
      arithmetic.value = signed ? "signed" : "unsigned";
    }
  };
}
function createPlace(name, wanted, move) {
  const read = () => {
    input.value = String(wanted()[name]);
  };
  const input = h("input", {
    type: "number",
    min: 0,
    step: 1,
    "data-control": name,
    oninput: () => {
      if (input.value !== "") move({ [name]: Math.round(Number(input.value)) });
    },
    onblur: read
  });
  return {
    node: h("label", { class: "dann-field" }, PLACES[name], input),
    /** @param {number} last */
    show(last) {
      input.max = String(last);
      if (document.activeElement !== input) read();
    }
  };
}

// src/blending/photo.js
var FRAME = [
  { colour: "#000", thick: 5 },
  { colour: "#fff", thick: 2.5 }
];
function createPhoto(photos, describedBy, wanted, move) {
  const canvas = h("canvas", {
    class: "dann-photo",
    tabindex: 0,
    role: "application",
    "aria-roledescription": PHOTO.role,
    "aria-describedby": describedBy,
    "data-show": "photo"
  });
  const draw = () => {
    const now = wanted();
    drawPhoto(canvas, pictures[now.photo], photos[now.photo], now);
  };
  const pictures = photos.map(({ url }) => {
    const picture = new Image();
    picture.onload = draw;
    picture.src = url;
    return picture;
  });
  listen(canvas, () => photos[wanted().photo], wanted, move);
  return { canvas, draw };
}
function drawPhoto(canvas, picture, photo, wanted) {
  canvas.width = photo.width;
  canvas.height = photo.height;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  if (picture.complete) brush.drawImage(picture, 0, 0);
  const unit = photo.width / (canvas.clientWidth || photo.width);
  for (const { colour, thick } of FRAME) {
    brush.strokeStyle = colour;
    brush.lineWidth = thick * unit;
    brush.strokeRect(wanted.column, wanted.row, SIDE, SIDE);
  }
  canvas.setAttribute("aria-label", windowAt(photo, wanted));
}
function listen(canvas, photo, wanted, move) {
  const drag = (event) => move(underPointer(event, canvas.getBoundingClientRect(), photo().width));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(event);
  });
  canvas.addEventListener("keydown", (event) => {
    const place = afterKey(wanted(), event);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    move(place);
  });
}

// src/shared/encoding.js
function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}

// src/blending/pictures.js
var NAMES = (
  /** @type {PictureName[]} */
  Object.keys(PICTURES)
);
function createPictures(describedBy) {
  const pictures = NAMES.map((name) => ({
    name,
    canvas: h("canvas", {
      width: SIDE,
      height: SIDE,
      role: "img",
      "aria-label": PICTURES[name],
      "aria-describedby": describedBy,
      "data-show": name
    })
  }));
  return {
    node: h(
      "div",
      { class: "dann-three" },
      ...pictures.map(({ name, canvas }) => h("div", {}, canvas, h("span", {}, PICTURES[name])))
    ),
    /** @param {Blended} blended */
    show(blended) {
      for (const { name, canvas } of pictures) paintPixels(canvas, bytes(blended[name]));
    }
  };
}

// src/blending/view.js
function createView(photos, wanted, move) {
  const id = uniqueName();
  const photo = createPhoto(photos, id, wanted, move);
  const pictures = createPictures(id);
  const digits = createDigits(move);
  const knobs = createKnobs(photos, wanted, move);
  const sentence = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const working = h("span", { class: "dann-working", role: "status" });
  const help = h("p", { class: "dann-domain" }, PHOTO.help);
  const figure = h(
    "figure",
    { class: "dann-wide" },
    h("div", { class: "dann-named" }, h("h3", {}, TITLE), working),
    digits.node,
    h("div", { class: "dann-blend" }, h("div", {}, photo.canvas, help), pictures.node),
    knobs.node,
    sentence
  );
  const root = h("div", { class: "dann" }, figure);
  return {
    root,
    /** Shows what is wanted. */
    draw() {
      photo.draw();
      digits.show(wanted());
      knobs.show();
    },
    /** @param {Blended} blended */
    show(blended) {
      pictures.show(blended);
      sentence.textContent = blended.sentence;
      root.dataset.at = blended.at.join(",");
    },
    /** @param {boolean} busy */
    showWorking(busy) {
      working.textContent = busy ? WORKING : "";
    }
  };
}

// src/blending/widget.js
function render({ model, el }) {
  const photos = model.get("photos");
  const first = model.get("first");
  const { photo, row, column, digit, signed } = first;
  let wanted = { photo, row, column, digit, signed };
  const move = (change) => {
    wanted = afterChange(wanted, change, photos);
    view.draw();
    pull.ask();
  };
  const view = createView(photos, () => wanted, move);
  el.append(view.root);
  const pull = new Pull(model, {
    answer: "blended",
    question: () => ({ type: "blend", ...wanted }),
    react: view.show,
    working: view.showWorking
  });
  const forgetTheme = followTheme(view.root);
  view.show(first);
  requestAnimationFrame(view.draw);
  return () => {
    forgetTheme();
    pull.remove();
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

// src/widgets/blending.js
var blending_default = inNotebook({ render });
export {
  blending_default as default
};
