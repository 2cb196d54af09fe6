import { describe, expect, test } from "vitest";
import {
  beginning,
  inMode,
  maySpeak,
  mustPause,
  nextQuestion,
  pressed,
  statusLine,
  withAnswer,
} from "../../src/playground/state.js";
import { answerWith, floatsOf } from "./answer.js";

/** @import { Mode } from "../../src/playground/state.js" */

/** @type {Mode[]} */
const MODES = ["paused", "playing", "slow"];

/**
 * @param {Mode} mode
 * @param {Parameters<typeof answerWith>[0]} [changes]
 */
const heard = (mode, changes) => withAnswer(inMode(beginning(), mode), answerWith(changes), 0);

describe("an answer", () => {
  test("is the new frame, and one more for the pace", () => {
    const state = heard("playing");
    expect(state.frame?.step).toBe(3);
    expect(state.pace).toEqual([[0, 3]]);
    expect(state.mode).toBe("playing");
  });

  test("lets the scale drift within a run, and begin anew with the next run", () => {
    const first = heard("playing");
    expect(first.scale).toBeCloseTo(13);
    const pushes = { ...answerWith().pushes, domain: floatsOf([0, 1]) };
    const next = withAnswer(first, answerWith({ step: 4, pushes }), 10);
    expect(next.scale).toBeCloseTo(13 * 2 ** 0.1);
    const anew = withAnswer(next, answerWith({ step: 0, pushes }), 20);
    expect(anew.scale).toBeCloseTo(26);
  });

  test("ends play and slow motion after the last step, and with a problem", () => {
    const last = answerWith({ step: 2000 });
    const wrong = answerWith({ problem: "Not finite." });
    expect(MODES.map((mode) => mustPause(mode, last))).toEqual([false, true, true]);
    expect(MODES.map((mode) => mustPause(mode, wrong))).toEqual([false, true, true]);
    expect(MODES.map((mode) => mustPause(mode, answerWith()))).toEqual([false, false, false]);
  });

  test("brings a new sentence, but not faster than it can be read", () => {
    expect(MODES.map((mode) => maySpeak(mode, 500))).toEqual([true, false, true]);
    expect(maySpeak("playing", 1001)).toBe(true);
  });
});

describe("a mode", () => {
  test("keeps the frame and begins a new pace", () => {
    const state = inMode(heard("playing"), "paused");
    expect(state.frame?.step).toBe(3);
    expect(state.pace).toEqual([]);
  });
});

describe("a button", () => {
  test("that starts something also stops it", () => {
    expect(MODES.map((mode) => pressed("play", mode).mode)).toEqual([
      "playing",
      "paused",
      "playing",
    ]);
    expect(MODES.map((mode) => pressed("slow", mode).mode)).toEqual(["slow", "slow", "paused"]);
    expect(pressed("play", "paused").wish).toBe(null);
    expect(pressed("slow", "paused").wish).toEqual({ type: "slow" });
    expect(pressed("slow", "slow").wish).toBe(null);
  });

  test("of the others pauses and asks", () => {
    expect(pressed("step", "playing")).toEqual({
      mode: "paused",
      wish: { type: "step", steps: 1 },
    });
    for (const type of /** @type {const} */ (["reset", "seed", "undo"])) {
      expect(pressed(type, "slow")).toEqual({ mode: "paused", wish: { type } });
    }
  });
});

describe("the next question", () => {
  const now = { steps: 3, seen: true, curvesMissing: false };

  test("is for steps while it plays", () => {
    const asked = MODES.map((mode) => nextQuestion(heard(mode), now));
    expect(asked).toEqual([null, { type: "step", steps: 3 }, null]);
  });

  test("waits for the first frame", () => {
    expect(nextQuestion(inMode(beginning(), "playing"), now)).toBe(null);
  });

  test("is none where nobody looks, or where the run is done", () => {
    expect(nextQuestion(heard("playing"), { ...now, seen: false })).toBe(null);
    expect(nextQuestion(heard("playing", { step: 2000 }), now)).toBe(null);
  });

  test("is for the curves where they are missing", () => {
    expect(nextQuestion(heard("paused"), { ...now, curvesMissing: true })).toEqual({
      type: "look",
    });
  });
});

describe("the line under the buttons", () => {
  test("waits for Python", () => {
    expect(statusLine(beginning())).toBe("Waiting for Python…");
  });

  test("says the step, lambda and the mode", () => {
    expect(MODES.map((mode) => statusLine(heard(mode, { step: 1234 })))).toEqual([
      "Step 1,234 of 2,000 · lambda 0.12 · paused",
      "Step 1,234 of 2,000 · lambda 0.12 · playing",
      "Step 1,234 of 2,000 · lambda 0.12 · slow motion",
    ]);
  });

  test("says the speed while it plays, once there are enough frames", () => {
    let state = inMode(beginning(), "playing");
    for (let k = 0; k < 6; k += 1) state = withAnswer(state, answerWith({ step: 3 * k }), 100 * k);
    expect(statusLine(state)).toBe("Step 15 of 2,000 · lambda 0.12 · 30 steps/s · playing");
    expect(statusLine({ ...state, mode: "paused" })).toBe(
      "Step 15 of 2,000 · lambda 0.12 · paused",
    );
  });

  test("says how to start again after the last step", () => {
    expect(statusLine(heard("paused", { step: 2000 }))).toBe(
      "Step 2,000 of 2,000 · lambda 0.12 · finished: Reset starts again",
    );
  });
});
