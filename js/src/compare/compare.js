// The part of the live page that shows runs side by side: which ones, and the player.

import { Player } from "../player/player.js";
import { h } from "../shared/elements.js";
import { createChoice } from "./choice.js";
import { chosenKeys, isOutOfDate, progressOf, recordedKeys, sameKeys } from "./runs.js";
import * as words from "./words.js";

/** @import { CompareMessage, Offered, State } from "../dashboard/protocol.js" */
/** @import { Page } from "../dashboard/view.js" */

/** @param {Pick<Page, "model" | "link" | "wish">} page */
export function createCompare({ model, link, wish }) {
  const player = new Player(model);
  const choices = words.SLOTS.map((_, place) =>
    createChoice(place, {
      chosen: () => seek(),
      replay: (key) => wish({ type: "replay", key }),
    }),
  );
  const { node, show, tell } = createFrame(
    choices.map((choice) => choice.node),
    player.node,
  );
  let offered = ""; // the version of the list
  /** @type {string[]} */
  let sought = []; // the keys that were asked for last
  let soughtAt = 0;
  let refreshed = "";

  const keys = () => chosenKeys(choices.map((choice) => choice.value()));
  const seek = () => {
    sought = keys();
    soughtAt = performance.now();
    show(sought.length > 0);
    if (sought.length) link.send({ type: "compare", keys: sought });
  };
  /** @param {Offered} list */
  const offer = ({ version, runs }) => {
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
      if (list && list.version !== offered) offer(list);
      const waited = performance.now() - soughtAt;
      if (!isOutOfDate({ keys: keys(), run, state, refreshed, waited })) return;
      refreshed = progressOf(state);
      seek();
    },
    /** @param {CompareMessage} message */
    async hear(message) {
      if (!sameKeys(message.keys, sought)) return; // others are wanted by now
      tell(message);
      if (message.bundle.runs) await player.show(message.bundle);
    },
    theme: () => player.theme(),
    remove: () => player.remove(),
  };
}

/**
 * What stands around the player.
 * @param {HTMLElement[]} choices
 * @param {HTMLElement} player
 */
function createFrame(choices, player) {
  const note = h("p", { class: "dann-status", role: "status", "data-show": "compare-note" });
  const empty = h("p", { class: "dann-hint" }, words.NOTHING_CHOSEN);
  const box = h("div", { hidden: true }, player);
  return {
    node: h(
      "section",
      { class: "dann-card dann-compare", "aria-label": words.COMPARE },
      h("h3", {}, words.COMPARE),
      h("div", { class: "dann-knobs" }, ...choices),
      note,
      empty,
      box,
    ),
    /**
     * While runs are awaited the last ones stay.
     * @param {boolean} some whether any are awaited
     */
    show(some) {
      empty.hidden = some;
      if (!some) box.hidden = true;
      note.textContent = some ? words.ON_THE_WAY : "";
    },
    /** @param {CompareMessage} message */
    tell({ problem }) {
      note.textContent = problem;
      if (!problem) box.hidden = false;
    },
  };
}
