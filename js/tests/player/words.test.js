import { describe, expect, test } from "vitest";
import { unpackRun } from "../../src/player/unpack.js";
import {
  aboutMoment,
  aboutRuns,
  mapTitle,
  onCurve,
  onMap,
  onRuns,
  sliderValue,
} from "../../src/player/words.js";
import { plainRun } from "./made.js";

const runs = [unpackRun(plainRun()), unpackRun(plainRun({ title: "Other", curves: {} }))];

test("a moment", () => {
  expect(aboutMoment(300, 4000)).toBe("Step 300 of 4,000.");
  expect(sliderValue(4000)).toBe("step 4000");
});

describe("the sentence on the runs", () => {
  test("has a share of each", () => {
    expect(onRuns(runs.slice(0, 1), 1020)).toBe("Step 1,020. Right on the target: DANN: 50 %.");
  });

  test("says where there is none, and where nobody knows", () => {
    expect(onRuns(runs, 10)).toBe("Step 10. Right on the target: DANN: none yet; Other: –.");
  });
});

test("the sentence under the curves has plain numbers where they are no shares", () => {
  expect(onCurve(runs, "label_loss", { title: "Label loss (nats)", share: false }, 2000)).toBe(
    "Label loss (nats) at step 2,000, where the upright line is. DANN: 1.50; Other: none.",
  );
  const shares = { title: "Right on the target", share: true };
  expect(onCurve(runs, "target_accuracy", shares, 0)).toContain("DANN: 25 %;");
});

test("where the runs come from is said once", () => {
  const from = (/** @type {string} */ about) => ({ about });
  expect(aboutRuns([from("Recorded"), from("Recorded")])).toBe("Recorded.");
  expect(aboutRuns([from("Recorded"), from(""), from("Yours")])).toBe("Recorded. Yours.");
  expect(aboutRuns([from("")])).toBe("");
});

describe("under a map", () => {
  const { PCA } = runs[0].maps;

  test("is its own sentence", () => {
    expect([0, 1].map((row) => onMap(PCA, row, "PCA"))).toEqual([
      "The map at 10.",
      "The map at 20.",
    ]);
    expect(mapTitle(runs[0])).toBe("Map of DANN");
  });

  test("or why there is none", () => {
    expect(onMap(PCA, -1, "PCA")).toBe("The first PCA map of this run comes later.");
    expect(onMap(undefined, -1, "t-SNE")).toBe(
      "There is no t-SNE map of this run. Maps are drawn while one is chosen on its page.",
    );
  });
});
