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

// src/map/points.js
var DOMAINS = ["source", "target"];
var UNKNOWN = 255;
var isLabelled = (label) => label !== UNKNOWN;
var isWrong = ({ labels, predictions }, index) => predictions !== null && isLabelled(labels[index]) && predictions[index] !== labels[index];
var labelled = ({ labels }, indices) => indices.filter((index) => isLabelled(labels[index]));
var everyIndex = ({ labels }) => Array.from(labels, (_, index) => index);
var canBeWrong = (points, domain) => points !== null && points.predictions !== null && labelled(points, everyIndex(points)).some((index) => points.domains[index] === domain);
var byDomain = (points, indices) => DOMAINS.map((_, domain) => indices.filter((index) => points?.domains[index] === domain));
var areOthers = (labels, before) => before !== null && String(labels) !== String(before);

// src/map/words.js
var DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
var NOT_LABELLED = "not labelled";
var noun = (names) => names.length ? "example" : "digit";
var nameOf = (names, label) => names[label] ?? `${label}`;
function rules(points) {
  const names = points?.names ?? [];
  const all = [...(names.length ? names : DIGITS).keys()];
  const there = new Set(points && Array.from(points.labels));
  const is = names.length ? all.filter((label) => there.has(label)) : all;
  const someUnknown = [...there].some((label) => !isLabelled(label));
  return [
    ["", "none"],
    ["wrong-1", "wrong on the target"],
    ["wrong-0", "wrong on the source"],
    ...ofClasses(names, "class", "every", is),
    ...ofClasses(names, "says", "without a label, taken for", someUnknown ? all : []),
    ["lasso", "those chosen on the map"]
  ];
}
var ofClasses = (names, rule, words, labels) => labels.map((label) => [`${rule}-${label}`, `${words} ${nameOf(names, label)}`]);
var show = (names) => `Show ${noun(names)}s: `;
var COLOUR = "Colour by: ";
var COLOURINGS = [
  ["class", "class"],
  ["domain", "domain"]
];
var hint = (names) => `Draw round points, or click one, to see their ${noun(names)}s. Escape: none.`;
var galleryName = (names, domain) => `Chosen ${noun(names)}s of the ${domain}`;
var heading = (domain) => domain[0].toUpperCase() + domain.slice(1);
var andMore = (rest) => rest > 0 ? `and ${rest} more` : "";
var anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
function onSelection(points, rule, indices) {
  if (!points || !rule) return "";
  return indices.length ? selected(points, indices) : `No ${noun(points.names)}s of that kind now.`;
}
function selected(points, indices) {
  const [source, target] = byDomain(points, indices);
  const what = noun(points.names);
  const count2 = `${indices.length} ${what}${indices.length === 1 ? "" : "s"} selected`;
  const kinds = `${source.length} source, ${target.length} target`;
  if (!points.predictions) return `${count2}: ${kinds}.`;
  const [of, name] = target.length ? [target, "target"] : [source, "source"];
  const known = labelled(points, of);
  if (!known.length) return `${count2}: ${kinds}; those of the ${name} have no labels.`;
  const right = known.filter((index) => !isWrong(points, index)).length;
  const among = known.length < of.length ? "labelled " : "";
  return `${count2}: ${kinds}; ${right} of ${known.length} ${among}${name} ${what}s right.`;
}
function onCard({ labels, domains, predictions, confidence, names }, index) {
  const is = labels[index];
  const what = `${whatItIs(names, is)} of the ${DOMAINS[domains[index]]}`;
  if (!predictions) return what;
  const says = predictions[index];
  const sure = confidence ? ` (${confidence[index].toFixed(2)})` : "";
  const verb = names.length ? "predicted" : "read as";
  return `${mark(is, says)} ${what}, ${verb} ${nameOf(names, says)}${sure}`;
}
function whatItIs(names, is) {
  if (!isLabelled(is)) return `${NOT_LABELLED},`;
  return names.length ? `class ${nameOf(names, is)}` : anyDigit(is);
}
function mark(is, says) {
  if (!isLabelled(is)) return "–";
  return is === says ? "✓" : "✗";
}
var VERDICTS = { "✓": "right", "✗": "wrong", "–": "nobody knows whether that is right" };
function onDigit(names, is, says, confidence) {
  const known = isLabelled(is);
  const name = known ? nameOf(names, is) : NOT_LABELLED;
  const digit = known && !names.length;
  const thisIs = `This is ${digit ? anyDigit(is) : name}`;
  if (says === void 0) return { caption: name, title: `${thisIs}.`, label: name };
  const sure = confidence === void 0 ? "" : ` with probability ${confidence.toFixed(2)}`;
  const said = nameOf(names, says);
  const verdict = mark(is, says);
  return {
    caption: `${verdict} ${said}`,
    title: `${thisIs}; the network says ${said}${sure}.`,
    label: `${name}, predicted ${said}, ${VERDICTS[verdict]}`
  };
}

// src/map/digits.js
function captionDigit(item, names, is, says, confidence) {
  const { caption, title, label } = onDigit(names, is, says, confidence);
  item.classList.toggle("dann-wrong", says !== void 0 && isLabelled(is) && is !== says);
  const words = (
    /** @type {ChildNode} */
    item.lastChild
  );
  if (words.textContent !== caption) words.textContent = caption;
  item.title = title;
  item.setAttribute("aria-label", label);
}
async function digitSheet({ sheet, columns, width, height }) {
  if (!sheet) return null;
  const image = new Image();
  image.src = `data:image/png;base64,${sheet}`;
  await image.decode();
  const on = (canvas, index) => {
    const [x, y] = placeInSheet(index, { columns, width, height });
    canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, width, height);
  };
  return { width, height, on };
}
var placeInSheet = (index, { columns, width, height }) => [
  width * (index % columns),
  height * Math.floor(index / columns)
];
function createCanvas({ width, height }, paint2) {
  const canvas = h("canvas", { width, height, "aria-hidden": "true" });
  paint2(canvas);
  return canvas;
}
var createPicture = (paint2, index) => paint2 ? createCanvas(paint2, (canvas) => paint2.on(canvas, index)) : null;

// src/shared/encoding.js
function bytes(base642) {
  const letters = atob(base642);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}
var floats = (base642) => new Float32Array(bytes(base642).buffer);
var inflated = (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
var unzipped = (base642) => inflated(bytes(base642)).text();
var base64 = (some) => btoa(String.fromCharCode(...some));

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
var expected = (questions, rules2, now) => now - questions.asked < rules2.patience ? questions.underWay : 0;
var hasRoom = (questions, rules2, now) => expected(questions, rules2, now) < rules2.limit;
var afterQuestion = (questions, rules2, now) => ({
  ...questions,
  underWay: expected(questions, rules2, now) + 1,
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
  constructor(model, options2) {
    this.#model = model;
    this.#options = options2;
    this.#rules = { limit: options2.limit ?? 1, patience: options2.patience ?? PATIENCE };
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
  wish(message2) {
    if (this.#ended) return;
    this.#questions = afterTelling(afterWish(this.#questions));
    this.#sendQuestion(message2);
  }
  /**
   * Sends what is answered by a message of another type, or by none: see `aside`.
   * @param {Message} message
   */
  send(message2) {
    const envelope = this.#options.envelope?.(this.#questions.told);
    try {
      this.#model.send({ client: this.client, ...envelope, ...message2 });
    } catch (error) {
      console.warn("dann: the kernel cannot be reached", error);
    }
  }
  /**
   * Whether an answer knows of all wishes: only then it may set the page's knobs.
   * @param {{ wish: number }} message
   */
  knowsAll(message2) {
    return message2.wish === this.#questions.wish;
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
    const message2 = this.#options.question?.();
    if (message2) this.#sendQuestion(message2);
    return Boolean(message2);
  }
  /** @param {Message} message */
  #sendQuestion(message2) {
    this.#questions = afterQuestion(this.#questions, this.#rules, performance.now());
    const { working } = this.#options;
    if (working) {
      clearTimeout(this.#quiet);
      this.#quiet = setTimeout(() => working(true), QUIET);
    }
    this.send(message2);
  }
  /** @param {any} message */
  #hear = (message2) => {
    if (message2.type === "ended") this.#end();
    if (message2.client !== this.client) return;
    const { answer: answer2, react, aside, working } = this.#options;
    if (message2.type !== answer2) {
      aside?.(message2);
      return;
    }
    const { again } = this.#questions;
    this.#questions = afterAnswer(this.#questions, performance.now());
    if (working && !this.#questions.underWay) {
      clearTimeout(this.#quiet);
      working(false);
    }
    react(message2, { again });
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

// src/drawing/words.js
var SHEET = "Sheet for your digit";
var DRAW_BY = "Draw with the mouse, a finger, or keys: arrows move the pen, Space puts it down and lifts it, Delete clears.";
var DRAW_SIZED = "What you draw is made as large as MNIST's digits are and put into the middle, as they were.";
var CLEAR = { label: "Clear", title: "Begin again on an empty sheet" };
var UNDO_STROKE = { label: "Undo stroke", title: "Take the last stroke back" };
var OTHER_GROUND = {
  label: "Other background",
  title: "Put something else of its kind behind the digit"
};
var AS_DRAWN = "as drawn";
var headOf = (look) => look.slice(0, 1).toUpperCase() + look.slice(1);
var penAt = ({ column, row, down }) => `Row ${row + 1}, column ${column + 1}, pen ${down ? "down" : "up"}`;

// src/shared/words.js
var WAITING_FOR_PYTHON = "Waiting for Python…";
var METHOD = "Method";
var PART = "What learns";
var KIND_OF_MAP = "Kind of map";
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
var lambdaWritten = (lambda, digits2 = 2) => lambda < 100 ? lambda.toFixed(digits2) : written(Math.round(lambda));
var lambdaIs = (lambda) => `lambda ${lambdaWritten(lambda)}`;

// src/dashboard/allowed.js
var isRunning = (state) => state.state === "training" || state.begins;
var adapts = ({ settings }) => settings.mode === "dann";
var hasClassifier = ({ network }) => network.side === "classifier";
var trainAction = (state) => isRunning(state) ? "pause" : "train";
function allowed(state) {
  const ready = state.state !== "loading" && state.busy === null;
  const unfinished = ready && state.state !== "finished";
  return {
    train: unfinished,
    step: unfinished && !isRunning(state),
    reset: state.state !== "loading",
    seed: state.state !== "loading",
    undo: state.undo
  };
}
var downloads = ({ mnist, busy }) => ({
  download: !mnist && busy === null,
  cancel: busy?.kind === "downloading"
});
var progress = ({ busy, step, settings }) => busy ? busy.fraction : step / settings.steps;

// src/dashboard/sending.js
var PART2 = 75e4;
var begun = (key, { name, size }) => ({ key, name, size, received: 0 });
var nextPart = ({ received, size }) => received < size ? { first: received, end: Math.min(size, received + PART2) } : null;
function afterReceived(sending, { key, received, problem }) {
  if (sending?.key !== key) return sending;
  return problem || received >= sending.size ? null : { ...sending, received };
}
var sentShare = ({ received, size }) => received / size;
function wrongFiles(files, most) {
  if (!files.length) return "none";
  if (files.length > 1) return "several";
  const [{ name, size }] = files;
  if (!/\.zip$/i.test(name)) return "other";
  if (!size) return "empty";
  return size > most ? "large" : null;
}

// src/dashboard/words.js
var PLOTS = {
  losses: "Losses",
  accuracies: "Accuracy on test images",
  lambdas: "Lambda, as applied",
  gradients: "Gradients at the features"
};
var TRAINING_REGION = "Training";
var VIEW_REGION = "What happens";
var SETTINGS_REGION = "Settings";
var TRAIN = {
  train: { label: "Train", title: "Train until the last step" },
  pause: { label: "Pause", title: "Stop after this step" }
};
var NEW_SEED = { label: "New seed", title: "Start again from other initial weights" };
var UNDO = {
  label: "Undo",
  title: "Take the last change back; a run that was reset returns"
};
var STEPS_DONE = "Steps done";
var RUN_STATES = {
  loading: "getting ready",
  ready: "ready",
  training: "training",
  paused: "paused",
  finished: "finished",
  failed: "failed"
};
var duration = (seconds) => seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
function statusLine(state) {
  if (state.busy) return `${state.busy.text}…`;
  const running = isRunning(state);
  const parts = [stepOf(state.step, state.settings.steps)];
  if (running && state.speed) parts.push(`${state.speed.toFixed(1)} steps/s`);
  if (state.begins) parts.push("begins in a moment");
  else if (running && state.left) parts.push(`${duration(state.left)} left`);
  else parts.push(RUN_STATES[state.state]);
  return parts.join(" · ");
}
var trainsOn = (device) => device && `Trains on: ${device}`;
var NOT_USED = "Not used in this mode.";
function appliedLambda(state) {
  const { at, applied } = state;
  if (!adapts(state)) return NOT_USED;
  if (at === void 0 || applied === void 0) return "Not applied yet.";
  return `Applied at step ${written(at)}: ${lambdaWritten(applied, 3)}`;
}
var RUN = "Run";
var DOMAINS2 = "Domains";
var MODE = "Mode";
var RECIPE = "Recipe";
var STEPS = "Steps";
var SEED = "Seed";
var DOWNLOAD = {
  label: "Download MNIST (12 MB) and photos (71 MB)",
  title: "From their public servers to this machine"
};
var STOP_DOWNLOAD = {
  label: "Stop the download",
  title: "Asking again goes on where it stopped"
};
function wrongNumber({ label, min, max, value, valid }) {
  if (valid && value.trim() !== "") return "";
  return `${label} is ${value || "empty"}: it must be a whole number from ${min} to ${max}. Nothing was changed.`;
}
var OWN_REGION = "Your own data";
var OWN_EXPECTED = [
  "Two folders of pictures: the source with a folder for each class, the target with or without.",
  "Or two tables (.csv, .parquet, .npz), a row an example: the source with a column “label”."
];
var CHOOSE_ZIP = { label: "Choose a zip", title: "With the source and the target in it" };
var ZIP_FORM = "In it: source and target, as folders or tables.";
var megabytes = (bytes2) => `${written(Math.round(bytes2 / 1e6))} MB`;
var dropIt = (most) => `or drop it here (${megabytes(most)} at most)`;
function wrongZip(what, most) {
  const why = {
    none: "That is no file.",
    several: "Those are several files.",
    other: "That is no zip.",
    empty: "That zip is empty.",
    large: `That zip has more than ${megabytes(most)}: take fewer or smaller pictures.`
  };
  const remedy = what === "large" ? "" : " Put source and target into one zip, and choose that.";
  return why[what] + remedy;
}
var cannotRead = (name, error) => `The browser cannot read ${name} (${error}). Choose it again.`;
var NOT_SENT = "Stopped. Nothing was changed.";
var PATHS = "Or, on the machine that computes:";
var NO_PATHS = "Folders of the machine that computes cannot be named here, because others can open this page too. A zip works.";
var SOURCE = "Source: folder or file";
var TARGET = "Target: folder or file";
var MORE = "More";
var LABEL = "Column of labels";
var SIZE = "Size in pixels";
var LOOK = { label: "Look", title: "Show what is found; nothing is trained yet" };
var STOP_LOOK = { label: "Stop", title: "Stop sending or reading" };
var TRAIN_ON_THESE = { label: "Train on these", title: "Start a new run with these data" };
var CLASSES = "Examples of each class";
var CLASS_HEADS = ["Class", "Source", "Target"];
function wrongPlace({ source, target, size }) {
  if (!source) return "The source is empty. Name a folder of pictures or a table.";
  if (!target) return "The target is empty. Name a folder of pictures or a table.";
  if (!/^\d*$/.test(size)) return `The size is ${size}. Give whole pixels, or nothing.`;
  return "";
}
var percent = (share) => `${Math.floor(100 * share)} %`;
function lookProgress(sending, looking) {
  if (sending) {
    const howFar = `${percent(sentShare(sending))} of ${megabytes(sending.size)}`;
    return { doing: `Sending ${sending.name}`, howFar };
  }
  if (!looking) return { doing: "", howFar: "" };
  const share = looking.busy?.fraction ?? null;
  return { doing: "Looking at the data…", howFar: share === null ? "" : percent(share) };
}
var foundIn = (zip, sentence) => `Found${zip && ` in ${zip}`}. ${sentence}`;
function picturesOf(domain, name) {
  const role = domain ? "target" : "source";
  return `First pictures of the ${role}${name.toLowerCase() === role ? "" : `, ${name}`}`;
}
var count = (examples) => examples === null ? "–" : written(examples);
var SHARE = "Share";
var SHARE_FIELD = "All settings as text";
var COPY = { label: "Copy", title: "Copy the settings" };
var APPLY = { label: "Apply", title: "Take the settings in the field" };
var COPIED = "Copied. Whoever opens it gets the same settings.";
var COPY_BY_HAND = "Press Ctrl+C to copy the marked settings.";
var lostPython = (silence) => `No answer from Python for ${Math.round(silence / 1e3)} s. Training pauses by itself until this page is back in touch. If a cell is running, wait for it; if nothing changes, reload the page. (Binder ends a Python that nobody has used for 10 minutes, and what was trained is gone.)`;
var TIME_SLIDER = "Moment of the run, in steps";
var REPLAY = { label: "Replay", title: "Show the run again from its beginning" };
var STOP_REPLAY = "Stop";
var BACK_TO_NOW = { label: "Now", title: "Back to the latest step" };
function momentText({ at, latest, running }) {
  if (!latest) return "The time line begins with the first step.";
  if (at === null) return `Now: step ${written(latest)}. Drag to go back in time.`;
  return `Looking at step ${written(at)} of ${written(latest)}. Training ${running ? "goes on" : "is not touched"} meanwhile.`;
}
var momentValue = (at) => at === null ? "now" : `step ${at}`;
var BRANCH = {
  label: "Branch here",
  title: "A run that goes on from this moment: change what you like, or nothing"
};
var BRANCHES = "Branches and journal";
var TREE = "Runs and their branches";
var GO_ON = {
  label: "more steps",
  title: "Lambda stays, and the learning rate makes a small wave, up to a tenth of the recipe's"
};
var MORE_STEPS = "Steps to go on for";
var REPEAT = {
  label: "Repeat exactly",
  title: "A new run that does all of this again, step by step, and says whether it comes out the same"
};
var inTree = ({ title, steps }) => `${title}: ${written(steps)} steps`;
var journal = (acts) => `Journal: ${acts} ${acts === 1 ? "act" : "acts"} so far. Each leads to its moment.`;
var act = ({ step, text }) => `From step ${written(step)}: ${text}`;
var MAP = "Map of the features";
var NO_MAP = "Choose PCA, t-SNE or UMAP: 500 test images of each domain (fewer, if there are fewer), as the network sees them, move while it trains.";
function mapCaption({ method, note }, caption) {
  if (!method) return `${NO_MAP} ${note}`;
  return note || (caption ?? "Waiting for the first frame…");
}
var whatIsTested = (names) => names.length ? "Test examples" : "Test digits";
var digits = (names) => `${whatIsTested(names)} and what the network says`;
var digitsOf = (names, domain) => `${whatIsTested(names)} of the ${domain}`;
var DOMAIN_OF_DIGITS = { source: "Source", target: "Target" };
var DRAW = "Draw a digit";
var READERS = "What the compared runs of this page read";
var READER = "Network";
var drawnNothing = (clothes) => clothes ? `Draw a digit: here you see it as drawn and ${clothes}, and what the network reads, also while it trains.` : "A digit can be drawn for the built-in pairs of digits. Choose one of them under Domains.";
var answer = ({ labels, confidence }, look) => `${labels[look]} (${Math.round(100 * confidence[look])} %)`;
var readSentence = (reading, clothes) => `${headOf(AS_DRAWN)} the network reads ${answer(reading, 0)}, ${clothes} ${answer(reading, 1)}. It has learnt for ${written(reading.step)} ${reading.step === 1 ? "step" : "steps"}.`;
var READS_NO_DIGITS = "reads no digits";
var noWeights = (titles2) => titles2.length ? `The networks of kept and recorded runs are not on this page, so these say nothing of it: ${titles2.join("; ")}.` : "";
var SAVE = "Save";
var PICTURE = "Picture";
var KEEP = {
  label: "Keep this run",
  title: "Into the folder runs, to compare with another day"
};
var PAGE_FILE = {
  label: "Page",
  title: "The runs that are compared, or this one, as one HTML file that opens offline, with a time line"
};
var TABLE_FILE = { label: "Table", title: "This run so far as CSV: a row a step" };
var PNG = { label: "PNG", title: "The picture as it is shown" };
var SVG = { label: "SVG", title: "The picture as it is shown" };
var NO_PICTURE = "There is no such picture yet. Train first; for a map, choose one.";
var MAKING_FILE = "Making the file…";
var savedFile = (name) => `Saved: ${name}`;
var savedPicture = (title, step) => `Saved: ${title}, step ${written(step)}.`;
var NETWORK = "The network";
var NETWORK_KEYS = {
  forward: "forward",
  back: "gradient, coming back",
  push: "the domain side's push, as wide as lambda"
};
var NORMS = { gradient: "gradient", reversed: "reversed", times: "scaled" };
function twoDigits(number) {
  if (Math.abs(number) >= 100) return written(Math.round(number));
  return number === 0 ? "0" : number.toPrecision(2);
}
var orDash = (number) => number === null ? "–" : twoDigits(number);
var norm = (what, value) => `${NORMS[what]} ${orDash(value)}`;
var distanceOf = ({ method }) => `${method.toUpperCase()}'s distance`;
function boxes(side, settings, network, factor) {
  const seen = { dann: "source, target", source: "source only", target: "target only" };
  const loss = orDash(network.domain_loss);
  const conditioned = settings.method.startsWith("cdan");
  const sides = {
    classifier: {
      reversal: ["Reversal layer", factor === null ? "× −lambda" : `× −${factor}`],
      classifier: ["Domain classifier", conditioned ? "sees classes too" : "source or target?"],
      domainLoss: ["Domain loss", loss]
    },
    distance: {
      reversal: ["No reversal", factor === null ? "× lambda" : `× ${factor}`],
      classifier: ["No classifier", distanceOf(settings)],
      domainLoss: ["Distance", loss]
    },
    none: {
      reversal: ["No reversal", "in this mode"],
      classifier: ["No classifier", "in this mode"],
      domainLoss: ["No loss", "–"]
    }
  };
  return {
    extractor: ["Feature extractor", seen[settings.mode]],
    predictor: ["Label predictor", "which class?"],
    labelLoss: ["Label loss", orDash(network.label_loss)],
    ...sides[side]
  };
}
function networkSentence({ network, settings, at }, factor) {
  const { side } = network;
  const classes = settings.method.startsWith("cdan") && side === "classifier" ? SEES_CLASSES : "";
  if (!at) return BEFORE_STEPS[side] + classes;
  const [label, domain] = [orDash(network.label_loss), orDash(network.domain_loss)];
  const [back, before, after] = [
    network.label_gradient,
    network.domain_gradient_before,
    network.domain_gradient_after
  ].map(orDash);
  const step = `Step ${written(at)}. Forward: label loss ${label}`;
  const learnt = `Back at the features: label gradient ${back}`;
  return {
    classifier: `${step}, domain loss ${domain}. ${learnt}; domain gradient ${before}, turned round, times lambda ${factor}: ${after}.${classes}`,
    distance: `${step}, ${distanceOf(settings)} ${domain}. ${learnt}; gradient of the distance ${before}, times lambda ${factor}, not turned round: ${after}. There is no domain classifier.`,
    none: `${step}. ${learnt}. In this mode there is no domain side: nothing is reversed.`
  }[side];
}
var SEES_CLASSES = " The domain classifier sees the class probabilities too.";
var BEFORE_STEPS = {
  classifier: "No step yet. What comes back from the domain classifier is turned round in the reversal layer and taken lambda times.",
  distance: "No step yet. What comes back from the distance of the domains is taken lambda times, and nothing is turned round: there is no domain classifier, and no reversal layer.",
  none: "No step yet. In this mode there is no domain side: nothing is reversed."
};

// src/dashboard/controls.js
var options = (choices) => Object.entries(choices).map(([value, text]) => h("option", { value }, text));
function setValue(input, value) {
  const text = String(value);
  if (document.activeElement !== input && input.value !== text) input.value = text;
}
var MOST_STEPS = 1e5;
function numberInput({ label, min, max }, attributes, say) {
  const input = h("input", {
    type: "number",
    min,
    max,
    step: 1,
    inputmode: "numeric",
    ...attributes
  });
  return {
    input,
    /** The number; null, which is said, where there is none. */
    read() {
      const { value } = input;
      const wrong = wrongNumber({ label, min, max, value, valid: input.checkValidity() });
      if (wrong) say(wrong);
      return wrong ? null : Number(value);
    }
  };
}
var standsAlone = () => document.body.dataset.voila !== void 0;

// src/dashboard/files.js
var KEPT = 6e4;
var partOf = (file, first, end) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).split(",")[1]);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file.slice(first, end));
});
async function saveAs(name, content) {
  const found = await content;
  const url = found.startsWith("data:") ? found : URL.createObjectURL(new Blob([found]));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
function catchDrops(area, marked, take) {
  const mark2 = (over) => marked.classList.toggle("dann-over", over);
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  area.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark2(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(
      /** @type {Node | null} */
      event.relatedTarget
    )) mark2(false);
  });
  area.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    event.stopPropagation();
    mark2(false);
    take([...event.dataTransfer?.files ?? []]);
  });
}

