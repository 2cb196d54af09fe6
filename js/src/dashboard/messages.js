// What the page tells a reader in words.

import { h } from "../shared/elements.js";
import { WAITING_FOR_PYTHON } from "../shared/words.js";
import {
  afterHearing,
  afterSaying,
  maySpeak,
  NO_NOTICES,
  NOTHING_SPOKEN,
  noticeText,
} from "./notices.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */

/**
 * @param {string} name
 * @param {{ class: string, role: string }} attributes
 */
const message = (name, attributes) => h("p", { ...attributes, hidden: true, "data-show": name });

export function createMessages() {
  const bad = { class: "dann-message dann-bad", role: "alert" };
  const lost = message("lost", bad);
  const problem = message("problem", bad);
  const notice = message("notice", { class: "dann-message", role: "status" });
  const sentence = h(
    "p",
    { class: "dann-sentence", "aria-live": "polite", "data-show": "sentence" },
    WAITING_FOR_PYTHON,
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
      // The same words again would be read aloud again.
      if (sentence.textContent !== state.sentence) sentence.textContent = state.sentence;
    },
    /** @param {number} silence */
    connection(silence) {
      if (!silence && lost.hidden) return; // as at nearly every look
      lost.hidden = !silence;
      if (silence) lost.textContent = words.lostPython(silence);
    },
  };
}
