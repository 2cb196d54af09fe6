// What all views of one model share: a tick that asks, and what Python has answered.

import { digitSheet } from "../map/digits.js";
import { unzipped } from "../shared/encoding.js";
import { Pull } from "../shared/pull.js";
import { isDark, onThemeChange } from "../shared/theme.js";
import { standsAlone } from "./controls.js";
import { saveAs } from "./files.js";
import { afterState, imagesOf, isAtWork, lacksImages, losesBranch, nothingKnown } from "./known.js";
import { ASKING, atTheLatest, DRAWING, nextTime } from "./pace.js";

/** @import { AsideMessage, CompareMessage, Envelope, ImagesMessage, ReceivedMessage, Request, StateMessage, Wish } from "./protocol.js" */

const TICK = 200; // ms between two looks at whether it is time to ask; a wish is answered at once
const PATIENCE = 2000; // ms before an unanswered question is asked again
const LOST = 5000; // ms without an answer before the page says so

/**
 * One place where the live page is shown.
 * @typedef {object} View
 * @property {(message: StateMessage) => unknown} update shows an answer; done when it is drawn
 * @property {() => boolean} isShown whether it is on the screen, and not in a tab behind another
 * @property {() => unknown} map draws the map if it has changed
 * @property {(silence: number) => void} connection ms without an answer, 0 while that is no worry
 * @property {(message: CompareMessage) => void} compare
 * @property {(message: ReceivedMessage) => void} received
 * @property {(name: string) => void} saved tells of a file
 * @property {() => void} theme
 * @property {() => void} remove
 */

export class Link {
  known = nothingKnown();
  /** @type {Set<View>} */
  views = new Set();
  #pull;
  #askAt = 0;
  #drawAt = 0;
  #address = "";
  #timer;
  #forgetTheme;

  /** @param {WidgetModel} model */
  constructor(model) {
    this.#pull = new Pull(model, {
      answer: "state",
      patience: PATIENCE,
      question: () => (this.#isSeen() ? { type: "tick" } : null),
      envelope: this.#envelope,
      react: this.#hear,
      aside: this.#hearAside,
    });
    this.#timer = setInterval(this.#tick, TICK);
    document.addEventListener("visibilitychange", this.#tick);
    this.#forgetTheme = onThemeChange(this.#redraw);
    if (standsAlone() && location.hash.length > 1) {
      this.wish({ type: "restore", text: location.hash });
    }
  }

  /**
   * Tells Python a wish.
   * @param {Wish} wish
   */
  wish(wish) {
    this.#pull.wish(wish);
  }

  /** The reader is about to wish for something: answers under way move no knob back. */
  announce() {
    this.#pull.announce();
  }

  /** @param {Request} request */
  send(request) {
    this.#pull.send(request);
  }

  /**
   * Whether an answer knows of all wishes.
   * @param {StateMessage} message
   */
  knowsAll(message) {
    return this.#pull.knowsAll(message);
  }

  /**
   * Looks at another moment.
   * @param {number | null} at
   */
  look(at) {
    this.known = { ...this.known, at };
    this.#drawAt = 0;
    this.#pull.ask();
  }

  close() {
    clearInterval(this.#timer);
    this.#pull.remove();
    document.removeEventListener("visibilitychange", this.#tick);
    this.#forgetTheme();
  }

  #isSeen() {
    if (document.hidden || !this.views.size) return false;
    // Behind another tab of JupyterLab's it is looked after while it trains. Otherwise it keeps
    // quiet there, so that the server can tell that its notebook was left alone.
    return isAtWork(this.known) || [...this.views].some((view) => view.isShown());
  }

  #tick = () => {
    if (!this.#isSeen()) {
      this.#pull.rest();
      return;
    }
    const silence = this.#pull.silence();
    for (const view of this.views) view.connection(silence > LOST ? silence : 0);
    if (performance.now() >= this.#askAt) this.#pull.more();
  };

  /**
   * @param {number} wish
   * @returns {Envelope}
   */
  #envelope = (wish) => {
    const { run, at, map, offered, found, drawn } = this.known;
    return {
      wish,
      run,
      at,
      map: map?.version ?? null,
      offered: offered?.version ?? null,
      found: found?.version ?? null,
      drawn: drawn?.version ?? null,
      sketch: drawn?.sketch ?? null,
      dark: isDark(),
      figures: performance.now() >= this.#drawAt,
    };
  };

  /**
   * @param {StateMessage} message
   * @param {{ again: boolean }} more
   */
  #hear = (message, { again }) => {
    this.known = afterState(this.known, message);
    if (this.known.map) this.#wantImages(this.known.map.images);
    if (standsAlone()) {
      if (this.knowsAll(message)) this.#showAddress(`#${message.state.text}`);
      // The page itself listens before Voila does, which ends Python as soon as one may leave.
      document.body.toggleAttribute("data-dann-loses", losesBranch(this.known));
    }
    this.#keepPace(
      [...this.views].map((view) => view.update(message)),
      Boolean(message.figures),
    );
    if (again) this.#drawAt = 0; // another moment is looked at: its pictures do not wait
  };

  /** @param {AsideMessage} message */
  #hearAside = (message) => {
    if (message.type === "images") this.#hearImages(message);
    if (message.type === "compare") for (const view of this.views) view.compare(message);
    if (message.type === "received") for (const view of this.views) view.received(message);
    if (message.type === "file") {
      saveAs(message.name, unzipped(message.gzip));
      for (const view of this.views) view.saved(message.name);
    }
  };

  /** @param {string} name */
  #wantImages(name) {
    const now = performance.now();
    if (!lacksImages(this.known.images, name, now, LOST)) return;
    this.known = { ...this.known, images: { name, points: null, since: now } };
    this.send({ type: "images" });
  }

  /** @param {ImagesMessage} message */
  async #hearImages(message) {
    const paint = await digitSheet(message);
    if (message.name !== this.known.images?.name) return; // of a pair that is not shown any more
    this.known = { ...this.known, images: imagesOf(message, paint) };
    for (const view of this.views) view.map();
  }

  /** @param {string} address */
  #showAddress(address) {
    if (address === this.#address) return; // the browser takes some ms for the same again
    this.#address = address;
    history.replaceState(null, "", address);
  }

  /**
   * @param {unknown[]} drawn by each view
   * @param {boolean} figures whether there was more to draw than words
   */
  async #keepPace(drawn, figures) {
    const begun = performance.now();
    this.#askAt = atTheLatest(ASKING, begun);
    if (figures) this.#drawAt = atTheLatest(DRAWING, begun);
    await Promise.all(drawn);
    requestAnimationFrame(() =>
      // A timer runs after the frame is painted.
      setTimeout(() => {
        const painted = performance.now();
        if (figures) this.#drawAt = nextTime(DRAWING, begun, painted);
        else this.#askAt = nextTime(ASKING, begun, painted);
      }),
    );
  }

  #redraw = () => {
    this.known = { ...this.known, run: null }; // Python then sends everything, in the new colours
    for (const view of this.views) view.theme();
  };
}
