import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTell } from "../../src/playground/tell.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function telling() {
  const pull = { announce: vi.fn(), wish: vi.fn() };
  return { pull, tell: createTell(pull) };
}

test("a choice is told at once", () => {
  const { pull, tell } = telling();
  tell.set({ form: "scale" });
  expect(pull.wish.mock.calls).toEqual([[{ type: "set", knobs: { form: "scale" } }]]);
  expect(pull.announce).not.toHaveBeenCalled();
});

test("a dragged slider is announced each time, and told from time to time with its last value", () => {
  const { pull, tell } = telling();
  let value = 0;
  for (const moved of [1, 2, 3]) {
    value = moved;
    tell.drag(() => ({ amount: value }));
  }
  expect(pull.announce).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1000);
  const told = pull.wish.mock.calls.map(([{ knobs }]) => knobs.amount);
  expect(told).toEqual([1, 3]);
});
