// Every word of the live page that a person can see or hear, so that a translation is one file's
// work; what other pages say too is in shared/words.js. What Python says comes as it is.

import { AS_DRAWN, headOf } from "../drawing/words.js";
import { lambdaWritten, stepOf, written } from "../shared/words.js";
import { adapts, isRunning } from "./allowed.js";
import { sentShare } from "./sending.js";

/** @import { BoxName } from "./diagram.js" */
/** @import { Act, DomainSide, MapState, Network, Reading, RunState, ShownSettings, State, TreeRun } from "./protocol.js" */
/** @import { Sending, WrongFile } from "./sending.js" */

/** The curves, in the page's order. */
export const PLOTS = {
  losses: "Losses",
  accuracies: "Accuracy on test images",
  lambdas: "Lambda, as applied",
  gradients: "Gradients at the features",
};

// The regions of the page
export const TRAINING_REGION = "Training";
export const VIEW_REGION = "What happens";
export const SETTINGS_REGION = "Settings";

// Training
export const TRAIN = {
  train: { label: "Train", title: "Train until the last step" },
  pause: { label: "Pause", title: "Stop after this step" },
};
export const NEW_SEED = { label: "New seed", title: "Start again from other initial weights" };
export const UNDO = {
  label: "Undo",
  title: "Take the last change back; a run that was reset returns",
};
export const STEPS_DONE = "Steps done";

/** @type {Record<RunState, string>} */
const RUN_STATES = {
  loading: "getting ready",
  ready: "ready",
  training: "training",
  paused: "paused",
  finished: "finished",
  failed: "failed",
};

/** @param {number} seconds */
export const duration = (seconds) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/**
 * How far the training is.
 * @param {State} state
 */
export function statusLine(state) {
  if (state.busy) return `${state.busy.text}…`;
  const running = isRunning(state);
  const parts = [stepOf(state.step, state.settings.steps)];
  if (running && state.speed) parts.push(`${state.speed.toFixed(1)} steps/s`);
  if (state.begins) parts.push("begins in a moment");
  else if (running && state.left) parts.push(`${duration(state.left)} left`);
  else parts.push(RUN_STATES[state.state]);
  return parts.join(" · ");
}

/** @param {string} device as Python calls it */
export const trainsOn = (device) => device && `Trains on: ${device}`;

// Lambda
export const NOT_USED = "Not used in this mode.";

/**
 * What lambda was at the step that is looked at.
 * @param {State} state
 */
export function appliedLambda(state) {
  const { at, applied } = state;
  if (!adapts(state)) return NOT_USED;
  if (at === undefined || applied === undefined) return "Not applied yet.";
  return `Applied at step ${written(at)}: ${lambdaWritten(applied, 3)}`;
}

// Settings
export const RUN = "Run";
export const DOMAINS = "Domains";
export const MODE = "Mode";
export const RECIPE = "Recipe";
export const STEPS = "Steps";
export const SEED = "Seed";
export const DOWNLOAD = {
  label: "Download MNIST (12 MB) and photos (71 MB)",
  title: "From their public servers to this machine",
};
export const STOP_DOWNLOAD = {
  label: "Stop the download",
  title: "Asking again goes on where it stopped",
};

/**
 * Why a number was not taken, "" if it was.
 * @param {object} field
 * @param {string} field.label
 * @param {number} field.min
 * @param {number} field.max
 * @param {string} field.value what stands in it
 * @param {boolean} field.valid what the browser thinks of it
 */
export function wrongNumber({ label, min, max, value, valid }) {
  if (valid && value.trim() !== "") return "";
  return `${label} is ${value || "empty"}: it must be a whole number from ${min} to ${max}. Nothing was changed.`;
}

// Data of one's own
export const OWN_REGION = "Your own data";
export const OWN_EXPECTED = [
  "Two folders of pictures: the source with a folder for each class, the target with or without.",
  "Or two tables (.csv, .parquet, .npz), a row an example: the source with a column “label”.",
];
export const CHOOSE_ZIP = { label: "Choose a zip", title: "With the source and the target in it" };
export const ZIP_FORM = "In it: source and target, as folders or tables.";

/** @param {number} bytes */
const megabytes = (bytes) => `${written(Math.round(bytes / 1e6))} MB`;

/** @param {number} most bytes */
export const dropIt = (most) => `or drop it here (${megabytes(most)} at most)`;

/**
 * @param {WrongFile} what
 * @param {number} most bytes
 */
