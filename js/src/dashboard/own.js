// Data of one's own: named or dropped, looked at, and then trained on.

import { button } from "../shared/button.js";
import { h, uniqueName } from "../shared/elements.js";
import { catchDrops, partOf } from "./files.js";
import { afterReceived, begun, nextPart, wrongFiles } from "./sending.js";
import * as words from "./words.js";

/** @import { Found, FoundClass, ReceivedMessage, State } from "./protocol.js" */
/** @import { Sending } from "./sending.js" */
/** @import { Page } from "./view.js" */

/** The name of the pair of one's own data. */
export const OWN = "own";

/**
 * What the panel says and allows as things stand.
 * @param {object} now
 * @param {Sending | null} now.sending
 * @param {State | null} now.state
 * @param {Found | null} now.found
 * @param {boolean} now.stale whether something else was asked for since it was found
 */
export function panelState({ sending, state, found, stale }) {
  const looking = state?.looking ?? false;
  const busy = sending !== null || looking;
  const told = busy || stale ? null : found;
  return {
    busy,
    progress: words.lookProgress(sending, looking ? state : null),
    found: told && !told.problem ? told : null,
    zipProblem: told?.zip ? told.problem : "",
    pathProblem: told?.zip ? "" : (told?.problem ?? ""),
  };
}

/** @param {Page} page */
export function createOwn(page) {
  const { link, wish } = page;
  /** @type {State | null} */
  let state = null;
  let asked = 0; // the version that was there when the reader asked for another
  let stale = false;
  const show = () => {
    const { found } = link.known;
    if ((found?.version ?? 0) > asked) stale = false;
    const now = panelState({ sending: zip.sending(), state, found, stale });
    zip.update(now.busy, now.zipProblem);
    paths.update(now.busy, now.pathProblem);
    result.update(now.found);
    for (const line of expected) line.hidden = now.found !== null;
    // Only what is done is read aloud: how far it is would be, all the time.
    if (doing.textContent !== now.progress.doing) doing.textContent = now.progress.doing;
    howFar.textContent = now.progress.howFar;
    stop.hidden = !now.busy;
  };
  /** The reader asks for something else: what was found before is of no use any more. */
  const forget = () => {
    asked = link.known.found?.version ?? 0;
    stale = true;
    show();
  };
  const zip = createZip(page, { begin: forget, changed: () => show() });
  const paths = createPaths(page, forget);
  const result = createResult(page);
  const doing = h("span", { class: "dann-hint", role: "status", "data-show": "looking" });
  const howFar = h("span", { class: "dann-hint", "data-show": "how-far" });
  const stop = button("stop", words.STOP_LOOK, () => {
    if (zip.sending()) zip.stop();
    else wish({ type: "stop" });
  });
  stop.hidden = true;
  const expected = words.OWN_EXPECTED.map((text) => h("p", { class: "dann-hint" }, text));
  const node = h(
    "section",
    { class: "dann-own", "aria-label": words.OWN_REGION, hidden: true },
    ...expected,
    zip.node,
    paths.node,
    h("div", { class: "dann-inline" }, doing, howFar, stop),
    result.node,
  );
  zip.catchDrops(node);

  return {
    node,
    /** @param {State} now */
    update(now) {
      state = now;
      paths.fill(now);
      show();
    },
    /** @param {ReceivedMessage} message */
    hear: (message) => zip.hear(message),
  };
}

/**
 * Where a zip is dropped or chosen, and sent.
 * @param {Page} page
 * @param {{ begin: () => void, changed: () => void }} told
 */
function createZip({ link, choices }, { begin, changed }) {
  /** @type {Sending | null} */
  let sending = null;
  /** @type {Blob | null} */
  let file = null;
  let wrong = "";
  const problem = createProblem("zip-problem");
  const input = h("input", {
    ...{ type: "file", accept: ".zip,application/zip", hidden: true, "data-own": "zip" },
    onchange: () => {
      take([...(input.files ?? [])]);
      input.value = ""; // the same one can be chosen again
    },
  });
  const choose = button("zip", words.CHOOSE_ZIP, () => input.click());
  choose.setAttribute("aria-describedby", problem.id);
  const node = h(
    "div",
    { class: "dann-drop" },
    h("div", { class: "dann-inline" }, choose, h("span", {}, words.dropIt(choices.zip))),
    h("p", { class: "dann-hint" }, words.ZIP_FORM),
    problem,
    input,
  );

  /** @param {File[]} files */
  function take(files) {
    const what = wrongFiles(files, choices.zip);
    wrong = what ? words.wrongZip(what, choices.zip) : "";
    if (!what) {
      if (sending) link.send({ type: "drop", key: sending.key });
      [file] = files;
      sending = begun(uniqueName(), files[0]);
      sendPart();
    }
    begin();
  }

  async function sendPart() {
    const part = sending && nextPart(sending);
    if (!sending || !part || !file) return;
    const { key, name, size } = sending;
    try {
      const data = await partOf(file, part.first, part.end);
      if (sending?.key === key) {
        link.send({ type: "part", key, name, size, first: part.first, data });
      }
    } catch (error) {
      end(words.cannotRead(name, String(error)));
    }
  }

  /** @param {string} why "" if all is sent */
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
      end(words.NOT_SENT);
    },
    /** @param {ReceivedMessage} message */
    hear(message) {
      if (sending?.key !== message.key) return;
      sending = afterReceived(sending, message);
      if (!sending) end(message.problem);
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
    catchDrops: (area) => catchDrops(area, node, take),
  };
}

