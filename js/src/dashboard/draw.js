// Draw a digit: as drawn and in the target's clothes, and what the networks of the page read.

import { createDesk } from "../drawing/desk.js";
import { AS_DRAWN, headOf, OTHER_GROUND } from "../drawing/words.js";
import { createCanvas } from "../map/digits.js";
import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { base64 } from "../shared/encoding.js";
import { paintPixels, SIDE } from "../shared/pixels.js";
import { compared, inkIn, mayRead, NOTHING_READ, picturesOf } from "./readings.js";
import * as words from "./words.js";

/** @import { KnownDrawn } from "./known.js" */
/** @import { State, StateMessage } from "./protocol.js" */
/** @import { Page } from "./view.js" */

const BETWEEN = 200; // ms between two tellings while somebody draws

/**
 * @param {Page} page
 * @param {() => string[]} keys of the runs that are compared
 */
export function createDraw({ link, wish, choices }, keys) {
  const desk = createTeller({
    draws: link.announce.bind(link),
    tell: (ink, pattern) => wish({ type: "draw", ink, pattern }),
  });
  const answers = createAnswers(desk.other);
  const empty = h("p", { class: "dann-hint", "data-draw": "empty" });
  const node = h(
    "figure",
    { class: "dann-wide dann-draw", "data-draw": "card" },
    h("h3", {}, words.DRAW),
    desk.help,
    h("div", { class: "dann-desk" }, desk.node, h("div", {}, empty, answers.node)),
  );
  return {
    node,
    /** @param {StateMessage} message */
    update(message) {
      const { drawn, offered } = link.known;
      const clothes = choices.clothes[message.state.settings.pair];
      desk.node.hidden = desk.help.hidden = !clothes;
      // Another page, or this one before it was loaded again, has drawn something else.
      if (message.drawn && drawn && link.knowsAll(message)) desk.adopt(drawn);
      const there = clothes && drawn?.pixels ? drawn : null;
      empty.textContent = drawn?.problem || words.drawnNothing(clothes);
      empty.hidden = there !== null;
      answers.node.hidden = there === null;
      if (!there) {
        answers.forget();
        return;
      }
      const looks = choices.clothes[there.pair];
      const others = compared({
        keys: keys(),
        offered: offered?.runs ?? [],
        readings: there.readings,
      });
      answers.show(there, looks, others, message.state);
    },
    remove: desk.remove,
  };
}

/**
 * The desk, and what tells Python of it.
 * @param {object} hear
 * @param {() => void} hear.draws hears at once that somebody draws
 * @param {(ink: string, pattern: number) => void} hear.tell
 */
function createTeller({ draws, tell }) {
  let told = "";
  let pattern = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const show = () => {
    other.disabled = desk.isEmpty();
  };
  const tellLater = () => {
    show();
    draws();
    timer ??= setTimeout(() => {
      timer = undefined;
      told = base64(desk.ink());
      tell(told, pattern);
    }, BETWEEN);
  };
  const desk = createDesk(tellLater);
  const other = button("other", OTHER_GROUND, () => {
    pattern += 1;
    tellLater();
  });
  show();
  return {
    node: desk.node,
    help: desk.help,
    other,
    /** @param {KnownDrawn} drawn */
    adopt(drawn) {
      const [picture] = picturesOf(drawn);
      const ink = picture ? inkIn(picture) : new Uint8Array(SIDE * SIDE);
      const nothing = base64(new Uint8Array(SIDE * SIDE));
      if (drawn.problem || timer || base64(ink) === (told || nothing)) return;
      told = base64(ink);
      desk.adopt(picture ? ink : null);
      show();
    },
    remove: () => clearTimeout(timer),
  };
}

/**
 * The two pictures and what is read in them.
 * @param {HTMLElement} other what changes the second picture
 */
function createAnswers(other) {
  const shots = [0, 1].map(() => {
    const name = h("span", { class: "dann-domain" });
    const canvas = createCanvas({ width: SIDE, height: SIDE }, () => {});
    const says = h("b", {});
    return { name, canvas, says, node: h("li", {}, name, canvas, says) };
  });
  const sentence = h("p", { "aria-live": "polite", "data-draw": "sentence" });
  const table = h("div", { class: "dann-readers" });
  const silent = h("p", { class: "dann-hint", "data-draw": "silent" });
  let spoken = NOTHING_READ;
  let shown = "";
  /** @param {KnownDrawn} drawn @param {string} clothes */
  const showPictures = (drawn, clothes) => {
    for (const [i, picture] of picturesOf(drawn).entries()) {
      paintPixels(shots[i].canvas, picture);
      shots[i].name.textContent = headOf(i ? clothes : AS_DRAWN);
      shots[i].says.textContent = words.answer(drawn.readings[0], i);
    }
  };

  return {
    node: h(
      "div",
      { class: "dann-read" },
      h("ul", { class: "dann-shots", "data-draw": "shots" }, ...shots.map(({ node }) => node)),
      h("div", { class: "dann-buttons" }, other),
      sentence,
      table,
      silent,
    ),
    /** What was read of a digit that is gone. */
    forget() {
      spoken = NOTHING_READ;
      sentence.textContent = "";
    },
    /**
     * @param {KnownDrawn} drawn
     * @param {string} clothes
     * @param {ReturnType<typeof compared>} others
     * @param {State} state
     */
    show(drawn, clothes, others, { state }) {
      const now = { pixels: drawn.pixels, state, time: performance.now() };
      if (mayRead(spoken, now)) {
        spoken = now;
        const text = words.readSentence(drawn.readings[0], clothes);
        if (sentence.textContent !== text) sentence.textContent = text;
      }
      const look = JSON.stringify([drawn.version, others]);
      if (look === shown) return;
      shown = look;
      showPictures(drawn, clothes);
      table.replaceChildren(...(others.answers.length ? [tableOf(others.answers, clothes)] : []));
      silent.textContent = words.noWeights(others.silent);
    },
  };
}

/**
 * @param {ReturnType<typeof compared>["answers"]} answers
 * @param {string} clothes
 */
function tableOf(answers, clothes) {
  const heads = [words.READER, headOf(AS_DRAWN), headOf(clothes)];
  return h(
    "table",
    { "aria-label": words.READERS },
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h(
      "tbody",
      {},
      ...answers.map(({ title, reading }) => {
        const cells = [0, 1].map((i) =>
          h("td", {}, reading ? words.answer(reading, i) : words.READS_NO_DIGITS),
        );
        return h("tr", {}, h("th", { scope: "row" }, title), ...cells);
      }),
    ),
  );
}
