// A state of the live page for the tests, in which each can change what it is about.

/** @import { Found, Network, OfferedRun, ShownSettings, State, StateMessage } from "../../src/dashboard/protocol.js" */

/**
 * @param {Partial<ShownSettings>} [changes]
 * @returns {ShownSettings}
 */
export const settingsWith = (changes = {}) => ({
  pair: "digits",
  mode: "dann",
  method: "dann",
  part: "both",
  preset: "quick",
  seed: 0,
  steps: 3000,
  lambda: null,
  source: "",
  target: "",
  label: "",
  size: 0,
  ...changes,
});

/**
 * @param {Partial<Network>} [changes]
 * @returns {Network}
 */
export const networkWith = (changes = {}) => ({
  side: "classifier",
  label_loss: 0.57,
  domain_loss: 0.52,
  label_gradient: 0.041,
  domain_gradient_before: 0.032,
  domain_gradient_after: 0.016,
  ...changes,
});

/**
 * @param {Partial<State>} [changes]
 * @returns {State}
 */
export const stateWith = (changes = {}) => ({
  settings: settingsWith(),
  text: "pair=digits",
  state: "paused",
  begins: false,
  busy: null,
  problem: "",
  notice: "",
  undo: false,
  mnist: true,
  step: 1200,
  device: "CPU",
  looking: false,
  speed: null,
  left: null,
  map: { method: "", note: "", drawn: null },
  tree: [],
  network: networkWith(),
  sentence: "Paused.",
  ...changes,
});

/**
 * @param {Partial<StateMessage>} [changes]
 * @returns {StateMessage}
 */
export const messageWith = (changes = {}) => ({
  type: "state",
  client: "page",
  wish: 0,
  state: stateWith(),
  ...changes,
});

/**
 * @param {Partial<Found>} [changes]
 * @returns {Found}
 */
export const foundWith = (changes = {}) => ({
  version: 1,
  zip: "",
  source: "/data/web",
  target: "/data/phone",
  label: "",
  size: 0,
  names: ["web", "phone"],
  sentence: "Source 'web': 90 examples.",
  classes: [{ name: "cat", source: 90, target: null }],
  notes: [],
  pictures: [],
  problem: "",
  ...changes,
});

/** Runs that can be compared. @type {OfferedRun[]} */
export const RUNS = [
  { kind: "own", group: "This page", key: "run 2", title: "Mine", adapts: true },
  { kind: "own", group: "This page", key: "run 1", title: "Mine too", adapts: false },
  { kind: "kept", group: "Kept", key: "folder Monday", title: "Monday", adapts: false },
  { kind: "recorded", group: "Recorded", key: "recorded 0", title: "One", adapts: true },
  { kind: "recorded", group: "Recorded", key: "recorded 1", title: "Other", adapts: false },
];
