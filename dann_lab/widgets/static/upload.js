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

// src/dashboard/files.js
var partOf = (file, first, end) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).split(",")[1]);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file.slice(first, end));
});
function catchDrops(area, marked, take) {
  const mark = (over) => marked.classList.toggle("dann-over", over);
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  area.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(
      /** @type {Node | null} */
      event.relatedTarget
    )) mark(false);
  });
  area.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    event.stopPropagation();
    mark(false);
    take([...event.dataTransfer?.files ?? []]);
  });
}

// src/dashboard/sending.js
var PART = 75e4;
var begun = (key, { name, size }) => ({ key, name, size, received: 0 });
var nextPart = ({ received, size }) => received < size ? { first: received, end: Math.min(size, received + PART) } : null;
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

// src/shared/words.js
var written = (number) => number.toLocaleString("en");

// src/dashboard/words.js
var CHOOSE_ZIP = { label: "Choose a zip", title: "With the source and the target in it" };
var ZIP_FORM = "In it: source and target, as folders or tables.";
var megabytes = (bytes) => `${written(Math.round(bytes / 1e6))} MB`;
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

// src/upload/words.js
var REGION = "Data of your own";
var reading = (name) => `Reading ${name}…`;
var sent = (name, share) => `Sending ${name}: ${Math.round(100 * share)} %`;

// src/upload/widget.js
function render({ model, el }) {
  const most = model.get("most");
  let sending = null;
  let file = null;
  let wrong = "";
  const { own, found, doing, problem, choose } = createBox(most, (files) => take(files));
  const root = h("div", { class: "dann" }, own);
  function show() {
    const bad = wrong || (file ? "" : model.get("problem"));
    if (found.textContent !== model.get("found")) found.textContent = model.get("found");
    if (problem.textContent !== bad) problem.textContent = bad;
    problem.hidden = !bad;
    choose.disabled = file !== null;
    doing.hidden = file === null;
    if (file) {
      doing.textContent = sending ? sent(file.name, sentShare(sending)) : reading(file.name);
    }
  }
  function take(files) {
    if (file) return;
    const what = wrongFiles(files, most);
    wrong = what ? wrongZip(what, most) : "";
    if (!what) {
      [file] = files;
      sending = begun(uniqueName(), file);
      sendPart();
    }
    show();
  }
  async function sendPart() {
    const part = sending && nextPart(sending);
    if (!sending || !part || !file) return;
    const { key, name, size } = sending;
    try {
      const data = await partOf(file, part.first, part.end);
      model.send({ type: "part", key, name, size, first: part.first, data });
    } catch (error) {
      model.send({ type: "drop", key });
      end(cannotRead(name, String(error)));
    }
  }
  function end(why) {
    sending = file = null;
    wrong = why;
    show();
  }
  function hear(message) {
    if (message.type === "ready") return end("");
    if (message.type !== "received" || sending?.key !== message.key) return;
    sending = afterReceived(sending, message);
    if (message.problem) return end(message.problem);
    show();
    sendPart();
  }
  model.on("msg:custom", hear);
  model.on("change:found", show);
  model.on("change:problem", show);
  show();
  el.append(root);
  const forget = followTheme(root);
  return () => {
    forget();
    model.off("msg:custom", hear);
    model.off("change:found", show);
    model.off("change:problem", show);
  };
}
function createBox(most, take) {
  const found = h("p", { role: "status", "data-show": "found" });
  const doing = h("p", { class: "dann-hint", "data-show": "doing", hidden: true });
  const problem = h("p", {
    ...{ id: `dann-${uniqueName()}`, class: "dann-message dann-bad", role: "alert" },
    ...{ hidden: true, "data-show": "problem" }
  });
  const input = h("input", {
    ...{ type: "file", accept: ".zip,application/zip", hidden: true, "data-own": "zip" },
    onchange: () => {
      take([...input.files ?? []]);
      input.value = "";
    }
  });
  const { label, title } = CHOOSE_ZIP;
  const choose = h(
    "button",
    { type: "button", title, "aria-describedby": problem.id, onclick: () => input.click() },
    label
  );
  const drop = h(
    "div",
    { class: "dann-drop" },
    h("div", { class: "dann-inline" }, choose, h("span", {}, dropIt(most))),
    h("p", { class: "dann-hint" }, ZIP_FORM),
    input
  );
  const parts = [found, drop, doing, problem];
  const own = h("section", { class: "dann-own", "aria-label": REGION }, ...parts);
  catchDrops(own, drop, take);
  return { own, found, doing, problem, choose };
}

// src/widgets/upload.js
var upload_default = inNotebook({ render });
export {
  upload_default as default
};
