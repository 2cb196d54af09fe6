import { expect, test } from "vitest";
import { isStep, PHASE_ARROWS, phaseAfter } from "../../src/playground/phases.js";
import { PHASES } from "../../src/playground/words.js";

test("each part has its sentence, with its number", () => {
  expect(PHASES).toHaveLength(PHASE_ARROWS.length);
  PHASES.forEach((text, k) => expect(text).toMatch(`${k + 1} of ${PHASES.length}. `));
});

test("the parts follow each other, and after the last comes the first", () => {
  expect([0, 1, 2, 3, 4].map(phaseAfter)).toEqual([1, 2, 3, 4, 0]);
});

test("the last part is the step itself", () => {
  expect([0, 1, 2, 3, 4].map(isStep)).toEqual([false, false, false, false, true]);
});
