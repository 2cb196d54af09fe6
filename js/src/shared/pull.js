// The pull protocol: the page asks and Python answers, never the other way round. So the page sets
// the pace, and a slow page or a slow Python is never flooded.
//
// The first half is what is known of the questions, and how that changes: pure functions with the
// clock passed in. `Pull` is the thin half that speaks through a widget's model.

import { uniqueName } from "./elements.js";

const PATIENCE = 60000; // ms after which an unanswered question no longer holds up the next
const QUIET = 300; // ms without an answer before the page says that Python works

/**
 * What is known of the questions.
 * @typedef {object} Questions
 * @property {number} wish the last thing that the reader wished for
 * @property {number} told the last wish that Python was told: a dragged slider waits a moment
 * @property {number} underWay how many questions have no answer yet
 * @property {boolean} again whether a question waits until there is room for it
 * @property {number} asked when the last question was sent, in ms
 * @property {number} answered when the last answer came, in ms
 */

/**
 * @typedef {object} Rules
 * @property {number} limit how many questions may be under way
 * @property {number} patience ms after which unanswered questions are given up
 */

/**
 * @param {number} now in ms, as everywhere here
 * @returns {Questions}
 */
export const noQuestions = (now) => ({
  wish: 0,
  told: 0,
  underWay: 0,
  again: false,
  asked: now,
  answered: now,
});

/**
 * How many answers are still expected.
 * @param {Questions} questions
 * @param {Rules} rules
 * @param {number} now
 */
export const expected = (questions, rules, now) =>
  now - questions.asked < rules.patience ? questions.underWay : 0;

/**
 * Whether one more question may be sent now.
 * @param {Questions} questions
 * @param {Rules} rules
 * @param {number} now
 */
export const hasRoom = (questions, rules, now) => expected(questions, rules, now) < rules.limit;

/**
 * After a question was sent.
 * @param {Questions} questions
 * @param {Rules} rules
 * @param {number} now
 * @returns {Questions}
 */
export const afterQuestion = (questions, rules, now) => ({
  ...questions,
  underWay: expected(questions, rules, now) + 1,
  asked: now,
});

/**
 * After a question found no room. However many do, one is sent later: they would all ask the same.
 * @param {Questions} questions
 * @returns {Questions}
 */
export const afterNoRoom = (questions) => ({ ...questions, again: true });

/**
 * After an answer came.
 * @param {Questions} questions
 * @param {number} now
 * @returns {Questions}
 */
export const afterAnswer = (questions, now) => ({
  ...questions,
  underWay: Math.max(0, questions.underWay - 1), // one that was given up may still come
  again: false,
  answered: now,
});

/**
 * After the reader wished for something. Answers to older wishes move no knob back from now on.
 * @param {Questions} questions
 * @returns {Questions}
 */
export const afterWish = (questions) => ({ ...questions, wish: questions.wish + 1 });

/**
 * After Python was told of the last wish.
 * @param {Questions} questions
 * @returns {Questions}
 */
export const afterTelling = (questions) => ({ ...questions, told: questions.wish });

/**
 * While nobody looks nothing is asked: silence is no sign of a lost Python then.
 * @param {Questions} questions
 * @param {number} now
 * @returns {Questions}
 */
export const afterRest = (questions, now) => ({ ...questions, underWay: 0, answered: now });

/**
 * @typedef {object} PullOptions
 * @property {string} answer the type of the messages that answer a question or a wish
 * @property {(answer: any, more: { again: boolean }) => void} react hears each answer; `again`:
 *   the next question follows at once
 * @property {() => (Message | null)} [question] what to ask as things stand, null for nothing
 * @property {(wish: number) => object} [envelope] what every message says beside its own
 * @property {(message: any) => void} [aside] hears all other messages to this client
 * @property {(busy: boolean) => void} [working] shows that an answer is long in coming
 * @property {number} [limit] how many questions may be under way, 1 if left out
 * @property {number} [patience] ms after which unanswered questions are given up, a minute if left
 *   out
 */