// src/dashboard/known.js
var nothingKnown = () => ({
  run: null,
  at: null,
  last: null,
  digits: null,
  figures: {},
  captions: {},
  map: null,
  images: null,
  offered: null,
  found: null,
  journal: [],
  drawn: null
});
var afterState = (known, message2) => ({
  ...known,
  last: message2,
  offered: message2.offered ?? known.offered,
  found: message2.found ?? known.found,
  drawn: message2.drawn ? drawnOf(known, message2.drawn) : known.drawn,
  ...message2.digits && digitsOf2(known, message2.digits),
  ...message2.figures && figuresOf(message2)
});
function digitsOf2(known, digits2) {
  const { run } = digits2;
  const another = known.run !== null && known.run !== run;
  const pixels = bytes(digits2.pixels);
  return { run, at: another ? null : known.at, digits: { ...digits2, pixels } };
}
var drawnOf = (known, drawn) => ({ ...drawn, pixels: drawn.pixels ?? known.drawn?.pixels ?? "" });
function figuresOf({ figures = {}, captions = {}, points, journal: journal2 = [] }) {
  const { map, ...curves } = figures;
  const drawn = { figures: curves, captions, journal: journal2 };
  return map && points ? { ...drawn, map: mapOf(map, captions.map, points) } : drawn;
}
var mapOf = (figure, caption, points) => ({
  figure,
  caption,
  version: points.version,
  images: points.images,
  predictions: bytes(points.predictions),
  confidence: Float32Array.from(bytes(points.confidence), (percent2) => percent2 / 100)
});
function lacksImages(images, name, now, patience) {
  if (images?.name !== name) return true;
  return images.points === null && now - images.since >= patience;
}
var imagesOf = ({ name, labels, domains, names }, paint2) => ({
  name,
  paint: paint2,
  points: { labels: bytes(labels), domains: bytes(domains), names }
});
var mapToShow = ({ last, map }) => last?.state.map.drawn ? map : null;
function lookOfMap(known) {
  const map = mapToShow(known);
  return map && `${map.version},${Boolean(known.images?.points)}`;
}
function lookOfDigits({ last, run }) {
  if (!last?.state.predictions) return null;
  const { predictions, confidence, digits: digits2 } = last.state;
  return JSON.stringify([run, predictions, confidence, digits2]);
}
var isAtWork = ({ last }) => last !== null && (last.state.state === "training" || last.state.begins);
var losesBranch = ({ last }) => Boolean(last?.state.tree.some(({ parent, unkept }) => parent !== null && unkept));
var latestStep = ({ last }) => last?.state.step ?? 0;
var shownStep = (known) => known.at ?? latestStep(known);

// src/dashboard/pace.js
var SHARE2 = 0.025;
var ASKING = { least: 400, most: 1e3 };
var DRAWING = { least: 500, most: 3e3 };
var atTheLatest = ({ most }, begun3) => begun3 + most;
var nextTime = ({ least, most }, begun3, painted2) => begun3 + Math.min(most, Math.max(least, (painted2 - begun3) / SHARE2));

// src/dashboard/link.js
var TICK = 200;
var PATIENCE2 = 2e3;
var LOST = 5e3;
var Link = class {
  known = nothingKnown();
  /** @type {Set<View>} */
  views = /* @__PURE__ */ new Set();
  #pull;
  #askAt = 0;
  #drawAt = 0;
  #address = "";
  #timer;
  #forgetTheme;
  /** @param {WidgetModel} model */
  constructor(model) {
    this.#pull = new Pull(model, {
      answer: "state",
      patience: PATIENCE2,
      question: () => this.#isSeen() ? { type: "tick" } : null,
      envelope: this.#envelope,
      react: this.#hear,
      aside: this.#hearAside
    });
    this.#timer = setInterval(this.#tick, TICK);
    document.addEventListener("visibilitychange", this.#tick);
    this.#forgetTheme = onThemeChange(this.#redraw);
    if (standsAlone() && location.hash.length > 1) {
      this.wish({ type: "restore", text: location.hash });
    }
  }
  /**
   * Tells Python a wish.
   * @param {Wish} wish
   */
  wish(wish) {
    this.#pull.wish(wish);
  }
  /** The reader is about to wish for something: answers under way move no knob back. */
  announce() {
    this.#pull.announce();
  }
  /** @param {Request} request */
  send(request) {
    this.#pull.send(request);
  }
  /**
   * Whether an answer knows of all wishes.
   * @param {StateMessage} message
   */
  knowsAll(message2) {
    return this.#pull.knowsAll(message2);
  }
  /**
   * Looks at another moment.
   * @param {number | null} at
   */
  look(at) {
    this.known = { ...this.known, at };
    this.#drawAt = 0;
    this.#pull.ask();
  }
  close() {
    clearInterval(this.#timer);
    this.#pull.remove();
    document.removeEventListener("visibilitychange", this.#tick);
    this.#forgetTheme();
  }
  #isSeen() {
    if (document.hidden || !this.views.size) return false;
    return isAtWork(this.known) || [...this.views].some((view) => view.isShown());
  }
  #tick = () => {
    if (!this.#isSeen()) {
      this.#pull.rest();
      return;
    }
    const silence = this.#pull.silence();
    for (const view of this.views) view.connection(silence > LOST ? silence : 0);
    if (performance.now() >= this.#askAt) this.#pull.more();
  };
  /**
   * @param {number} wish
   * @returns {Envelope}
   */
  #envelope = (wish) => {
    const { run, at, map, offered, found, drawn } = this.known;
    return {
      wish,
      run,
      at,
      map: map?.version ?? null,
      offered: offered?.version ?? null,
      found: found?.version ?? null,
      drawn: drawn?.version ?? null,
      sketch: drawn?.sketch ?? null,
      dark: isDark(),
      figures: performance.now() >= this.#drawAt
    };
  };
  /**
   * @param {StateMessage} message
   * @param {{ again: boolean }} more
   */
  #hear = (message2, { again }) => {
    this.known = afterState(this.known, message2);
    if (this.known.map) this.#wantImages(this.known.map.images);
    if (standsAlone()) {
      if (this.knowsAll(message2)) this.#showAddress(`#${message2.state.text}`);
      document.body.toggleAttribute("data-dann-loses", losesBranch(this.known));
    }
    this.#keepPace(
      [...this.views].map((view) => view.update(message2)),
      Boolean(message2.figures)
    );
    if (again) this.#drawAt = 0;
  };
  /** @param {AsideMessage} message */
  #hearAside = (message2) => {
    if (message2.type === "images") this.#hearImages(message2);
    if (message2.type === "compare") for (const view of this.views) view.compare(message2);
    if (message2.type === "received") for (const view of this.views) view.received(message2);
    if (message2.type === "file") {
      saveAs(message2.name, unzipped(message2.gzip));
      for (const view of this.views) view.saved(message2.name);
    }
  };
  /** @param {string} name */
  #wantImages(name) {
    const now = performance.now();
    if (!lacksImages(this.known.images, name, now, LOST)) return;
    this.known = { ...this.known, images: { name, points: null, since: now } };
    this.send({ type: "images" });
  }
  /** @param {ImagesMessage} message */
  async #hearImages(message2) {
    const paint2 = await digitSheet(message2);
    if (message2.name !== this.known.images?.name) return;
    this.known = { ...this.known, images: imagesOf(message2, paint2) };
    for (const view of this.views) view.map();
  }
  /** @param {string} address */
  #showAddress(address) {
    if (address === this.#address) return;
    this.#address = address;
    history.replaceState(null, "", address);
  }
  /**
   * @param {unknown[]} drawn by each view
   * @param {boolean} figures whether there was more to draw than words
   */
  async #keepPace(drawn, figures) {
    const begun3 = performance.now();
    this.#askAt = atTheLatest(ASKING, begun3);
    if (figures) this.#drawAt = atTheLatest(DRAWING, begun3);
    await Promise.all(drawn);
    requestAnimationFrame(
      () => (
        // A timer runs after the frame is painted.
        setTimeout(() => {
          const painted2 = performance.now();
          if (figures) this.#drawAt = nextTime(DRAWING, begun3, painted2);
          else this.#askAt = nextTime(ASKING, begun3, painted2);
        })
      )
    );
  }
  #redraw = () => {
    this.known = { ...this.known, run: null };
    for (const view of this.views) view.theme();
  };
};

// src/player/choices.js
var FIRST_METHOD = "t-SNE";
var FIRST_CURVE = "target_accuracy";
function methodsOf(runs) {
  const methods = new Set(runs.flatMap((run) => Object.keys(run.maps)));
  return [...methods].map((name) => [name, name]);
}
var curvesOf = (curves) => Object.entries(curves).map(([name, { title }]) => [name, title]);
var methodToKeep = (chosen) => chosen || FIRST_METHOD;
var curveToKeep = (chosen) => chosen || FIRST_CURVE;
var stillChosen = (options2, chosen) => options2.some(([value]) => value === chosen) ? chosen : options2[0]?.[0] ?? "";
function offer(select, options2, chosen) {
  select.replaceChildren(...options2.map(([value, words]) => h("option", { value }, words)));
  select.value = stillChosen(options2, chosen);
  select.hidden = options2.length < 2;
}

