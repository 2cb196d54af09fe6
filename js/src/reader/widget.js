// Draw a digit and networks read it: all that this takes is in the model's state.

import { followTheme } from "../shared/theme.js";
import { dressed, picturesOf } from "./grounds.js";
import { unpacked } from "./network.js";
import { createView } from "./view.js";
import { BROKEN } from "./words.js";

/** @import { Network } from "./network.js" */
/** @import { Ground, PlainNetwork } from "./protocol.js" */

const BETWEEN = 40; // ms between two readings while somebody draws

/** @param {RenderContext} context */
export function render({ model, el }) {
  /** @type {PlainNetwork[]} */
  const networks = model.get("networks");
  /** @type {Ground[]} */
  const grounds = model.get("grounds");
  const pictures = new Map(grounds.map((ground) => [ground.kind, picturesOf(ground)]));
  /** @type {Network[]} */
  let readers = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const read = () => {
    timer = undefined;
    const ink = view.ink();
    if (!ink || !readers.length) return view.showNothing();
    const kind = view.kind();
    const some = pictures.get(kind) ?? [];
    const picture = dressed(ink, kind, some[view.pattern() % some.length]);
    view.show(
      picture,
      readers.map((reader) => reader(picture)),
    );
  };
  const changed = () => {
    timer ??= setTimeout(read, BETWEEN);
  };
  const view = createView({
    title: model.get("title"),
    caption: model.get("caption"),
    networks,
    kinds: grounds.map(({ kind }) => kind),
    changed,
  });
  Promise.all(networks.map(unpacked)).then(
    (found) => {
      readers = found;
      changed();
    },
    (error) => {
      console.error(error);
      view.tell(BROKEN);
    },
  );
  el.append(view.root);
  const forgetTheme = followTheme(view.root);
  return () => {
    clearTimeout(timer);
    forgetTheme();
  };
}
