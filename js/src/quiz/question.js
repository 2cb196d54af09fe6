// One question with its answers.

import { h, uniqueName } from "../shared/elements.js";
import { answerAfterKey, feedbackOn, pieces } from "./decisions.js";
import { numbered } from "./words.js";

/** @import { QuizAnswer, QuizQuestion } from "./protocol.js" */

/** @param {string} text with `code` in it */
const prose = (text) =>
  pieces(text).map((piece) => (piece.code ? h("code", {}, piece.text) : piece.text));

/**
 * @param {QuizQuestion} question
 * @param {number} number from 1
 * @param {number | null} chosen
 * @param {(index: number) => void} choose
 */
export function createQuestion(question, number, chosen, choose) {
  const feedback = createFeedback();
  const name = uniqueName(); // joins the radio buttons of this question
  const radios = question.answers.map((answer, index) => {
    const changed = () => {
      choose(index);
      feedback.show(answer);
    };
    const radio = h("input", { type: "radio", name, onchange: changed });
    radio.checked = index === chosen;
    return radio;
  });
  const labels = question.answers.map(({ text }, index) =>
    h("label", { class: "dann-answer" }, radios[index], h("span", {}, ...prose(text))),
  );
  const heading = h("legend", {}, numbered(number), ...prose(question.text));
  if (chosen !== null) feedback.show(question.answers[chosen]);
  return h(
    "fieldset",
    { class: "dann-question", onkeydown: keysMove(radios) },
    heading,
    ...labels,
    feedback.node,
  );
}

function createFeedback() {
  const node = h("p", { class: "dann-feedback", "aria-live": "polite" });
  return {
    node,
    /** @param {QuizAnswer} answer */
    show(answer) {
      const { look, verdict, why } = feedbackOn(answer);
      node.className = `dann-feedback ${look}`;
      node.replaceChildren(h("b", {}, verdict), ...prose(why));
    },
  };
}

/**
 * The arrow keys of radio buttons choose what they pass, and would give each answer away. Here
 * they only move; Space chooses.
 * @param {HTMLInputElement[]} radios
 */
const keysMove = (radios) => (/** @type {KeyboardEvent} */ event) => {
  const at = radios.indexOf(/** @type {HTMLInputElement} */ (event.target));
  const to = answerAfterKey(event.key, at, radios.length);
  if (to === null) return;
  event.preventDefault();
  radios[to].focus();
};