// src/shared/plotly.js
function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    const listen = async (message2) => {
      if (message2.type !== "plotly") return;
      model.off("msg:custom", listen);
      try {
        const text = await unzipped(message2.gzip);
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
  const draw2 = async (figure) => {
    const Plotly = await askForPlotly(model);
    if (!box.isConnected) return;
    const layout = { ...figure.layout, height: void 0, autosize: true };
    await Plotly.react(box, figure.data, layout, { displayModeBar: false });
    for (const svg2 of box.querySelectorAll("svg")) svg2.setAttribute("aria-hidden", "true");
  };
  return {
    box,
    draw: draw2,
    /**
     * Draws in a box as high as the figure.
     * @param {Figure} figure
     */
    drawWhole(figure) {
      const { height } = figure.layout;
      if (height) box.style.height = `${height}px`;
      return draw2(figure);
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    }
  };
}
function createTitledPlot(options2) {
  const { title, caption } = options2;
  const plot = createPlot(options2);
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

// src/player/moments.js
function lastAt(steps, step) {
  let found = -1;
  for (let i = 0; i < steps.length; i += 1) if (steps[i] <= step) found = i;
  return found;
}
var lastStep = (runs) => Math.max(...runs.map((run) => Math.max(run.steps, ...run.moments)));
function replayed(runs, step, last) {
  const moments = new Set(runs.flatMap((run) => run.moments).concat(last));
  const steps = [...moments].sort((a, b) => a - b);
  return step >= last ? steps : steps.filter((moment) => moment > step);
}
var within = (step, last) => Math.min(Math.max(0, step), last);
var stepAfter = (was, last, same) => same && was.step < was.last ? was.step : last;
var areSame = (runs, before) => titles(runs) === titles(before);
var titles = (runs) => JSON.stringify(runs.map(({ title }) => title));
function valueAt(run, name, step) {
  const { x, y } = run.curves[name] ?? { x: [], y: [] };
  const found = lastAt(x, step);
  return found < 0 || Number.isNaN(y[found]) ? null : y[found];
}

// src/player/words.js
var PLAYER = "Runs side by side";
var SLIDER = "Moment of these runs, in steps";
var REPLAY2 = "Show these runs from their beginning";
var PLAY = "Play";
var STOP = "Stop";
var MAPS = "Maps of the features, side by side";
var CURVE = "Curve";
var CURVES = "Curves in one picture";
var CURVES_BOX = "Curves of these runs";
var DIFFERENCES = "What differs";
var READINGS = "What each network reads";
var rightOf = ({ title }, right, known) => known ? `${title}: ${right} of these ${known} right` : title;
var mapTitle = (run) => `Map of ${run.title}`;
var aboutRuns = (runs) => [...new Set(runs.map((run) => run.about).filter(Boolean))].map((about) => `${about}.`).join(" ");
var sliderValue = (step) => `step ${step}`;
var aboutMoment = (step, last) => `${stepOf(step, last)}.`;
var onRuns = (runs, step) => `Step ${written(step)}. Right on the target: ${values(runs, "target_accuracy", true, step)}.`;
var onCurve = (runs, name, { title, share }, step) => `${title} at step ${written(step)}, where the upright line is. ${values(runs, name, share, step)}.${forks(runs)}`;
var forks = (runs) => runs.filter(({ fork }) => fork).map(({ title, fork = 0 }) => ` ${title} left another run after step ${written(fork)}.`).join("");
var nothing = (share) => share ? "–" : "none";
var values = (runs, name, share, step) => runs.map((run) => {
  const value = run.curves[name] ? oneValue(valueAt(run, name, step), share) : nothing(share);
  return `${run.title}: ${value}`;
}).join("; ");
function oneValue(value, share) {
  if (value === null) return "none yet";
  return share ? `${Math.round(100 * value)} %` : value.toFixed(2);
}
function onMap(maps, row, method) {
  if (!maps) {
    return `There is no ${method} map of this run. Maps are drawn while one is chosen on its page.`;
  }
  return row < 0 ? `The first ${method} map of this run comes later.` : maps.captions[row];
}

// src/player/curves.js
function curveFigure(overlay, step, dark) {
  const { data, layout } = dark ? overlay.dark : overlay.light;
  const cursor = {
    type: "line",
    yref: "paper",
    x0: step,
    x1: step,
    y0: 0,
    y1: 1,
    line: { color: layout.font.color, width: 1.5 }
  };
  return { data, layout: { ...layout, shapes: [...layout.shapes, cursor] } };
}
var CurvePicture = class {
  #select;
  #caption;
  #plot;
  /**
   * @param {WidgetModel} model
   * @param {() => void} redraw
   */
  constructor(model, redraw) {
    this.#caption = h("figcaption", { "data-caption": "player-curves" });
    this.#plot = createPlot({
      model,
      title: CURVES_BOX,
      caption: this.#caption,
      attributes: { "data-plot": "player-curves" }
    });
    this.#select = h("select", {
      "data-choice": "player-curve",
      "aria-label": CURVE,
      onchange: redraw
    });
    this.node = h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, CURVES), this.#select),
      this.#plot.box,
      this.#caption
    );
  }
  /** @param {Bundle["curves"]} curves */
  offer(curves) {
    offer(this.#select, curvesOf(curves), curveToKeep(this.#select.value));
  }
  /**
   * @param {Bundle["curves"]} curves
   * @param {Run[]} runs
   * @param {number} step
   */
  async draw(curves, runs, step) {
    const name = this.#select.value;
    if (!name) return;
    this.#caption.textContent = onCurve(runs, name, curves[name], step);
    await this.#plot.draw(curveFigure(curves[name], step, isDark()));
  }
  remove() {
    this.#plot.remove();
  }
};

// src/player/maps.js
var MARGIN = 1.06;
function mapAt(run, method, step) {
  const maps = run.maps[method];
  const steps = maps ? maps.rows.map((row) => run.moments[row]) : [];
  return { maps, row: lastAt(steps, step) };
}
var pointsAt = (run, moment) => ({
  labels: run.labels,
  domains: run.domains,
  predictions: run.predictions(moment),
  confidence: Float32Array.from(run.confidence(moment), (share) => share / 255),
  names: run.classes
});
function reachAt(runs, method, step) {
  let most = 0;
  for (const run of runs) {
    const { maps, row } = mapAt(run, method, step);
    if (!maps || row < 0) continue;
    for (const place of maps.flat.subarray(2 * row * run.points, 2 * (row + 1) * run.points)) {
      most = Math.max(most, Math.abs(place) * maps.scale);
    }
  }
  return Math.max(0.5, Math.ceil(2 * MARGIN * most) / 2);
}
function mapFigure(run, maps, row, dark, reach2) {
  const { data, layout } = run.templates[dark ? "dark" : "light"];
  const at = positionsOf(maps, row, run.points);
  const range = [-reach2, reach2];
  return {
    data: data.map((trace) => placedTrace(trace, at)),
    layout: {
      ...layout,
      annotations: layout.annotations.map(
        (annotation) => placedNumber(annotation, run.labels, at)
      ),
      xaxis: { ...layout.xaxis, range: [...range] },
      yaxis: { ...layout.yaxis, range: [...range] }
    }
  };
}
var positionsOf = (maps, row, points) => (point, axis) => maps.flat[2 * (row * points + point) + axis] * maps.scale;
function placedTrace(trace, at) {
  if (!trace.customdata) return trace;
  const points = trace.customdata;
  return {
    ...trace,
    x: points.map((point) => at(point, 0)),
    y: points.map((point) => at(point, 1))
  };
}
function placedNumber(annotation, labels, at) {
  const label = labelOf(annotation);
  const own = [...labels.keys()].filter((point) => labels[point] === label);
  const [x, y] = [0, 1].map((axis) => middle(own.map((point) => at(point, axis))));
  const far = (point) => Math.abs(at(point, 0) - x) + Math.abs(at(point, 1) - y);
  const nearest = own.reduce((best, point) => far(point) < far(best) ? point : best, own[0]);
  return { ...annotation, x: at(nearest, 0), y: at(nearest, 1) };
}
var labelOf = (annotation) => Number(annotation.name);
var middle = (values2) => [...values2].sort((a, b) => a - b)[values2.length >> 1];

// src/player/readings.js
var MOST = 12;
var TARGET2 = 1;
var Readings = class {
  node = h("div", { class: "dann-readings", role: "group", "aria-label": READINGS });
  /** @type {Row[]} */
  #rows = [];
  /**
   * @param {Run[]} runs
   * @param {Record<string, Paint>} paints by the data's id
   */
  show(runs, paints) {
    this.#rows = runs.map((run) => createRow(run, paints[run.data]));
    this.node.replaceChildren(
      ...this.#rows.map(
        ({ title, items }) => h("div", {}, title, h("ul", { class: "dann-digits" }, ...items))
      )
    );
  }
  /** @param {number} step */
  draw(step) {
    for (const row of this.#rows) drawRow(row, step);
  }
};
function createRow(run, paint2) {
  const places = [...run.domains.keys()].filter((place) => run.domains[place] === TARGET2);
  const shown = places.slice(0, MOST);
  const items = shown.map((place) => h("li", {}, createPicture(paint2, place) ?? "", h("span", {})));
  return { run, places: shown, title: h("h4", {}), items };
}
function drawRow({ run, places, title, items }, step) {
  const moment = lastAt(run.moments, step);
  if (moment < 0) {
    title.textContent = run.title;
    return;
  }
  const [says, confidence] = [run.predictions(moment), run.confidence(moment)];
  for (const [k, place] of places.entries()) {
    const sure = confidence[place] / 255;
    captionDigit(items[k], run.classes, run.labels[place], says[place], sure);
  }
  const known = places.filter((place) => isLabelled(run.labels[place]));
  const right = known.filter((place) => says[place] === run.labels[place]).length;
  title.textContent = rightOf(run, right, known.length);
}

// src/map/place.js
var EDGE = 2;
var BESIDE = 14;
var whereIs = ({ x, y, xaxis, yaxis }) => ({
  x: xaxis.l2p(x) + xaxis._offset,
  y: yaxis.l2p(y) + yaxis._offset
});
function placeCard({ x, y }, card, frame) {
  const fits = x + BESIDE + card.width <= frame.width - EDGE;
  const left = fits ? x + BESIDE : x - BESIDE - card.width;
  const top = left >= EDGE ? y - card.height / 2 : aboveOrBelow(y, card, frame);
  return {
    left: within2(left, card.width, frame.width),
    top: within2(top, card.height, frame.height)
  };
}
var aboveOrBelow = (y, card, frame) => y + BESIDE + card.height < frame.height ? y + BESIDE : y - BESIDE - card.height;
var within2 = (at, size, room) => Math.max(EDGE, Math.min(at, room - size - EDGE));

// src/map/card.js
var Card = class {
  node = h("div", {
    class: "dann-hover",
    "data-map": "card",
    "aria-hidden": "true",
    hidden: true
  });
  /** The index of the digit that it shows. */
  get index() {
    const { digit } = this.node.dataset;
    return digit === void 0 ? null : Number(digit);
  }
  /**
   * @param {Points} points
   * @param {number} index
   * @param {Paint | null | undefined} paint
   */
  fill(points, index, paint2) {
    const picture = createPicture(paint2, index);
    const words = h("span", {}, onCard(points, index));
    this.node.dataset.digit = String(index);
    this.node.classList.toggle("dann-wrong", isWrong(points, index));
    this.node.replaceChildren(...picture ? [picture, words] : [words]);
  }
  /**
   * Shows what it was filled with beside a point. Only once it is shown it has a size.
   * @param {{ x: number, y: number }} point
   * @param {Size} frame
   */
  showBeside(point, frame) {
    this.node.hidden = false;
    const size = { width: this.node.offsetWidth, height: this.node.offsetHeight };
    const { left, top } = placeCard(point, size, frame);
    this.node.style.left = `${left}px`;
    this.node.style.top = `${top}px`;
  }
  hide() {
    this.node.hidden = true;
    delete this.node.dataset.digit;
  }
};

// src/map/figure.js
var drawnFigure = ({ data, layout }, points, marked, revision) => ({
  data: data.map((trace) => points ? askedTrace(trace, marked) : trace),
  layout: {
    ...layout,
    dragmode: points ? "lasso" : false,
    selections: [],
    // the line drawn: where the points go, it would not follow
    uirevision: "map",
    // a class that the reader hides stays hidden
    selectionrevision: revision,
    newselection: { line: { color: layout.font.color, width: 1.5 } }
  }
});
function askedTrace(trace, marked) {
  if (!trace.customdata) return trace;
  const { hovertemplate, ...kept } = trace;
  return {
    ...kept,
    hoverinfo: "none",
    selectedpoints: marked && placesOf(trace.customdata, marked),
    selected: { marker: { opacity: 1, size: 8 } },
    unselected: { marker: { opacity: 0.16 } }
  };
}
var placesOf = (indices, marked) => indices.flatMap((index, place) => marked.has(index) ? [place] : []);

