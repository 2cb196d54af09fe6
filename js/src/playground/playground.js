// The playground: the page asks for steps, the answer shows what they did.

import { h } from "../shared/elements.js";
import { Pull } from "../shared/pull.js";
import { followTheme, isDark } from "../shared/theme.js";
import { arrowsToShow } from "./arrows.js";
import { createButtons } from "./buttons.js";
import { isDone } from "./frame.js";
import { createLambda } from "./lambda.js";
import { isFarEnough, movedBy, onPlane, putsPoint } from "./pen.js";
import { scenes } from "./scene.js";
import { createSettings } from "./settings.js";
import { SlowMotion } from "./slow.js";
import {
  beginning,
  inMode,
  maySpeak,
  mustPause,
  nextQuestion,
  pressed,
  statusLine,
  withAnswer,
} from "./state.js";
import { createTell } from "./tell.js";
import { createView } from "./view.js";
import { DRAWN, SECTIONS } from "./words.js";

/** @import { Place } from "./pen.js" */
/** @import { PackedFrame, PlaygroundChoices, PlaygroundEnvelope, Question } from "./protocol.js" */
/** @import { Action, Mode } from "./state.js" */

const AHEAD = 2; // questions under way while playing: Python computes while an answer travels
const PATIENCE = 3000; // ms: a lost answer must not stop the play for ever
const WATCH_EVERY = 1000; // ms between two looks whether an answer was lost
const CURVES_EVERY = 700; // ms between two drawings of the curves

