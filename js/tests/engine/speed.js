// A worker that tells how many steps the engine does in a second, for each method.

import { METHODS } from "../../engine/methods.js";
import { shiftedPair } from "../../engine/points.js";
import { PlaygroundRun } from "../../engine/run.js";

/** @import { MethodName } from "../../engine/methods.js" */

const STEPS = 500;

/** @param {MethodName} method */
function speed(method) {
  const run = new PlaygroundRun(method, 0, shiftedPair("turned", 35, 0));
  run.steps(100); // until it is compiled
  const began = performance.now();
  run.steps(STEPS);
  return (1000 * STEPS) / (performance.now() - began);
}

const names = /** @type {MethodName[]} */ (Object.keys(METHODS));
postMessage(Object.fromEntries(names.map((method) => [method, speed(method)])));
