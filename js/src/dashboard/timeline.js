// The time line: any moment of the run can be looked at while it goes on.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { isRunning } from "./allowed.js";
import { latestStep } from "./known.js";
import { momentAt, nextFrame } from "./moments.js";
import { isBranched } from "./parts.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

const FRAME = 400; // ms between two moments of a replay

/** @param {Page} page */
export function createTimeline({ model, link, wish }) {
  const latest = () => latestStep(link.known);
  /** @param {number | null} at */
  const look = (at) => link.look(momentAt(at, latest()));
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let replaying;
  const stop = () => {
    clearInterval(replaying);
    replaying = undefined;
    replay.textContent = words.REPLAY.label;
  };
  const start = () => {
    replay.textContent = words.STOP_REPLAY;
    look(link.known.at ?? 0);
    replaying = setInterval(() => {
      look(nextFrame(link.known.at, latest()));
      if (link.known.at === null) stop();
    }, FRAME);
  };
  /** @param {number | null} at */
  const lookByHand = (at) => {
    stop();
    look(at);
  };
  const slider = createSlider(lookByHand);
  const text = h("output", { class: "dann-applied", "data-show": "moment" });
  const replay = button("replay", words.REPLAY, () => (replaying ? stop() : start()));
  const toNow = button("now", words.BACK_TO_NOW, () => lookByHand(null));
  const branch = button("branch", words.BRANCH, () => {
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
      slider,
    ),
    /** @param {State} state */
    update(state) {
      const { at } = link.known;
      slider.disabled = replay.disabled = branch.disabled = !state.step;
      slider.max = String(state.step);
      // The past stands still under the reader's hand; now moves on.
      if (at === null || document.activeElement !== slider) slider.value = String(at ?? state.step);
      slider.setAttribute("aria-valuetext", words.momentValue(at));
      toNow.disabled = at === null;
      text.textContent = words.momentText({ at, latest: state.step, running: isRunning(state) });
    },
    remove: stop,
  };
}

/** @param {(at: number) => void} look */
function createSlider(look) {
  return h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    disabled: true,
    "data-time": "slider",
    "aria-label": words.TIME_SLIDER,
    oninput: ({ target }) => look(Number(target.value)),
  });
}