export class Playground {
  root = h("div", { class: "dann dann-play" });
  #state = beginning();
  #status = h("p", { class: "dann-status", "data-show": "status" });
  #problem = h("p", {
    class: "dann-message dann-bad",
    role: "alert",
    hidden: true,
    "data-show": "problem",
  });
  #buttons = createButtons((action) => this.#press(action));
  #slow = new SlowMotion({
    show: (phase) => this.#view.showPhase(phase, this.#hasClassifier),
    repaint: (features) => this.#repaint(features),
    step: () => this.#wish({ type: "step", steps: 1 }),
  });
  #curvesDue = 0; // when answers bring the curves again
  #curvesMissing = false; // whether the curves have to be asked for
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #curvesTimer;
  #spokenAt = 0;
  /** @type {Place} */
  #pen = [0, 0]; // of those who draw by keys
  #choices;
  #pull;
  #lambda;
  #settings;
  #view;
  #forget;

  /** @param {WidgetModel} model */
  constructor(model) {
    this.#choices = /** @type {PlaygroundChoices} */ (model.get("choices"));
    this.#pull = new Pull(model, {
      answer: "frame",
      limit: AHEAD,
      patience: PATIENCE,
      question: this.#question,
      envelope: this.#envelope,
      react: this.#hear,
    });
    const tell = createTell(this.#pull);
    const repaint = () => this.#repaint();
    this.#lambda = createLambda(this.#choices.lambda, tell);
    this.#settings = createSettings(this.#choices, tell, repaint);
    this.#view = createView(model, {
      plots: this.#choices.plots,
      beside: this.#settings.beside,
      drawing: this.#drawing(tell),
      repaint,
      next: () => this.#slow.next(),
    });
    this.root.append(this.#problem, this.#columns());
    this.#showStatus();
    this.#forget = this.#watch();
  }

  get #hasClassifier() {
    return this.#state.frame?.hasClassifier ?? true;
  }

  /** Asks for the first picture. */
  start() {
    this.#wish({ type: "look" });
  }

  remove() {
    this.#state = inMode(this.#state, "paused");
    this.#slow.stop();
    clearTimeout(this.#curvesTimer);
    this.#forget();
    this.#pull.remove();
    this.#view.remove();
  }

  #columns() {
    const controls = h(
      "section",
      { class: "dann-card dann-controls", "aria-label": SECTIONS.controls },
      this.#buttons.node,
      this.#status,
      this.#lambda.node,
    );
    return h("div", { class: "dann-columns" }, controls, this.#settings.node, this.#view.node);
  }

  /**
   * What a hand or keys do in the plane of the inputs.
   * @param {import("./tell.js").Tell} tell
   * @returns {import("./planes.js").Drawing}
   */
  #drawing(tell) {
    const { plane } = this.#choices;
    const { pen, sayPen, help } = this.#settings.target;
    /** @type {Place | null} */
    let last = null;
    return {
      help,
      point: (where, begins) => {
        const at = onPlane(where, plane);
        if (!begins && !isFarEnough(last, at, plane)) return;
        last = at;
        tell.draw(pen(), at, begins);
      },
      key: (key) => {
        const moved = movedBy(this.#pen, key, plane);
        if (moved) {
          this.#pen = moved;
          sayPen(moved);
          this.#repaint();
        } else if (putsPoint(key)) tell.draw(pen(), this.#pen, true);
        return moved !== null || putsPoint(key);
      },
    };
  }

  /** Follows what happens around the playground, until what this returns is called. */
  #watch() {
    const endAsking = this.#pull.keepAsking(WATCH_EVERY);
    const forgetTheme = followTheme(this.root, () => {
      this.#repaint();
      if (this.#state.frame) this.#wish({ type: "look" });
    });
    return () => {
      endAsking();
      forgetTheme();
    };
  }

  #question = () =>
    nextQuestion(this.#state, {
      steps: this.#settings.steps(),
      seen: !document.hidden && this.root.isConnected,
      curvesMissing: this.#curvesMissing,
    });

  /**
   * @param {number} wish
   * @returns {PlaygroundEnvelope}
   */
  #envelope = (wish) => {
    const now = performance.now();
    const figures = now >= this.#curvesDue;
    if (figures) this.#curvesDue = now + CURVES_EVERY;
    return { wish, dark: isDark(), figures };
  };

  /**
   * What a person asks for brings the curves.
   * @param {Question} question
   */
  #wish(question) {
    this.#curvesDue = 0;
    this.#pull.wish(question);
  }

  /** @param {Action} action */
  #press(action) {
    const { mode, wish } = pressed(action, this.#state.mode);
    this.#go(mode);
    if (wish) this.#wish(wish);
  }

  /** @param {Mode} mode */
  #go(mode) {
    this.#slow.stop();
    this.#state = inMode(this.#state, mode);
    this.#view.showsPhases(mode === "slow");
    this.#buttons.showMode(mode);
    this.#pull.more();
    if (mode === "slow") this.#slow.start();
    else this.#repaint();
    this.#showStatus();
  }

  /** @param {PackedFrame} answer */
  #hear = (answer) => {
    this.#pull.more(); // first, so that Python does the next steps while this picture is painted
    const before = this.#state.frame;
    this.#state = withAnswer(this.#state, answer, performance.now());
    if (this.#pull.knowsAll(answer)) {
      this.#lambda.show(answer.knobs);
      this.#settings.show(answer.knobs, answer.has_classifier);
    }
    this.#showRun(answer);
    this.#showProblem(answer.problem);
    if (mustPause(this.#state.mode, answer)) this.#go("paused");
    this.#speak(answer);
    this.#view.curves.show(answer);
    const { frame, mode } = this.#state;
    if (this.#slow.awaitsStep && before && frame)
      this.#slow.arrive(before.features, frame.features);
    else this.#repaint();
    if (mode !== "playing" && !answer.figures) this.#curvesLater();
  };

  /** @param {PackedFrame} answer */
  #showRun(answer) {
    this.#buttons.showRun({ done: isDone(answer), undoable: answer.undo });
    const { method, form, shift } = answer.knobs;
    this.#view.planes.letDraw(shift === DRAWN);
    this.#view.table.show(this.#choices.tables[method][form]);
    this.#view.showClassifier(answer.has_classifier);
    this.#showStatus();
  }

  /** @param {string} problem */
  #showProblem(problem) {
    this.#problem.textContent = problem;
    this.#problem.hidden = !problem;
  }

  #showStatus() {
    this.#status.textContent = statusLine(this.#state);
  }

  /** @param {PackedFrame} answer */
  #speak({ sentence }) {
    const now = performance.now();
    if (!maySpeak(this.#state.mode, now - this.#spokenAt)) return;
    this.#view.say(sentence);
    this.#spokenAt = now;
  }

  #repaint(features = this.#state.frame?.features) {
    const { frame, mode, scale } = this.#state;
    if (!frame || !features) return;
    const ticked = this.#settings.ticked();
    const shown = arrowsToShow(mode, this.#slow.phase, ticked, frame.hasClassifier);
    const reveal = this.#settings.reveals();
    const { plane } = this.#choices;
    const pen = this.#view.planes.isFocused ? this.#pen : null;
    this.#view.planes.paint(scenes(frame, { features, shown, scale, reveal, plane, pen }));
  }

  /** Brings the last steps' curves, once nothing follows them. */
  #curvesLater() {
    clearTimeout(this.#curvesTimer);
    this.#curvesTimer = setTimeout(() => {
      if (this.#state.mode === "playing" || this.#pull.expected()) return;
      this.#curvesDue = 0;
      this.#curvesMissing = true;
      this.#pull.ask();
      this.#curvesMissing = false;
    }, CURVES_EVERY);
  }
}
