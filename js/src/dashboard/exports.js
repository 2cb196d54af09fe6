// What a reader takes along: files, and the settings as text.

import { recordedKeys } from "../compare/runs.js";

/** @import { FileKind, OfferedRun } from "./protocol.js" */

const LEAST_WIDTH = 560; // px of a saved picture: on a phone it is shown smaller than is any use

/**
 * The runs that go into a file; none stands for the run that is shown. The recorded runs are chosen
 * by the page itself: once there is a run, it is the one that is meant.
 * @param {FileKind} what
 * @param {object} now
 * @param {string[]} now.compared the keys of the runs that are compared
 * @param {OfferedRun[]} now.offered the runs that can be
 * @param {number} now.latest the steps that are done
 */
export function exportedKeys(what, { compared, offered, latest }) {
  const recorded = recordedKeys(offered);
  const chosen = !latest || compared.some((key) => !recorded.includes(key));
  return what === "html" && chosen ? compared : [];
}

/**
 * @param {string} picture
 * @param {number} step
 * @param {string} format
 */
export const pictureName = (picture, step, format) => `dann-${picture}-step-${step}.${format}`;

/**
 * A picture's layout with the page's ground behind it, and of any size.
 * @param {Record<string, any>} layout
 * @param {string} ground
 */
export const pictureLayout = (layout, ground) => ({
  ...layout,
  paper_bgcolor: ground,
  plot_bgcolor: ground,
  width: undefined,
  height: undefined,
});

/**
 * How large a picture is saved.
 * @param {{ offsetWidth: number, offsetHeight: number }} box
 */
export const pictureSize = ({ offsetWidth, offsetHeight }) => ({
  width: Math.max(LEAST_WIDTH, offsetWidth),
  height: offsetHeight,
  scale: 2,
});

/**
 * What is copied to share the settings: where the page has an address of its own, that with them.
 * @param {string} text the settings
 * @param {string | null} address
 */
export const sharedText = (text, address) =>
  address === null ? text : `${address.split("#")[0]}#${text}`;