// src/map/hand.js
var alsoLate = (late, byPerson) => ({ byPerson: byPerson || Boolean(late?.byPerson) });
var Hand = class {
  /** Whether it draws now. What is drawn meanwhile would break the line: it waits. */
  drawing = false;
  #drew = false;
  #released;
  /**
   * @param {HTMLElement} box
   * @param {() => void} pressed
   * @param {() => void} released
   */
  constructor(box, pressed, released) {
    this.#released = released;
    box.addEventListener("pointerdown", () => {
      this.drawing = this.#drew = true;
      pressed();
    });
    addEventListener("pointerup", this.#release);
    addEventListener("pointercancel", this.#release);
  }
  /** Whether it has drawn since this was asked last: Plotly tells of selections after a redraw too. */
  hasDrawn() {
    const drew = this.#drew;
    this.#drew = false;
    return drew;
  }
  remove() {
    removeEventListener("pointerup", this.#release);
    removeEventListener("pointercancel", this.#release);
  }
  #release = () => {
    if (!this.drawing) return;
    setTimeout(() => {
      this.drawing = false;
      this.#released();
    });
  };
};

// src/map/labels.js
var ROUNDS = 60;
var AIR = 2;
function apart(names) {
  const moved3 = names.map((name) => ({ ...name }));
  for (let round = 0; round < ROUNDS; round++) {
    let touched = false;
    for (const [i, one] of moved3.entries()) {
      for (const other of moved3.slice(i + 1)) touched = part(one, other) || touched;
    }
    if (!touched) break;
  }
  return moved3;
}
function part(one, other) {
  const missing = {
    x: (one.width + other.width) / 2 + AIR - Math.abs(one.x - other.x),
    y: (one.height + other.height) / 2 + AIR - Math.abs(one.y - other.y)
  };
  if (missing.x <= 0.01 || missing.y <= 0.01) return false;
  const axis = missing.x < missing.y ? "x" : "y";
  const half = (one[axis] <= other[axis] ? 1 : -1) * missing[axis] / 2;
  one[axis] -= half;
  other[axis] += half;
  return true;
}
function layoutApart({ data, layout }, box) {
  const { annotations, margin } = layout;
  if (!annotations?.length || !box.width) return layout;
  const scale = Math.min(
    (box.width - margin.l - margin.r) / spanOf(data, layout, "x"),
    (box.height - margin.t - margin.b) / spanOf(data, layout, "y")
  );
  const names = annotations.map(({ x, y, text, font }) => ({
    x: x * scale,
    y: -y * scale,
    width: 0.72 * font.size * text.replace(/<.*?>/g, "").length + 6,
    height: font.size + 6
  }));
  const moved3 = apart(names);
  return {
    ...layout,
    annotations: annotations.map(
      (annotation, k) => ({
        ...annotation,
        xshift: (annotation.xshift ?? 0) + Math.round(moved3[k].x - names[k].x),
        yshift: (annotation.yshift ?? 0) - Math.round(moved3[k].y - names[k].y)
      })
    )
  };
}
var PADDED = 1.1;
function spanOf(data, layout, axis) {
  const { range } = layout[`${axis}axis`];
  if (range) return range[1] - range[0];
  let [low, high] = [Infinity, -Infinity];
  for (const trace of data) {
    if (!trace.customdata) continue;
    const values2 = trace[axis];
    for (const value of values2.bdata ? floats(values2.bdata) : values2) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return PADDED * Math.max(high - low, 1e-9);
}

// src/map/selection.js
var NOTHING = { rule: "", chosen: /* @__PURE__ */ new Set() };
var byRule = (selection, rule) => ({
  rule,
  chosen: rule === "lasso" ? selection.chosen : NOTHING.chosen
});
var byHand = (indices) => indices.length ? { rule: "lasso", chosen: new Set(indices) } : NOTHING;
function byClick({ chosen }, index) {
  const again = chosen.size === 1 && chosen.has(index);
  return byHand(again ? [] : [index]);
}
var hasChosen = ({ chosen }) => chosen.size > 0;
function asked(points, { rule, chosen }) {
  if (!points || !rule) return [];
  const { labels, domains, predictions } = points;
  const [kind, number] = rule.split("-");
  const which = Number(number);
  const rules2 = {
    lasso: (index) => chosen.has(index),
    class: (index) => labels[index] === which,
    says: (index) => !isLabelled(labels[index]) && predictions?.[index] === which,
    wrong: (index) => domains[index] === which && isWrong(points, index)
  };
  return everyIndex(points).filter(rules2[kind]);
}

// src/map/colouring.js
var Colouring = class {
  #select;
  /** @param {() => void} redraw */
  constructor(redraw) {
    this.#select = h(
      "select",
      { "data-map": "colour", onchange: redraw },
      ...COLOURINGS.map(([value, words]) => h("option", { value }, words))
    );
    this.node = h("label", { class: "dann-inline", hidden: true }, COLOUR, this.#select);
  }
  /**
   * As its reader wants it; the select is there for a map alone.
   * @param {Figure} figure
   * @returns {Figure}
   */
  of(figure) {
    this.node.hidden = !figure.data.some(({ meta }) => meta?.domain);
    return this.#select.value === "domain" ? colouredByDomain(figure) : figure;
  }
};
var colouredByDomain = ({ data, layout }) => ({ data: data.map(domainTrace), layout });
function domainTrace(trace) {
  const color = trace.meta?.domain;
  if (!color) return trace;
  const marker = { ...trace.marker, color };
  if (!trace.customdata) return { ...trace, marker };
  return { ...trace, marker: { ...marker, line: { ...marker.line, color } }, showlegend: false };
}

// src/map/gallery.js
var ROOM = 60;
function fitting(points, indices) {
  const both = byDomain(points, indices);
  return both.map((own, domain) => {
    const room = Math.max(ROOM / 2, ROOM - both[1 - domain].length);
    return { shown: own.slice(0, room), rest: Math.max(0, own.length - room) };
  });
}
var areOtherPictures = (now, before) => now.paint !== before.paint || JSON.stringify(now.groups) !== JSON.stringify(before.groups);
var Gallery = class {
  /** @type {Content} */
  #content = { groups: fitting(null, []), paint: null, names: [] };
  /** @type {Map<number, HTMLElement>} */
  #items = /* @__PURE__ */ new Map();
  // by the digit's index
  #groups = DOMAINS.map(createGroup);
  nodes = this.#groups.map((group) => group.node);
  /**
   * @param {Points | null} points
   * @param {number[]} indices
   * @param {Paint | null | undefined} paint
   */
  show(points, indices, paint2) {
    const content = { groups: fitting(points, indices), paint: paint2, names: points?.names ?? [] };
    if (areOtherPictures(content, this.#content)) this.#fill(content);
    if (!points) return;
    for (const [index, item] of this.#items) captionItem(item, points, index);
  }
  /** @param {Content} content */
  #fill(content) {
    this.#content = content;
    this.#items.clear();
    for (const [domain, { shown, rest }] of content.groups.entries()) {
      const { node, list, more } = this.#groups[domain];
      list.setAttribute("aria-label", galleryName(content.names, DOMAINS[domain]));
      node.hidden = !shown.length;
      more.hidden = !rest;
      more.textContent = andMore(rest);
      for (const index of shown) this.#items.set(index, createItem(index, content.paint));
      list.replaceChildren(...shown.map((index) => (
        /** @type {Node} */
        this.#items.get(index)
      )));
    }
  }
};
function createGroup(domain) {
  const list = h("ul", {
    class: "dann-digits dann-gallery",
    "data-gallery": domain,
    "aria-label": galleryName([], domain)
  });
  const more = h("p", { class: "dann-domain" });
  const name = h("p", { class: "dann-domain" }, heading(domain));
  return { list, more, node: h("div", { hidden: true }, name, list, more) };
}
var createItem = (index, paint2) => h("li", { "data-digit": index }, createPicture(paint2, index), h("span", {}));
var captionItem = (item, { labels, predictions, confidence, names }, index) => captionDigit(item, names, labels[index], predictions?.[index], confidence?.[index]);

// src/map/tools.js
var Tools = class {
  gallery = new Gallery();
  /** @type {HTMLOptionElement[]} */
  #options = [];
  #offered = "";
  // the rules, as JSON
  #selection = NOTHING;
  #select;
  #label = h("span", {});
  #hint = h("p", { class: "dann-hint", "data-map": "hint" });
  #sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });
  /**
   * @param {(rule: string) => void} choose hears which rule the reader takes
   * @param {() => void} redraw for other colours
   */
  constructor(choose, redraw) {
    this.colouring = new Colouring(redraw);
    this.#select = h("select", {
      "data-map": "show",
      onchange: () => choose(this.#select.value)
    });
    const label = h("label", { class: "dann-inline" }, this.#label, this.#select);
    this.node = h(
      "div",
      { class: "dann-tools", hidden: true },
      h("div", { class: "dann-named" }, this.colouring.node, label, this.#hint),
      this.#sentence,
      ...this.gallery.nodes
    );
    this.offer(null);
  }
  /**
   * The rules that there are for these points.
   * @param {Points | null} points
   */
  offer(points) {
    const offered = rules(points);
    const text = JSON.stringify(offered);
    if (text !== this.#offered) {
      this.#offered = text;
      const names = points?.names ?? [];
      this.#options = offered.map(([value, words]) => h("option", { value }, words));
      this.#select.replaceChildren(...this.#options);
      this.#label.textContent = show(names);
      this.#hint.textContent = hint(names);
      this.follow(this.#selection);
    }
    for (const option of this.#options) {
      const [rule, domain] = option.value.split("-");
      if (rule === "wrong") option.disabled = !canBeWrong(points, Number(domain));
    }
  }
  /** @param {Selection} selection */
  follow(selection) {
    this.#selection = selection;
    const drawn = (
      /** @type {HTMLOptionElement} */
      this.#options.at(-1)
    );
    drawn.hidden = drawn.disabled = !hasChosen(selection);
    this.#select.value = selection.rule;
  }
  /**
   * @param {Points | null} points
   * @param {string} rule
   * @param {number[]} indices
   * @param {boolean} aloud a frame's news is not read aloud; what the reader has asked for is
   */
  say(points, rule, indices, aloud) {
    this.#sentence.setAttribute("aria-live", aloud ? "polite" : "off");
    const words = onSelection(points, rule, indices);
    if (this.#sentence.textContent !== words) this.#sentence.textContent = words;
  }
};

// src/map/map.js
var FeatureMap = class {
  caption;
  node;
  #box;
  #plot;
  #pictures;
  #hand;
  #card = new Card();
  #tools = new Tools(
    (rule) => this.#choose(byRule(this.#selection, rule)),
    () => this.#paint(true)
  );
  /** @type {Figure | null} */
  #figure = null;
  /** @type {Points | null} */
  #points = null;
  /** @type {Numbers | null} the labels of the points that were there last */
  #known = null;
  /** @type {Selection} */
  #selection = NOTHING;
  /** @type {Late} */
  #late = null;
  #listening = false;
  /** @param {MapOptions} options */
  constructor({ model, title, pictures, name = "map" }) {
    this.#pictures = pictures;
    this.caption = h("p", { class: "dann-caption", "data-caption": name });
    this.#plot = createPlot({
      model,
      title,
      caption: this.caption,
      attributes: { class: "dann-plot dann-map", tabindex: -1, "data-plot": name, hidden: true }
    });
    this.#box = this.#plot.box;
    this.node = h(
      "div",
      { class: "dann-asked", onkeydown: this.#press },
      h("div", { class: "dann-frame" }, this.#box, this.#card.node),
      this.caption,
      this.#tools.node
    );
    this.#hand = new Hand(this.#box, this.#pressed, this.#released);
  }
  /**
   * @param {Figure | null} figure of scatter_map in dann_lab/figures/feature_maps.py; null shows no
   *   map
   * @param {Points | null} [points] null until they are known
   */
  async draw(figure, points = null) {
    this.#figure = figure;
    this.#points = points;
    if (points && areOthers(points.labels, this.#known)) {
      this.#select(NOTHING);
      this.#card.hide();
    }
    this.#known = points?.labels ?? this.#known;
    this.#box.hidden = !figure;
    const canBeAsked = figure && points;
    this.#tools.node.hidden = !canBeAsked;
    if (!canBeAsked) this.#card.hide();
    if (points) this.#tools.offer(points);
    await this.#paint(false);
  }
  remove() {
    this.#hand.remove();
    this.#plot.remove();
  }
  /**
   * Draws everything as it is now.
   * @param {boolean} byPerson whether the reader has asked for it, not a frame
   */
  async #paint(byPerson) {
    if (!this.#figure) return;
    if (this.#hand.drawing) {
      this.#late = alsoLate(this.#late, byPerson);
      return;
    }
    const points = this.#points;
    const { rule } = this.#selection;
    const indices = asked(points, this.#selection);
    this.#tools.say(points, rule, indices, byPerson);
    this.#tools.gallery.show(points, indices, this.#pictures());
    const { index } = this.#card;
    if (points && index !== null) this.#card.fill(points, index, this.#pictures());
    const marked = points && rule ? new Set(indices) : null;
    const box = { width: this.#box.clientWidth, height: this.#box.clientHeight };
    const figure = drawnFigure(
      { data: this.#figure.data, layout: layoutApart(this.#figure, box) },
      points,
      marked,
      Math.random()
    );
    await this.#plot.draw(this.#tools.colouring.of(figure));
    this.#listen();
  }
  #listen() {
    if (this.#listening || !this.#box.on) return;
    this.#listening = true;
    this.#box.on("plotly_hover", this.#hover);
    this.#box.on("plotly_unhover", () => this.#card.hide());
    this.#box.on("plotly_click", this.#click);
    this.#box.on("plotly_selected", this.#lasso);
    this.#box.on("plotly_deselect", this.#clear);
  }
  /** @param {Selection} selection */
  #choose(selection) {
    this.#select(selection);
    this.#paint(true);
  }
  /** @param {Selection} selection */
  #select(selection) {
    this.#selection = selection;
    this.#tools.follow(selection);
  }
  #clear = () => {
    if (this.#selection.rule) this.#choose(NOTHING);
  };
  /** @param {KeyboardEvent} event */
  #press = (event) => {
    if (event.key !== "Escape" || !this.#selection.rule) return;
    event.stopPropagation();
    this.#clear();
  };
  #pressed = () => {
    this.#card.hide();
    this.#box.focus({ preventScroll: true });
  };
  #released = () => {
    const late = this.#late;
    this.#late = null;
    if (late) this.#paint(late.byPerson);
  };
  /** @param {PlotlyEvent | undefined} event */
  #lasso = (event) => {
    const byPerson = this.#hand.hasDrawn();
    if (!this.#points || !event || !byPerson) return;
    this.#choose(byHand(event.points.map((point) => (
      /** @type {number} */
      point.customdata
    ))));
  };
  /** @param {PlotlyEvent} event */
  #click = (event) => {
    const index = event.points[0]?.customdata;
    if (this.#points && index !== void 0) this.#choose(byClick(this.#selection, index));
  };
  /** @param {PlotlyEvent} event */
  #hover = (event) => {
    const [point] = event.points;
    if (!this.#points || this.#hand.drawing || point?.customdata === void 0) return;
    this.#card.fill(this.#points, point.customdata, this.#pictures());
    this.#card.showBeside(whereIs(point), this.#box.getBoundingClientRect());
  };
};

// src/player/side.js
var SideBySide = class {
  #model;
  #pictures;
  /** @type {Slot[]} */
  #slots = [];
  #title = h("h3", {}, MAPS);
  #select;
  #side = h("div", { class: "dann-side" });
  /**
   * @param {WidgetModel} model
   * @param {Pictures} pictures
   * @param {() => void} redraw
   */
  constructor(model, pictures, redraw) {
    this.#model = model;
    this.#pictures = pictures;
    this.#select = h("select", {
      "data-choice": "player-map",
      "aria-label": KIND_OF_MAP,
      onchange: redraw
    });
    this.nodes = [h("div", { class: "dann-named" }, this.#title, this.#select), this.#side];
  }
  /** The kind of map that the reader has chosen. */
  get method() {
    return this.#select.value;
  }
  /** @param {Options} methods */
  offer(methods) {
    offer(this.#select, methods, methodToKeep(this.method));
    this.#title.hidden = this.#side.hidden = !methods.length;
  }
  /**
   * The maps of the same runs stay, with what is chosen on them.
   * @param {Run[]} runs
   */
  show(runs) {
    const shown = this.#slots.map(({ run }) => run);
    if (!areSame(runs, shown)) this.#replace(runs);
    for (const [place, slot] of this.#slots.entries()) slot.run = runs[place];
  }
  /**
   * @param {number} step
   * @param {number} reach
   */
  draw(step, reach2) {
    return this.#slots.map((slot) => drawSlot(slot, this.method, step, reach2));
  }
  remove() {
    for (const { map } of this.#slots) map.remove();
  }
  /** @param {Run[]} runs */
  #replace(runs) {
    this.remove();
    this.#slots = runs.map((run, place) => createSlot(this.#model, run, place, this.#pictures));
    this.#side.style.setProperty("--runs", String(runs.length));
    this.#side.replaceChildren(...this.#slots.map(({ node }) => node));
  }
};
function createSlot(model, run, place, pictures) {
  const map = new FeatureMap({
    model,
    title: mapTitle(run),
    name: "player-map",
    pictures: () => pictures(slot.run.data)
    // the same run may have other data by now
  });
  const words = h("figcaption", { "data-caption": `player-run-${place}` });
  const title = h("h4", {}, run.title);
  const node = h("figure", { class: "dann-wide", "data-run": place }, title, words, map.node);
  const slot = { run, map, words, node };
  return slot;
}
function drawSlot({ run, map, words }, method, step, reach2) {
  const { maps, row } = mapAt(run, method, step);
  const moment = lastAt(run.moments, step);
  words.textContent = moment < 0 ? "" : run.sentences[moment];
  map.caption.textContent = onMap(maps, row, method);
  if (!maps || row < 0) return map.draw(null);
  return map.draw(mapFigure(run, maps, row, isDark(), reach2), pointsAt(run, maps.rows[row]));
}

// src/player/table.js
var tableOf = (runs, differences) => ({
  head: ["", ...runs.map(({ title }) => title)],
  rows: differences.map(([what, ...values2]) => ({ what, values: values2 }))
});
var Differences = class {
  #table = h("table", { class: "dann-table", "data-show": "differences" });
  node = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, DIFFERENCES),
    h(
      "div",
      { class: "dann-scroll", tabindex: 0, role: "region", "aria-label": DIFFERENCES },
      this.#table
    )
  );
  /**
   * @param {{ title: string }[]} runs
   * @param {string[][]} differences
   */
  show(runs, differences) {
    const { head, rows } = tableOf(runs, differences);
    this.#table.replaceChildren(
      h("thead", {}, h("tr", {}, ...head.map(createHead))),
      h("tbody", {}, ...rows.map(createRow2))
    );
  }
};
var createHead = (cell2) => cell2 ? h("th", { scope: "col" }, cell2) : h("td", {}, cell2);
var createRow2 = ({ what, values: values2 }) => h("tr", {}, h("th", { scope: "row" }, what), ...values2.map((cell2) => h("td", {}, cell2)));

// src/player/timeline.js
var FRAME_TIME = 250;
var TimeLine = class {
  #goTo;
  #steps;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #playing;
  #words = h("output", { class: "dann-applied", "data-show": "player-moment" });
  #slider = h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    "data-time": "player",
    "aria-label": SLIDER,
    oninput: () => {
      this.stop();
      this.#goTo(Number(this.#slider.value));
    }
  });
  #button = h(
    "button",
    {
      type: "button",
      "data-action": "play",
      title: REPLAY2,
      onclick: () => this.#playing === void 0 ? this.#play() : this.stop()
    },
    PLAY
  );
  node = h(
    "div",
    { class: "dann-card dann-time" },
    h(
      "div",
      { class: "dann-named" },
      this.#words,
      h("div", { class: "dann-buttons" }, this.#button)
    ),
    this.#slider
  );
  /** @param {TimeLineOptions} options */
  constructor({ goTo, steps }) {
    this.#goTo = goTo;
    this.#steps = steps;
  }
  /** @param {number} last step that the slider reaches */
  set last(last) {
    this.#slider.max = String(last);
  }
  /**
   * @param {number} step
   * @param {number} last
   */
  show(step, last) {
    this.#slider.value = String(step);
    this.#slider.setAttribute("aria-valuetext", sliderValue(step));
    this.#words.textContent = aboutMoment(step, last);
  }
  stop() {
    clearInterval(this.#playing);
    this.#playing = void 0;
    this.#button.textContent = PLAY;
  }
  #play() {
    const [first, ...rest] = this.#steps();
    this.#button.textContent = STOP;
    this.#goTo(first);
    this.#playing = setInterval(() => {
      const next = rest.shift();
      if (next === void 0 || !this.node.isConnected) this.stop();
      else this.#goTo(next);
    }, FRAME_TIME);
  }
};

// src/player/unpack.js
var views = {
  uint8: (buffer) => new Uint8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int64: (buffer) => Array.from(new BigInt64Array(buffer), Number),
  float32: (buffer) => new Float32Array(buffer)
};
var unpackArray = ({ dtype, data }) => views[dtype](bytes(data).buffer);
function unpackRun(run) {
  const [points] = run.labels.shape;
  return {
    ...run,
    points,
    maps: mapped(run.maps, unpackMaps),
    curves: mapped(run.curves, ({ x, y }) => ({ x: unpackArray(x), y: unpackArray(y) })),
    moments: unpackArray(run.moments),
    labels: unpackArray(run.labels),
    domains: unpackArray(run.domains),
    predictions: rowsOf(unpackArray(run.predictions), points),
    confidence: rowsOf(unpackArray(run.confidence), points)
  };
}
var unpackMaps = ({ rows, moves, scale, captions }) => ({
  rows: unpackArray(rows),
  flat: placesOf2(unpackArray(moves), moves.shape[1] * moves.shape[2]),
  scale,
  captions
});
function placesOf2(flat, length) {
  for (let at = length; at < flat.length; at += 1) flat[at] += flat[at - length];
  return flat;
}
var rowsOf = (flat, length) => (row) => flat.subarray(row * length, (row + 1) * length);
var mapped = (values2, change) => Object.fromEntries(Object.entries(values2).map(([name, value]) => [name, change(value)]));

