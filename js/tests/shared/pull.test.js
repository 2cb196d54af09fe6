import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  afterAnswer,
  afterNoRoom,
  afterQuestion,
  afterRest,
  afterTelling,
  afterWish,
  expected,
  hasRoom,
  noQuestions,
  Pull,
} from "../../src/shared/pull.js";

const ONE = { limit: 1, patience: 1000 };
const TWO = { limit: 2, patience: 1000 };

describe("what is known of the questions", () => {
  test("there is room for as many as the rules say", () => {
    const none = noQuestions(0);
    const one = afterQuestion(none, TWO, 10);
    const two = afterQuestion(one, TWO, 20);
    expect([none, one, two].map((questions) => hasRoom(questions, TWO, 30))).toEqual([
      true,
      true,
      false,
    ]);
    expect(hasRoom(one, ONE, 30)).toBe(false);
  });

  test("an answer makes room", () => {
    const asked = afterQuestion(noQuestions(0), ONE, 10);
    expect(hasRoom(afterAnswer(asked, 20), ONE, 20)).toBe(true);
  });

  test("what has no answer for long is given up", () => {
    const asked = afterQuestion(noQuestions(0), ONE, 10);
    expect(hasRoom(asked, ONE, 1009)).toBe(false);
    expect(hasRoom(asked, ONE, 1010)).toBe(true);
    expect(expected(asked, ONE, 1010)).toBe(0);
    expect(expected(afterQuestion(asked, ONE, 1010), ONE, 1010)).toBe(1);
  });

  test("an answer that was given up may still come", () => {
    expect(afterAnswer(noQuestions(0), 10).underWay).toBe(0);
  });

  test("a question without room is kept until the next answer", () => {
    const kept = afterNoRoom(afterQuestion(noQuestions(0), ONE, 10));
    expect(kept.again).toBe(true);
    expect(afterAnswer(kept, 20).again).toBe(false);
  });

  test("a wish counts before Python is told of it", () => {
    const wished = afterWish(afterWish(noQuestions(0)));
    expect([wished.wish, wished.told]).toEqual([2, 0]);
    expect(afterTelling(wished).told).toBe(2);
  });

  test("nobody looks: nothing is expected and the silence begins anew", () => {
    const rested = afterRest(afterQuestion(noQuestions(0), ONE, 10), 500);
    expect(expected(rested, ONE, 500)).toBe(0);
    expect(rested.answered).toBe(500);
  });
});

/** A model that keeps what is sent, and that can be made to answer. */
function createModel() {
  /** @type {Set<(message: any) => void>} */
  const listeners = new Set();
  /** @type {any[]} */
  const sent = [];
  return {
    sent,
    /** @param {any} message */
    say: (message) => listeners.forEach((listener) => listener(message)),
    get: () => null,
    set() {},
    save_changes() {},
    /** @param {any} message */
    send: (message) => sent.push(message),
    /** @type {WidgetModel["on"]} */
    on: (_, listener) => listeners.add(listener),
    /** @type {WidgetModel["off"]} */
    off: (_, listener) => listeners.delete(listener),
  };
}

