// A box that takes one zip and sends it to Python part by part, so that no message is too large for
// a server between the two.

import { catchDrops, partOf } from "../dashboard/files.js";
import { afterReceived, begun, nextPart, sentShare, wrongFiles } from "../dashboard/sending.js";
import { CHOOSE_ZIP, cannotRead, dropIt, wrongZip, ZIP_FORM } from "../dashboard/words.js";
import { h, uniqueName } from "../shared/elements.js";
import { followTheme } from "../shared/theme.js";
import * as words from "./words.js";

/** @import { ReceivedMessage } from "../dashboard/protocol.js" */
/** @import { Sending } from "../dashboard/sending.js" */

/** @param {RenderContext} context */
export function render({ model, el }) {
  const most = model.get("most");
  /** @type {Sending | null} */
  let sending = null;
  /** @type {File | null} */
  let file = null;
  let wrong = "";

  const { own, found, doing, problem, choose } = createBox(most, (files) => take(files));
  const root = h("div", { class: "dann" }, own);

  function show() {
    const bad = wrong || (file ? "" : model.get("problem"));
    if (found.textContent !== model.get("found")) found.textContent = model.get("found");
    if (problem.textContent !== bad) problem.textContent = bad; // or it would be read again
    problem.hidden = !bad;
    choose.disabled = file !== null;
    doing.hidden = file === null;
    if (file) {
      doing.textContent = sending
        ? words.sent(file.name, sentShare(sending))
        : words.reading(file.name);
    }
  }

  /** @param {File[]} files */
  function take(files) {
    if (file) return; // one after the other
    const what = wrongFiles(files, most);
    wrong = what ? wrongZip(what, most) : "";
    if (!what) {
      [file] = files;
      sending = begun(uniqueName(), file);
      sendPart();
    }
    show();
  }

  async function sendPart() {
    const part = sending && nextPart(sending);
    if (!sending || !part || !file) return;
    const { key, name, size } = sending;
    try {
      const data = await partOf(file, part.first, part.end);
      model.send({ type: "part", key, name, size, first: part.first, data });
    } catch (error) {
      model.send({ type: "drop", key });
      end(cannotRead(name, String(error)));
    }
  }

  /** @param {string} why "" where Python has all of it and says what it found */
  function end(why) {
    sending = file = null;
    wrong = why;
    show();
  }

  /** @param {{ type: "ready" } | ReceivedMessage} message */
  function hear(message) {
    if (message.type === "ready") return end("");
    if (message.type !== "received" || sending?.key !== message.key) return;
    sending = afterReceived(sending, message);
    if (message.problem) return end(message.problem);
    show();
    sendPart();
  }

  model.on("msg:custom", hear);
  model.on("change:found", show);
  model.on("change:problem", show);
  show();
  el.append(root);
  const forget = followTheme(root);
  return () => {
    forget();
    model.off("msg:custom", hear);
    model.off("change:found", show);
    model.off("change:problem", show);
  };
}

/**
 * @param {number} most bytes
 * @param {(files: File[]) => void} take
 */
function createBox(most, take) {
  const found = h("p", { role: "status", "data-show": "found" });
  const doing = h("p", { class: "dann-hint", "data-show": "doing", hidden: true });
  const problem = h("p", {
    ...{ id: `dann-${uniqueName()}`, class: "dann-message dann-bad", role: "alert" },
    ...{ hidden: true, "data-show": "problem" },
  });
  const input = h("input", {
    ...{ type: "file", accept: ".zip,application/zip", hidden: true, "data-own": "zip" },
    onchange: () => {
      take([...(input.files ?? [])]);
      input.value = ""; // the same one can be chosen again
    },
  });
  const { label, title } = CHOOSE_ZIP;
  const choose = h(
    "button",
    { type: "button", title, "aria-describedby": problem.id, onclick: () => input.click() },
    label,
  );
  const drop = h(
    "div",
    { class: "dann-drop" },
    h("div", { class: "dann-inline" }, choose, h("span", {}, dropIt(most))),
    h("p", { class: "dann-hint" }, ZIP_FORM),
    input,
  );
  const parts = [found, drop, doing, problem];
  const own = h("section", { class: "dann-own", "aria-label": words.REGION }, ...parts);
  catchDrops(own, drop, take);
  return { own, found, doing, problem, choose };
}