/** The questions of one client to the Python of one model. */
export class Pull {
  /** The name under which Python answers: a model may have several clients. */
  client = uniqueName();
  #model;
  #options;
  #rules;
  #questions = noQuestions(performance.now());
  #ended = false; // Python has said that it ends: nothing is asked any more
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quiet;

  /**
   * @param {WidgetModel} model
   * @param {PullOptions} options
   */
  constructor(model, options) {
    this.#model = model;
    this.#options = options;
    this.#rules = { limit: options.limit ?? 1, patience: options.patience ?? PATIENCE };
    model.on("msg:custom", this.#hear);
  }

  /** Asks the question as soon as there is room; until then only the latest one is kept. */
  ask = () => {
    if (this.#hasRoom()) this.#askNow();
    else this.#questions = afterNoRoom(this.#questions);
  };

  /** Asks as many questions as there is room for, and keeps none for later. */
  more = () => {
    while (this.#hasRoom() && this.#askNow());
  };

  /**
   * Asks for more from time to time too, since an answer can be lost, and whenever the page is
   * looked at again.
   * @param {number} every ms
   * @returns {() => void} what ends that
   */
  keepAsking(every) {
    const watch = setInterval(this.more, every);
    document.addEventListener("visibilitychange", this.more);
    return () => {
      clearInterval(watch);
      document.removeEventListener("visibilitychange", this.more);
    };
  }

  /** The reader is about to wish for something: counts at once what {@link wish} says later. */
  announce() {
    this.#questions = afterWish(this.#questions);
  }

  /**
   * Tells a wish. It never waits, and its answer is an answer like those to questions.
   * @param {Message} message
   */
  wish(message) {
    if (this.#ended) return;
    this.#questions = afterTelling(afterWish(this.#questions));
    this.#sendQuestion(message);
  }

  /**
   * Sends what is answered by a message of another type, or by none: see `aside`.
   * @param {Message} message
   */
  send(message) {
    const envelope = this.#options.envelope?.(this.#questions.told);
    try {
      this.#model.send({ client: this.client, ...envelope, ...message });
    } catch (error) {
      console.warn("dann: the kernel cannot be reached", error);
    }
  }

  /**
   * Whether an answer knows of all wishes: only then it may set the page's knobs.
   * @param {{ wish: number }} message
   */
  knowsAll(message) {
    return message.wish === this.#questions.wish;
  }

  /** How many answers are still expected. */
  expected() {
    return expected(this.#questions, this.#rules, performance.now());
  }

  /** ms since the last answer, or since somebody looked; 0 once Python has said that it ends. */
  silence() {
    return this.#ended ? 0 : performance.now() - this.#questions.answered;
  }

  /** Nobody looks now: silence does not count, and questions under way are forgotten. */
  rest() {
    this.#questions = afterRest(this.#questions, performance.now());
  }

  remove() {
    clearTimeout(this.#quiet);
    this.#model.off("msg:custom", this.#hear);
  }

  #hasRoom() {
    return !this.#ended && hasRoom(this.#questions, this.#rules, performance.now());
  }

  #end() {
    this.#ended = true;
    clearTimeout(this.#quiet);
    this.#options.working?.(false);
  }

  /** Whether there was something to ask. */
  #askNow() {
    const message = this.#options.question?.();
    if (message) this.#sendQuestion(message);
    return Boolean(message);
  }

  /** @param {Message} message */
  #sendQuestion(message) {
    this.#questions = afterQuestion(this.#questions, this.#rules, performance.now());
    const { working } = this.#options;
    if (working) {
      clearTimeout(this.#quiet);
      this.#quiet = setTimeout(() => working(true), QUIET);
    }
    this.send(message);
  }

  /** @param {any} message */
  #hear = (message) => {
    if (message.type === "ended") this.#end();
    if (message.client !== this.client) return;
    const { answer, react, aside, working } = this.#options;
    if (message.type !== answer) {
      aside?.(message);
      return;
    }
    const { again } = this.#questions;
    this.#questions = afterAnswer(this.#questions, performance.now());
    if (working && !this.#questions.underWay) {
      clearTimeout(this.#quiet);
      working(false);
    }
    react(message, { again });
    if (again) this.ask();
  };
}
