// What chooses the digit, the photograph, the place and the arithmetic.

import { h } from "../shared/elements.js";
import { lastPlace } from "./window.js";
import { ARITHMETIC, DIGITS, digitName, PHOTO, PLACES } from "./words.js";

/** @import { Photo, Wanted } from "./protocol.js" */
/** @import { Move } from "./window.js" */

/** @param {Move} move */
export function createDigits(move) {
  const buttons = Array.from({ length: 10 }, (_, digit) =>
    h(
      "button",
      {
        type: "button",
        "data-digit": digit,
        "aria-label": digitName(digit),
        onclick: () => move({ digit }),
      },
      digit,
    ),
  );
  return {
    node: h(
      "div",
      { class: "dann-buttons dann-tens", role: "group", "aria-label": DIGITS },
      ...buttons,
    ),
    /** @param {Wanted} wanted */
    show(wanted) {
      buttons.forEach((button, digit) =>
        button.setAttribute("aria-pressed", String(digit === wanted.digit)),
      );
    },
  };
}

/**
 * @param {Photo[]} photos
 * @param {() => Wanted} wanted
 * @param {Move} move
 */
export function createKnobs(photos, wanted, move) {
  const choice = h(
    "select",
    { "data-control": "photo", onchange: () => move({ photo: Number(choice.value) }) },
    ...photos.map(({ name }, i) => h("option", { value: i }, name)),
  );
  const arithmetic = h(
    "select",
    { "data-control": "signed", onchange: () => move({ signed: arithmetic.value === "signed" }) },
    h("option", { value: "signed" }, ARITHMETIC.signed),
    h("option", { value: "unsigned" }, ARITHMETIC.unsigned),
  );
  const row = createPlace("row", wanted, move);
  const column = createPlace("column", wanted, move);
  return {
    node: h(
      "div",
      { class: "dann-knobs" },
      h("label", { class: "dann-field" }, PHOTO.label, choice),
      h("div", { class: "dann-pair" }, row.node, column.node),
      h("label", { class: "dann-field" }, ARITHMETIC.label, arithmetic),
    ),
    show() {
      const { photo, signed } = wanted();
      const last = lastPlace(photos[photo]);
      row.show(last.row);
      column.show(last.column);
      choice.value = String(photo);
      arithmetic.value = signed ? "signed" : "unsigned";
    },
  };
}

/**
 * @param {"row" | "column"} name
 * @param {() => Wanted} wanted
 * @param {Move} move
 */
function createPlace(name, wanted, move) {
  const read = () => {
    input.value = String(wanted()[name]);
  };
  const input = h("input", {
    type: "number",
    min: 0,
    step: 1,
    "data-control": name,
    oninput: () => {
      if (input.value !== "") move({ [name]: Math.round(Number(input.value)) });
    },
    onblur: read,
  });
  return {
    node: h("label", { class: "dann-field" }, PLACES[name], input),
    /** @param {number} last */
    show(last) {
      input.max = String(last);
      if (document.activeElement !== input) read(); // else it would change while it is typed
    },
  };
}
