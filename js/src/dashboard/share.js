// All settings as one line, to take and to give.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { setValue, standsAlone } from "./controls.js";
import { sharedText } from "./exports.js";
import * as words from "./words.js";

/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @param {Page} page */
export function createShare({ wish, say }) {
  const restore = () => wish({ type: "restore", text: field.value });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(
        sharedText(field.value, standsAlone() ? location.href : null),
      );
      say(words.COPIED);
    } catch {
      field.select();
      say(words.COPY_BY_HAND);
    }
  };
  const field = h("input", {
    type: "text",
    class: "dann-share",
    "data-show": "share",
    spellcheck: "false",
    "aria-label": words.SHARE_FIELD,
    /** @param {KeyboardEvent} event */
    onkeydown: (event) => {
      if (event.key === "Enter") restore();
    },
  });
  const node = h(
    "fieldset",
    {},
    h("legend", {}, words.SHARE),
    h(
      "div",
      { class: "dann-row" },
      field,
      button("copy", words.COPY, copy),
      button("restore", words.APPLY, restore),
    ),
  );
  return {
    node,
    /** @param {State} state */
    update(state) {
      setValue(field, state.text);
    },
  };
}
