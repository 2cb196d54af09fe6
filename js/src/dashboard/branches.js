// Where the run came from and what was done in it: the tree of branches, the journal, more steps.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { MOST_STEPS, numberInput } from "./controls.js";
import { latestStep } from "./known.js";
import { momentAt } from "./moments.js";
import { hasBranches, lookOfTree, treeOf } from "./tree.js";
import * as words from "./words.js";

/** @import { Act, State } from "./protocol.js" */
/** @import { Node } from "./tree.js" */
/** @import { Page } from "./view.js" */

const MORE = 400;

/** @param {Page} page */
export function createBranches(page) {
  const { link, wish } = page;
  const tree = h("ul", { class: "dann-tree", "aria-label": words.TREE });
  /** @param {Node} node @returns {HTMLElement} */
  const drawn = ({ run, branches }) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          "data-run": run.number,
          ...(run.shown && { "aria-current": "true" }),
          onclick: () => wish({ type: "show", key: run.key }),
        },
        words.inTree(run),
      ),
      branches.length ? h("ul", {}, ...branches.map(drawn)) : null,
    );

  const more = createMore(page);
  const summary = h("summary", {});
  const acts = h("ol", { class: "dann-acts" });
  const repeat = button("rerun", words.REPEAT, () => {
    wish({ type: "rerun", key: `run ${link.known.run}` });
  });
  const journal = h("details", { "data-show": "journal" }, summary, acts, repeat);
  const node = h(
    "div",
    { class: "dann-branches", role: "group", "aria-label": words.BRANCHES },
    more,
    tree,
    journal,
  );
  let shown = "";

  return {
    node,
    /** @param {State} state */
    update(state) {
      const look = lookOfTree(state.tree);
      tree.hidden = !hasBranches(state.tree);
      // What is drawn anew loses the focus.
      if (look !== shown && !tree.contains(document.activeElement)) {
        shown = look;
        tree.replaceChildren(...treeOf(state.tree).map(drawn));
      }
      more.hidden = state.state !== "finished";
      repeat.disabled = !state.step;
    },
    /** @param {Act[]} done */
    tell(done) {
      summary.textContent = words.journal(done.length);
      const look = (/** @type {Act} */ { step }) =>
        link.look(momentAt(step, latestStep(link.known)));
      acts.replaceChildren(
        ...done.map((act) =>
          h("li", {}, h("button", { type: "button", onclick: () => look(act) }, words.act(act))),
        ),
      );
    },
  };
}

/** @param {Page} page */
function createMore({ wish, say }) {
  const field = { label: words.MORE_STEPS, min: 1, max: MOST_STEPS };
  const attributes = { value: MORE, "aria-label": words.MORE_STEPS, "data-more": "steps" };
  const { input, read } = numberInput(field, attributes, say);
  const goOn = button("more", words.GO_ON, () => {
    const steps = read();
    if (steps !== null) wish({ type: "more", steps });
  });
  return h("div", { class: "dann-row dann-more", hidden: true }, input, goOn);
}
