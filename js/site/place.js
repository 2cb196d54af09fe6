// One place of a page where a widget is drawn from its saved state.

import { drawAlone } from "../src/alone/draw.js";
import { engineOf, firstPicture, hasFirst } from "../src/alone/model.js";
import { isDark } from "../src/shared/theme.js";
import { addStyle, json, widgetOf, workerOf } from "./files.js";

/**
 * Who answers in Python's place.
 * @param {DOMStringMap} files
 * @param {Record<string, unknown>} traits
 */
async function whoAnswers({ engine }, traits) {
  if (engine) return engineOf(await workerOf(engine), traits.choices);
  return hasFirst(traits.answers) ? firstPicture(traits.answers, isDark) : undefined;
}

/** @param {HTMLElement} place what data-dann-widget marks; its other attributes name its files */
export async function show(place) {
  const { state = "", script = "", style, live } = place.dataset;
  const [traits, widget] = await Promise.all([
    json(state),
    widgetOf(script),
    style && addStyle(style),
  ]);
  const hear = await whoAnswers(place.dataset, traits);
  drawAlone(place, widget, traits, { hear, dead: Boolean(live) });
}