// src/player/player.js
var USUAL = ["maps", "curves", "differences"];
var Player = class {
  /** @type {Run[]} */
  #runs = [];
  /** @type {Bundle | null} */
  #bundle = null;
  /** @type {string | null} */
  #shown = null;
  // the bundle as JSON, so that the same one again changes nothing
  #placed = "";
  // the parts that are on the page
  #step = 0;
  #last = 0;
  /** @type {Record<string, Paint>} */
  #paints = {};
  // of the digits, by the data's id
  #heading = h("h3", {});
  #about = h("p", { class: "dann-status" });
  #sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    "data-show": "player-sentence"
  });
  #time = new TimeLine({
    goTo: (step) => this.#goTo(step),
    steps: () => replayed(this.#runs, this.#step, this.#last)
  });
  #readings = new Readings();
  #table = new Differences();
  #maps;
  #curves;
  /** @param {WidgetModel} model */
  constructor(model) {
    const pictures = (data) => this.#paints[data];
    this.#maps = new SideBySide(model, pictures, () => this.#draw());
    this.#curves = new CurvePicture(model, () => this.#drawCurves());
    this.node = h("section", { class: "dann-player", "aria-label": PLAYER });
    this.#place(USUAL);
  }
  /** @param {Bundle} bundle */
  async show(bundle) {
    const text = JSON.stringify(bundle);
    if (text === this.#shown) return this.#draw();
    this.#shown = text;
    this.#bundle = bundle;
    this.#take(bundle);
    const paints = await paintsOf(bundle);
    if (this.#bundle !== bundle) return;
    this.#paints = paints;
    this.#readings.show(this.#runs, paints);
    this.#maps.show(this.#runs);
    this.#table.show(this.#runs, bundle.differences);
    return this.#draw();
  }
  /** Draws anew in the page's theme. */
  theme() {
    if (this.#bundle) return this.#draw();
  }
  remove() {
    this.#bundle = null;
    this.#time.stop();
    this.#curves.remove();
    this.#maps.remove();
  }
  /**
   * All that needs no pictures.
   * @param {Bundle} bundle
   */
  #take(bundle) {
    const same = areSame(bundle.runs, this.#runs);
    const was = { step: this.#step, last: this.#last };
    this.#runs = bundle.runs.map(unpackRun);
    this.#last = lastStep(this.#runs);
    this.#time.last = this.#last;
    this.#step = stepAfter(was, this.#last, same);
    this.#heading.textContent = bundle.title ?? "";
    this.#heading.hidden = !bundle.title;
    this.#about.textContent = aboutRuns(this.#runs);
    this.#about.hidden = !this.#about.textContent;
    this.#maps.offer(methodsOf(this.#runs));
    this.#curves.offer(bundle.curves);
    this.#place(this.#parts);
  }
  get #parts() {
    return this.#bundle?.parts ?? USUAL;
  }
  /** @param {Part[]} parts */
  #place(parts) {
    if (parts.join() === this.#placed) return;
    this.#placed = parts.join();
    const nodes = {
      readings: [this.#readings.node],
      maps: this.#maps.nodes,
      curves: [this.#curves.node],
      differences: [this.#table.node]
    };
    const [time, sentence] = [this.#time.node, this.#sentence];
    const below = parts.flatMap((part2) => nodes[part2]);
    this.node.replaceChildren(this.#heading, this.#about, time, sentence, ...below);
  }
  /** @param {number} step */
  #goTo(step) {
    this.#step = within(step, this.#last);
    this.#draw();
  }
  async #draw() {
    this.#time.show(this.#step, this.#last);
    this.#sentence.textContent = onRuns(this.#runs, this.#step);
    this.#readings.draw(this.#step);
    await Promise.all([...this.#drawMaps(), this.#drawCurves()]);
  }
  #drawMaps() {
    if (!this.#parts.includes("maps")) return [];
    const reach2 = reachAt(this.#runs, this.#maps.method, this.#step);
    return this.#maps.draw(this.#step, reach2);
  }
  async #drawCurves() {
    if (this.#bundle && this.#parts.includes("curves"))
      await this.#curves.draw(this.#bundle.curves, this.#runs, this.#step);
  }
};
async function paintsOf({ pictures }) {
  const loading = Object.entries(pictures).map(async ([data, sheet]) => [
    data,
    await digitSheet(sheet)
  ]);
  return Object.fromEntries(await Promise.all(loading));
}

// src/compare/runs.js
var REFRESH = 2e4;
var chosenKeys = (values2) => [...new Set(values2.filter(Boolean))];
var sameKeys = (some, others) => some.join() === others.join();
var grouped = (runs) => [...new Set(runs.map(({ group }) => group))].map((group) => ({
  group,
  runs: runs.filter((run) => run.group === group)
}));
var stillOffered = (value, runs) => runs.some(({ key }) => key === value) ? value : "";
var recordedKeys = (runs) => runs.filter(({ kind }) => kind === "recorded").map(({ key }) => key);
var canReplay = (value, runs) => runs.some(({ key, kind, adapts: adapts2 }) => key === value && kind === "own" && adapts2);
var progressOf = ({ state, step }) => `${state === "training"} ${step}`;
function isOutOfDate({ keys, run, state, refreshed, waited }) {
  if (!keys.includes(`run ${run}`) || progressOf(state) === refreshed) return false;
  return state.state !== "training" || waited > REFRESH;
}

// src/compare/words.js
var COMPARE = "Compare runs";
var SLOTS = ["First run", "Second run", "Third run"];
var NO_RUN = "none";
var NOTHING_CHOSEN = "Choose a run to see its curves and maps, and a second or third to put beside it.";
var ON_THE_WAY = "Putting the runs side by side…";
var REPLAY3 = {
  label: "Replay its lambda",
  title: "Start a new run with the same settings in which lambda is, step by step, what it was in this one"
};

// src/compare/choice.js
function createChoice(place, { chosen, replay }) {
  let offered = [];
  const again = h(
    "button",
    {
      type: "button",
      hidden: true,
      "data-replay": place,
      title: REPLAY3.title,
      onclick: () => replay(select.value)
    },
    REPLAY3.label
  );
  const showButton = () => {
    again.hidden = !canReplay(select.value, offered);
  };
  const select = h("select", {
    "data-compare": place,
    onchange: () => {
      chosen();
      showButton();
    }
  });
  return {
    node: h("div", { class: "dann-field" }, h("label", {}, SLOTS[place], select), again),
    value: () => select.value,
    /** @param {string} key */
    choose(key) {
      select.value = key;
      showButton();
    },
    /** @param {OfferedRun[]} runs */
    offer(runs) {
      offered = runs;
      const value = stillOffered(select.value, runs);
      select.replaceChildren(h("option", { value: "" }, NO_RUN), ...groupsOf(runs));
      select.value = value;
      showButton();
    }
  };
}
var groupsOf = (all) => grouped(all).map(
  ({ group, runs }) => h(
    "optgroup",
    { label: group },
    ...runs.map(({ key, title }) => h("option", { value: key }, title))
  )
);

// src/compare/compare.js
function createCompare({ model, link, wish }) {
  const player = new Player(model);
  const choices = SLOTS.map(
    (_, place) => createChoice(place, {
      chosen: () => seek(),
      replay: (key) => wish({ type: "replay", key })
    })
  );
  const { node, show: show2, tell } = createFrame(
    choices.map((choice) => choice.node),
    player.node
  );
  let offered = "";
  let sought = [];
  let soughtAt = 0;
  let refreshed = "";
  const keys = () => chosenKeys(choices.map((choice) => choice.value()));
  const seek = () => {
    sought = keys();
    soughtAt = performance.now();
    show2(sought.length > 0);
    if (sought.length) link.send({ type: "compare", keys: sought });
  };
  const offer2 = ({ version, runs }) => {
    const first = !offered;
    offered = version;
    for (const choice of choices) choice.offer(runs);
    if (first) {
      const recorded = recordedKeys(runs);
      for (const [place, choice] of choices.entries()) choice.choose(recorded[place] ?? "");
    }
    if (first || !sameKeys(keys(), sought)) seek();
  };
  return {
    node,
    keys,
    /** @param {State} state */
    update(state) {
      const { offered: list, run } = link.known;
      if (list && list.version !== offered) offer2(list);
      const waited = performance.now() - soughtAt;
      if (!isOutOfDate({ keys: keys(), run, state, refreshed, waited })) return;
      refreshed = progressOf(state);
      seek();
    },
    /** @param {CompareMessage} message */
    async hear(message2) {
      if (!sameKeys(message2.keys, sought)) return;
      tell(message2);
      if (message2.bundle.runs) await player.show(message2.bundle);
    },
    theme: () => player.theme(),
    remove: () => player.remove()
  };
}
function createFrame(choices, player) {
  const note = h("p", { class: "dann-status", role: "status", "data-show": "compare-note" });
  const empty = h("p", { class: "dann-hint" }, NOTHING_CHOSEN);
  const box = h("div", { hidden: true }, player);
  return {
    node: h(
      "section",
      { class: "dann-card dann-compare", "aria-label": COMPARE },
      h("h3", {}, COMPARE),
      h("div", { class: "dann-knobs" }, ...choices),
      note,
      empty,
      box
    ),
    /**
     * While runs are awaited the last ones stay.
     * @param {boolean} some whether any are awaited
     */
    show(some) {
      empty.hidden = some;
      if (!some) box.hidden = true;
      note.textContent = some ? ON_THE_WAY : "";
    },
    /** @param {CompareMessage} message */
    tell({ problem }) {
      note.textContent = problem;
      if (!problem) box.hidden = false;
    }
  };
}

// src/shared/button.js
var button = (action, { label, title }, act2) => h("button", { type: "button", "data-action": action, title, onclick: () => act2() }, label);

// src/dashboard/moments.js
var FRAMES = 60;
var momentAt = (at, latest) => at === null || at >= latest ? null : at;
var nextFrame = (at, latest) => (at ?? 0) + Math.max(1, Math.ceil(latest / FRAMES));

// src/dashboard/tree.js
function treeOf(runs) {
  const nodes = new Map(
    runs.map((run) => [
      run.number,
      /** @type {Node} */
      { run, branches: [] }
    ])
  );
  const roots = [];
  for (const node of nodes.values()) {
    const parent = node.run.parent === null ? void 0 : nodes.get(node.run.parent);
    (parent?.branches ?? roots).push(node);
  }
  return roots;
}
var hasBranches = (runs) => runs.some(({ parent }) => parent !== null);
var lookOfTree = (runs) => JSON.stringify(runs);

// src/dashboard/branches.js
var MORE2 = 400;
function createBranches(page) {
  const { link, wish } = page;
  const tree = h("ul", { class: "dann-tree", "aria-label": TREE });
  const drawn = ({ run, branches }) => h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        "data-run": run.number,
        ...run.shown && { "aria-current": "true" },
        onclick: () => wish({ type: "show", key: run.key })
      },
      inTree(run)
    ),
    branches.length ? h("ul", {}, ...branches.map(drawn)) : null
  );
  const more = createMore(page);
  const summary = h("summary", {});
  const acts = h("ol", { class: "dann-acts" });
  const repeat = button("rerun", REPEAT, () => {
    wish({ type: "rerun", key: `run ${link.known.run}` });
  });
  const journal2 = h("details", { "data-show": "journal" }, summary, acts, repeat);
  const node = h(
    "div",
    { class: "dann-branches", role: "group", "aria-label": BRANCHES },
    more,
    tree,
    journal2
  );
  let shown = "";
  return {
    node,
    /** @param {State} state */
    update(state) {
      const look = lookOfTree(state.tree);
      tree.hidden = !hasBranches(state.tree);
      if (look !== shown && !tree.contains(document.activeElement)) {
        shown = look;
        tree.replaceChildren(...treeOf(state.tree).map(drawn));
      }
      more.hidden = state.state !== "finished";
      repeat.disabled = !state.step;
    },
    /** @param {Act[]} done */
    tell(done) {
      summary.textContent = journal(done.length);
      const look = ({ step }) => link.look(momentAt(step, latestStep(link.known)));
      acts.replaceChildren(
        ...done.map(
          (act2) => h("li", {}, h("button", { type: "button", onclick: () => look(act2) }, act(act2)))
        )
      );
    }
  };
}
function createMore({ wish, say }) {
  const field = { label: MORE_STEPS, min: 1, max: MOST_STEPS };
  const attributes = { value: MORE2, "aria-label": MORE_STEPS, "data-more": "steps" };
  const { input, read } = numberInput(field, attributes, say);
  const goOn = button("more", GO_ON, () => {
    const steps = read();
    if (steps !== null) wish({ type: "more", steps });
  });
  return h("div", { class: "dann-row dann-more", hidden: true }, input, goOn);
}

// src/shared/pixels.js
var SIDE = 28;
function withAlpha(pixels) {
  const count2 = pixels.length / 3;
  const made = new Uint8ClampedArray(4 * count2);
  for (let p = 0; p < count2; p += 1) {
    made.set(pixels.subarray(3 * p, 3 * p + 3), 4 * p);
    made[4 * p + 3] = 255;
  }
  return made;
}
function pictureAt(pixels, index, { width, height }) {
  const values2 = 3 * width * height;
  return pixels.subarray(values2 * index, values2 * (index + 1));
}
function paintPixels(canvas, pixels) {
  const image = new ImageData(withAlpha(pixels), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

// src/dashboard/digits.js
var DOMAINS3 = ["source", "target"];
function createDigits({ link }) {
  const caption = h("figcaption", { "data-caption": "digits" });
  const heading2 = h("h3", {});
  const rows = DOMAINS3.map((domain) => h("ul", { class: "dann-digits", "data-digits": domain }));
  const call = (names) => {
    heading2.textContent = digits(names);
    for (const [row, domain] of DOMAINS3.entries()) {
      rows[row].setAttribute("aria-label", digitsOf(names, domain));
      rows[row].classList.toggle("dann-named", names.length > 0);
    }
  };
  call([]);
  const node = h(
    "figure",
    { class: "dann-wide" },
    heading2,
    ...DOMAINS3.flatMap((domain, row) => [
      h("p", { class: "dann-domain" }, DOMAIN_OF_DIGITS[domain]),
      rows[row]
    ]),
    caption
  );
  let items = [];
  let shown = null;
  return {
    node,
    draw() {
      const { digits: digits2 } = link.known;
      if (!digits2) return;
      call(digits2.names);
      items = digits2.labels.map((_, index) => createDigit(digits2, index));
      rows[0].replaceChildren(...items.slice(0, digits2.source));
      rows[1].replaceChildren(...items.slice(digits2.source));
      shown = null;
    },
    /** @param {State} state */
    update({ predictions, confidence, digits: text }) {
      const { digits: digits2 } = link.known;
      const look = lookOfDigits(link.known);
      if (!digits2 || !predictions || look === shown) return;
      shown = look;
      for (const [i, item] of items.entries()) {
        captionDigit(item, digits2.names, digits2.labels[i], predictions[i], confidence?.[i]);
      }
      caption.textContent = text ?? "";
    }
  };
}
function createDigit(digits2, index) {
  const words = h("span", {});
  if (!digits2.height) return h("li", {}, words);
  const paint2 = (canvas) => paintPixels(canvas, pictureAt(digits2.pixels, index, digits2));
  return h("li", {}, createCanvas(digits2, paint2), words);
}

// src/drawing/ink.js
var BOX = 20;
var INK = 255;
var RADIUS = 1.7;
var ROOM2 = (SIDE - BOX) / 2;
function inkOf(strokes) {
  if (!strokes.length) return new Uint8Array(SIDE * SIDE);
  const sized = placed(strokes, sizing(strokes));
  const [x, y] = centreOfMass(painted(sized));
  const shift = [x, y].map((at) => Math.min(ROOM2, Math.max(-ROOM2, SIDE / 2 - at)));
  return painted(placed(sized, { scale: 1, across: shift[0], down: shift[1] }));
}
function sizing(strokes) {
  const [across, down] = [0, 1].map((axis) => {
    const values2 = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    const [least, most] = [Math.min(...values2), Math.max(...values2)];
    return { size: most - least, middle: (least + most) / 2 };
  });
  const size = Math.max(across.size, down.size);
  const scale = size ? (BOX - 2 * RADIUS) / size : 1;
  const half = SIDE / 2;
  return { scale, across: half - scale * across.middle, down: half - scale * down.middle };
}
var placed = (strokes, { scale, across, down }) => strokes.map((stroke) => stroke.map(([x, y]) => [scale * x + across, scale * y + down]));
function painted(strokes) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (const stroke of strokes) {
    for (const [i, end] of stroke.entries()) paintLine(pixels, stroke[Math.max(0, i - 1)], end);
  }
  return pixels;
}
function paintLine(pixels, from, to) {
  const [left, right] = reach(from[0], to[0]);
  const [top, bottom] = reach(from[1], to[1]);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (distance([column + 0.5, row + 0.5], from, to) <= RADIUS)
        pixels[SIDE * row + column] = INK;
    }
  }
}
var reach = (from, to) => [
  Math.max(0, Math.floor(Math.min(from, to) - RADIUS)),
  Math.min(SIDE - 1, Math.ceil(Math.max(from, to) + RADIUS))
];
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [across, down] = [toX - fromX, toY - fromY];
  const length = across ** 2 + down ** 2;
  const along = length ? ((x - fromX) * across + (y - fromY) * down) / length : 0;
  const part2 = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part2 * across, y - fromY - part2 * down);
}
function centreOfMass(pixels) {
  let [x, y, count2] = [0, 0, 0];
  for (const [index, value] of pixels.entries()) {
    if (!value) continue;
    x += index % SIDE + 0.5;
    y += Math.floor(index / SIDE) + 0.5;
    count2 += 1;
  }
  return count2 ? [x / count2, y / count2] : [SIDE / 2, SIDE / 2];
}

// src/drawing/strokes.js
var EMPTY = { strokes: [], pen: { column: SIDE / 2, row: SIDE / 2, down: false } };
var LEAST = 0.3;
var WAYS = /* @__PURE__ */ new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]]
]);
var onSheet = (value) => Math.min(SIDE, Math.max(0, value));
var lifted = ({ strokes, pen }) => ({ strokes, pen: { ...pen, down: false } });
function begun2(sheet, [across, down]) {
  const { strokes, pen } = lifted(sheet);
  return { strokes: [...strokes, [[onSheet(across), onSheet(down)]]], pen };
}
function drawnTo(sheet, [across, down]) {
  const last = sheet.strokes[sheet.strokes.length - 1];
  if (!last) return sheet;
  const [x, y] = [onSheet(across), onSheet(down)];
  const [fromX, fromY] = last[last.length - 1];
  if (Math.hypot(x - fromX, y - fromY) < LEAST) return sheet;
  return { ...sheet, strokes: [...sheet.strokes.slice(0, -1), [...last, [x, y]]] };
}
var undone = (sheet) => ({ ...lifted(sheet), strokes: sheet.strokes.slice(0, -1) });
var cleared = (sheet) => ({ ...lifted(sheet), strokes: [] });
function afterKey(sheet, key) {
  if (key === " ") return toggled(sheet);
  if (key === "Delete") return cleared(sheet);
  const way = WAYS.get(key);
  return way ? moved(sheet, way) : null;
}
var middle2 = ({ column, row }) => [column + 0.5, row + 0.5];
function toggled(sheet) {
  if (sheet.pen.down) return lifted(sheet);
  return { ...begun2(sheet, middle2(sheet.pen)), pen: { ...sheet.pen, down: true } };
}
function moved(sheet, [across, down]) {
  const { column, row, down: draws } = sheet.pen;
  const last = SIDE - 1;
  const pen = {
    column: Math.min(last, Math.max(0, column + across)),
    row: Math.min(last, Math.max(0, row + down)),
    down: draws
  };
  return draws ? drawnTo({ ...sheet, pen }, middle2(pen)) : { ...sheet, pen };
}