export function wrongZip(what, most) {
  const why = {
    none: "That is no file.",
    several: "Those are several files.",
    other: "That is no zip.",
    empty: "That zip is empty.",
    large: `That zip has more than ${megabytes(most)}: take fewer or smaller pictures.`,
  };
  const remedy = what === "large" ? "" : " Put source and target into one zip, and choose that.";
  return why[what] + remedy;
}

/**
 * @param {string} name of a file
 * @param {string} error
 */
export const cannotRead = (name, error) =>
  `The browser cannot read ${name} (${error}). Choose it again.`;
export const NOT_SENT = "Stopped. Nothing was changed.";
export const PATHS = "Or, on the machine that computes:";
export const NO_PATHS =
  "Folders of the machine that computes cannot be named here, because others can open this page too. A zip works.";
export const SOURCE = "Source: folder or file";
export const TARGET = "Target: folder or file";
export const MORE = "More";
export const LABEL = "Column of labels";
export const SIZE = "Size in pixels";
export const LOOK = { label: "Look", title: "Show what is found; nothing is trained yet" };
export const STOP_LOOK = { label: "Stop", title: "Stop sending or reading" };
export const TRAIN_ON_THESE = { label: "Train on these", title: "Start a new run with these data" };
export const CLASSES = "Examples of each class";
export const CLASS_HEADS = ["Class", "Source", "Target"];

/**
 * Why data of one's own cannot be looked for, "" if they can.
 * @param {{ source: string, target: string, size: string }} given
 */
export function wrongPlace({ source, target, size }) {
  if (!source) return "The source is empty. Name a folder of pictures or a table.";
  if (!target) return "The target is empty. Name a folder of pictures or a table.";
  if (!/^\d*$/.test(size)) return `The size is ${size}. Give whole pixels, or nothing.`;
  return "";
}

/** @param {number} share from 0 to 1 */
const percent = (share) => `${Math.floor(100 * share)} %`;

/**
 * What is done with data of one's own, and how far that is; "" for nothing.
 * @param {Sending | null} sending
 * @param {State | null} looking the state while Python looks
 */
export function lookProgress(sending, looking) {
  if (sending) {
    const howFar = `${percent(sentShare(sending))} of ${megabytes(sending.size)}`;
    return { doing: `Sending ${sending.name}`, howFar };
  }
  if (!looking) return { doing: "", howFar: "" };
  const share = looking.busy?.fraction ?? null;
  return { doing: "Looking at the data…", howFar: share === null ? "" : percent(share) };
}

/**
 * @param {string} zip
 * @param {string} sentence
 */
export const foundIn = (zip, sentence) => `Found${zip && ` in ${zip}`}. ${sentence}`;

/**
 * @param {number} domain 0 is the source, 1 the target
 * @param {string} name
 */
export function picturesOf(domain, name) {
  const role = domain ? "target" : "source";
  return `First pictures of the ${role}${name.toLowerCase() === role ? "" : `, ${name}`}`;
}

/** @param {number | null} examples null where nobody knows */
export const count = (examples) => (examples === null ? "–" : written(examples));

// Share
export const SHARE = "Share";
export const SHARE_FIELD = "All settings as text";
export const COPY = { label: "Copy", title: "Copy the settings" };
export const APPLY = { label: "Apply", title: "Take the settings in the field" };
export const COPIED = "Copied. Whoever opens it gets the same settings.";
export const COPY_BY_HAND = "Press Ctrl+C to copy the marked settings.";

// Messages

/** @param {number} silence in ms */
export const lostPython = (silence) =>
  `No answer from Python for ${Math.round(silence / 1000)} s. Training pauses by itself until this page is back in touch. If a cell is running, wait for it; if nothing changes, reload the page. (Binder ends a Python that nobody has used for 10 minutes, and what was trained is gone.)`;

// The time line
export const TIME_SLIDER = "Moment of the run, in steps";
export const REPLAY = { label: "Replay", title: "Show the run again from its beginning" };
export const STOP_REPLAY = "Stop";
export const BACK_TO_NOW = { label: "Now", title: "Back to the latest step" };

/**
 * Which moment is looked at.
 * @param {object} moment
 * @param {number | null} moment.at null is the latest one
 * @param {number} moment.latest
 * @param {boolean} moment.running
 */
export function momentText({ at, latest, running }) {
  if (!latest) return "The time line begins with the first step.";
  if (at === null) return `Now: step ${written(latest)}. Drag to go back in time.`;
  return `Looking at step ${written(at)} of ${written(latest)}. Training ${running ? "goes on" : "is not touched"} meanwhile.`;
}

