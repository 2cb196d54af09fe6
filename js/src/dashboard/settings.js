// What a run is made of, and the download of its data.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { METHOD, PART } from "../shared/words.js";
import { adapts, downloads, hasClassifier } from "./allowed.js";
import { MOST_STEPS, numberInput, options, setValue } from "./controls.js";
import { createOwn, OWN } from "./own.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

const MOST_SEED = 2147483647;

/** @param {Page} page */
export function createSettings(page) {
  const own = createOwn(page);
  let wantsOwn = false; // it is chosen, and has to be named before there is such a run
  const selects = {
    pair: createSelect(page, "pair", words.DOMAINS, (value) => {
      wantsOwn = value === OWN;
      showPair(value);
      return !wantsOwn;
    }),
    mode: createSelect(page, "mode", words.MODE),
    method: createSelect(page, "method", METHOD),
    preset: createSelect(page, "preset", words.RECIPE),
  };
  const part = createPart(page);
  const numbers = {
    steps: createNumber(page, { name: "steps", label: words.STEPS, min: 1, max: MOST_STEPS }),
    seed: createNumber(page, { name: "seed", label: words.SEED, min: 0, max: MOST_SEED }),
  };
  const goodFor = hint("pair");
  const unused = hint("method", words.NOT_USED);
  const download = button("fetch", words.DOWNLOAD, () => page.wish({ type: "fetch" }));
  const cancel = button("cancel", words.STOP_DOWNLOAD, () => page.wish({ type: "cancel" }));
  /** @param {string} pair */
  const showPair = (pair) => {
    selects.pair.select.value = pair;
    own.node.hidden = pair !== OWN;
    showLine(goodFor, page.choices.good_for[pair]);
  };
  const node = h(
    "fieldset",
    {},
    h("legend", {}, words.RUN),
    selects.pair.node,
    goodFor,
    own.node,
    selects.mode.node,
    selects.method.node,
    unused,
    selects.preset.node,
    ...part.nodes,
    h("div", { class: "dann-pair" }, numbers.steps.node, numbers.seed.node),
    download,
    cancel,
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
      part.update(state, knowsAll);
      unused.hidden = adapts(state);
      own.update(state);
      const there = downloads(state);
      download.hidden = !there.download;
      cancel.hidden = !there.cancel;
      for (const option of selects.pair.select.options) {
        if (option.value === "mnist") option.disabled = !state.mnist;
      }
    },
  };
}

/**
 * What learns, with a line on what that does.
 * @param {Page} page
 */
function createPart(page) {
  const { select, node } = createSelect(page, "part", PART);
  const does = hint("part");
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
    },
  };
}

/**
 * A line below a choice.
 * @param {string} name
 */
const hint = (name, line = "") =>
  h("p", { class: "dann-hint", "data-hint": name, "aria-live": "polite" }, line);

/**
 * @param {HTMLElement} node
 * @param {string} line
 */
function showLine(node, line) {
  if (node.textContent !== line) node.textContent = line; // or it would be read again
}

/**
 * @param {Page} page
 * @param {"pair" | "mode" | "method" | "part" | "preset"} name
 * @param {string} label
 * @param {(value: string) => boolean} [takes] hears a choice: whether it is told to Python
 */
function createSelect({ choices, wish }, name, label, takes = () => true) {
  const select = h(
    "select",
    {
      "data-setting": name,
      onchange: () => {
        const { value } = select;
        if (takes(value)) wish({ type: "choose", changes: { [name]: value } });
      },
    },
    ...options(choices[name]),
  );
  return { select, node: h("label", { class: "dann-field" }, h("span", {}, label), select) };
}

/**
 * @param {Page} page
 * @param {{ name: "steps" | "seed", label: string, min: number, max: number }} field
 */
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
