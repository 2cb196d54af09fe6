import { expect, test, vi } from "vitest";
import { createModel, engineOf, firstPicture, hasFirst } from "../../src/alone/model.js";

/** A worker that does nothing by itself. */
function silentWorker() {
  const worker = new EventTarget();
  const postMessage = vi.fn();
  const answer = (/** @type {unknown} */ data) =>
    worker.dispatchEvent(Object.assign(new Event("message"), { data }));
  return {
    worker: /** @type {any} */ (Object.assign(worker, { postMessage })),
    postMessage,
    answer,
  };
}

test("a trait that is set is told to who listens, until they stop", () => {
  const model = createModel({ step: 1 });
  const [one, all] = [vi.fn(), vi.fn()];
  model.on("change:step", one);
  model.on("change", all);
  model.set("step", 2);
  expect(model.get("step")).toBe(2);
  model.off("change:step", one);
  model.set("step", 3);
  expect(one).toHaveBeenCalledTimes(1);
  expect(all).toHaveBeenCalledTimes(2);
});

test("the worker hears the choices first, then every question of a client", () => {
  const { worker, postMessage, answer } = silentWorker();
  const choices = { plane: 2 };
  const model = createModel(
    { choices },
    engineOf(worker, choices, (tell) => tell()),
  );
  const hear = vi.fn();
  model.on("msg:custom", hear);
  model.send({ type: "look", client: "one" });
  model.send({ type: "seen" });
  expect(postMessage.mock.calls).toEqual([[choices], [{ type: "look", client: "one" }]]);
  answer({ type: "frame" });
  expect(hear.mock.calls).toEqual([[{ type: "frame" }, []]]);
  model.off("msg:custom", hear);
  answer({ type: "frame" });
  expect(hear).toHaveBeenCalledTimes(1);
});

test("two answers are never told in one frame of the screen", () => {
  const { worker, answer } = silentWorker();
  /** @type {(() => void)[]} */
  const frames = [];
  const model = createModel(
    {},
    engineOf(worker, {}, (tell) => frames.push(tell)),
  );
  const hear = vi.fn();
  model.on("msg:custom", hear);
  model.send({ type: "look", client: "one" });
  answer({ step: 1 });
  answer({ step: 2 });
  expect(hear).not.toHaveBeenCalled();
  frames.shift()?.();
  expect(hear.mock.calls).toEqual([[{ step: 1 }, []]]);
  frames.shift()?.();
  expect(hear.mock.calls[1]).toEqual([{ step: 2 }, []]);
  expect(frames).toEqual([]);
});

test.each([
  [true, "moon"],
  [false, "sun"],
])("without an engine only the first picture comes, in the page's theme", async (dark, seen) => {
  const answers = { light: { type: "frame", seen: "sun" }, dark: { type: "frame", seen: "moon" } };
  const model = createModel(
    {},
    firstPicture(answers, () => dark),
  );
  const hear = vi.fn();
  model.on("msg:custom", hear);
  model.send({ type: "step", client: "one", wish: 1 });
  model.send({ type: "look", client: "one", wish: 2 });
  await vi.waitFor(() => expect(hear).toHaveBeenCalled());
  expect(hear.mock.calls).toEqual([[{ type: "frame", seen, client: "one", wish: 2 }, []]]);
});

test("a widget that asks nothing has no first answers", () => {
  expect(hasFirst(undefined)).toBe(false);
  expect(hasFirst({})).toBe(false);
  expect(hasFirst({ light: { type: "frame" }, dark: { type: "frame" } })).toBe(true);
});
