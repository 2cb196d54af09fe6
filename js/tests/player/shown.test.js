import { describe, expect, test } from "vitest";
import {
  curvesOf,
  curveToKeep,
  methodsOf,
  methodToKeep,
  stillChosen,
} from "../../src/player/choices.js";
import { curveFigure } from "../../src/player/curves.js";
import { tableOf } from "../../src/player/table.js";

describe("what can be chosen", () => {
  const some = { rows: [], flat: new Int16Array(), scale: 1, captions: [] };

  test("the maps that any run has", () => {
    const runs = [{ maps: { PCA: some } }, { maps: { PCA: some, "t-SNE": some } }, { maps: {} }];
    expect(methodsOf(runs)).toEqual([
      ["PCA", "PCA"],
      ["t-SNE", "t-SNE"],
    ]);
    expect(methodsOf([{ maps: {} }])).toEqual([]);
  });

  test("the curves by their titles", () => {
    const look = { data: [], layout: {} };
    expect(
      curvesOf({ lambda_: { title: "Lambda", share: false, light: look, dark: look } }),
    ).toEqual([["lambda_", "Lambda"]]);
  });

  test("what was chosen stays chosen while it is there", () => {
    expect(stillChosen(methodsOf([{ maps: { PCA: some, "t-SNE": some } }]), "t-SNE")).toBe("t-SNE");
    expect(stillChosen([["PCA", "PCA"]], "t-SNE")).toBe("PCA");
    expect(stillChosen([], "t-SNE")).toBe("");
  });

  test("t-SNE is chosen first", () => {
    expect(methodToKeep("")).toBe("t-SNE");
    expect(methodToKeep("PCA")).toBe("PCA");
    expect(curveToKeep("")).toBe("target_accuracy");
    expect(curveToKeep("label_loss")).toBe("label_loss");
  });
});

describe("the picture of a curve", () => {
  const shape = { type: "rect" };
  const look = (/** @type {string} */ color) => ({
    data: [{ name: color }],
    layout: { font: { color }, shapes: [shape] },
  });
  const overlay = { title: "Lambda", share: false, light: look("black"), dark: look("white") };

  test("has an upright line at the step, in the colour of the words", () => {
    const { data, layout } = curveFigure(overlay, 300, false);
    expect(data).toBe(overlay.light.data);
    expect(layout.shapes[0]).toBe(shape);
    expect(layout.shapes[1]).toMatchObject({ x0: 300, x1: 300, y0: 0, y1: 1, yref: "paper" });
    expect(layout.shapes[1].line.color).toBe("black");
    expect(overlay.light.layout.shapes).toEqual([shape]);
  });

  test("is of the theme", () => {
    expect(curveFigure(overlay, 300, true).layout.shapes[1].line.color).toBe("white");
  });
});

test("the table has a column for each run", () => {
  const runs = [{ title: "Source only" }, { title: "DANN" }];
  expect(tableOf(runs, [["mode", "source", "dann"]])).toEqual({
    head: ["", "Source only", "DANN"],
    rows: [{ what: "mode", values: ["source", "dann"] }],
  });
});
