// A widget's model without Python: its saved state, and the answers that were saved with it.

import { isDark } from "../shared/theme.js";

/**
 * @param {Record<string, any>} state
 * @param {string} plotly Plotly's script, gzip in base64; "" where the page has another way to it
 * @returns {WidgetModel}
 */
export function createModel(state, plotly) {
  const values = { ...state };
  /** @type {Map<string, Set<(message: any) => void>>} */
  const listeners = new Map();
  const of = (/** @type {string} */ event) => {
    const found = listeners.get(event) ?? new Set();
    listeners.set(event, found);
    return found;
  };
  const tell = (/** @type {string} */ event, /** @type {any} */ message) => {
    for (const listener of [...of(event)]) listener(message);
  };
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      tell(`change:${name}`, value);
      tell("change", undefined);
    },
    save_changes() {},
    on: (event, listener) => of(event).add(listener),
    off: (event, listener) => of(event).delete(listener),
    send(question) {
      const answer = answerTo(question, values.answers, plotly);
      // Never before the asker listens, as with Python.
      if (answer) queueMicrotask(() => tell("msg:custom", answer));
    },
  };
}

/**
 * What Python would say, null where that is unknown.
 * @param {Message} question
 * @param {{ light: Message, dark: Message } | {}} [answers] the first, by the page's look
 * @param {string} [plotly]
 * @returns {Message | null}
 */
function answerTo({ type, client, wish }, answers, plotly) {
  if (type === "plotly" && plotly) return { type, gzip: plotly };
  if (type !== "look" || !answers || !("light" in answers)) return null;
  return { ...answers[isDark() ? "dark" : "light"], client, wish };
}
