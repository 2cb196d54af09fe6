// All that a person reads or hears in the playground, except what Python says and what is in
// shared/words.js.

import { RESET, STEP } from "../shared/words.js";

/** @import { ArrowName, CurveName, Pen, PlaneName } from "./protocol.js" */

export const SECTIONS = {
  controls: "Playground controls",
  settings: "Playground settings",
  view: "What happens",
};

export const BUTTONS = {
  play: { label: "Play", title: "Train, as fast as the picture follows" },
  slow: {
    label: "Slow motion",
    title:
      "One step in five parts, at lambda 1. A new run first learns for 60 steps without the reversal.",
  },
  step: STEP,
  reset: RESET,
  seed: { label: "New seed", title: "Other points, other initial weights" },
  undo: { label: "Undo", title: "Bring the last run back" },
};
export const NEXT = "Next"; // part of a step in slow motion
export const PAUSE = "Pause"; // the Play button, while it plays

export const TRAINING = {
  legend: "Training",
  form: "How the losses are put together",
  speed: "Steps for each picture",
  noClassifier: "These two are about a domain classifier. This method has none.",
};

export const TARGET = {
  legend: "Target",
  shift: "How it differs from the source",
  slider: "The target",
  pen: "The pen draws",
  help: "Draw in the picture above. With keys: arrows move the pen, Enter or Space puts a point.",
  reveal: "show the target's labels (nobody trains on them)",
  revealTitle: "For you only",
};

export const DRAWN = "drawn"; // the shift whose points a person draws
/** @type {Record<Pen, string>} */
export const PENS = {
  "source-0": "source, class 0 (blue)",
  "source-1": "source, class 1 (orange)",
  "target-0": "target, class 0",
  "target-1": "target, class 1",
  rubber: "nothing: it is a rubber",
};
export const CLEAR = "Clear all points";
export const SHEET = "Plane of the inputs, to draw points in";

/** @param {[x: number, y: number]} place */
export const penAt = ([x, y]) => `The pen is at ${x.toFixed(1)}, ${y.toFixed(1)}.`;

export const ARROWS_LEGEND = "Arrows";
/** @type {Record<ArrowName, { text: string, title: string }>} */
export const ARROWS = {
  label: {
    text: "label",
    title: "Label gradient: where descent on the label loss pushes (source only)",
  },
  domain: {
    text: "domain",
    title: "Domain gradient: where descent on the domain loss would push",
  },
  reversed: {
    text: "reversed",
    title: "Reversed gradient: what leaves the reversal layer, lambda times as long",
  },
};

/** The last of the arrows where a distance is made smaller: nothing is turned round. */
export const DISTANCE_ARROW = {
  text: "distance",
  title: "Gradient of the distance, lambda times: where descent on the distance pushes",
};

export const KEYS = {
  source: "source, coloured by class",
  target: "target, unlabelled",
  labels: "label boundary",
  domains: "domain boundary",
};

/** @param {boolean} hasClassifier */
export const boundaries = (hasClassifier) =>
  hasClassifier ? "both boundaries" : "the label boundary";

/** @type {Record<PlaneName, { title: string, label: (boundaries: string) => string }>} */
export const PLANES = {
  inputs: {
    title: "Inputs",
    label: (lines) => `The points and ${lines} in the plane of the inputs`,
  },
  features: {
    title: "Features, and what the next step does to them",
    label: (lines) => `The points' features, ${lines}, and the gradients as arrows`,
  },
};

export const TABLE = {
  title: "Who descends what",
  columns: ["part", "what it does", "how strongly"],
};

/** @type {Record<CurveName, string>} */
export const CURVES = {
  bound: "The target's error, and what bounds it",
  losses: "Losses",
  accuracies: "Accuracy on test points",
};

/** What slow motion says in each of its phases. */
const PHASES = [
  "1 of 5. Forward: every point has its place in the feature plane.",
  "2 of 5. The label loss looks at the source only, and pulls its two classes apart.",
  "3 of 5. Left to itself, the domain loss would pull source and target apart: that would help the domain classifier.",
  "4 of 5. The reversal layer turns that gradient round, lambda times as long: source and target are pushed together.",
  "5 of 5. The weights move, and with them every feature.",
];

const OF_A_DISTANCE = [
  ...PHASES.slice(0, 2),
  "3 of 5. The distance looks at the features of both domains at once. It is the smaller, the more alike they are.",
  "4 of 5. Its gradient, lambda times as long, pushes source and target together.",
  ...PHASES.slice(4),
];

/** @param {boolean} hasClassifier */
export const phasesOf = (hasClassifier) => (hasClassifier ? PHASES : OF_A_DISTANCE);

export const MODES = { playing: "playing", slow: "slow motion", paused: "paused" };
export const FINISHED = "finished: Reset starts again";

/** @param {number} perSecond */
export const speedIs = (perSecond) => `${perSecond.toFixed(0)} steps/s`;
