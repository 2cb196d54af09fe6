// Questions whose answers say, once chosen, why they are right or wrong.

import { h } from "../shared/elements.js";
import { followTheme } from "../shared/theme.js";
import { scoreText } from "./decisions.js";
import { createQuestion } from "./question.js";

/** @import { Chosen, QuizQuestion } from "./protocol.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  /** @type {QuizQuestion[]} */
  const questions = model.get("questions");
  const chosen = () => /** @type {Chosen} */ (model.get("chosen"));
  const score = h("p", { class: "dann-score", "aria-live": "polite" });
  const count = () => {
    score.textContent = scoreText(questions, chosen());
  };
  const asked = questions.map((question, i) =>
    createQuestion(question, i + 1, chosen()[i], (index) => {
      model.set("chosen", chosen().with(i, index));
      model.save_changes();
      count();
    }),
  );
  const root = h("div", { class: "dann dann-quiz" }, ...asked, score);
  count();
  el.append(root);

  return followTheme(root);
}
