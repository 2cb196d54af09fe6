import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDrag } from "../../src/shared/drag.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function dragging() {
  const pull = { announce: vi.fn() };
  const drag = createDrag(pull);
  /** @type {number[]} */
  const told = [];
  let value = 0;
  /** @param {number} to */
  const move = (to) => {
    value = to;
    drag(() => told.push(value));
  };
  return { pull, told, move };
}

test("each move is announced at once, so that no answer under way moves the slider back", () => {
  const { pull, told, move } = dragging();
  for (const value of [1, 2, 3]) move(value);
  expect(pull.announce).toHaveBeenCalledTimes(3);
  expect(told).toEqual([1]);
});

test("the first move is told at once", () => {
  const { told, move } = dragging();
  move(1);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(1000);
  move(2);
  expect(told).toEqual([1, 2]);
});

test("a fast hand is told 30 times a second, with what the slider says then", () => {
  const { told, move } = dragging();
  for (const value of [1, 2, 3]) move(value);
  vi.advanceTimersByTime(32);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([1, 3]);
  move(4);
  expect(told).toEqual([1, 3]);
});

test("the last move always arrives, once", () => {
  const { told, move } = dragging();
  for (const value of [1, 2]) move(value);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 2]);
});
