import { describe, expect, test } from "vitest";
import { panelState } from "../../src/dashboard/own.js";
import { begun } from "../../src/dashboard/sending.js";
import {
  count,
  foundIn,
  lookProgress,
  picturesOf,
  wrongPlace,
  wrongZip,
} from "../../src/dashboard/words.js";
import { foundWith, stateWith } from "./examples.js";

const BUSY = /** @type {const} */ ({
  kind: "loading",
  text: "Loading your data: 32 of 90",
  fraction: 0.4,
});
const LOOKING = stateWith({ looking: true, busy: BUSY });
const NOW = { sending: null, state: stateWith(), found: null, stale: false };
const SENDING = { ...begun("one", { name: "pets.zip", size: 4e6 }), received: 1e6 };

describe("the panel for data of one's own", () => {
  test("shows nothing at first", () => {
    expect(panelState(NOW)).toEqual({
      busy: false,
      progress: { doing: "", howFar: "" },
      found: null,
      zipProblem: "",
      pathProblem: "",
    });
  });

  test("says how far sending is, and then how far reading is", () => {
    expect(panelState({ ...NOW, sending: SENDING })).toMatchObject({
      busy: true,
      progress: { doing: "Sending pets.zip", howFar: "25 % of 4 MB" },
    });
    expect(panelState({ ...NOW, state: LOOKING })).toMatchObject({
      busy: true,
      progress: { doing: "Looking at the data…", howFar: "40 %" },
    });
    expect(lookProgress(null, stateWith({ looking: true })).howFar).toBe("");
  });

  test("shows what was found until something else is asked for", () => {
    const found = foundWith();
    expect(panelState({ ...NOW, found }).found).toBe(found);
    expect(panelState({ ...NOW, found, stale: true }).found).toBeNull();
    expect(panelState({ ...NOW, found, state: LOOKING }).found).toBeNull();
    expect(panelState({ ...NOW, found, sending: SENDING }).found).toBeNull();
  });

  test("says what is wrong beside what caused it", () => {
    const problem = "There is no folder web.";
    const typed = panelState({ ...NOW, found: foundWith({ problem }) });
    expect(typed).toMatchObject({ found: null, pathProblem: problem, zipProblem: "" });
    const sent = panelState({ ...NOW, found: foundWith({ problem, zip: "pets.zip" }) });
    expect(sent).toMatchObject({ found: null, pathProblem: "", zipProblem: problem });
  });
});

test("a place without a source, a target or whole pixels is not asked for", () => {
  const place = { source: "web", target: "phone", size: "" };
  expect(wrongPlace(place)).toBe("");
  expect(wrongPlace({ ...place, size: "64" })).toBe("");
  expect(wrongPlace({ ...place, source: "" })).toContain("source is empty");
  expect(wrongPlace({ ...place, target: "" })).toContain("target is empty");
  expect(wrongPlace({ ...place, size: "6.5" })).toContain("6.5");
});

test("what nobody knows is no number", () => {
  expect([0, 1234, null].map(count)).toEqual(["0", "1,234", "–"]);
});

test("a wrong file is told with its remedy", () => {
  expect(wrongZip("other", 2e8)).toContain("into one zip");
  expect(wrongZip("large", 2e8)).toContain("200 MB");
});

test("pictures are told with the name of their domain, unless that says nothing", () => {
  expect(picturesOf(0, "web")).toBe("First pictures of the source, web");
  expect(picturesOf(1, "Target")).toBe("First pictures of the target");
});

test("what was found is told with the zip it was in", () => {
  expect(foundIn("pets.zip", "Source.")).toBe("Found in pets.zip. Source.");
  expect(foundIn("", "Source.")).toBe("Found. Source.");
});
