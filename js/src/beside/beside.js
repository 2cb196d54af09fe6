// Several methods on the same points: the page asks for steps, the answer shows what they did.

import { paint, palette } from "../playground/paint.js";
import { createTarget } from "../playground/target.js";
import { createKeys } from "../playground/view.js";
import { createDrag } from "../shared/drag.js";
import { h, uniqueName } from "../shared/elements.js";
import { bytes, floats } from "../shared/encoding.js";
import { Pull } from "../shared/pull.js";
import { createSelect } from "../shared/select.js";
import { followTheme, isDark } from "../shared/theme.js";
import { RESET, STEP, WAITING_FOR_PYTHON } from "../shared/words.js";
import { isDone, nextQuestion, statusLine, withMethod } from "./state.js";
import {
  BUTTONS,
  methodOf,
  PLANE,
  pictureOf,
  REVEAL,
  SECTIONS,
  standing,
  TARGET_LEGEND,
} from "./words.js";

/** @import { BesideChoices, BesideEnvelope, BesideFrame, ShownBeside, Plane, Question } from "./protocol.js" */

const AHEAD = 2; // questions under way while playing: Python computes while an answer travels
const PATIENCE = 5000; // ms: a lost answer must not stop the play for ever
const WATCH_EVERY = 1000; // ms between two looks whether an answer was lost
const STEPS = 3; // for each picture
const SPOKEN_EVERY = 1000; // ms: a sentence that changes with every frame cannot be read

