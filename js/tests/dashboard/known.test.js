import { describe, expect, test } from "vitest";
import {
  afterState,
  imagesOf,
  isAtWork,
  lacksImages,
  latestStep,
  lookOfDigits,
  lookOfMap,
  losesBranch,
  mapToShow,
  nothingKnown,
  shownStep,
} from "../../src/dashboard/known.js";
import { messageWith, stateWith } from "./examples.js";

/** @param {number[]} numbers */
const packed = (...numbers) => btoa(String.fromCharCode(...numbers));
/** @param {number} run */
const digits = (run) => ({
  ...{ labels: [7], pixels: packed(1, 2, 3), run },
  ...{ source: 1, width: 1, height: 1, names: ["one"] },
});
/** @param {string} name */
const figure = (name) => ({ data: [{ name }], layout: {} });
const points = {
  version: "1 PCA 50 light",
  images: "digits, 2 images",
  predictions: packed(7, 1),
  confidence: packed(50, 100),
};
const drawn = stateWith({ map: { method: "PCA", note: "", drawn: points.version } });
const withMap = messageWith({
  state: drawn,
  figures: { losses: figure("loss"), map: figure("points") },
  captions: { losses: "It falls.", map: "Step 50." },
  points,
});
const paint = { width: 1, height: 1, on: () => {} };

describe("after an answer", () => {
  test("the page knows how things stand", () => {
    const message = messageWith();
    const known = afterState(nothingKnown(), message);
    expect(known.last).toBe(message);
    expect(known.run).toBeNull();
  });

  test("the list of runs stays until there is another", () => {
    const offered = { version: "a", runs: [] };
    const known = afterState(nothingKnown(), messageWith({ offered }));
    expect(afterState(known, messageWith()).offered).toBe(offered);
  });

  test("the pictures of a drawn digit stay while only the answers are new", () => {
    const drawn = { version: "1", sketch: "a", pair: "stripes", readings: [], problem: "" };
    const known = afterState(nothingKnown(), messageWith({ drawn: { ...drawn, pixels: "AAA=" } }));
    const later = afterState(known, messageWith({ drawn: { ...drawn, version: "2" } }));
    expect(later.drawn).toEqual({ ...drawn, version: "2", pixels: "AAA=" });
    expect(afterState(later, messageWith()).drawn).toBe(later.drawn);
    const cleared = messageWith({ drawn: { ...drawn, sketch: "nothing", pixels: "" } });
    expect(afterState(later, cleared).drawn?.pixels).toBe("");
  });

  test("the run is the one whose digits came", () => {
    const known = afterState(nothingKnown(), messageWith({ digits: digits(3) }));
    expect(known.run).toBe(3);
    expect(known.digits).toEqual({ ...digits(3), pixels: Uint8Array.of(1, 2, 3) });
  });

  test("another run is looked at as it is now", () => {
    const known = { ...nothingKnown(), run: 3, at: 20 };
    expect(afterState(known, messageWith({ digits: digits(4) })).at).toBeNull();
    expect(afterState(known, messageWith()).at).toBe(20);
  });

  test("the same run that comes again keeps its moment", () => {
    const known = { ...nothingKnown(), run: null, at: 20 };
    expect(afterState(known, messageWith({ digits: digits(3) })).at).toBe(20);
  });

  test("curves stay until there are others", () => {
    const known = afterState(nothingKnown(), withMap);
    const later = afterState(known, messageWith());
    expect(later.figures).toEqual({ losses: figure("loss") });
    expect(later.captions.losses).toBe("It falls.");
  });

  test("the map is kept beside the curves, with what its points are", () => {
    expect(afterState(nothingKnown(), withMap).map).toEqual({
      figure: figure("points"),
      caption: "Step 50.",
      version: points.version,
      images: points.images,
      predictions: Uint8Array.of(7, 1),
      confidence: Float32Array.of(0.5, 1),
    });
  });

  test("a map stays when curves come without one", () => {
    const known = afterState(nothingKnown(), withMap);
    const figures = { losses: figure("loss") };
    expect(afterState(known, messageWith({ figures })).map).toBe(known.map);
  });

  test("what was known does not change", () => {
    const known = nothingKnown();
    afterState(known, withMap);
    expect(known).toEqual(nothingKnown());
  });
});

