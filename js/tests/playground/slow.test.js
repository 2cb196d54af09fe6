import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SlowMotion } from "../../src/playground/slow.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (/** @type {FrameRequestCallback} */ paint) =>
    setTimeout(() => paint(performance.now()), 100),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function moving() {
  /** @type {number[]} */
  const phases = [];
  /** @type {(number | undefined)[]} */
  const painted = [];
  const step = vi.fn();
  const slow = new SlowMotion({
    show: (phase) => phases.push(phase),
    repaint: (features) => painted.push(features?.[0]),
    step,
  });
  return { slow, phases, painted, step };
}

/** @param {SlowMotion} slow */
const toTheStep = (slow) => [1, 2, 3, 4].forEach(() => slow.next());

test("one part follows the other when it is asked for, and the last one asks for the step", () => {
  const { slow, phases, step } = moving();
  slow.start();
  vi.advanceTimersByTime(60_000); // nothing goes on by itself
  expect(phases).toEqual([0]);
  slow.next();
  slow.next();
  slow.next();
  expect(phases).toEqual([0, 1, 2, 3]);
  expect(slow.awaitsStep).toBe(false);
  slow.next();
  expect(phases).toEqual([0, 1, 2, 3, 4]);
  expect(step).toHaveBeenCalledOnce();
  expect(slow.awaitsStep).toBe(true);
  slow.next(); // nothing goes on without the answer
  expect(phases).toHaveLength(5);
});

test("with the answer the features move, and the next part begins anew", () => {
  const { slow, phases, painted } = moving();
  slow.start();
  toTheStep(slow);
  painted.length = 0;
  slow.arrive(new Float32Array([0]), new Float32Array([7]));
  expect(slow.awaitsStep).toBe(false);
  vi.advanceTimersByTime(700);
  expect(painted).toHaveLength(7);
  expect(painted[0]).toBeCloseTo(1);
  expect(painted[6]).toBe(7);
  vi.advanceTimersByTime(60_000);
  expect(phases).toHaveLength(5);
  slow.next();
  expect(phases).toEqual([0, 1, 2, 3, 4, 0]);
});

test("asked for the next part on the way, the features go no further", () => {
  const { slow, phases, painted } = moving();
  slow.start();
  toTheStep(slow);
  slow.arrive(new Float32Array([0]), new Float32Array([7]));
  vi.advanceTimersByTime(200);
  slow.next();
  expect(phases).toEqual([0, 1, 2, 3, 4, 0]);
  expect(painted.at(-1)).toBeUndefined();
});

test("stopped, it stands still and awaits nothing", () => {
  const { slow, phases } = moving();
  slow.start();
  slow.stop();
  slow.next();
  expect(phases).toEqual([0]);
  expect([slow.running, slow.awaitsStep]).toEqual([false, false]);
});

test("stopped on the way, the features go no further", () => {
  const { slow, phases, painted } = moving();
  slow.start();
  toTheStep(slow);
  slow.arrive(new Float32Array([0]), new Float32Array([7]));
  vi.advanceTimersByTime(200);
  slow.stop();
  painted.length = 0;
  vi.advanceTimersByTime(10_000);
  expect(painted).toHaveLength(1);
  expect(phases).toHaveLength(5);
});
