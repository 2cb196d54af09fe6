import { expect, test } from "vitest";
import { isStep, PHASE_ARROWS, phaseAfter } from "../../src/playground/phases.js";
import { phasesOf } from "../../src/playground/words.js";

test.each([true, false])("each part has its sentence, with its number: %s", (hasClassifier) => {
  const said = phasesOf(hasClassifier);
  expect(said).toHaveLength(PHASE_ARROWS.length);
  said.forEach((text, k) => expect(text).toMatch(`${k + 1} of ${said.length}. `));
});

test("of a distance nothing is turned round, and no domain classifier is spoken of", () => {
  expect(phasesOf(true).join(" ")).toMatch(/reversal layer turns.*round/);
  expect(phasesOf(false).join(" ")).not.toMatch(/reversal|round|domain (classifier|loss)/);
});

test("the parts follow each other, and after the last comes the first", () => {
  expect([0, 1, 2, 3, 4].map(phaseAfter)).toEqual([1, 2, 3, 4, 0]);
});

test("the last part is the step itself", () => {
  expect([0, 1, 2, 3, 4].map(isStep)).toEqual([false, false, false, false, true]);
});
