import { describe, expect, test } from "vitest";
import {
  arrowPaths,
  broadPath,
  layoutFor,
  shownIn,
  WIDEST,
  widthOf,
} from "../../src/dashboard/diagram.js";
import { twoDigits } from "../../src/dashboard/words.js";
import { networkWith, settingsWith, stateWith } from "./examples.js";

/** @import { Arrow, Box } from "../../src/dashboard/diagram.js" */
/** @import { DomainSide, Network } from "../../src/dashboard/protocol.js" */

/** @type {Network} */
const NOTHING = {
  side: "classifier",
  label_loss: null,
  domain_loss: null,
  label_gradient: null,
  domain_gradient_before: null,
  domain_gradient_after: null,
};

/**
 * @param {DomainSide} side
 * @param {Partial<ReturnType<typeof settingsWith>>} settings
 */
const trained = (side, settings) =>
  stateWith({
    at: 150,
    applied: 0.5,
    settings: settingsWith(settings),
    network: networkWith({ side }),
  });

/** @param {Box} one @param {Box} other */
const overlap = (one, other) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

describe("the layout", () => {
  for (const width of [250, 340, 639, 640, 660, 1090, 1600]) {
    test(`keeps all boxes apart and on the picture, ${width} px wide`, () => {
      const { boxes, height, width: drawn } = layoutFor(width);
      const all = Object.values(boxes);
      expect(drawn).toBe(width);
      for (const [i, box] of all.entries()) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
        expect(all.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
      }
    });
  }

  test("is low where it is wide, and narrow pages stack it", () => {
    expect(layoutFor(1090).height).toBeLessThan(150);
    const { boxes } = layoutFor(340);
    expect(boxes.reversal.y).toBeGreaterThan(boxes.extractor.y + boxes.extractor.height);
    expect(boxes.classifier.y).toBeGreaterThan(boxes.reversal.y + boxes.reversal.height);
  });

  for (const width of [340, 1090]) {
    test(`lets gradients run against what goes forward, ${width} px wide`, () => {
      const { arrows } = layoutFor(width);
      const along = width < 640 ? 1 : 0;
      for (const name of /** @type {const} */ (["toPredictor", "toReversal", "toClassifier"])) {
        expect(arrows[name].to[along]).toBeGreaterThan(arrows[name].from[along]);
      }
      for (const name of /** @type {const} */ (["label", "domain", "push", "fromDomainLoss"])) {
        expect(arrows[name].to[along]).toBeLessThan(arrows[name].from[along]);
      }
    });
  }
});

test("the arrow is as wide as lambda, and no wider than the greatest lambda's", () => {
  expect(widthOf(0, 2)).toBe(0);
  expect(widthOf(undefined, 2)).toBe(0);
  expect(widthOf(1, 2)).toBe(WIDEST / 2);
  expect(widthOf(0.5, 2)).toBe(WIDEST / 4);
  expect(widthOf(5, 2)).toBe(WIDEST);
});

test("arrows end where they point to", () => {
  /** @type {Arrow} */
  const arrow = { from: [100, 5], to: [20, 5] };
  expect(arrowPaths(arrow)).toEqual({ line: "M100,5L31,5", head: "M20,5L31,0.5L31,9.5Z" });
  const corners = broadPath(arrow, 10).slice(1, -1).split("L");
  expect(corners).toContain("20,5");
  expect(corners).toContain("100,0");
  expect(corners).toContain("100,10");
});

describe("what is said", () => {
  test("of DANN are two losses, three norms and a gradient that is turned round", () => {
    const { boxes, norms, width, sentence } = shownIn(trained("classifier", {}), 2);
    expect(boxes.extractor[1]).toBe("source, target");
    expect(boxes.labelLoss).toEqual(["Label loss", "0.57"]);
    expect(boxes.domainLoss).toEqual(["Domain loss", "0.52"]);
    expect(boxes.reversal).toEqual(["Reversal layer", "× −0.50"]);
    expect(norms).toEqual({
      label: "gradient 0.041",
      domain: "gradient 0.032",
      push: "reversed 0.016",
    });
    expect(width).toBe(WIDEST / 4);
    expect(sentence).toBe(
      "Step 150. Forward: label loss 0.57, domain loss 0.52. Back at the features: label gradient 0.041; domain gradient 0.032, turned round, times lambda 0.50: 0.016.",
    );
  });

  test("of CDAN is that its classifier sees classes too", () => {
    const { boxes, sentence } = shownIn(trained("classifier", { method: "cdan+e" }), 2);
    expect(boxes.classifier).toEqual(["Domain classifier", "sees classes too"]);
    expect(sentence).toContain("sees the class probabilities too");
  });

  test("of a distance is that nothing is reversed and nobody classifies domains", () => {
    const { boxes, norms, sentence } = shownIn(trained("distance", { method: "coral" }), 2000);
    expect(boxes.reversal).toEqual(["No reversal", "× 0.50"]);
    expect(boxes.classifier).toEqual(["No classifier", "CORAL's distance"]);
    expect(boxes.domainLoss[0]).toBe("Distance");
    expect(norms.push).toBe("scaled 0.016");
    expect(sentence).toContain("CORAL's distance 0.52");
    expect(sentence).toContain("not turned round: 0.016. There is no domain classifier.");
    expect(sentence).not.toContain("domain loss");
  });

  test("without a domain side is what is not there", () => {
    for (const mode of ["source", "target"]) {
      const { boxes, norms, width, sentence } = shownIn(trained("none", { mode }), 2);
      expect(boxes.extractor[1]).toBe(`${mode} only`);
      expect(boxes.classifier).toEqual(["No classifier", "in this mode"]);
      expect(norms).toEqual({ label: "gradient 0.041", domain: "", push: "" });
      expect(width).toBe(0);
      expect(sentence).toContain("label loss 0.57");
      expect(sentence).toContain("nothing is reversed");
    }
  });

  test("before the first step has no number in it", () => {
    for (const side of /** @type {const} */ (["classifier", "distance", "none"])) {
      const mode = side === "none" ? "source" : "dann";
      const settings = settingsWith({ mode });
      const { boxes, norms, sentence } = shownIn(
        stateWith({ at: 0, settings, network: { ...NOTHING, side } }),
        2,
      );
      const shown = [...Object.values(boxes).flat(), ...Object.values(norms), sentence].join(" ");
      expect(shown).not.toMatch(/\d/);
    }
  });
});

test("numbers have two digits that count, and large ones none behind the point", () => {
  expect([0, 0.0407, 0.5, 2.345, 12.3, 123.4, 12345].map(twoDigits)).toEqual([
    "0",
    "0.041",
    "0.50",
    "2.3",
    "12",
    "123",
    "12,345",
  ]);
});