// src/drawing/sheet.js
var CELL = 12;
var WIDTH = SIDE * CELL;
var GROUND = "#000000";
var LINE = "#ffffff";
var PEN = { up: "#7cc4f2", down: "#ffb000" };
function createSheet({ sheet, change, pen, help }) {
  let pointer = null;
  const node = h("canvas", {
    width: WIDTH,
    height: WIDTH,
    class: "dann-paper",
    tabindex: 0,
    role: "application",
    "aria-label": SHEET,
    "aria-describedby": help,
    "data-draw": "sheet",
    /** @param {KeyboardEvent} event */
    onkeydown: (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = afterKey(sheet(), event.key);
      if (!next) return;
      event.preventDefault();
      change(next);
      pen.textContent = penAt(next.pen);
    },
    /** @param {PointerEvent} event */
    onpointerdown: (event) => {
      if (pointer !== null || event.button) return;
      pointer = event.pointerId;
      node.setPointerCapture(pointer);
      change(begun2(sheet(), placeOf(node, event)));
    },
    /** @param {PointerEvent} event */
    onpointermove: (event) => {
      if (event.pointerId !== pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      const points = (events.length ? events : [event]).map((one) => placeOf(node, one));
      change(points.reduce(drawnTo, sheet()));
    },
    onlostpointercapture: () => {
      pointer = null;
    },
    onfocus: () => repaint(),
    onblur: () => repaint()
  });
  let shown = null;
  const repaint = () => paint(node, sheet(), shown);
  repaint();
  return {
    node,
    /**
     * @param {Uint8Array | null} ink what stands there of a drawing that was made elsewhere
     */
    paint(ink) {
      shown = ink;
      repaint();
    }
  };
}
function placeOf(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [SIDE * (clientX - left) / width, SIDE * (clientY - top) / height];
}
function paint(canvas, { strokes, pen }, ink) {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = GROUND;
  context.fillRect(0, 0, WIDTH, WIDTH);
  context.fillStyle = context.strokeStyle = LINE;
  for (const [index, value] of ink?.entries() ?? []) {
    if (value === INK) context.fillRect(...cell(index % SIDE, Math.floor(index / SIDE)));
  }
  context.lineWidth = 2 * RADIUS * CELL;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = pen.down ? PEN.down : PEN.up;
  context.lineWidth = 3;
  context.strokeRect(...cell(pen.column, pen.row));
}
var cell = (column, row) => [CELL * column, CELL * row, CELL, CELL];
function paintStroke(context, stroke) {
  context.beginPath();
  context.moveTo(CELL * stroke[0][0], CELL * stroke[0][1]);
  for (const [x, y] of stroke) context.lineTo(CELL * x, CELL * y);
  context.stroke();
}

// src/drawing/desk.js
function createDesk(changed) {
  let sheet = EMPTY;
  let adopted = null;
  const isEmpty = () => !sheet.strokes.length && !adopted;
  const change = (next) => {
    const same = next.strokes === sheet.strokes;
    sheet = next;
    if (!same) adopted = null;
    show2();
    if (!same) changed();
  };
  const show2 = () => {
    paper.paint(adopted);
    undo.disabled = !sheet.strokes.length;
    clear.disabled = isEmpty();
  };
  const id = uniqueName();
  const help = h("p", { class: "dann-hint", id }, `${DRAW_BY} ${DRAW_SIZED}`);
  const pen = h("output", { class: "dann-applied", "aria-live": "polite", "data-draw": "pen" });
  const paper = createSheet({ sheet: () => sheet, change, pen, help: id });
  const takeBack = (less) => {
    change(less);
    if (!less.strokes.length) paper.node.focus({ preventScroll: true });
  };
  const undo = button("undo-stroke", UNDO_STROKE, () => takeBack(undone(sheet)));
  const clear = button("clear", CLEAR, () => takeBack(cleared(sheet)));
  show2();
  return {
    node: h(
      "div",
      { class: "dann-draws" },
      paper.node,
      h("div", { class: "dann-buttons" }, undo, clear, pen)
    ),
    help,
    isEmpty,
    /** What stands on the sheet, as one of MNIST's digits. */
    ink: () => adopted ?? inkOf(sheet.strokes),
    /** @param {readonly Stroke[]} strokes that take the place of what stands there */
    draw: (strokes) => change({ ...cleared(sheet), strokes }),
    /**
     * Show a digit that was drawn elsewhere.
     * @param {Uint8Array | null} ink null for none
     */
    adopt(ink) {
      sheet = EMPTY;
      adopted = ink;
      show2();
    }
  };
}

// src/dashboard/notices.js
var LIVE_SENTENCE = 5e3;
var NO_NOTICES = { said: "", heard: "", problem: "" };
var afterSaying = (notices, said) => ({ ...notices, said });
function afterHearing(notices, { notice, problem }) {
  const news = notice !== notices.heard || problem && problem !== notices.problem;
  return { said: news ? "" : notices.said, heard: notice, problem };
}
var noticeText = ({ said, heard }) => said || heard;
var NOTHING_SPOKEN = { time: 0, state: null };
var maySpeak = (spoken, { state, past, time }) => state !== spoken.state || past || time - spoken.time > LIVE_SENTENCE;

// src/dashboard/readings.js
var SIZE2 = { width: SIDE, height: SIDE };
function picturesOf2({ pixels }) {
  const found = bytes(pixels);
  return found.length ? [0, 1].map((look) => pictureAt(found, look, SIZE2)) : [];
}
var inkIn = (picture) => picture.filter((_, index) => index % 3 === 0);
function compared({ keys, offered, readings }) {
  const runs = keys.flatMap((key) => offered.filter((run) => run.key === key));
  const others = runs.filter(({ key }) => key !== `run ${readings[0]?.run}`);
  const answers = others.filter(({ kind }) => kind === "own").map(({ key, title }) => ({
    title,
    reading: readings.find(({ run }) => key === `run ${run}`) ?? null
  }));
  const silent = others.filter(({ kind }) => kind !== "own").map(({ title }) => title);
  return { answers, silent };
}
var NEW_DRAWING = 1e3;
var NOTHING_READ = { pixels: "", state: null, time: 0 };
var mayRead = (read, now) => now.pixels !== read.pixels && now.time - read.time > NEW_DRAWING || maySpeak(read, { ...now, past: false });

// src/dashboard/draw.js
var BETWEEN = 200;
function createDraw({ link, wish, choices }, keys) {
  const desk = createTeller({
    draws: link.announce.bind(link),
    tell: (ink, pattern) => wish({ type: "draw", ink, pattern })
  });
  const answers = createAnswers(desk.other);
  const empty = h("p", { class: "dann-hint", "data-draw": "empty" });
  const node = h(
    "figure",
    { class: "dann-wide dann-draw", "data-draw": "card" },
    h("h3", {}, DRAW),
    desk.help,
    h("div", { class: "dann-desk" }, desk.node, h("div", {}, empty, answers.node))
  );
  return {
    node,
    /** @param {StateMessage} message */
    update(message2) {
      const { drawn, offered } = link.known;
      const clothes = choices.clothes[message2.state.settings.pair];
      desk.node.hidden = desk.help.hidden = !clothes;
      if (message2.drawn && drawn && link.knowsAll(message2)) desk.adopt(drawn);
      const there = clothes && drawn?.pixels ? drawn : null;
      empty.textContent = drawn?.problem || drawnNothing(clothes);
      empty.hidden = there !== null;
      answers.node.hidden = there === null;
      if (!there) {
        answers.forget();
        return;
      }
      const looks = choices.clothes[there.pair];
      const others = compared({
        keys: keys(),
        offered: offered?.runs ?? [],
        readings: there.readings
      });
      answers.show(there, looks, others, message2.state);
    },
    remove: desk.remove
  };
}
function createTeller({ draws, tell }) {
  let told = "";
  let pattern = 0;
  let timer;
  const show2 = () => {
    other.disabled = desk.isEmpty();
  };
  const tellLater = () => {
    show2();
    draws();
    timer ??= setTimeout(() => {
      timer = void 0;
      told = base64(desk.ink());
      tell(told, pattern);
    }, BETWEEN);
  };
  const desk = createDesk(tellLater);
  const other = button("other", OTHER_GROUND, () => {
    pattern += 1;
    tellLater();
  });
  show2();
  return {
    node: desk.node,
    help: desk.help,
    other,
    /** @param {KnownDrawn} drawn */
    adopt(drawn) {
      const [picture] = picturesOf2(drawn);
      const ink = picture ? inkIn(picture) : new Uint8Array(SIDE * SIDE);
      const nothing2 = base64(new Uint8Array(SIDE * SIDE));
      if (drawn.problem || timer || base64(ink) === (told || nothing2)) return;
      told = base64(ink);
      desk.adopt(picture ? ink : null);
      show2();
    },
    remove: () => clearTimeout(timer)
  };
}
function createAnswers(other) {
  const shots = [0, 1].map(() => {
    const name = h("span", { class: "dann-domain" });
    const canvas = createCanvas({ width: SIDE, height: SIDE }, () => {
    });
    const says = h("b", {});
    return { name, canvas, says, node: h("li", {}, name, canvas, says) };
  });
  const sentence = h("p", { "aria-live": "polite", "data-draw": "sentence" });
  const table = h("div", { class: "dann-readers" });
  const silent = h("p", { class: "dann-hint", "data-draw": "silent" });
  let spoken = NOTHING_READ;
  let shown = "";
  const showPictures = (drawn, clothes) => {
    for (const [i, picture] of picturesOf2(drawn).entries()) {
      paintPixels(shots[i].canvas, picture);
      shots[i].name.textContent = headOf(i ? clothes : AS_DRAWN);
      shots[i].says.textContent = answer(drawn.readings[0], i);
    }
  };
  return {
    node: h(
      "div",
      { class: "dann-read" },
      h("ul", { class: "dann-shots", "data-draw": "shots" }, ...shots.map(({ node }) => node)),
      h("div", { class: "dann-buttons" }, other),
      sentence,
      table,
      silent
    ),
    /** What was read of a digit that is gone. */
    forget() {
      spoken = NOTHING_READ;
      sentence.textContent = "";
    },
    /**
     * @param {KnownDrawn} drawn
     * @param {string} clothes
     * @param {ReturnType<typeof compared>} others
     * @param {State} state
     */
    show(drawn, clothes, others, { state }) {
      const now = { pixels: drawn.pixels, state, time: performance.now() };
      if (mayRead(spoken, now)) {
        spoken = now;
        const text = readSentence(drawn.readings[0], clothes);
        if (sentence.textContent !== text) sentence.textContent = text;
      }
      const look = JSON.stringify([drawn.version, others]);
      if (look === shown) return;
      shown = look;
      showPictures(drawn, clothes);
      table.replaceChildren(...others.answers.length ? [tableOf2(others.answers, clothes)] : []);
      silent.textContent = noWeights(others.silent);
    }
  };
}
function tableOf2(answers, clothes) {
  const heads = [READER, headOf(AS_DRAWN), headOf(clothes)];
  return h(
    "table",
    { "aria-label": READERS },
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h(
      "tbody",
      {},
      ...answers.map(({ title, reading }) => {
        const cells = [0, 1].map(
          (i) => h("td", {}, reading ? answer(reading, i) : READS_NO_DIGITS)
        );
        return h("tr", {}, h("th", { scope: "row" }, title), ...cells);
      })
    )
  );
}

// src/shared/drag.js
var BETWEEN2 = 33;
function createDrag(pull) {
  let untold = null;
  let resting = false;
  const tellNow = () => {
    const tell = untold;
    untold = null;
    resting = tell !== null;
    if (!tell) return;
    setTimeout(tellNow, BETWEEN2);
    tell();
  };
  return (tell) => {
    pull.announce();
    untold = tell;
    if (!resting) tellNow();
  };
}

// src/shared/lambda.js
var STEPS2 = 200;
var within3 = ([low, high]) => ({
  step: (high - low) / STEPS2,
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
    const { step, middle: middle3 } = within3([low, high]);
    if (slider.max === String(high)) return;
    Object.assign(slider, { min: low, max: high, step, value: middle3 });
    ends.replaceChildren(...[low, middle3, high].map((end) => h("span", {}, written(end))));
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

// src/dashboard/lambda.js
var MARKS = {
  paper: { value: "paper", "data-lambda": "paper" },
  hand: { value: "hand", "data-lambda": "hand" },
  slider: { "data-lambda": "slider" },
  echo: { "data-lambda": "echo" }
};
function createLambda({ link, wish, choices }) {
  const drag = createDrag(link);
  const tell = () => drag(() => {
    if (knob.isByHand()) wish({ type: "lambda", value: knob.value() });
  });
  const knob = createLambdaKnob({
    range: choices.lambda.dann,
    marks: MARKS,
    toPaper: () => wish({ type: "lambda", value: null }),
    toHand: tell,
    dragged: tell
  });
  const applied = h("span", { class: "dann-applied", "data-show": "applied" });
  knob.node.append(applied);
  return {
    node: knob.node,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update(state, knowsAll) {
      if (knowsAll) knob.show(state.settings.lambda, choices.lambda[state.settings.method]);
      knob.enable(adapts(state));
      applied.textContent = appliedLambda(state);
    }
  };
}

// src/dashboard/parts.js
var FEW = 3;
var partsShown = (wanted, names) => ({
  shown: names.filter((name) => wanted.includes(name)),
  wide: wanted.length < FEW
});
var isBranched = (wanted) => !wanted.length || wanted.includes("branches");
var isCompared = (wanted) => !wanted.length || wanted.includes("compare");

// src/dashboard/layout.js
var WIDE = 860;
function layOut(root, parts, wanted) {
  const { messages, training, lambda, settings, share, save } = parts;
  const { accuracies, ...others } = parts.pictures.nodes;
  const plots = h(
    "div",
    { class: "dann-plots" },
    ...[accuracies, parts.map.node, ...Object.values(others), parts.digits.node, parts.draw.node]
  );
  const controls = h(
    "section",
    { class: "dann-card dann-controls", "aria-label": TRAINING_REGION },
    ...training.nodes,
    lambda.node
  );
  const setup = h(
    "section",
    { class: "dann-card dann-setup", "aria-label": SETTINGS_REGION },
    settings.node,
    share.node,
    save.node,
    training.device
  );
  const side = h("div", { class: "dann-rail" }, controls);
  const view = h(
    "section",
    { class: "dann-view", "aria-label": VIEW_REGION },
    parts.network.node,
    messages.sentence,
    parts.timeline.node,
    parts.branches.node,
    plots,
    parts.comparison.node
  );
  const columns = h("div", { class: "dann-columns dann-page" }, side, view, setup);
  root.classList.toggle("dann-alone", standsAlone());
  root.append(...messages.nodes, columns);
  showOnly(wanted, [accuracies, parts.map.node, ...Object.values(others)], {
    network: parts.network.node,
    map: parts.map.node,
    digits: parts.digits.node,
    draw: parts.draw.node,
    branches: parts.branches.node,
    compare: parts.comparison.node,
    settings: setup,
    ...parts.pictures.nodes
  });
  return {
    placeComparison: placing(parts.comparison.node, plots),
    stopPlacing: besideOrBelow(root, { side, view, setup })
  };
}
function besideOrBelow(root, { side, view, setup }) {
  const place = new ResizeObserver(() => {
    const beside = root.clientWidth >= WIDE;
    if (beside === side.contains(setup) || setup.contains(document.activeElement)) return;
    if (beside) side.append(setup);
    else view.after(setup);
  });
  place.observe(root);
  return () => place.disconnect();
}
function showOnly(wanted, pictures, nodes) {
  if (!wanted.length) return;
  const { shown, wide: wide2 } = partsShown(wanted, Object.keys(nodes));
  for (const [name, node] of Object.entries(nodes)) node.hidden = !shown.includes(name);
  for (const node of pictures) node.classList.toggle("dann-wide", wide2);
}
function placing(comparison, plots) {
  let first = false;
  return (untrained) => {
    if (untrained === first || comparison.contains(document.activeElement)) return;
    first = untrained;
    if (first) plots.before(comparison);
    else plots.after(comparison);
  };
}

// src/dashboard/livemap.js
function createLiveMap({ model, link, choices, wish }) {
  const pictures = () => {
    const { images } = link.known;
    return images?.points && images.paint;
  };
  const map = new FeatureMap({ model, title: MAP, pictures });
  const choice = h(
    "select",
    {
      "data-choice": "map",
      "aria-label": KIND_OF_MAP,
      onchange: () => wish({ type: "map", method: choice.value })
    },
    ...options(choices.map)
  );
  const node = h(
    "figure",
    { class: "dann-beside" },
    h("div", { class: "dann-named" }, h("h3", {}, MAP), choice),
    map.node
  );
  let shown;
  return {
    node,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update({ map: { method, note } }, knowsAll) {
      if (knowsAll) choice.value = method;
      const drawn = mapToShow(link.known);
      map.caption.textContent = mapCaption({ method, note }, drawn?.caption);
    },
    /** Draws it, if it looks different now. */
    draw() {
      const look = lookOfMap(link.known);
      if (look === shown) return null;
      shown = look;
      const drawn = mapToShow(link.known);
      const { images } = link.known;
      if (!drawn) return map.draw(null);
      if (!images?.points) return map.draw(drawn.figure, null);
      const { figure, predictions, confidence } = drawn;
      return map.draw(figure, { ...images.points, predictions, confidence });
    },
    remove: () => map.remove()
  };
}

// src/dashboard/messages.js
var message = (name, attributes) => h("p", { ...attributes, hidden: true, "data-show": name });
function createMessages() {
  const bad = { class: "dann-message dann-bad", role: "alert" };
  const lost = message("lost", bad);
  const problem = message("problem", bad);
  const notice = message("notice", { class: "dann-message", role: "status" });
  const sentence = h(
    "p",
    { class: "dann-sentence", "aria-live": "polite", "data-show": "sentence" },
    WAITING_FOR_PYTHON
  );
  let notices = NO_NOTICES;
  let spoken = NOTHING_SPOKEN;
  const showNotice = () => {
    notice.textContent = noticeText(notices);
    notice.hidden = !notice.textContent;
  };
  return {
    nodes: [lost, problem, notice],
    sentence,
    /**
     * The page's own word.
     * @param {string} text
     */
    say(text) {
      notices = afterSaying(notices, text);
      showNotice();
    },
    /** The reader does something else. What was said goes with the next answer. */
    forget() {
      notices = afterSaying(notices, "");
    },
    /**
     * @param {State} state
     * @param {boolean} past whether an earlier moment is looked at
     */
    update(state, past) {
      problem.textContent = state.problem;
      problem.hidden = !state.problem;
      notices = afterHearing(notices, state);
      showNotice();
      const now = { state: state.state, past, time: performance.now() };
      if (!maySpeak(spoken, now)) return;
      spoken = now;
      if (sentence.textContent !== state.sentence) sentence.textContent = state.sentence;
    },
    /** @param {number} silence */
    connection(silence) {
      if (!silence && lost.hidden) return;
      lost.hidden = !silence;
      if (silence) lost.textContent = lostPython(silence);
    }
  };
}

// src/dashboard/diagram.js
var STACKED = 640;
var WIDEST = 18;
var APART = 8;
var HEAD = 11;
var layoutFor = (width) => width < STACKED ? stacked(Math.max(width, 250)) : wide(width);
function wide(width) {
  const scale = Math.min(1.3, width / 640);
  const [extractor, reversal, head, loss, short] = [114, 116, 124, 92, 26].map((x) => x * scale);
  const gap = (width - extractor - reversal - head - short - loss) / 2;
  const [top, bottom, height, total] = [1, 70, 40, 128];
  const lefts = {
    reversal: extractor + gap,
    head: extractor + gap + reversal + gap,
    loss: width - loss
  };
  const boxes2 = {
    extractor: { x: 1, y: top, width: extractor - 1, height: bottom + height - top },
    predictor: { x: lefts.head, y: top, width: head, height },
    labelLoss: { x: lefts.loss, y: top, width: loss - 1, height },
    reversal: { x: lefts.reversal, y: bottom, width: reversal, height },
    classifier: { x: lefts.head, y: bottom, width: head, height },
    domainLoss: { x: lefts.loss, y: bottom, width: loss - 1, height }
  };
  const pair = (left, right, y) => {
    const [a, b] = [left.x + left.width + 2, right.x - 2];
    return [
      { from: [a, y - APART], to: [b, y - APART] },
      { from: [b, y + APART], to: [a, y + APART] }
    ];
  };
  const [upper, lower] = [top + height / 2, bottom + height / 2];
  const { arrows, below } = paired(boxes2, pair, [upper, lower]);
  return {
    ...{ width, height: total, boxes: boxes2, arrows },
    norms: {
      label: { at: [below(arrows.label)[0], upper + 34], anchor: "middle" },
      domain: { at: [below(arrows.domain)[0], lower + 34], anchor: "middle" },
      push: { at: [below(arrows.push)[0], lower + 34], anchor: "middle" }
    }
  };
}
function paired(boxes2, pair, [labels, domains]) {
  const { extractor, predictor, labelLoss, reversal, classifier, domainLoss } = boxes2;
  const [toPredictor, label] = pair(extractor, predictor, labels);
  const [toLabelLoss, fromLabelLoss] = pair(predictor, labelLoss, labels);
  const [toReversal, push] = pair(extractor, reversal, domains);
  const [toClassifier, domain] = pair(reversal, classifier, domains);
  const [toDomainLoss, fromDomainLoss] = pair(classifier, domainLoss, domains);
  const forward = { toPredictor, toLabelLoss, toReversal, toClassifier, toDomainLoss };
  const below = ({ from, to }) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return { arrows: { ...forward, fromLabelLoss, label, fromDomainLoss, domain, push }, below };
}
function stacked(width) {
  const [height, gap, short] = [36, 40, 24];
  const half = width / 2;
  const rows = [1, 1 + height + gap, 1 + 2 * (height + gap)];
  const lowest = rows[2] + height + short;
  const box = (x, y) => ({ x, y, width: half - 6, height });
  const [left, right] = [1, half + 5];
  const boxes2 = {
    extractor: { x: 1, y: rows[0], width: width - 2, height },
    predictor: box(left, rows[2]),
    labelLoss: box(left, lowest),
    reversal: box(right, rows[1]),
    classifier: box(right, rows[2]),
    domainLoss: box(right, lowest)
  };
  const pair = (above, under, x) => {
    const [a, b] = [above.y + above.height + 2, under.y - 2];
    return [
      { from: [x - APART, a], to: [x - APART, b] },
      { from: [x + APART + 4, b], to: [x + APART + 4, a] }
    ];
  };
  const { arrows, below } = paired(boxes2, pair, [left + 24, right + 24]);
  const beside = (arrow) => ({
    at: [arrow.from[0] + WIDEST / 2 + 8, below(arrow)[1] + 4],
    anchor: "start"
  });
  return {
    ...{ width, height: lowest + height + 1, boxes: boxes2, arrows },
    norms: {
      label: beside(arrows.label),
      domain: beside(arrows.domain),
      push: beside(arrows.push)
    }
  };
}
function arrowPaths({ from, to }) {
  const { along, across } = directions({ from, to });
  const neck = moved2(to, along, -HEAD);
  const corners = [to, moved2(neck, across, HEAD / 2 - 1), moved2(neck, across, 1 - HEAD / 2)];
  return { line: `M${from}L${neck}`, head: `M${corners.join("L")}Z` };
}
function broadPath({ from, to }, width) {
  const { along, across } = directions({ from, to });
  const [half, wing] = [width / 2, width / 2 + 4];
  const neck = moved2(to, along, -HEAD - width / 4);
  const corners = [
    moved2(from, across, half),
    moved2(neck, across, half),
    moved2(neck, across, wing),
    to,
    moved2(neck, across, -wing),
    moved2(neck, across, -half),
    moved2(from, across, -half)
  ];
  return `M${corners.join("L")}Z`;
}
function directions({ from, to }) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(x, y);
  return { along: [x / length, y / length], across: [-y / length, x / length] };
}
var moved2 = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];
var widthOf = (applied = 0, greatest) => WIDEST * Math.min(1, Math.max(0, applied) / greatest);
function shownIn(state, greatest) {
  const { network, settings, applied } = state;
  const { side } = network;
  const there = side !== "none";
  const known = applied !== void 0 && adapts(state);
  const factor = known ? lambdaWritten(applied) : null;
  return {
    side,
    boxes: boxes(side, settings, network, factor),
    norms: {
      label: norm("gradient", network.label_gradient),
      domain: there ? norm("gradient", network.domain_gradient_before) : "",
      push: there ? norm(PUSHES[side], network.domain_gradient_after) : ""
    },
    width: there ? widthOf(applied, greatest) : 0,
    sentence: networkSentence(state, factor)
  };
}
var PUSHES = { classifier: "reversed", distance: "times" };

// src/dashboard/network.js
function createNetwork({ choices }) {
  const caption = h("figcaption", { id: `network-${uniqueName()}`, "data-caption": "network" });
  const picture = svg("svg", {
    role: "img",
    "aria-label": NETWORK,
    "aria-describedby": caption.id,
    "data-show": "network"
  });
  const keys = Object.entries(NETWORK_KEYS).map(
    ([kind, text]) => h("span", { class: `dann-key dann-net-${kind}` }, text)
  );
  const heading2 = h("div", { class: "dann-net-keys" }, h("h3", {}, NETWORK), ...keys);
  const node = h("figure", { class: "dann-network" }, heading2, picture, caption);
  let shown = null;
  let layout = null;
  let write = () => {
  };
  const show2 = () => {
    if (!shown || !layout) return;
    node.dataset.side = shown.side;
    write(shown);
    setText(caption, shown.sentence);
  };
  const resize = new ResizeObserver(() => {
    const width = Math.floor(picture.clientWidth);
    if (!width || layout?.width === width) return;
    layout = layoutFor(width);
    write = draw(picture, layout);
    show2();
  });
  resize.observe(picture);
  return {
    node,
    /** @param {State} state */
    update(state) {
      shown = shownIn(state, choices.lambda[state.settings.method][1]);
      show2();
    },
    remove: () => resize.disconnect()
  };
}
function draw(picture, layout) {
  const { width, height, boxes: boxes2, arrows, norms } = layout;
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("height", String(height));
  const { push, ...thin } = arrows;
  const broad = svg("path", { class: "dann-net-push", "data-net": "lambda" });
  const lines = Object.entries(thin).map(([name, arrow]) => {
    const { line, head } = arrowPaths(arrow);
    const kind = name.startsWith("to") ? "forward" : "back";
    const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
    return svg(
      "g",
      { class: `dann-net-${kind} dann-net-${side}` },
      svg("path", { d: line, class: "dann-net-line" }),
      svg("path", { d: head })
    );
  });
  const names = (
    /** @type {BoxName[]} */
    Object.keys(boxes2)
  );
  const drawn = names.map((name) => createBox(name, layout));
  const texts = Object.entries(norms).map(([name, { at, anchor }]) => {
    const place = { x: at[0], y: at[1], "text-anchor": anchor };
    const side = name === "label" ? "label" : "domain";
    return {
      name: (
        /** @type {keyof typeof norms} */
        name
      ),
      node: svg("text", { ...place, class: `dann-net-norm dann-net-${side}`, "data-net": name })
    };
  });
  picture.replaceChildren(
    ...lines,
    broad,
    ...drawn.map((box) => box.node),
    ...texts.map(({ node }) => node)
  );
  return (shown) => {
    broad.setAttribute("d", broadPath(push, shown.width));
    broad.classList.toggle("dann-net-nothing", shown.width === 0);
    for (const box of drawn) box.write(shown.boxes[box.name]);
    for (const { name, node } of texts) setText(node, shown.norms[name]);
  };
}
function createBox(name, { boxes: boxes2 }) {
  const { x, y, width, height } = boxes2[name];
  const middle3 = { x: x + width / 2, "text-anchor": "middle" };
  const title = svg("text", { ...middle3, y: y + height / 2 - 3 });
  const below = svg("text", {
    ...middle3,
    y: y + height / 2 + 13,
    class: "dann-net-below",
    "data-net": name
  });
  const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
  const look = `dann-net-box dann-net-${side} dann-net-${name}`;
  const frame = svg("rect", { x, y, width, height, rx: name.endsWith("Loss") ? height / 2 : 6 });
  return {
    name,
    node: svg("g", { class: look }, frame, title, below),
    /** @param {[name: string, below: string]} texts */
    write([called, text]) {
      setText(title, called);
      setText(below, text);
    }
  };
}
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

// src/dashboard/pictures.js
function createPictures({ model }) {
  const pictures = new Map(
    Object.entries(PLOTS).map(([name, title]) => [name, createPicture2(model, name, title)])
  );
  return {
    /** The figures by their names. */
    nodes: Object.fromEntries([...pictures].map(([name, { node }]) => [name, node])),
    /** @param {Known} known */
    draw({ figures, captions, last }) {
      const mayWait = last !== null && isRunning(last.state);
      return Object.entries(figures).map(
        ([name, figure]) => pictures.get(name)?.show(figure, captions[name], mayWait)
      );
    },
    remove() {
      for (const picture of pictures.values()) picture.remove();
    }
  };
}
function createPicture2(model, name, title) {
  const caption = h("figcaption", { "data-caption": name });
  const plot = createTitledPlot({ model, title, caption, attributes: { "data-plot": name } });
  let waiting = null;
  let isOut = false;
  const sight = new IntersectionObserver((entries) => {
    isOut = !entries[entries.length - 1].isIntersecting;
    if (!isOut && waiting) draw2(waiting);
  });
  sight.observe(plot.box);
  const draw2 = (figure) => {
    waiting = null;
    return plot.draw(figure);
  };
  return {
    node: plot.node,
    /**
     * @param {Figure} figure
     * @param {string} text
     * @param {boolean} mayWait
     */
    show(figure, text, mayWait) {
      if (caption.textContent !== text) caption.textContent = text;
      if (!(isOut && mayWait)) return draw2(figure);
      waiting = figure;
      return null;
    },
    remove() {
      sight.disconnect();
      plot.remove();
    }
  };
}

// src/dashboard/exports.js
var LEAST_WIDTH = 560;
function exportedKeys(what, { compared: compared2, offered, latest }) {
  const recorded = recordedKeys(offered);
  const chosen = !latest || compared2.some((key) => !recorded.includes(key));
  return what === "html" && chosen ? compared2 : [];
}
var pictureName = (picture, step, format) => `dann-${picture}-step-${step}.${format}`;
var pictureLayout = (layout, ground) => ({
  ...layout,
  paper_bgcolor: ground,
  plot_bgcolor: ground,
  width: void 0,
  height: void 0
});
var pictureSize = ({ offsetWidth, offsetHeight }) => ({
  width: Math.max(LEAST_WIDTH, offsetWidth),
  height: offsetHeight,
  scale: 2
});
var sharedText = (text, address) => address === null ? text : `${address.split("#")[0]}#${text}`;

// src/dashboard/save.js
function createSave(page, compared2) {
  const { link, wish, say } = page;
  const askForFile = (what) => {
    const { known } = link;
    const now = {
      compared: compared2(),
      offered: known.offered?.runs ?? [],
      latest: latestStep(known)
    };
    say(MAKING_FILE);
    link.send({ type: "export", what, keys: exportedKeys(what, now) });
  };
  const keep = button("keep", KEEP, () => wish({ type: "keep" }));
  const html = button("html", PAGE_FILE, () => askForFile("html"));
  const csv = button("csv", TABLE_FILE, () => askForFile("csv"));
  const picture = h(
    "select",
    { "data-choice": "picture", "aria-label": PICTURE },
    ...options({ ...PLOTS, map: MAP })
  );
  const save = (format) => savePicture(page, { name: picture.value, title: picture.selectedOptions[0].text, format });
  return {
    node: h(
      "fieldset",
      { class: "dann-save" },
      h("legend", {}, SAVE),
      h("div", { class: "dann-buttons" }, keep, html, csv),
      picture,
      h(
        "div",
        { class: "dann-buttons" },
        button("png", PNG, () => save("png")),
        button("svg", SVG, () => save("svg"))
      )
    ),
    /** @param {State} state */
    update(state) {
      keep.disabled = csv.disabled = !state.step;
    }
  };
}
async function savePicture({ model, link, root, say }, { name, title, format }) {
  const box = root.querySelector(`[data-plot="${name}"]`);
  if (!box?.data || box.hidden) {
    say(NO_PICTURE);
    return;
  }
  const Plotly = await askForPlotly(model);
  const ground = getComputedStyle(root).getPropertyValue("--card").trim();
  const figure = { data: box.data, layout: pictureLayout(box.layout ?? {}, ground) };
  const url = await Plotly.toImage(figure, { format, ...pictureSize(box) });
  await saveAs(pictureName(name, shownStep(link.known), format), url);
  say(savedPicture(title, shownStep(link.known)));
}

// src/dashboard/own.js
var OWN = "own";
function panelState({ sending, state, found, stale }) {
  const looking = state?.looking ?? false;
  const busy = sending !== null || looking;
  const told = busy || stale ? null : found;
  return {
    busy,
    progress: lookProgress(sending, looking ? state : null),
    found: told && !told.problem ? told : null,
    zipProblem: told?.zip ? told.problem : "",
    pathProblem: told?.zip ? "" : told?.problem ?? ""
  };
}
function createOwn(page) {
  const { link, wish } = page;
  let state = null;
  let asked2 = 0;
  let stale = false;
  const show2 = () => {
    const { found } = link.known;
    if ((found?.version ?? 0) > asked2) stale = false;
    const now = panelState({ sending: zip.sending(), state, found, stale });
    zip.update(now.busy, now.zipProblem);
    paths.update(now.busy, now.pathProblem);
    result.update(now.found);
    for (const line of expected2) line.hidden = now.found !== null;
    if (doing.textContent !== now.progress.doing) doing.textContent = now.progress.doing;
    howFar.textContent = now.progress.howFar;
    stop.hidden = !now.busy;
  };
  const forget = () => {
    asked2 = link.known.found?.version ?? 0;
    stale = true;
    show2();
  };
  const zip = createZip(page, { begin: forget, changed: () => show2() });
  const paths = createPaths(page, forget);
  const result = createResult(page);
  const doing = h("span", { class: "dann-hint", role: "status", "data-show": "looking" });
  const howFar = h("span", { class: "dann-hint", "data-show": "how-far" });
  const stop = button("stop", STOP_LOOK, () => {
    if (zip.sending()) zip.stop();
    else wish({ type: "stop" });
  });
  stop.hidden = true;
  const expected2 = OWN_EXPECTED.map((text) => h("p", { class: "dann-hint" }, text));
  const node = h(
    "section",
    { class: "dann-own", "aria-label": OWN_REGION, hidden: true },
    ...expected2,
    zip.node,
    paths.node,
    h("div", { class: "dann-inline" }, doing, howFar, stop),
    result.node
  );
  zip.catchDrops(node);
  return {
    node,
    /** @param {State} now */
    update(now) {
      state = now;
      paths.fill(now);
      show2();
    },
    /** @param {ReceivedMessage} message */
    hear: (message2) => zip.hear(message2)
  };
}
function createZip({ link, choices }, { begin, changed }) {
  let sending = null;
  let file = null;
  let wrong = "";
  const problem = createProblem("zip-problem");
  const input = h("input", {
    ...{ type: "file", accept: ".zip,application/zip", hidden: true, "data-own": "zip" },
    onchange: () => {
      take([...input.files ?? []]);
      input.value = "";
    }
  });
  const choose = button("zip", CHOOSE_ZIP, () => input.click());
  choose.setAttribute("aria-describedby", problem.id);
  const node = h(
    "div",
    { class: "dann-drop" },
    h("div", { class: "dann-inline" }, choose, h("span", {}, dropIt(choices.zip))),
    h("p", { class: "dann-hint" }, ZIP_FORM),
    problem,
    input
  );
  function take(files) {
    const what = wrongFiles(files, choices.zip);
    wrong = what ? wrongZip(what, choices.zip) : "";
    if (!what) {
      if (sending) link.send({ type: "drop", key: sending.key });
      [file] = files;
      sending = begun(uniqueName(), files[0]);
      sendPart();
    }
    begin();
  }
  async function sendPart() {
    const part2 = sending && nextPart(sending);
    if (!sending || !part2 || !file) return;
    const { key, name, size } = sending;
    try {
      const data = await partOf(file, part2.first, part2.end);
      if (sending?.key === key) {
        link.send({ type: "part", key, name, size, first: part2.first, data });
      }
    } catch (error) {
      end(cannotRead(name, String(error)));
    }
  }
  function end(why) {
    sending = file = null;
    wrong = why;
    changed();
  }
  return {
    node,
    sending: () => sending,
    stop() {
      if (sending) link.send({ type: "drop", key: sending.key });
      end(NOT_SENT);
    },
    /** @param {ReceivedMessage} message */
    hear(message2) {
      if (sending?.key !== message2.key) return;
      sending = afterReceived(sending, message2);
      if (!sending) end(message2.problem);
      else {
        changed();
        sendPart();
      }
    },
    /**
     * @param {boolean} busy
     * @param {string} found the problem that Python has with it
     */
    update(busy, found) {
      choose.disabled = busy;
      showProblem(problem, wrong || found);
      if (busy) wrong = "";
    },
    /** @param {HTMLElement} area */
    catchDrops: (area) => catchDrops(area, node, take)
  };
}
function createPaths({ choices, link, wish }, begin) {
  if (!choices.paths) {
    const node = h("p", { class: "dann-hint", "data-show": "no-paths" }, NO_PATHS);
    return { node, fill: () => {
    }, update: () => {
    } };
  }
  const problem = createProblem("path-problem");
  const fields = {
    source: createText("source", SOURCE, problem.id),
    target: createText("target", TARGET, problem.id),
    label: createText("label", LABEL, problem.id),
    size: createText("size", SIZE, problem.id)
  };
  const { source, target, label, size } = fields;
  let wrong = "";
  const ask = () => {
    const given = {
      source: source.input.value.trim(),
      target: target.input.value.trim(),
      label: label.input.value.trim(),
      size: size.input.value.trim()
    };
    wrong = wrongPlace(given);
    begin();
    if (wrong) (given.source ? target.input : source.input).focus();
    else wish({ type: "look", ...given, size: Number(given.size) });
  };
  const look = button("look", LOOK, ask);
  for (const { input } of Object.values(fields)) {
    input.addEventListener("keydown", ({ key }) => {
      if (key === "Enter" && !look.disabled) ask();
    });
    input.addEventListener("input", () => {
      if (problem.hidden) return;
      wrong = "";
      begin();
    });
  }
  return {
    node: h(
      "div",
      { class: "dann-paths" },
      h("p", { class: "dann-hint" }, PATHS),
      source.node,
      target.node,
      problem,
      h(
        "details",
        {},
        h("summary", {}, MORE),
        h("div", { class: "dann-pair" }, label.node, size.node)
      ),
      h("div", { class: "dann-buttons" }, look)
    ),
    /** @param {State} state whose data are shown where nothing is typed */
    fill({ settings }) {
      const { found } = link.known;
      if (found?.zip && found.source === settings.source) return;
      for (
        const name of
        /** @type {const} */
        ["source", "target"]
      ) {
        const { input } = fields[name];
        if (!input.value && document.activeElement !== input) input.value = settings[name];
      }
    },
    /**
     * @param {boolean} busy
     * @param {string} found
     */
    update(busy, found) {
      look.disabled = busy;
      if (busy) wrong = "";
      showProblem(problem, wrong || found);
      for (const { input } of [source, target]) {
        input.setAttribute("aria-invalid", String(Boolean(wrong || found)));
      }
    }
  };
}
function createText(name, label, problem) {
  const input = h("input", {
    ...{ type: "text", "data-own": name, spellcheck: "false", autocapitalize: "off" },
    "aria-describedby": problem
  });
  return { input, node: h("label", { class: "dann-field" }, h("span", {}, label), input) };
}
var createProblem = (name) => h("p", {
  ...{ id: `dann-${uniqueName()}`, class: "dann-message dann-bad", role: "alert" },
  ...{ hidden: true, "data-show": name }
});
function showProblem(problem, text) {
  if (problem.textContent !== text) problem.textContent = text;
  problem.hidden = !text;
}
function createResult({ wish }) {
  let shown = null;
  const told = h("div", { role: "status", "data-show": "found" });
  const more = h("div", { class: "dann-found" });
  const train = button("own", TRAIN_ON_THESE, () => {
    if (!shown) return;
    const { source, target, label, size } = shown;
    const changes = { pair: OWN, source, target, label, size };
    wish({ type: "choose", changes, train: true });
  });
  train.classList.add("dann-primary");
  train.hidden = true;
  return {
    node: h("div", { class: "dann-found" }, told, more, train),
    /** @param {Found | null} found */
    update(found) {
      if (found?.version === shown?.version) return;
      shown = found;
      train.hidden = !found;
      told.replaceChildren(...found ? sentences(found) : []);
      more.replaceChildren(...found ? tableAndPictures(found) : []);
    }
  };
}
function sentences({ zip, sentence, notes }) {
  const list = h("ul", { class: "dann-notes" }, ...notes.map((note) => h("li", {}, note)));
  return [h("p", {}, foundIn(zip, sentence)), ...notes.length ? [list] : []];
}
function tableAndPictures({ classes, pictures, names }) {
  const sheets = pictures.map(
    (png, domain) => h(
      "figure",
      { class: "dann-sheet" },
      h("figcaption", {}, picturesOf(domain, names[domain])),
      h("img", {
        src: `data:image/png;base64,${png}`,
        alt: picturesOf(domain, names[domain])
      })
    )
  );
  const scrolls = { class: "dann-scrolls", tabindex: 0, role: "group" };
  return [
    h("div", { ...scrolls, "aria-label": CLASSES }, createTable(classes)),
    ...sheets.length ? [h("div", { class: "dann-sheets" }, ...sheets)] : []
  ];
}
var createTable = (classes) => h(
  "table",
  {},
  h(
    "thead",
    {},
    h("tr", {}, ...CLASS_HEADS.map((text) => h("th", { scope: "col" }, text)))
  ),
  h(
    "tbody",
    {},
    ...classes.map(
      ({ name, source, target }) => h(
        "tr",
        {},
        h("th", { scope: "row" }, name),
        h("td", {}, count(source)),
        h("td", {}, count(target))
      )
    )
  )
);

// src/dashboard/settings.js
var MOST_SEED = 2147483647;
function createSettings(page) {
  const own = createOwn(page);
  let wantsOwn = false;
  const selects = {
    pair: createSelect(page, "pair", DOMAINS2, (value) => {
      wantsOwn = value === OWN;
      showPair(value);
      return !wantsOwn;
    }),
    mode: createSelect(page, "mode", MODE),
    method: createSelect(page, "method", METHOD),
    preset: createSelect(page, "preset", RECIPE)
  };
  const part2 = createPart(page);
  const numbers = {
    steps: createNumber(page, { name: "steps", label: STEPS, min: 1, max: MOST_STEPS }),
    seed: createNumber(page, { name: "seed", label: SEED, min: 0, max: MOST_SEED })
  };
  const goodFor = hint2("pair");
  const unused = hint2("method", NOT_USED);
  const download = button("fetch", DOWNLOAD, () => page.wish({ type: "fetch" }));
  const cancel = button("cancel", STOP_DOWNLOAD, () => page.wish({ type: "cancel" }));
  const showPair = (pair) => {
    selects.pair.select.value = pair;
    own.node.hidden = pair !== OWN;
    showLine(goodFor, page.choices.good_for[pair]);
  };
  const node = h(
    "fieldset",
    {},
    h("legend", {}, RUN),
    selects.pair.node,
    goodFor,
    own.node,
    selects.mode.node,
    selects.method.node,
    unused,
    selects.preset.node,
    ...part2.nodes,
    h("div", { class: "dann-pair" }, numbers.steps.node, numbers.seed.node),
    download,
    cancel
  );
  return {
    node,
    received: own.hear,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update(state, knowsAll) {
      const { pair, mode, method, preset, steps, seed } = state.settings;
      if (knowsAll) {
        if (pair === OWN && state.state !== "loading") wantsOwn = false;
        showPair(wantsOwn ? OWN : pair);
        selects.mode.select.value = mode;
        selects.method.select.value = method;
        selects.preset.select.value = preset;
        setValue(numbers.steps.input, steps);
        setValue(numbers.seed.input, seed);
      }
      selects.method.select.disabled = !adapts(state);
      part2.update(state, knowsAll);
      unused.hidden = adapts(state);
      own.update(state);
      const there = downloads(state);
      download.hidden = !there.download;
      cancel.hidden = !there.cancel;
      for (const option of selects.pair.select.options) {
        if (option.value === "mnist") option.disabled = !state.mnist;
      }
    }
  };
}
function createPart(page) {
  const { select, node } = createSelect(page, "part", PART);
  const does = hint2("part");
  return {
    nodes: [node, does],
    /**
     * @param {State} state
     * @param {boolean} knowsAll
     */
    update(state, knowsAll) {
      node.hidden = does.hidden = !hasClassifier(state);
      if (!knowsAll) return;
      select.value = state.settings.part;
      showLine(does, page.choices.part_does[select.value]);
    }
  };
}
var hint2 = (name, line = "") => h("p", { class: "dann-hint", "data-hint": name, "aria-live": "polite" }, line);
function showLine(node, line) {
  if (node.textContent !== line) node.textContent = line;
}
function createSelect({ choices, wish }, name, label, takes = () => true) {
  const select = h(
    "select",
    {
      "data-setting": name,
      onchange: () => {
        const { value } = select;
        if (takes(value)) wish({ type: "choose", changes: { [name]: value } });
      }
    },
    ...options(choices[name])
  );
  return { select, node: h("label", { class: "dann-field" }, h("span", {}, label), select) };
}
function createNumber({ link, wish, say }, { name, label, min, max }) {
  const change = () => {
    const value = read();
    if (value !== null) wish({ type: "choose", changes: { [name]: value } });
    else if (link.known.last) input.value = String(link.known.last.state.settings[name]);
  };
  const attributes = { "data-setting": name, onchange: change };
  const { input, read } = numberInput({ label, min, max }, attributes, say);
  const node = h("label", { class: "dann-field dann-number" }, h("span", {}, label), input);
  return { input, node };
}

// src/dashboard/share.js
function createShare({ wish, say }) {
  const restore = () => wish({ type: "restore", text: field.value });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(
        sharedText(field.value, standsAlone() ? location.href : null)
      );
      say(COPIED);
    } catch {
      field.select();
      say(COPY_BY_HAND);
    }
  };
  const field = h("input", {
    type: "text",
    class: "dann-share",
    "data-show": "share",
    spellcheck: "false",
    "aria-label": SHARE_FIELD,
    /** @param {KeyboardEvent} event */
    onkeydown: (event) => {
      if (event.key === "Enter") restore();
    }
  });
  const node = h(
    "fieldset",
    {},
    h("legend", {}, SHARE),
    h(
      "div",
      { class: "dann-row" },
      field,
      button("copy", COPY, copy),
      button("restore", APPLY, restore)
    )
  );
  return {
    node,
    /** @param {State} state */
    update(state) {
      setValue(field, state.text);
    }
  };
}