/**
 * Where folders and files are named.
 * @param {Page} page
 * @param {() => void} begin
 */
function createPaths({ choices, link, wish }, begin) {
  if (!choices.paths) {
    const node = h("p", { class: "dann-hint", "data-show": "no-paths" }, words.NO_PATHS);
    return { node, fill: () => {}, update: () => {} };
  }
  const problem = createProblem("path-problem");
  const fields = {
    source: createText("source", words.SOURCE, problem.id),
    target: createText("target", words.TARGET, problem.id),
    label: createText("label", words.LABEL, problem.id),
    size: createText("size", words.SIZE, problem.id),
  };
  const { source, target, label, size } = fields;
  let wrong = "";
  const ask = () => {
    const given = {
      source: source.input.value.trim(),
      target: target.input.value.trim(),
      label: label.input.value.trim(),
      size: size.input.value.trim(),
    };
    wrong = words.wrongPlace(given);
    begin();
    if (wrong) (given.source ? target.input : source.input).focus();
    else wish({ type: "look", ...given, size: Number(given.size) });
  };
  const look = button("look", words.LOOK, ask);
  for (const { input } of Object.values(fields)) {
    input.addEventListener("keydown", ({ key }) => {
      if (key === "Enter" && !look.disabled) ask();
    });
    input.addEventListener("input", () => {
      if (problem.hidden) return; // what was found still stands
      wrong = "";
      begin();
    });
  }
  return {
    node: h(
      "div",
      { class: "dann-paths" },
      h("p", { class: "dann-hint" }, words.PATHS),
      source.node,
      target.node,
      problem,
      h(
        "details",
        {},
        h("summary", {}, words.MORE),
        h("div", { class: "dann-pair" }, label.node, size.node),
      ),
      h("div", { class: "dann-buttons" }, look),
    ),
    /** @param {State} state whose data are shown where nothing is typed */
    fill({ settings }) {
      const { found } = link.known;
      if (found?.zip && found.source === settings.source) return; // nobody has typed that
      for (const name of /** @type {const} */ (["source", "target"])) {
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
    },
  };
}

/**
 * @param {string} name
 * @param {string} label
 * @param {string} problem the id of what says why it is wrong
 */
function createText(name, label, problem) {
  const input = h("input", {
    ...{ type: "text", "data-own": name, spellcheck: "false", autocapitalize: "off" },
    "aria-describedby": problem,
  });
  return { input, node: h("label", { class: "dann-field" }, h("span", {}, label), input) };
}

/** @param {string} name */
const createProblem = (name) =>
  h("p", {
    ...{ id: `dann-${uniqueName()}`, class: "dann-message dann-bad", role: "alert" },
    ...{ hidden: true, "data-show": name },
  });

/**
 * @param {HTMLElement} problem
 * @param {string} text
 */
function showProblem(problem, text) {
  if (problem.textContent !== text) problem.textContent = text; // or it would be read again
  problem.hidden = !text;
}

/**
 * What was found, and the button that trains on it.
 * @param {Page} page
 */
function createResult({ wish }) {
  /** @type {Found | null} */
  let shown = null;
  const told = h("div", { role: "status", "data-show": "found" });
  const more = h("div", { class: "dann-found" });
  const train = button("own", words.TRAIN_ON_THESE, () => {
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
      told.replaceChildren(...(found ? sentences(found) : []));
      more.replaceChildren(...(found ? tableAndPictures(found) : []));
    },
  };
}

/** @param {Found} found */
function sentences({ zip, sentence, notes }) {
  const list = h("ul", { class: "dann-notes" }, ...notes.map((note) => h("li", {}, note)));
  return [h("p", {}, words.foundIn(zip, sentence)), ...(notes.length ? [list] : [])];
}

/** @param {Found} found */
function tableAndPictures({ classes, pictures, names }) {
  const sheets = pictures.map((png, domain) =>
    h(
      "figure",
      { class: "dann-sheet" },
      h("figcaption", {}, words.picturesOf(domain, names[domain])),
      h("img", {
        src: `data:image/png;base64,${png}`,
        alt: words.picturesOf(domain, names[domain]),
      }),
    ),
  );
  const scrolls = { class: "dann-scrolls", tabindex: 0, role: "group" };
  return [
    h("div", { ...scrolls, "aria-label": words.CLASSES }, createTable(classes)),
    ...(sheets.length ? [h("div", { class: "dann-sheets" }, ...sheets)] : []),
  ];
}

/** @param {FoundClass[]} classes */
const createTable = (classes) =>
  h(
    "table",
    {},
    h(
      "thead",
      {},
      h("tr", {}, ...words.CLASS_HEADS.map((text) => h("th", { scope: "col" }, text))),
    ),
    h(
      "tbody",
      {},
      ...classes.map(({ name, source, target }) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, name),
          h("td", {}, words.count(source)),
          h("td", {}, words.count(target)),
        ),
      ),
    ),
  );