/**
 * The same for those who hear it.
 * @param {number | null} at
 */
export const momentValue = (at) => (at === null ? "now" : `step ${at}`);

// Branches, the journal, and more steps
export const BRANCH = {
  label: "Branch here",
  title: "A run that goes on from this moment: change what you like, or nothing",
};
export const BRANCHES = "Branches and journal";
export const TREE = "Runs and their branches";
export const GO_ON = {
  label: "more steps",
  title: "Lambda stays, and the learning rate makes a small wave, up to a tenth of the recipe's",
};
export const MORE_STEPS = "Steps to go on for";
export const REPEAT = {
  label: "Repeat exactly",
  title:
    "A new run that does all of this again, step by step, and says whether it comes out the same",
};

/** @param {TreeRun} run */
export const inTree = ({ title, steps }) => `${title}: ${written(steps)} steps`;

/** @param {number} acts */
export const journal = (acts) =>
  `Journal: ${acts} ${acts === 1 ? "act" : "acts"} so far. Each leads to its moment.`;

/** @param {Act} act */
export const act = ({ step, text }) => `From step ${written(step)}: ${text}`;

// The map
export const MAP = "Map of the features";
const NO_MAP =
  "Choose PCA, t-SNE or UMAP: 500 test images of each domain (fewer, if there are fewer), as the network sees them, move while it trains.";

/**
 * What is said under the map.
 * @param {Pick<MapState, "method" | "note">} map
 * @param {string} [caption] of the map that is drawn, if one is
 */
export function mapCaption({ method, note }, caption) {
  if (!method) return `${NO_MAP} ${note}`;
  return note || (caption ?? "Waiting for the first frame…");
}

// Test digits, or other examples where the classes have names
/** @param {string[]} names of the classes, none for digits */
const whatIsTested = (names) => (names.length ? "Test examples" : "Test digits");
/** @param {string[]} names */
export const digits = (names) => `${whatIsTested(names)} and what the network says`;
/**
 * @param {string[]} names
 * @param {"source" | "target"} domain
 */
export const digitsOf = (names, domain) => `${whatIsTested(names)} of the ${domain}`;
export const DOMAIN_OF_DIGITS = { source: "Source", target: "Target" };

// Draw a digit
export const DRAW = "Draw a digit";
export const READERS = "What the compared runs of this page read";
export const READER = "Network";

/** @param {string | undefined} clothes what the target does to a digit; nothing for some pairs */
export const drawnNothing = (clothes) =>
  clothes
    ? `Draw a digit: here you see it as drawn and ${clothes}, and what the network reads, also while it trains.`
    : "A digit can be drawn for the built-in pairs of digits. Choose one of them under Domains.";

/**
 * An answer: such as "7 (98 %)".
 * @param {Reading} reading
 * @param {number} look 0 is as drawn, 1 in the target's clothes
 */
export const answer = ({ labels, confidence }, look) =>
  `${labels[look]} (${Math.round(100 * confidence[look])} %)`;

/**
 * @param {Reading} reading
 * @param {string} clothes
 */
export const readSentence = (reading, clothes) =>
  `${headOf(AS_DRAWN)} the network reads ${answer(reading, 0)}, ${clothes} ${answer(reading, 1)}. It has learnt for ${written(reading.step)} ${reading.step === 1 ? "step" : "steps"}.`;
export const READS_NO_DIGITS = "reads no digits";

/** @param {string[]} titles of runs whose networks are not in this page's Python */
export const noWeights = (titles) =>
  titles.length
    ? `The networks of kept and recorded runs are not on this page, so these say nothing of it: ${titles.join("; ")}.`
    : "";

// Save
export const SAVE = "Save";
export const PICTURE = "Picture";
export const KEEP = {
  label: "Keep this run",
  title: "Into the folder runs, to compare with another day",
};
export const PAGE_FILE = {
  label: "Page",
  title:
    "The runs that are compared, or this one, as one HTML file that opens offline, with a time line",
};
export const TABLE_FILE = { label: "Table", title: "This run so far as CSV: a row a step" };
export const PNG = { label: "PNG", title: "The picture as it is shown" };
export const SVG = { label: "SVG", title: "The picture as it is shown" };
export const NO_PICTURE = "There is no such picture yet. Train first; for a map, choose one.";
export const MAKING_FILE = "Making the file…";

/** @param {string} name of a file */
export const savedFile = (name) => `Saved: ${name}`;

