// An output of a saved notebook, on a page made of it: the widget from its saved state where the
// page has that, or else the picture and the words that were saved.
//
// dann_lab/widgets/saved.py puts `saved` before it; the page, as every page that takes such an
// output, names its place `element`.

const STATES = 'script[type="application/vnd.jupyter.widget-state+json"]';

/** @returns {Promise<void>} */
const whenRead = () =>
  new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });

/** @returns {Record<string, { state: Record<string, any> }>} */
function states() {
  globalThis.dannStates ??= JSON.parse(document.querySelector(STATES)?.textContent ?? "{}").state;
  return globalThis.dannStates ?? {};
}

/** @param {HTMLElement} place */
async function draw(place) {
  await whenRead();
  const state = states()[saved.model]?.state;
  const shared = Object.values(states()).find((one) => one.state.dann_alone)?.state;
  if (!state?._esm || !shared) return showPicture(place);
  const script = new Blob([shared.dann_alone], { type: "text/javascript" });
  globalThis.dannAlone ??= import(URL.createObjectURL(script));
  const { showState } = await globalThis.dannAlone;
  await showState(place, state, shared.dann_plotly);
}

/** @param {HTMLElement} place */
function showPicture(place) {
  const [title, ...sentences] = saved.words;
  const figure = document.createElement("figure");
  figure.style.margin = "0.5em 0";
  figure.append(line("strong", title));
  if (saved.picture) {
    const image = document.createElement("img");
    image.src = `data:image/png;base64,${saved.picture}`;
    image.alt = title;
    image.style.cssText = "display: block; width: 720px; max-width: 100%; height: auto";
    figure.append(image);
  }
  const caption = document.createElement("figcaption");
  caption.append(...sentences.map((sentence) => line("p", sentence)));
  figure.append(caption);
  place.replaceChildren(figure);
}

/**
 * @param {"p" | "strong"} tag
 * @param {string} text
 */
function line(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

const place = element.get?.(0) ?? element; // the classic notebook's is jQuery's
draw(place).catch((error) => {
  console.error(error);
  showPicture(place);
});
