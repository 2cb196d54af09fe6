// One view of the live page: its controls and its pictures.

import { createCompare } from "../compare/compare.js";
import { showTheme } from "../shared/theme.js";
import { createBranches } from "./branches.js";
import { createDigits } from "./digits.js";
import { createDraw } from "./draw.js";
import { createLambda } from "./lambda.js";
import { layOut } from "./layout.js";
import { createLiveMap } from "./livemap.js";
import { createMessages } from "./messages.js";
import { createNetwork } from "./network.js";
import { isCompared } from "./parts.js";
import { createPictures } from "./pictures.js";
import { createSave } from "./save.js";
import { createSettings } from "./settings.js";
import { createShare } from "./share.js";
import { createTimeline } from "./timeline.js";
import { createTraining } from "./training.js";
import { savedFile } from "./words.js";

/** @import { Link, View } from "./link.js" */
/** @import { Choices, StateMessage, Wish } from "./protocol.js" */

/**
 * What the parts of one view share.
 * @typedef {object} Page
 * @property {WidgetModel} model
 * @property {Link} link
 * @property {HTMLElement} root
 * @property {Choices} choices
 * @property {(wish: Wish) => void} wish tells Python a wish
 * @property {(text: string) => void} say shows the page's own word
 */

/** @typedef {ReturnType<typeof createParts>} Parts */

/**
 * @param {WidgetModel} model
 * @param {Link} link
 * @param {HTMLElement} root
 * @returns {View}
 */
export function createView(model, link, root) {
  const parts = createParts(model, link, root);
  const wanted = model.get("parts");
  const { placeComparison, stopPlacing } = layOut(root, parts, wanted);
  const { comparison, messages } = parts;
  const drawPictures = () => Promise.all([parts.map.draw(), ...parts.pictures.draw(link.known)]);

  /** @type {View} */
  const view = {
    update(message) {
      updateControls(parts, link, message);
      if (message.digits) parts.digits.draw();
      parts.digits.update(message.state);
      parts.draw.update(message);
      if (isCompared(wanted)) {
        placeComparison(!message.state.step);
        comparison.update(message.state);
      }
      return message.figures ? drawPictures() : parts.map.draw();
    },
    isShown: () => root.getClientRects().length > 0,
    map: parts.map.draw,
    connection: messages.connection,
    compare: comparison.hear,
    received: parts.settings.received,
    saved: (name) => messages.say(savedFile(name)),
    theme() {
      comparison.theme();
      showTheme(root);
    },
    remove() {
      stopPlacing();
      const { timeline, network, pictures, map, draw } = parts;
      for (const part of [timeline, network, pictures, map, draw, comparison]) part.remove();
    },
  };
  view.theme();
  parts.digits.draw();
  parts.branches.tell(link.known.journal);
  if (link.known.last) {
    view.update(link.known.last);
    drawPictures();
  }
  return view;
}

/**
 * @param {WidgetModel} model
 * @param {Link} link
 * @param {HTMLElement} root
 */
function createParts(model, link, root) {
  const messages = createMessages();
  /** @type {Page} */
  const page = {
    model,
    link,
    root,
    choices: model.get("choices"),
    wish(wish) {
      messages.forget();
      link.wish(wish);
    },
    say: messages.say,
  };
  const comparison = createCompare(page);
  return {
    messages,
    comparison,
    training: createTraining(page),
    lambda: createLambda(page),
    settings: createSettings(page),
    share: createShare(page),
    pictures: createPictures(page),
    timeline: createTimeline(page),
    branches: createBranches(page),
    map: createLiveMap(page),
    network: createNetwork(page),
    digits: createDigits(page),
    draw: createDraw(page, comparison.keys),
    save: createSave(page, comparison.keys),
  };
}

/**
 * Shows an answer in everything but the pictures.
 * @param {Parts} parts
 * @param {Link} link
 * @param {StateMessage} message
 */
function updateControls(parts, link, message) {
  const { state } = message;
  const knowsAll = link.knowsAll(message);
  parts.settings.update(state, knowsAll);
  parts.lambda.update(state, knowsAll);
  parts.map.update(state, knowsAll);
  parts.share.update(state);
  parts.training.update(state);
  parts.timeline.update(state);
  parts.branches.update(state);
  if (message.journal) parts.branches.tell(link.known.journal);
  parts.network.update(state);
  parts.messages.update(state, link.known.at !== null);
  parts.save.update(state);
}
