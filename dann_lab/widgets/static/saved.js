// Built from js/src by `npm run build` in js/: change it there.

// src/alone/saved.js
var STATES = 'script[type="application/vnd.jupyter.widget-state+json"]';
var whenRead = () => new Promise((resolve) => {
  if (document.readyState !== "loading") resolve();
  else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
});
function states() {
  globalThis.dannStates ??= JSON.parse(document.querySelector(STATES)?.textContent ?? "{}").state;
  return globalThis.dannStates ?? {};
}
async function draw(place2) {
  await whenRead();
  const state = states()[saved.model]?.state;
  const shared = Object.values(states()).find((one) => one.state.dann_alone)?.state;
  if (!state?._esm || !shared) return showPicture(place2);
  const script = new Blob([shared.dann_alone], { type: "text/javascript" });
  globalThis.dannAlone ??= import(URL.createObjectURL(script));
  const { showState } = await globalThis.dannAlone;
  await showState(place2, state, shared.dann_plotly);
}
function showPicture(place2) {
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
  place2.replaceChildren(figure);
}
function line(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
var place = element.get?.(0) ?? element;
draw(place).catch((error) => {
  console.error(error);
  showPicture(place);
});
