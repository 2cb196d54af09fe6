import { Playground } from "./playground.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const playground = new Playground(model);
  el.append(playground.root);
  playground.start();
  return () => playground.remove();
}
