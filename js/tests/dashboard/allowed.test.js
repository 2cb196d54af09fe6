import { describe, expect, test } from "vitest";
import {
  adapts,
  allowed,
  downloads,
  hasClassifier,
  isRunning,
  progress,
  trainAction,
} from "../../src/dashboard/allowed.js";
import { networkWith, settingsWith, stateWith } from "./examples.js";

/** @type {import("../../src/dashboard/protocol.js").Busy} */
const LOADING = { kind: "loading", text: "Loading the digits", fraction: null };
/** @type {import("../../src/dashboard/protocol.js").Busy} */
const DOWNLOADING = { kind: "downloading", text: "MNIST: 3 MB", fraction: 0.25 };

/** @param {Partial<import("../../src/dashboard/protocol.js").State>} changes */
const pressed = (changes) =>
  Object.entries(allowed(stateWith(changes)))
    .filter(([, may]) => may)
    .map(([name]) => name);

describe("the buttons of the training", () => {
  test("while it stands still all but Undo can be pressed", () => {
    expect(pressed({ state: "ready" })).toEqual(["train", "step", "reset", "seed"]);
    expect(pressed({ state: "paused" })).toEqual(["train", "step", "reset", "seed"]);
  });

  test("a failed run can be tried again", () => {
    expect(pressed({ state: "failed" })).toEqual(["train", "step", "reset", "seed"]);
  });

  test("while it runs there is no single step", () => {
    expect(pressed({ state: "training" })).toEqual(["train", "reset", "seed"]);
    expect(pressed({ state: "paused", begins: true })).toEqual(["train", "reset", "seed"]);
  });

  test("a finished run goes on no more", () => {
    expect(pressed({ state: "finished" })).toEqual(["reset", "seed"]);
  });

  test("while Python is busy no step begins", () => {
    expect(pressed({ state: "paused", busy: LOADING })).toEqual(["reset", "seed"]);
  });

  test("before there is a run none can be pressed", () => {
    expect(pressed({ state: "loading" })).toEqual([]);
  });

  test("what can be taken back is Python's to say", () => {
    expect(pressed({ state: "loading", undo: true })).toEqual(["undo"]);
  });
});

test("the first button pauses what runs, or is about to", () => {
  expect(trainAction(stateWith({ state: "paused" }))).toBe("train");
  expect(trainAction(stateWith({ state: "training" }))).toBe("pause");
  expect(trainAction(stateWith({ state: "paused", begins: true }))).toBe("pause");
  expect(isRunning(stateWith({ state: "finished" }))).toBe(false);
});

test("only DANN uses lambda", () => {
  const modes = ["dann", "source", "target"];
  expect(modes.map((mode) => adapts(stateWith({ settings: settingsWith({ mode }) })))).toEqual([
    true,
    false,
    false,
  ]);
});

describe("the download", () => {
  test("is offered while it is missing and nothing else is done", () => {
    expect(downloads(stateWith({ mnist: false }))).toEqual({ download: true, cancel: false });
    expect(downloads(stateWith({ mnist: true }))).toEqual({ download: false, cancel: false });
    expect(downloads(stateWith({ mnist: false, busy: LOADING }))).toEqual({
      download: false,
      cancel: false,
    });
  });

  test("can be stopped while it goes on", () => {
    expect(downloads(stateWith({ mnist: false, busy: DOWNLOADING }))).toEqual({
      download: false,
      cancel: true,
    });
  });
});

describe("the bar", () => {
  test("shows the steps", () => {
    expect(progress(stateWith({ step: 750 }))).toBe(0.25);
  });

  test("shows what Python does beside the training, if it knows", () => {
    expect(progress(stateWith({ busy: DOWNLOADING }))).toBe(0.25);
    expect(progress(stateWith({ busy: LOADING }))).toBeNull();
  });
});

test("what learns can be chosen where there is a domain classifier", () => {
  const sides = /** @type {const} */ (["classifier", "distance", "none"]);
  const found = sides.map((side) => hasClassifier(stateWith({ network: networkWith({ side }) })));
  expect(found).toEqual([true, false, false]);
});