export class Beside {
  root = h("div", { class: "dann dann-play dann-beside" });
  /** @type {BesideFrame | null} */
  #frame = null;
  #plays = false;
  #spokenAt = 0;
  #id = `say-${uniqueName()}`;
  #status = h("p", { class: "dann-status", "data-show": "status" }, WAITING_FOR_PYTHON);
  #sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    id: this.#id,
    "data-show": "sentence",
  });
  #choices;
  #pull;
  #buttons;
  #target;
  #plane;
  #reveal;
  #pictures;
  #forget;

  /** @param {WidgetModel} model */
  constructor(model) {
    this.#choices = /** @type {BesideChoices} */ (model.get("choices"));
    this.#pull = new Pull(model, {
      answer: "beside",
      limit: AHEAD,
      patience: PATIENCE,
      question: () =>
        nextQuestion(this.#plays, this.#frame, {
          steps: STEPS,
          seen: !document.hidden && this.root.isConnected,
        }),
      envelope: this.#envelope,
      react: this.#hear,
    });
    const drag = createDrag(this.#pull);
    this.#buttons = this.#createButtons();
    this.#target = createTarget(this.#choices.shifts, {
      set: this.#set,
      drag: (read) => drag(() => this.#set(read())),
    });
    this.#plane = createSelect("plane", PLANE, this.#choices.planes, (plane) =>
      this.#set({ plane: /** @type {Plane} */ (plane) }),
    );
    this.#reveal = h("input", { type: "checkbox", "data-show": "reveal", onchange: this.#repaint });
    this.#pictures = this.#createPictures(/** @type {string[]} */ (model.get("begins")));
    this.root.append(this.#columns());
    this.#forget = this.#watch();
  }

  /** Asks for the first pictures. */
  start() {
    this.#pull.wish({ type: "look" });
  }

  remove() {
    this.#plays = false;
    this.#forget();
    this.#pull.remove();
  }

  /**
   * @param {number} wish
   * @returns {BesideEnvelope}
   */
  #envelope = (wish) => ({ wish, dark: isDark() });

  /** @param {Partial<ShownBeside>} knobs */
  #set = (knobs) => this.#pull.wish({ type: "set", knobs });

  #createButtons() {
    /**
     * @param {string} action
     * @param {{ label: string, title: string }} words
     * @param {() => void} onclick
     */
    const button = (action, { label, title }, onclick) =>
      h("button", { type: "button", "data-action": action, title, onclick }, label);
    /** @param {Question} wish */
    const paused = (wish) => () => {
      this.#play(false);
      this.#pull.wish(wish);
    };
    const play = button("play", BUTTONS.play, () => this.#play(!this.#plays));
    play.classList.add("dann-primary");
    const step = button("step", STEP, paused({ type: "step", steps: 1 }));
    const reset = button("reset", RESET, paused({ type: "reset" }));
    const seed = button("seed", BUTTONS.seed, paused({ type: "seed" }));
    return { play, step, node: h("div", { class: "dann-buttons" }, play, step, reset, seed) };
  }

  /** @param {string[]} begins the methods that the pictures begin with */
  #createPictures(begins) {
    return begins.map((method, place) => {
      const choice = createSelect("method", methodOf(place), this.#choices.methods, (chosen) =>
        this.#set({ methods: withMethod(this.#frame?.knobs.methods ?? begins, place, chosen) }),
      );
      choice.input.value = method;
      const canvas = h("canvas", { role: "img", "aria-describedby": this.#id });
      const says = h("figcaption", { "data-show": "standing" });
      return { choice, canvas, says, node: h("figure", {}, choice.node, canvas, says) };
    });
  }

  #columns() {
    const tick = h(
      "label",
      { class: "dann-tick dann-reveal" },
      this.#reveal,
      h("span", {}, REVEAL),
    );
    const legend = h("legend", {}, TARGET_LEGEND);
    const target = h("fieldset", {}, legend, ...this.#target.nodes, tick);
    const controls = h(
      "section",
      { class: "dann-card dann-controls", "aria-label": SECTIONS.controls },
      this.#buttons.node,
      this.#status,
      target,
      this.#plane.node,
    );
    const pictures = h("div", { class: "dann-planes" }, ...this.#pictures.map(({ node }) => node));
    const view = h(
      "section",
      { class: "dann-view", "aria-label": SECTIONS.view },
      this.#sentence,
      createKeys().node,
      pictures,
    );
    return h("div", { class: "dann-columns" }, controls, view);
  }

  /** Follows what happens around the pictures, until what this returns is called. */
  #watch() {
    const endAsking = this.#pull.keepAsking(WATCH_EVERY);
    const resize = new ResizeObserver(this.#repaint);
    for (const { canvas } of this.#pictures) resize.observe(canvas);
    const forgetTheme = followTheme(this.root, this.#repaint);
    return () => {
      endAsking();
      resize.disconnect();
      forgetTheme();
    };
  }

  /** @param {boolean} plays */
  #play(plays) {
    this.#plays = plays;
    this.#buttons.play.textContent = plays ? BUTTONS.pause : BUTTONS.play.label;
    this.#pull.more();
    this.#showStatus();
  }

  /** @param {BesideFrame} answer */
  #hear = (answer) => {
    this.#pull.more(); // first, so that Python does the next steps while these are painted
    this.#frame = answer;
    if (this.#pull.knowsAll(answer)) {
      this.#target.show(answer.knobs);
      this.#plane.input.value = answer.knobs.plane;
      for (const [k, { choice }] of this.#pictures.entries())
        choice.input.value = answer.knobs.methods[k];
    }
    const done = isDone(answer);
    if (done) this.#play(false);
    for (const button of [this.#buttons.play, this.#buttons.step]) button.disabled = done;
    this.#showStatus();
    this.#speak(answer.sentence);
    this.#repaint();
  };

  #showStatus() {
    if (this.#frame) this.#status.textContent = statusLine(this.#frame, this.#plays);
  }

  /** @param {string} sentence */
  #speak(sentence) {
    const now = performance.now();
    if (this.#plays && now - this.#spokenAt < SPOKEN_EVERY) return;
    this.#sentence.textContent = sentence;
    this.#spokenAt = now;
  }

  #repaint = () => {
    const frame = this.#frame;
    if (!frame) return;
    const colours = palette(this.root);
    for (const [k, { canvas, says }] of this.#pictures.entries()) {
      const run = frame.runs[k];
      says.textContent = standing(run);
      canvas.ariaLabel = pictureOf(this.#choices.methods[frame.knobs.methods[k]]);
      const [ofLabels, ofDomains] = run.grids;
      paint(canvas, colours, {
        grids: [bytes(ofLabels), bytes(ofDomains)],
        points: floats(run.points),
        sources: frame.sources,
        labels: frame.labels,
        reach: run.reach,
        arrows: [],
        scale: 0,
        reveal: this.#reveal.checked,
        pen: null,
      });
    }
  };
}
