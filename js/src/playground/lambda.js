// Lambda: the paper's schedule, or a slider.

import { createLambdaKnob } from "../shared/lambda.js";

/** @import { PlaygroundChoices, ShownKnobs } from "./protocol.js" */
/** @import { Tell } from "./tell.js" */

const MARKS = {
  paper: { "data-knob": "paper" },
  hand: { "data-knob": "hand" },
  slider: { "data-knob": "lambda" },
  echo: { "data-show": "lambda" },
};

/**
 * @param {PlaygroundChoices["lambda"]} ranges by method
 * @param {Tell} tell
 */
export function createLambda(ranges, tell) {
  // The reader may have taken the schedule since the slider moved.
  const taken = () => ({ lambda_: knob.isByHand() ? knob.value() : null });
  const knob = createLambdaKnob({
    range: ranges.dann,
    marks: MARKS,
    toPaper: () => tell.set({ lambda_: null }),
    toHand: () => tell.set(taken()),
    dragged: () => tell.drag(taken),
  });
  return {
    node: knob.node,
    /** @param {ShownKnobs} knobs */
    show: ({ lambda_, method }) => knob.show(lambda_, ranges[method]),
  };
}
