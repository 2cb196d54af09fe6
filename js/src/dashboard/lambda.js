// Lambda: by the paper's schedule, or by hand while it trains.

import { createDrag } from "../shared/drag.js";
import { h } from "../shared/elements.js";
import { createLambdaKnob } from "../shared/lambda.js";
import { adapts } from "./allowed.js";
import { appliedLambda } from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

const MARKS = {
  paper: { value: "paper", "data-lambda": "paper" },
  hand: { value: "hand", "data-lambda": "hand" },
  slider: { "data-lambda": "slider" },
  echo: { "data-lambda": "echo" },
};

/** @param {Page} page */
export function createLambda({ link, wish, choices }) {
  const drag = createDrag(link);
  const tell = () =>
    drag(() => {
      if (knob.isByHand()) wish({ type: "lambda", value: knob.value() });
    });
  const knob = createLambdaKnob({
    range: choices.lambda.dann,
    marks: MARKS,
    toPaper: () => wish({ type: "lambda", value: null }),
    toHand: tell,
    dragged: tell,
  });
  const applied = h("span", { class: "dann-applied", "data-show": "applied" });
  knob.node.append(applied);

  return {
    node: knob.node,
    /**
     * @param {State} state
     * @param {boolean} knowsAll whether it knows of all wishes
     */
    update(state, knowsAll) {
      if (knowsAll) knob.show(state.settings.lambda, choices.lambda[state.settings.method]);
      knob.enable(adapts(state));
      applied.textContent = appliedLambda(state);
    },
  };
}
