// What the target is: in which way it differs from the source, how far, and what draws.

import { h, uniqueName } from "../shared/elements.js";
import { CLEAR, DRAWN, PENS, penAt, TARGET } from "./words.js";

/** @import { Place } from "./pen.js" */
/** @import { Pen, PlaygroundChoices, ShownAmount, ShownKnobs } from "./protocol.js" */
/** @import { Tell } from "./tell.js" */

/**
 * @param {PlaygroundChoices["shifts"]} shifts
 * @param {Tell} tell
 */
export function createTarget(shifts, tell) {
  const select = h(
    "select",
    { "data-knob": "shift", onchange: () => tell.set({ shift: select.value }) },
    ...Object.entries(shifts).map(([value, { text }]) => h("option", { value }, text)),
  );
  const menu = h("label", { class: "dann-field" }, h("span", {}, TARGET.shift), select);
  menu.hidden = Object.keys(shifts).length < 2;
  const about = h("p", { class: "dann-hint", "aria-live": "polite", "data-show": "about" });
  const amount = createAmount(tell);
  const pens = createPens(tell);
  return {
    nodes: [menu, about, ...amount.nodes, pens.node],
    help: pens.help,
    pen: pens.pen,
    sayPen: pens.say,
    /** @param {ShownKnobs} knobs */
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

/** @param {Tell} tell */
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

/** @param {Tell} tell */
function createPens(tell) {
  const select = h(
    "select",
    { "data-knob": "pen" },
    ...Object.entries(PENS).map(([value, text]) => h("option", { value }, text)),
  );
  const id = `draw-${uniqueName()}`;
  const place = h("span", { "aria-live": "polite", "data-show": "pen" });
  const clear = h("button", { type: "button", "data-action": "clear", onclick: tell.clear }, CLEAR);
  const node = h(
    "div",
    { class: "dann-pens", hidden: true },
    h("label", { class: "dann-field" }, h("span", {}, TARGET.pen), select),
    clear,
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
