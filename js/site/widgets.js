// Fills each <div data-dann-widget> of a page of the site: its script draws the state that was saved
// when the lesson ran, and an engine of ours moves it where there is one.

import { plotly } from "./files.js";
import { near } from "./near.js";
import { show } from "./place.js";
import { tellTheme } from "./theme.js";

// The widgets ask for Plotly here (js/src/shared/plotly.js); it is loaded when the first one does.
Object.defineProperty(globalThis, "dannPlotly", { get: plotly });

/** Code that is wider than its box can be scrolled by keyboard. */
function letCodeScroll() {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = /** @type {HTMLElement} */ (target);
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  for (const code of document.querySelectorAll("pre")) watch.observe(code);
}

async function showAll() {
  const places = /** @type {HTMLElement[]} */ ([
    ...document.querySelectorAll("[data-dann-widget]"),
  ]);
  /** @param {HTMLElement} place */
  const showIt = (place) =>
    show(place).catch((error) => {
      console.error(error); // its words, which are on the page, stay
    });
  const isLate = (/** @type {HTMLElement} */ { dataset }) => dataset.late !== undefined;
  await Promise.all(places.filter((place) => !isLate(place)).map(showIt));
  // What has been drawn above may have moved the section that the address names.
  const section = decodeURIComponent(location.hash.slice(1));
  if (places.length && section) document.getElementById(section)?.scrollIntoView();
  document.body.dataset.dannWidgets = "drawn";
  // Only now: while all above is empty, everything is near.
  for (const place of places.filter(isLate)) near(place).then(() => showIt(place));
}

letCodeScroll();
tellTheme();
showAll();
