// What stands in the place of a widget's model where there is no Python: the same questions, and a
// worker that answers them.

/** @import { PlaygroundChoices } from "../src/playground/protocol.js" */

/**
 * @param {Worker} worker of worker.js
 * @param {PlaygroundChoices} choices as the playground has them in a notebook
 * @param {(message: Message) => Promise<Message | null>} [aside] answers what is not about training,
 *   such as the question for Plotly
 * @returns {WidgetModel}
 */
export function createModel(worker, choices, aside = async () => null) {
  /** @type {Record<string, unknown>} */
  const traits = { choices, asks_python: false };
  /** @type {Map<string, Set<(message: any) => void>>} */
  const listeners = new Map();
  const of = (/** @type {string} */ event) => listeners.get(event) ?? new Set();
  const tell = (/** @type {Message} */ message) => {
    for (const listener of of("msg:custom")) listener(message);
  };
  worker.postMessage(choices);
  worker.addEventListener("message", ({ data }) => tell(data));
  return {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
    },
    save_changes() {},
    send(message) {
      if ("client" in message) worker.postMessage(message);
      else aside(message).then((answer) => answer && tell(answer));
    },
    on: (event, listener) => void listeners.set(event, of(event).add(listener)),
    off: (event, listener) => void of(event).delete(listener),
  };
}
