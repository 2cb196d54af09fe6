// The notebook around a widget. Its server hears that somebody sees it, and ends it later than one
// left alone; its reader hears when its Python has ended.

import { h } from "./elements.js";
import { onThemeChange, showTheme } from "./theme.js";

const SEEN_EVERY = 10000; // ms; dann_lab/serve/lesson_kernels.py counts on it
const PANEL = ".jp-NotebookPanel"; // JupyterLab's, one for each notebook that is open
const SCROLLS = ".jp-WindowedPanel-outer, .jp-Notebook";
const BAR = "dann-ended";

/**
 * A widget that keeps in touch with its notebook.
 * @template {{ render(context: RenderContext): (() => void) | void }} Widget
 * @param {Widget} widget
 * @returns {Widget}
 */
export const inNotebook = (widget) => ({
  ...widget,
  render(context) {
    const forget = follow(context);
    const remove = widget.render(context);
    return () => {
      forget();
      remove?.();
    };
  },
});

/** @param {RenderContext} context */
function follow({ model, el }) {
  /** @param {Message} message */
  const hear = ({ type, text }) => {
    if (type === "ended") showEnd(el, text);
  };
  model.on("msg:custom", hear);
  const timer = setInterval(() => {
    if (!document.hidden && isDue(el)) model.send({ type: "seen" });
  }, SEEN_EVERY);
  // A widget that comes has a Python of its own. It is on the page by the next frame.
  requestAnimationFrame(() => barOf(el)?.remove());
  return () => {
    clearInterval(timer);
    model.off("msg:custom", hear);
  };
}

/**
 * Whether it is on the screen, in a notebook that no other widget has spoken for.
 * @param {HTMLElement} el
 */
function isDue(el) {
  const panel = /** @type {HTMLElement | null} */ (el.closest(PANEL));
  if (!panel || !el.getClientRects().length || barOf(el)) return false;
  const now = performance.now();
  if (now - Number(panel.dataset.dannSeen ?? -SEEN_EVERY) < SEEN_EVERY / 2) return false;
  panel.dataset.dannSeen = String(now);
  return true;
}

/**
 * Where a bar stands: at the top of the notebook, or else of the widget itself.
 * @param {HTMLElement} el
 */
const placeOf = (el) => el.closest(SCROLLS) ?? el;

/** @param {HTMLElement} el */
const barOf = (el) => placeOf(el).querySelector(`:scope > .${BAR}`);

/**
 * @param {HTMLElement} el
 * @param {string} text
 */
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => (bar.isConnected ? showTheme(bar) : forget()));
  placeOf(el).prepend(bar);
}