describe("a pull", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** @param {Partial<import("../../src/shared/pull.js").PullOptions>} [options] */
  function pulling(options) {
    const model = createModel();
    /** @type {any[]} */
    const heard = [];
    let value = 0;
    const pull = new Pull(model, {
      answer: "answered",
      question: () => ({ type: "question", value }),
      react: (message, { again }) => heard.push([message.type, again]),
      patience: 1000,
      ...options,
    });
    /** @param {object} [more] */
    const answer = (more) => model.say({ type: "answered", client: pull.client, ...more });
    /** @param {number} to */
    const turn = (to) => {
      value = to;
      pull.ask();
    };
    return { model, heard, pull, answer, turn };
  }

  test("sends only the latest of the questions that found no room", () => {
    const { model, heard, answer, turn } = pulling();
    for (const value of [1, 2, 3]) turn(value);
    expect(model.sent.map(({ value }) => value)).toEqual([1]);
    answer();
    expect(model.sent.map(({ value }) => value)).toEqual([1, 3]);
    answer();
    expect(model.sent).toHaveLength(2);
    expect(heard).toEqual([
      ["answered", true],
      ["answered", false],
    ]);
  });

  test("ignores what is said to others", () => {
    const { model, heard, turn } = pulling();
    turn(1);
    turn(2);
    model.say({ type: "answered", client: "another" });
    model.say({ type: "plotly" });
    expect(heard).toEqual([]);
    expect(model.sent).toHaveLength(1);
  });

  test("hears aside what answers no question", () => {
    const aside = vi.fn();
    const { model, heard, pull } = pulling({ aside });
    pull.more();
    model.say({ type: "file", client: pull.client });
    expect(aside).toHaveBeenCalledOnce();
    expect(heard).toEqual([]);
    expect(pull.expected()).toBe(1);
  });

  test("with `more`, asks nothing while there is no room, and nothing later", () => {
    const { model, pull, answer } = pulling();
    pull.more();
    pull.more();
    answer();
    expect(model.sent).toHaveLength(1);
    pull.more();
    expect(model.sent).toHaveLength(2);
  });

  test("can be two ahead, and wishes push in", () => {
    const { model, pull, answer } = pulling({ limit: 2 });
    pull.more();
    expect(model.sent).toHaveLength(2);
    pull.wish({ type: "set" });
    expect(model.sent).toHaveLength(3);
    answer();
    pull.more();
    expect(model.sent).toHaveLength(3);
    answer();
    pull.more();
    expect(model.sent).toHaveLength(4);
  });

  test("asks nothing any more, and shows no work, once Python has said that it ends", () => {
    const working = vi.fn();
    const { model, pull } = pulling({ working });
    pull.ask();
    vi.advanceTimersByTime(500);
    expect(working).toHaveBeenLastCalledWith(true);
    model.say({ type: "ended", text: "It ends." });
    expect(working).toHaveBeenLastCalledWith(false);
    vi.advanceTimersByTime(10000);
    pull.more();
    pull.ask();
    pull.wish({ type: "set" });
    expect(model.sent).toHaveLength(1);
    expect(pull.silence()).toBe(0);
  });

  test("asks nothing while there is nothing to ask", () => {
    const { model, pull } = pulling({ question: () => null });
    pull.more();
    pull.ask();
    expect(model.sent).toEqual([]);
  });

  test("gives up a question that nobody answers", () => {
    const { model, pull } = pulling();
    pull.more();
    vi.advanceTimersByTime(999);
    pull.more();
    expect(model.sent).toHaveLength(1);
    vi.advanceTimersByTime(1);
    pull.more();
    expect(model.sent).toHaveLength(2);
  });

  test("says with every message which wish Python has been told of", () => {
    const { model, pull } = pulling({ limit: 9, envelope: (wish) => ({ wish }) });
    pull.announce();
    pull.ask();
    pull.wish({ type: "set" });
    pull.send({ type: "export" });
    expect(model.sent.map(({ wish }) => wish)).toEqual([0, 2, 2]);
    expect(model.sent.every(({ client }) => client === pull.client)).toBe(true);
    expect([0, 1, 2].map((wish) => pull.knowsAll({ wish }))).toEqual([false, false, true]);
  });

  test("says that Python works only when an answer is long in coming", () => {
    const working = vi.fn();
    const { pull, answer } = pulling({ working });
    pull.ask();
    vi.advanceTimersByTime(200);
    answer();
    vi.advanceTimersByTime(1000);
    expect(working.mock.calls).toEqual([[false]]);
    pull.ask();
    vi.advanceTimersByTime(300);
    expect(working.mock.lastCall).toEqual([true]);
    answer();
    expect(working.mock.lastCall).toEqual([false]);
  });

  test("counts the silence since the last answer, or since somebody looked", () => {
    const { pull, answer } = pulling();
    vi.advanceTimersByTime(5000);
    expect(pull.silence()).toBe(5000);
    answer();
    expect(pull.silence()).toBe(0);
    vi.advanceTimersByTime(700);
    pull.rest();
    expect(pull.silence()).toBe(0);
  });

  test("stands a kernel that cannot be reached", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { model, pull } = pulling();
    vi.spyOn(model, "send").mockImplementation(() => {
      throw new Error("gone");
    });
    pull.ask();
    expect(warn).toHaveBeenCalledOnce();
    expect(pull.expected()).toBe(1);
  });

  test("waits a minute for an answer, where nothing else is said", () => {
    const { pull } = pulling({ patience: undefined });
    pull.ask();
    vi.advanceTimersByTime(59_999);
    expect(pull.expected()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(pull.expected()).toBe(0);
  });

  test("is silent once removed", () => {
    const working = vi.fn();
    const { heard, pull, answer } = pulling({ working });
    pull.ask();
    pull.remove();
    answer();
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([]);
    expect(working).not.toHaveBeenCalled();
  });
});