describe("the pictures of the map's points", () => {
  const awaited = { name: "a", points: null, since: 1000 };
  const known = {
    ...{ labels: Uint8Array.of(7, 1), domains: Uint8Array.of(0, 1) },
    names: ["cat", "dog"],
  };
  /** @type {import("../../src/dashboard/protocol.js").ImagesMessage} */
  const message = {
    ...{ type: "images", client: "page", name: "a" },
    ...{ labels: packed(7, 1), domains: packed(0, 1), names: ["cat", "dog"] },
    ...{ sheet: "", columns: 2, width: 1, height: 1 },
  };

  test("are asked for when the map needs others", () => {
    expect(lacksImages(null, "a", 0, 5000)).toBe(true);
    expect(lacksImages(awaited, "b", 1001, 5000)).toBe(true);
  });

  test("are asked for again when they do not come", () => {
    expect(lacksImages(awaited, "a", 5999, 5000)).toBe(false);
    expect(lacksImages(awaited, "a", 6000, 5000)).toBe(true);
  });

  test("are asked for once they are there no more", () => {
    const none = new Uint8Array();
    const images = { name: "a", paint, points: { labels: none, domains: none, names: [] } };
    expect(lacksImages(images, "a", 1e9, 5000)).toBe(false);
  });

  test("come with what does not change about the points", () => {
    expect(imagesOf(message, paint)).toEqual({ name: "a", paint, points: known });
  });

  test("of a table are none, but its points are known", () => {
    const images = imagesOf(message, null);
    expect(images).toEqual({ name: "a", paint: null, points: known });
    expect(lacksImages(images, "a", 1e9, 5000)).toBe(false);
  });
});

describe("the map that is shown", () => {
  const known = afterState(nothingKnown(), withMap);

  test("is the one that the page has", () => {
    expect(mapToShow(known)).toBe(known.map);
  });

  test("is none once Python has withdrawn it", () => {
    const later = afterState(known, messageWith());
    expect(later.map).not.toBeNull();
    expect(mapToShow(later)).toBeNull();
    expect(lookOfMap(later)).toBeNull();
  });

  test("is none before it has come", () => {
    expect(mapToShow(afterState(nothingKnown(), messageWith({ state: drawn })))).toBeNull();
  });

  test("looks different with pictures of its points", () => {
    const none = new Uint8Array();
    const awaited = { name: "a", points: null, since: 0 };
    const painted = { name: "a", paint, points: { labels: none, domains: none, names: [] } };
    const looks = [null, awaited, painted].map((images) => lookOfMap({ ...known, images }));
    expect(looks[0]).toBe(looks[1]);
    expect(looks[1]).not.toBe(looks[2]);
  });
});

test("the digits look different in another run, and when anything else is said of them", () => {
  const said = { predictions: [7], confidence: [0.5], digits: "1 of 1 right." };
  /** @param {Partial<typeof said>} more */
  const message = (more) => messageWith({ state: stateWith({ ...said, ...more }) });
  const one = { ...nothingKnown(), run: 1 };
  expect(lookOfDigits(one)).toBeNull();
  const look = lookOfDigits(afterState(one, message({})));
  expect(lookOfDigits(afterState(one, message({ predictions: [7] })))).toBe(look);
  for (const more of [{ predictions: [1] }, { confidence: [0.6] }, { digits: "None." }]) {
    expect(lookOfDigits(afterState(one, message(more)))).not.toBe(look);
  }
  expect(lookOfDigits(afterState({ ...one, run: 2 }, message({})))).not.toBe(look);
});

test("the step that is shown is the latest, unless another is looked at", () => {
  const known = afterState(nothingKnown(), messageWith());
  expect(latestStep(nothingKnown())).toBe(0);
  expect(shownStep(known)).toBe(1200);
  expect(shownStep({ ...known, at: 0 })).toBe(0);
});

test("Python is at work while it trains or is about to", () => {
  const after = (/** @type {object} */ changes) =>
    afterState(nothingKnown(), messageWith({ state: stateWith(changes) }));
  expect(isAtWork(nothingKnown())).toBe(false);
  expect(isAtWork(after({ state: "training" }))).toBe(true);
  expect(isAtWork(after({ state: "ready", begins: true }))).toBe(true);
  for (const state of ["loading", "ready", "paused", "finished", "failed"]) {
    expect(isAtWork(after({ state }))).toBe(false);
  }
});

test("a branch is lost with the page unless it is kept; a run of its own is not asked for", () => {
  const run = { key: "run 1", title: "", fork: 0, steps: 5, shown: true, number: 1 };
  const after = (/** @type {number | null} */ parent, /** @type {boolean} */ unkept) =>
    losesBranch(
      afterState(
        nothingKnown(),
        messageWith({ state: stateWith({ tree: [{ ...run, parent, unkept }] }) }),
      ),
    );
  expect(losesBranch(nothingKnown())).toBe(false);
  expect(after(null, true)).toBe(false);
  expect(after(2, true)).toBe(true);
  expect(after(2, false)).toBe(false);
});
