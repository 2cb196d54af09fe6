import { describe, expect, test } from "vitest";
import {
  exportedKeys,
  pictureLayout,
  pictureName,
  pictureSize,
  sharedText,
} from "../../src/dashboard/exports.js";
import { RUNS } from "./examples.js";

describe("the runs of a page", () => {
  const recorded = ["recorded 0", "recorded 1"];
  const now = { compared: recorded, offered: RUNS, latest: 10 };

  test("are those that are compared", () => {
    for (const compared of [["run 2", "recorded 0"], ["folder Monday"]]) {
      expect(exportedKeys("html", { ...now, compared })).toEqual(compared);
    }
  });

  test("are the recorded ones only while there is no other", () => {
    expect(exportedKeys("html", { ...now, latest: 0 })).toEqual(recorded);
    expect(exportedKeys("html", now)).toEqual([]);
  });

  test("are of a kind, whatever they are called", () => {
    const [own] = RUNS;
    const offered = [{ ...own, key: "recorded at home" }];
    const compared = ["recorded at home"];
    expect(exportedKeys("html", { ...now, compared, offered })).toEqual(compared);
  });

  test("are the one that is shown if none is compared", () => {
    expect(exportedKeys("html", { ...now, compared: [] })).toEqual([]);
  });
});

test("a table is of the run that is shown", () => {
  expect(exportedKeys("csv", { compared: ["run 2", "run 1"], offered: RUNS, latest: 10 })).toEqual(
    [],
  );
});

test("a picture's file says what it shows", () => {
  expect(pictureName("losses", 1200, "svg")).toBe("dann-losses-step-1200.svg");
});

test("a picture takes the page's ground and any size", () => {
  const layout = { width: 300, height: 200, font: { size: 12 } };
  expect(pictureLayout(layout, "#fff")).toEqual({
    font: { size: 12 },
    paper_bgcolor: "#fff",
    plot_bgcolor: "#fff",
  });
  expect(layout.width).toBe(300);
});

test("a picture is no narrower than is of use", () => {
  expect(pictureSize({ offsetWidth: 350, offsetHeight: 280 })).toEqual({
    width: 560,
    height: 280,
    scale: 2,
  });
  expect(pictureSize({ offsetWidth: 900, offsetHeight: 280 }).width).toBe(900);
});

test("the settings are shared with the page's own address, if it has one", () => {
  expect(sharedText("seed=3", null)).toBe("seed=3");
  expect(sharedText("seed=3", "https://example.org/page")).toBe("https://example.org/page#seed=3");
  expect(sharedText("seed=3", "https://example.org/page#seed=2")).toBe(
    "https://example.org/page#seed=3",
  );
});