// src/dashboard/timeline.js
var FRAME = 400;
function createTimeline({ model, link, wish }) {
  const latest = () => latestStep(link.known);
  const look = (at) => link.look(momentAt(at, latest()));
  let replaying;
  const stop = () => {
    clearInterval(replaying);
    replaying = void 0;
    replay.textContent = REPLAY.label;
  };
  const start = () => {
    replay.textContent = STOP_REPLAY;
    look(link.known.at ?? 0);
    replaying = setInterval(() => {
      look(nextFrame(link.known.at, latest()));
      if (link.known.at === null) stop();
    }, FRAME);
  };
  const lookByHand = (at) => {
    stop();
    look(at);
  };
  const slider = createSlider(lookByHand);
  const text = h("output", { class: "dann-applied", "data-show": "moment" });
  const replay = button("replay", REPLAY, () => replaying ? stop() : start());
  const toNow = button("now", BACK_TO_NOW, () => lookByHand(null));
  const branch = button("branch", BRANCH, () => {
    stop();
    wish({ type: "branch" });
  });
  branch.hidden = !isBranched(model.get("parts"));
  const buttons = h("div", { class: "dann-buttons" }, branch, replay, toNow);
  return {
    node: h(
      "div",
      { class: "dann-card dann-time" },
      h("div", { class: "dann-named" }, text, buttons),
      slider
    ),
    /** @param {State} state */
    update(state) {
      const { at } = link.known;
      slider.disabled = replay.disabled = branch.disabled = !state.step;
      slider.max = String(state.step);
      if (at === null || document.activeElement !== slider) slider.value = String(at ?? state.step);
      slider.setAttribute("aria-valuetext", momentValue(at));
      toNow.disabled = at === null;
      text.textContent = momentText({ at, latest: state.step, running: isRunning(state) });
    },
    remove: stop
  };
}
function createSlider(look) {
  return h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    disabled: true,
    "data-time": "slider",
    "aria-label": TIME_SLIDER,
    oninput: ({ target }) => look(Number(target.value))
  });
}

