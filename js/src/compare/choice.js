// One of the lists from which a reader chooses a run.

import { h } from "../shared/elements.js";
import { canReplay, grouped, stillOffered } from "./runs.js";
import * as words from "./words.js";

/** @import { OfferedRun } from "../dashboard/protocol.js" */

/**
 * @param {number} place from 0
 * @param {object} hear
 * @param {() => void} hear.chosen
 * @param {(key: string) => void} hear.replay
 */
export function createChoice(place, { chosen, replay }) {
  /** @type {OfferedRun[]} */
  let offered = [];
  const again = h(
    "button",
    {
      type: "button",
      hidden: true,
      "data-replay": place,
      title: words.REPLAY.title,
      onclick: () => replay(select.value),
    },
    words.REPLAY.label,
  );
  const showButton = () => {
    again.hidden = !canReplay(select.value, offered);
  };
  const select = h("select", {
    "data-compare": place,
    onchange: () => {
      chosen();
      showButton();
    },
  });
  return {
    node: h("div", { class: "dann-field" }, h("label", {}, words.SLOTS[place], select), again),
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
      select.replaceChildren(h("option", { value: "" }, words.NO_RUN), ...groupsOf(runs));
      select.value = value;
      showButton();
    },
  };
}

/** @param {OfferedRun[]} all */
const groupsOf = (all) =>
  grouped(all).map(({ group, runs }) =>
    h(
      "optgroup",
      { label: group },
      ...runs.map(({ key, title }) => h("option", { value: key }, title)),
    ),
  );
