import { describe, expect, test } from "vitest";
import {
  appliedLambda,
  duration,
  lostPython,
  mapCaption,
  momentText,
  momentValue,
  savedPicture,
  statusLine,
  trainsOn,
  wrongNumber,
} from "../../src/dashboard/words.js";
import { settingsWith, stateWith } from "./examples.js";

test("what takes long is told in minutes, rounded up", () => {
  expect([0.2, 89.5, 90, 90.5, 121].map(duration)).toEqual([
    "1 s",
    "90 s",
    "2 min",
    "2 min",
    "3 min",
  ]);
});

describe("the status line", () => {
  test("says what the training does", () => {
    expect(statusLine(stateWith())).toBe("Step 1,200 of 3,000 · paused");
    expect(statusLine(stateWith({ state: "finished", step: 3000 }))).toBe(
      "Step 3,000 of 3,000 · finished",
    );
    expect(statusLine(stateWith({ state: "loading", step: 0 }))).toBe(
      "Step 0 of 3,000 · getting ready",
    );
  });

  test("says how fast it trains and how long that takes", () => {
    expect(statusLine(stateWith({ state: "training", speed: 12.34, left: 145 }))).toBe(
      "Step 1,200 of 3,000 · 12.3 steps/s · 3 min left",
    );
    expect(statusLine(stateWith({ state: "training" }))).toBe("Step 1,200 of 3,000 · training");
  });

  test("says no speed of a training that stands still", () => {
    expect(statusLine(stateWith({ speed: 12.34, left: 145 }))).toBe("Step 1,200 of 3,000 · paused");
  });

  test("says that steps wait for something", () => {
    expect(statusLine(stateWith({ state: "ready", begins: true, step: 0 }))).toBe(
      "Step 0 of 3,000 · begins in a moment",
    );
  });

  test("says first what Python does beside the training", () => {
    const busy = /** @type {const} */ ({
      kind: "loading",
      text: "Loading the digits",
      fraction: null,
    });
    expect(statusLine(stateWith({ state: "training", speed: 1, busy }))).toBe(
      "Loading the digits…",
    );
  });
});

test("the device is named once it is known", () => {
  expect(trainsOn("")).toBe("");
  expect(trainsOn("CPU")).toBe("Trains on: CPU");
});

describe("the lambda that is applied", () => {
  test("is told with its step", () => {
    expect(appliedLambda(stateWith({ at: 1200, applied: 0.98765 }))).toBe(
      "Applied at step 1,200: 0.988",
    );
    expect(appliedLambda(stateWith({ at: 1, applied: 0 }))).toBe("Applied at step 1: 0.000");
  });

  test("is not there before the first step", () => {
    expect(appliedLambda(stateWith())).toBe("Not applied yet.");
    expect(appliedLambda(stateWith({ at: 0 }))).toBe("Not applied yet.");
  });

  test("is not there where nothing adapts", () => {
    const settings = settingsWith({ mode: "source" });
    expect(appliedLambda(stateWith({ settings, at: 1200, applied: 1 }))).toBe(
      "Not used in this mode.",
    );
  });
});

describe("a number that is not taken", () => {
  const steps = { label: "Steps", min: 1, max: 100000 };

  test("is told with what would be", () => {
    expect(wrongNumber({ ...steps, value: "1.5", valid: false })).toBe(
      "Steps is 1.5: it must be a whole number from 1 to 100000. Nothing was changed.",
    );
  });

  test("may be none at all, which browsers find valid", () => {
    expect(wrongNumber({ ...steps, value: "", valid: true })).toMatch(/^Steps is empty: /);
  });

  test("no word is lost about a good one", () => {
    expect(wrongNumber({ ...steps, value: "300", valid: true })).toBe("");
  });
});

test("a lost Python is told with the whole seconds since it was heard", () => {
  expect(lostPython(7400)).toMatch(/^No answer from Python for 7 s\. Training pauses by itself/);
});

describe("the time line", () => {
  test("begins with the first step", () => {
    expect(momentText({ at: null, latest: 0, running: true })).toBe(
      "The time line begins with the first step.",
    );
  });

  test("says which moment is looked at", () => {
    expect(momentText({ at: null, latest: 1200, running: true })).toBe(
      "Now: step 1,200. Drag to go back in time.",
    );
    expect(momentText({ at: 0, latest: 1200, running: true })).toBe(
      "Looking at step 0 of 1,200. Training goes on meanwhile.",
    );
    expect(momentText({ at: 30, latest: 1200, running: false })).toBe(
      "Looking at step 30 of 1,200. Training is not touched meanwhile.",
    );
  });

  test("says it to those who hear the slider", () => {
    expect([momentValue(null), momentValue(0)]).toEqual(["now", "step 0"]);
  });
});

describe("under the map", () => {
  test("it says how to get one, and why it is gone", () => {
    expect(mapCaption({ method: "", note: "" })).toMatch(
      /^Choose PCA, t-SNE or UMAP: .* trains\. $/,
    );
    expect(mapCaption({ method: "", note: "UMAP is not installed." })).toMatch(
      /trains\. UMAP is not installed\.$/,
    );
  });

  test("Python's note comes before the caption of the map", () => {
    expect(mapCaption({ method: "PCA", note: "" }, "Step 50.")).toBe("Step 50.");
    expect(mapCaption({ method: "PCA", note: "Being made." }, "Step 50.")).toBe("Being made.");
  });

  test("it says that a map is awaited", () => {
    expect(mapCaption({ method: "PCA", note: "" })).toBe("Waiting for the first frame…");
  });
});

test("a saved picture is told with its step", () => {
  expect(savedPicture("Losses", 1200)).toBe("Saved: Losses, step 1,200.");
});
