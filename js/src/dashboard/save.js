// Saving the run, a page or a table of it, and its pictures.

import { button } from "../shared/button.js";
import { h } from "../shared/elements.js";
import { askForPlotly } from "../shared/plotly.js";
import { options } from "./controls.js";
import { exportedKeys, pictureLayout, pictureName, pictureSize } from "./exports.js";
import { saveAs } from "./files.js";
import { latestStep, shownStep } from "./known.js";
import * as words from "./words.js";

/** @import { FileKind, State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/**
 * @param {Page} page
 * @param {() => string[]} compared the keys of the runs that are compared
 */
export function createSave(page, compared) {
  const { link, wish, say } = page;
  /** @param {FileKind} what */
  const askForFile = (what) => {
    const { known } = link;
    const now = {
      compared: compared(),
      offered: known.offered?.runs ?? [],
      latest: latestStep(known),
    };
    say(words.MAKING_FILE);
    link.send({ type: "export", what, keys: exportedKeys(what, now) });
  };
  const keep = button("keep", words.KEEP, () => wish({ type: "keep" }));
  const html = button("html", words.PAGE_FILE, () => askForFile("html"));
  const csv = button("csv", words.TABLE_FILE, () => askForFile("csv"));
  const picture = h(
    "select",
    { "data-choice": "picture", "aria-label": words.PICTURE },
    ...options({ ...words.PLOTS, map: words.MAP }),
  );
  /** @param {"png" | "svg"} format */
  const save = (format) =>
    savePicture(page, { name: picture.value, title: picture.selectedOptions[0].text, format });
  return {
    node: h(
      "fieldset",
      { class: "dann-save" },
      h("legend", {}, words.SAVE),
      h("div", { class: "dann-buttons" }, keep, html, csv),
      picture,
      h(
        "div",
        { class: "dann-buttons" },
        button("png", words.PNG, () => save("png")),
        button("svg", words.SVG, () => save("svg")),
      ),
    ),
    /** @param {State} state */
    update(state) {
      keep.disabled = csv.disabled = !state.step;
    },
  };
}

/**
 * @param {Page} page
 * @param {{ name: string, title: string, format: string }} picture
 */
async function savePicture({ model, link, root, say }, { name, title, format }) {
  /** @type {PlotBox | null} */
  const box = root.querySelector(`[data-plot="${name}"]`);
  if (!box?.data || box.hidden) {
    say(words.NO_PICTURE);
    return;
  }
  const Plotly = await askForPlotly(model);
  const ground = getComputedStyle(root).getPropertyValue("--card").trim();
  const figure = { data: box.data, layout: pictureLayout(box.layout ?? {}, ground) };
  const url = await Plotly.toImage(figure, { format, ...pictureSize(box) });
  await saveAs(pictureName(name, shownStep(link.known), format), url);
  say(words.savedPicture(title, shownStep(link.known)));
}
