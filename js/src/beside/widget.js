import { Beside } from "./beside.js";

/** @param {RenderContext} context */
export function render({ model, el }) {
  const beside = new Beside(model);
  el.append(beside.root);
  beside.start();
  return () => beside.remove();
}
