// What the target is: in which way it differs from the source, how far, and what draws.

import { h, uniqueName } from "../shared/elements.js";
import { createSelect } from "../shared/select.js";
import { CLEAR, DRAWN, PENS, penAt, TARGET } from "./words.js";

/** @import { Place } from "./pen.js" */
/** @import { Pen, PlaygroundChoices, ShownAmount, ShownKnobs } from "./protocol.js" */
/**
 * What hears of it.
 * @typedef {object} Told
 * @property {(knobs: { shift: string }) => void} set
 * @property {(read: () => { amount: number }) => void} drag
 */

/**
 * @param {PlaygroundChoices["shifts"]} shifts
 * @param {Told & Partial<Pick<import("./tell.js").Tell, "clear">>} tell
 */
export function createTarget(shifts, tell) {
  const texts = Object.entries(shifts).map(([value, { text }]) => [value, text]);
  const { input: select, node: menu } = createSelect(
    "shift",
    TARGET.shift,
    Object.fromEntries(texts),
    (shift) => tell.set({ shift }),
  );
  menu.hidden = Object.keys(shifts).length < 2;
  const about = h("p", { class: "dann-hint", "aria-live": "polite", "data-show": "about" });
  const amount = createAmount(tell);
  const pens = createPens(tell.clear);
  return {
    nodes: [menu, about, ...amount.nodes, pens.node],
    help: pens.help,
    pen: pens.pen,
    sayPen: pens.say,
    /** @param {Pick<ShownKnobs, "shift" | "amount">} knobs */
    show(knobs) {
      const shift = shifts[knobs.shift];
      select.value = knobs.shift;
      if (about.textContent !== shift.about) about.textContent = shift.about;
      about.hidden = !shift.about;
      amount.show(shift.amount, knobs.amount);
      pens.node.hidden = knobs.shift !== DRAWN;
    },
  };
}

/** @param {Told} tell */
function createAmount(tell) {
  const value = () => Number(slider.value);
  /** @type {ShownAmount | null} */
  let shown = null;
  const said = () => (shown ? `${Number(value().toFixed(2))}${shown.unit}` : "");
  const slider = h("input", {
    type: "range",
    "data-knob": "amount",
    oninput: () => {
      echo.value = said();
      tell.drag(() => ({ amount: value() }));
    },
  });
  const label = h("span");
  const echo = h("output", { class: "dann-echo" });
  const above = h("label", {}, label, " ", echo);
  return {
    nodes: [above, slider],
    /**
     * @param {ShownAmount | null} ends
     * @param {number} amount
     */
    show(ends, amount) {
      above.hidden = slider.hidden = !ends;
      shown = ends;
      if (!ends) return;
      label.textContent = ends.label;
      Object.assign(slider, { min: ends.low, max: ends.high, step: ends.step });
      slider.value = String(amount);
      echo.value = said();
      slider.ariaLabel = `${TARGET.slider}: ${ends.label}`;
      slider.setAttribute("aria-valuetext", said().replace("°", " degrees"));
    },
  };
}

/** @param {() => void} [clear] */
function createPens(clear) {
  const { input: select, node: choice } = createSelect("pen", TARGET.pen, PENS);
  const id = `draw-${uniqueName()}`;
  const place = h("span", { "aria-live": "polite", "data-show": "pen" });
  const attributes = { type: "button", "data-action": "clear", onclick: clear };
  const node = h(
    "div",
    { class: "dann-pens", hidden: true },
    choice,
    h("button", attributes, CLEAR),
    h("p", { class: "dann-hint", id }, TARGET.help, " ", place),
  );
  return {
    node,
    help: id,
    pen: () => /** @type {Pen} */ (select.value),
    /** @param {Place} at */
    say(at) {
      place.textContent = penAt(at);
    },
  };
}
