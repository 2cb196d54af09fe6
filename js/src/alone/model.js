// What stands in the place of a widget's model where there is no Python: its saved state, and
// somebody who answers questions in Python's place.

/**
 * @typedef {(message: Message, tell: (answer: Message) => void) => void} Hear hears a question and
 *   may tell answers, now or later
 */

/**
 * @param {Record<string, unknown>} traits
 * @param {Hear} [hear]
 * @returns {WidgetModel}
 */
export function createModel(traits, hear = () => {}) {
  const values = { ...traits };
  /** @type {Map<string, Set<(message?: any, buffers?: never[]) => void>>} */
  const listeners = new Map();
  const of = (/** @type {string} */ event) => listeners.get(event) ?? new Set();
  const tell = (/** @type {string} */ event, /** @type {any[]} */ ...words) => {
    for (const listener of of(event)) listener(...words);
  };
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {},
    send: (message) => hear(message, (answer) => tell("msg:custom", answer, [])),
    on: (event, listener) => void listeners.set(event, of(event).add(listener)),
    off(event, listener) {
      if (listener) of(event).delete(listener);
      else listeners.delete(event);
    },
  };
}

/**
 * Whether Python has left its first answers.
 * @param {any} answers the trait of that name
 * @returns {answers is { light: Message, dark: Message }}
 */
export const hasFirst = (answers) => Boolean(answers?.light);

/**
 * The first picture, as Python would send it; nothing else is answered.
 * @param {{ light: Message, dark: Message }} answers
 * @param {() => boolean} isDark
 * @returns {Hear}
 */
export const firstPicture = (answers, isDark) => (question, tell) => {
  if (question.type !== "look") return;
  const { client, wish } = question;
  queueMicrotask(() => tell({ ...answers[isDark() ? "dark" : "light"], client, wish }));
};

/**
 * The engine that trains in the browser (js/engine): every question has its answer, and each answer
 * is a picture that is seen, because no two are told in one frame of the screen.
 * @param {Worker} worker of js/engine/worker.js
 * @param {unknown} choices the trait of that name
 * @param {(tell: () => void) => void} [nextFrame]
 * @returns {Hear}
 */
export function engineOf(worker, choices, nextFrame = requestAnimationFrame) {
  worker.postMessage(choices);
  /** @type {(answer: Message) => void} */
  let answered = () => {};
  /** @type {Message[]} */
  const waiting = [];
  const tellOne = () => {
    const [answer] = waiting;
    answered(answer);
    waiting.shift();
    if (waiting.length) nextFrame(tellOne);
  };
  worker.addEventListener("message", ({ data }) => {
    if (waiting.push(data) === 1) nextFrame(tellOne);
  });
  return (question, tell) => {
    answered = tell;
    if ("client" in question) worker.postMessage(question);
  };
}