/**
 * @param {string} title
 * @param {number} step
 */
export const savedPicture = (title, step) => `Saved: ${title}, step ${written(step)}.`;

// The diagram of the network
export const NETWORK = "The network";
export const STEP_SLIDER = "The step that the diagram shows";
export const NETWORK_KEYS = {
  forward: "forward",
  back: "gradient, coming back",
  push: "the domain side's push, as wide as lambda",
};
const NORMS = { gradient: "gradient", reversed: "reversed", times: "scaled" };

/**
 * A loss or a norm with two digits that count.
 * @param {number} number
 */
export function twoDigits(number) {
  if (Math.abs(number) >= 100) return written(Math.round(number));
  return number === 0 ? "0" : number.toPrecision(2);
}

/** @param {number | null} number */
const orDash = (number) => (number === null ? "–" : twoDigits(number));

/**
 * @param {keyof typeof NORMS} what
 * @param {number | null} value
 */
export const norm = (what, value) => `${NORMS[what]} ${orDash(value)}`;

/** @param {ShownSettings} settings */
const distanceOf = ({ method }) => `${method.toUpperCase()}'s distance`;

/**
 * What stands in each box: its name, and a line below.
 * @param {DomainSide} side
 * @param {ShownSettings} settings
 * @param {Network} network
 * @param {string | null} factor lambda as it was applied, null before that
 * @returns {Record<BoxName, [name: string, below: string]>}
 */
export function boxes(side, settings, network, factor) {
  /** @type {Record<string, string>} */
  const seen = { dann: "source, target", source: "source only", target: "target only" };
  const loss = orDash(network.domain_loss);
  const conditioned = settings.method.startsWith("cdan");
  /** @type {Record<DomainSide, Record<"reversal" | "classifier" | "domainLoss", [string, string]>>} */
  const sides = {
    classifier: {
      reversal: ["Reversal layer", factor === null ? "× −lambda" : `× −${factor}`],
      classifier: ["Domain classifier", conditioned ? "sees classes too" : "source or target?"],
      domainLoss: ["Domain loss", loss],
    },
    distance: {
      reversal: ["No reversal", factor === null ? "× lambda" : `× ${factor}`],
      classifier: ["No classifier", distanceOf(settings)],
      domainLoss: ["Distance", loss],
    },
    none: {
      reversal: ["No reversal", "in this mode"],
      classifier: ["No classifier", "in this mode"],
      domainLoss: ["No loss", "–"],
    },
  };
  return {
    extractor: ["Feature extractor", seen[settings.mode]],
    predictor: ["Label predictor", "which class?"],
    labelLoss: ["Label loss", orDash(network.label_loss)],
    ...sides[side],
  };
}

/**
 * The diagram in words.
 * @param {State} state
 * @param {string | null} factor
 */
export function networkSentence({ network, settings, at }, factor) {
  const { side } = network;
  const classes = settings.method.startsWith("cdan") && side === "classifier" ? SEES_CLASSES : "";
  if (!at) return BEFORE_STEPS[side] + classes;
  const [label, domain] = [orDash(network.label_loss), orDash(network.domain_loss)];
  const [back, before, after] = [
    network.label_gradient,
    network.domain_gradient_before,
    network.domain_gradient_after,
  ].map(orDash);
  const step = `Step ${written(at)}. Forward: label loss ${label}`;
  const learnt = `Back at the features: label gradient ${back}`;
  return {
    classifier: `${step}, domain loss ${domain}. ${learnt}; domain gradient ${before}, turned round, times lambda ${factor}: ${after}.${classes}`,
    distance: `${step}, ${distanceOf(settings)} ${domain}. ${learnt}; gradient of the distance ${before}, times lambda ${factor}, not turned round: ${after}. There is no domain classifier.`,
    none: `${step}. ${learnt}. In this mode there is no domain side: nothing is reversed.`,
  }[side];
}

const SEES_CLASSES = " The domain classifier sees the class probabilities too.";

// As long as what follows with the first step, so that nothing below moves then.
/** @type {Record<DomainSide, string>} */
const BEFORE_STEPS = {
  classifier:
    "No step yet. What comes back from the domain classifier is turned round in the reversal layer and taken lambda times.",
  distance:
    "No step yet. What comes back from the distance of the domains is taken lambda times, and nothing is turned round: there is no domain classifier, and no reversal layer.",
  none: "No step yet. In this mode there is no domain side: nothing is reversed.",
};
