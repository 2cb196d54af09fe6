import { describe, expect, test } from "vitest";
import {
  canReplay,
  chosenKeys,
  grouped,
  isOutOfDate,
  progressOf,
  recordedKeys,
  sameKeys,
  stillOffered,
} from "../../src/compare/runs.js";
import { RUNS, stateWith } from "../dashboard/examples.js";

test("a run is chosen once, and none is no run", () => {
  expect(chosenKeys(["run 2", "", "run 2"])).toEqual(["run 2"]);
  expect(chosenKeys(["", "", ""])).toEqual([]);
});

test("the order of the runs matters", () => {
  expect(sameKeys(["run 1", "run 2"], ["run 1", "run 2"])).toBe(true);
  expect(sameKeys(["run 1", "run 2"], ["run 2", "run 1"])).toBe(false);
  expect(sameKeys([], [])).toBe(true);
});

test("runs are grouped in the order in which they are offered", () => {
  expect(grouped(RUNS).map(({ group, runs }) => [group, runs.map(({ key }) => key)])).toEqual([
    ["This page", ["run 2", "run 1"]],
    ["Kept", ["folder Monday"]],
    ["Recorded", ["recorded 0", "recorded 1"]],
  ]);
  expect(grouped([])).toEqual([]);
});

test("a choice stays while its run is offered", () => {
  expect(stillOffered("run 1", RUNS)).toBe("run 1");
  expect(stillOffered("run 0", RUNS)).toBe("");
  expect(stillOffered("", RUNS)).toBe("");
});

test("the recorded runs are there to begin with", () => {
  expect(recordedKeys(RUNS)).toEqual(["recorded 0", "recorded 1"]);
});

test("only the lambda of a run of this page that adapts can be replayed", () => {
  const keys = ["run 2", "run 1", "folder Monday", "recorded 0", "run 0", ""];
  expect(keys.filter((key) => canReplay(key, RUNS))).toEqual(["run 2"]);
});

describe("the runs on the page", () => {
  const now = {
    keys: ["run 2", "recorded 0"],
    run: 2,
    state: stateWith({ state: "training", step: 300 }),
    refreshed: progressOf(stateWith({ state: "training", step: 200 })),
    waited: 20001,
  };

  test("are out of date now and then while one of them is trained", () => {
    expect(isOutOfDate(now)).toBe(true);
    expect(isOutOfDate({ ...now, waited: 20000 })).toBe(false);
  });

  test("are out of date at once when the training stops", () => {
    const state = stateWith({ state: "paused", step: 200 });
    expect(isOutOfDate({ ...now, state, waited: 0 })).toBe(true);
  });

  test("are up to date once they were asked for", () => {
    expect(isOutOfDate({ ...now, refreshed: progressOf(now.state) })).toBe(false);
  });

  test("do not change while another run is trained", () => {
    expect(isOutOfDate({ ...now, run: 3 })).toBe(false);
    expect(isOutOfDate({ ...now, keys: [] })).toBe(false);
  });
});
