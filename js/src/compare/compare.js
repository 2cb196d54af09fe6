// @ts-nocheck
// The part of the live page that shows runs side by side: which ones, and the player.

import { createPlayer } from "../player/player.js";
import { h } from "../shared/elements.js";

const REFRESH = 20000; // ms between two looks at a run that is still being trained

export function createCompare({ model, link, ask }) {
  const player = createPlayer({ model });
  let offered = ""; // the version of the list
  let titles = new Map();
  let sought = null; // the keys that were asked for last
  let askedAt = 0;
  let refreshed = "";
  const empty = h(
    "p",
    { class: "dann-hint" },
    "Choose a run to see its curves and maps, and a second or third to put beside it.",
  );
  const replayButtons = [];
  const selects = ["First run", "Second run", "Third run"].map((label, k) => {
    const again = h(
      "button",
      {
        type: "button",
        hidden: true,
        "data-replay": k,
        title:
          "Start a new run with the same settings in which lambda is, step by step, what it was in this one",
        onclick: () => ask({ type: "replay", key: select.value }),
      },
      "Replay its lambda",
    );
    const select = h("select", {
      "data-compare": k,
      onchange: () => {
        seek();
        buttons();
      },
    });
    replayButtons.push(again);
    return {
      select,
      node: h("div", { class: "dann-field" }, h("label", {}, label, select), again),
    };
  });
  const note = h("p", { class: "dann-status", role: "status", "data-show": "compare-note" });
  const box = h("div", { hidden: true }, player.node);
  const node = h(
    "section",
    { class: "dann-card dann-compare", "aria-label": "Compare runs" },
    h("h3", {}, "Compare runs"),
    h("div", { class: "dann-knobs" }, ...selects.map((one) => one.node)),
    note,
    empty,
    box,
  );

  const keys = () => [...new Set(selects.map(({ select }) => select.value).filter(Boolean))];
  const buttons = () =>
    selects.forEach(({ select }, k) => {
      replayButtons[k].hidden = !(
        select.value.startsWith("run ") && titles.get(select.value)?.startsWith("DANN")
      );
    });
  const seek = () => {
    sought = keys();
    askedAt = performance.now();
    empty.hidden = sought.length > 0;
    if (!sought.length) {
      box.hidden = true;
      note.textContent = "";
      return;
    }
    note.textContent = "Putting the runs side by side…";
    link.send({ type: "compare", keys: sought });
  };

  return {
    node,
    keys,
    update(state) {
      const { version, runs } = link.offered;
      if (version !== offered) {
        const first = !offered;
        offered = version;
        titles = new Map(runs.map(([, key, title]) => [key, title]));
        const groups = [...new Set(runs.map(([group]) => group))];
        selects.forEach(({ select }) => {
          const { value } = select;
          select.replaceChildren(
            h("option", { value: "" }, "none"),
            ...groups.map((group) =>
              h(
                "optgroup",
                { label: group },
                ...runs
                  .filter(([own]) => own === group)
                  .map(([, key, title]) => h("option", { value: key }, title)),
              ),
            ),
          );
          select.value = titles.has(value) ? value : "";
        });
        if (first) {
          // something to look at before anything is trained
          const recorded = [...titles.keys()].filter((key) => key.startsWith("recorded"));
          selects.forEach(({ select }, k) => {
            select.value = recorded[k] ?? "";
          });
          seek();
        } else if (keys().join() !== (sought ?? []).join()) seek();
        buttons();
      }
      // A run of this page may have gone on.
      const own = keys().some((key) => key === `run ${link.run}`);
      const now = `${state.state === "training"} ${state.step}`;
      const due = state.state !== "training" || performance.now() - askedAt > REFRESH;
      if (own && now !== refreshed && due) {
        refreshed = now;
        seek();
      }
    },
    async hear(message) {
      if (message.keys.join() !== (sought ?? []).join()) return; // others are wanted by now
      note.textContent = message.problem;
      if (message.problem) return;
      box.hidden = false;
      await player.show(message.bundle);
    },
    theme: () => player.theme(),
    remove: () => player.remove(),
  };
}
