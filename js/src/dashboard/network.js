// The diagram of the network, drawn once for each width; an answer changes texts and one arrow.

import { h, uniqueName } from "../shared/elements.js";
import { arrowPaths, broadPath, layoutFor, shownIn } from "./diagram.js";
import * as words from "./words.js";

/** @import { BoxName, Layout } from "./diagram.js" */
/** @import { State } from "./protocol.js" */
/** @import { Page } from "./view.js" */

/** @typedef {ReturnType<typeof shownIn>} Shown */

/** @param {Pick<Page, "choices">} page */
export function createNetwork({ choices }) {
  const caption = h("figcaption", { id: `network-${uniqueName()}`, "data-caption": "network" });
  const picture = svg("svg", {
    role: "img",
    "aria-label": words.NETWORK,
    "aria-describedby": caption.id,
    "data-show": "network",
  });
  const keys = Object.entries(words.NETWORK_KEYS).map(([kind, text]) =>
    h("span", { class: `dann-key dann-net-${kind}` }, text),
  );
  const heading = h("div", { class: "dann-net-keys" }, h("h3", {}, words.NETWORK), ...keys);
  const node = h("figure", { class: "dann-network" }, heading, picture, caption);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {Layout | null} */
  let layout = null;
  /** @type {(shown: Shown) => void} */
  let write = () => {};
  const show = () => {
    if (!shown || !layout) return;
    node.dataset.side = shown.side;
    write(shown);
    setText(caption, shown.sentence);
  };
  const resize = new ResizeObserver(() => {
    const width = Math.floor(picture.clientWidth);
    if (!width || layout?.width === width) return;
    layout = layoutFor(width);
    write = draw(picture, layout);
    show();
  });
  resize.observe(picture);
  return {
    node,
    /** @param {State} state */
    update(state) {
      shown = shownIn(state, choices.lambda[state.settings.method][1]);
      show();
    },
    remove: () => resize.disconnect(),
  };
}

/**
 * @param {SVGElement} picture
 * @param {Layout} layout
 * @returns {(shown: Shown) => void} what writes and widens
 */
function draw(picture, layout) {
  const { width, height, boxes, arrows, norms } = layout;
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("height", String(height));
  const { push, ...thin } = arrows;
  const broad = svg("path", { class: "dann-net-push", "data-net": "lambda" });
  const lines = Object.entries(thin).map(([name, arrow]) => {
    const { line, head } = arrowPaths(arrow);
    const kind = name.startsWith("to") ? "forward" : "back";
    const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
    return svg(
      "g",
      { class: `dann-net-${kind} dann-net-${side}` },
      svg("path", { d: line, class: "dann-net-line" }),
      svg("path", { d: head }),
    );
  });
  const names = /** @type {BoxName[]} */ (Object.keys(boxes));
  const drawn = names.map((name) => createBox(name, layout));
  const texts = Object.entries(norms).map(([name, { at, anchor }]) => {
    const place = { x: at[0], y: at[1], "text-anchor": anchor };
    const side = name === "label" ? "label" : "domain";
    return {
      name: /** @type {keyof typeof norms} */ (name),
      node: svg("text", { ...place, class: `dann-net-norm dann-net-${side}`, "data-net": name }),
    };
  });
  picture.replaceChildren(
    ...lines,
    broad,
    ...drawn.map((box) => box.node),
    ...texts.map(({ node }) => node),
  );
  return (shown) => {
    broad.setAttribute("d", broadPath(push, shown.width));
    broad.classList.toggle("dann-net-nothing", shown.width === 0);
    for (const box of drawn) box.write(shown.boxes[box.name]);
    for (const { name, node } of texts) setText(node, shown.norms[name]);
  };
}

/**
 * @param {BoxName} name
 * @param {Layout} layout
 */
function createBox(name, { boxes }) {
  const { x, y, width, height } = boxes[name];
  const middle = { x: x + width / 2, "text-anchor": "middle" };
  const title = svg("text", { ...middle, y: y + height / 2 - 3 });
  const below = svg("text", {
    ...middle,
    y: y + height / 2 + 13,
    class: "dann-net-below",
    "data-net": name,
  });
  const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
  const look = `dann-net-box dann-net-${side} dann-net-${name}`;
  const frame = svg("rect", { x, y, width, height, rx: name.endsWith("Loss") ? height / 2 : 6 });
  return {
    name,
    node: svg("g", { class: look }, frame, title, below),
    /** @param {[name: string, below: string]} texts */
    write([called, text]) {
      setText(title, called);
      setText(below, text);
    },
  };
}

/**
 * @param {Element} node
 * @param {string} text
 */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Element} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}