// src/dashboard/training.js
function createTraining({ wish }) {
  let action = "train";
  const buttons = {
    train: button("train", TRAIN.train, () => wish({ type: action })),
    step: button("step", STEP, () => wish({ type: "step" })),
    reset: button("reset", RESET, () => wish({ type: "reset" })),
    seed: button("seed", NEW_SEED, () => wish({ type: "seed" })),
    undo: button("undo", UNDO, () => wish({ type: "undo" }))
  };
  buttons.train.classList.add("dann-primary");
  for (const early of Object.values(buttons)) early.disabled = true;
  const bar = h("progress", { max: 1, value: 0, "aria-label": STEPS_DONE });
  const status = h("p", { class: "dann-status", "data-show": "status" });
  const device = h("p", { class: "dann-status dann-device", "data-show": "device" });
  return {
    nodes: [h("div", { class: "dann-buttons" }, ...Object.values(buttons)), bar, status],
    device,
    /** @param {State} state */
    update(state) {
      action = trainAction(state);
      buttons.train.dataset.action = action;
      buttons.train.textContent = TRAIN[action].label;
      buttons.train.title = TRAIN[action].title;
      const may = allowed(state);
      buttons.train.disabled = !may.train;
      buttons.step.disabled = !may.step;
      buttons.reset.disabled = !may.reset;
      buttons.seed.disabled = !may.seed;
      buttons.undo.disabled = !may.undo;
      const done = progress(state);
      if (done === null) bar.removeAttribute("value");
      else bar.value = done;
      status.textContent = statusLine(state);
      device.textContent = trainsOn(state.device);
    }
  };
}

// src/dashboard/view.js
function createView(model, link, root) {
  const parts = createParts(model, link, root);
  const wanted = model.get("parts");
  const { placeComparison, stopPlacing } = layOut(root, parts, wanted);
  const { comparison, messages } = parts;
  const drawPictures = () => Promise.all([parts.map.draw(), ...parts.pictures.draw(link.known)]);
  const view = {
    update(message2) {
      updateControls(parts, link, message2);
      if (message2.digits) parts.digits.draw();
      parts.digits.update(message2.state);
      parts.draw.update(message2);
      if (isCompared(wanted)) {
        placeComparison(!message2.state.step);
        comparison.update(message2.state);
      }
      return message2.figures ? drawPictures() : parts.map.draw();
    },
    isShown: () => root.getClientRects().length > 0,
    map: parts.map.draw,
    connection: messages.connection,
    compare: comparison.hear,
    received: parts.settings.received,
    saved: (name) => messages.say(savedFile(name)),
    theme() {
      comparison.theme();
      showTheme(root);
    },
    remove() {
      stopPlacing();
      const { timeline, network, pictures, map, draw: draw2 } = parts;
      for (const part2 of [timeline, network, pictures, map, draw2, comparison]) part2.remove();
    }
  };
  view.theme();
  parts.digits.draw();
  parts.branches.tell(link.known.journal);
  if (link.known.last) {
    view.update(link.known.last);
    drawPictures();
  }
  return view;
}
function createParts(model, link, root) {
  const messages = createMessages();
  const page = {
    model,
    link,
    root,
    choices: model.get("choices"),
    wish(wish) {
      messages.forget();
      link.wish(wish);
    },
    say: messages.say
  };
  const comparison = createCompare(page);
  return {
    messages,
    comparison,
    training: createTraining(page),
    lambda: createLambda(page),
    settings: createSettings(page),
    share: createShare(page),
    pictures: createPictures(page),
    timeline: createTimeline(page),
    branches: createBranches(page),
    map: createLiveMap(page),
    network: createNetwork(page),
    digits: createDigits(page),
    draw: createDraw(page, comparison.keys),
    save: createSave(page, comparison.keys)
  };
}
function updateControls(parts, link, message2) {
  const { state } = message2;
  const knowsAll = link.knowsAll(message2);
  parts.settings.update(state, knowsAll);
  parts.lambda.update(state, knowsAll);
  parts.map.update(state, knowsAll);
  parts.share.update(state);
  parts.training.update(state);
  parts.timeline.update(state);
  parts.branches.update(state);
  if (message2.journal) parts.branches.tell(link.known.journal);
  parts.network.update(state);
  parts.messages.update(state, link.known.at !== null);
  parts.save.update(state);
}

// src/dashboard/widget.js
function createDashboard() {
  let link;
  return {
    /** @param {{ model: WidgetModel }} context */
    initialize({ model }) {
      link = new Link(model);
      return () => link.close();
    },
    /** @param {RenderContext} context */
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

// src/widgets/dashboard.js
var dashboard_default = () => inNotebook(createDashboard());
export {
  dashboard_default as default
};
