import { expect, test, vi } from "vitest";
import { createModel } from "../../engine/model.js";

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

const choices = /** @type {any} */ ({ plane: 2 });

test("the worker hears the choices first, then every question of a client", () => {
  const { worker, postMessage, answer } = silentWorker();
  const model = createModel(worker, choices);
  expect(model.get("choices")).toBe(choices);
  const hear = vi.fn();
  model.on("msg:custom", hear);
  model.send({ type: "look", client: "one" });
  model.send({ type: "seen" });
  expect(postMessage.mock.calls).toEqual([[choices], [{ type: "look", client: "one" }]]);
  answer({ type: "frame" });
  expect(hear.mock.calls).toEqual([[{ type: "frame" }]]);
  model.off("msg:custom", hear);
  answer({ type: "frame" });
  expect(hear).toHaveBeenCalledTimes(1);
});

test("what is not about training is answered aside", async () => {
  const { worker, postMessage } = silentWorker();
  const model = createModel(worker, choices, async ({ type }) => ({ type, gzip: "…" }));
  const hear = vi.fn();
  model.on("msg:custom", hear);
  model.send({ type: "plotly" });
  await vi.waitFor(() => expect(hear).toHaveBeenCalledWith({ type: "plotly", gzip: "…" }));
  expect(postMessage).toHaveBeenCalledTimes(1);
});
