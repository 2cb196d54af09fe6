// @ts-nocheck
// A map of the features that answers questions: point at a digit, draw round some, or choose from a
// list. A digit is known by its index in the snapshot's order, so it stays chosen while it moves.

import { h } from "../shared/elements.js";
import { createPlot } from "../shared/plot.js";
import { anyDigit, captionDigit } from "./digits.js";

const GALLERY = 60; // digits at most
const GONE_BY = 2; // px between a digit's card and the edge of the map
const BESIDE = 14; // px between the pointer and the card

// draw(figure, points): a figure of lesson_figures.scatter_map and what its points are,
// { labels, domains, predictions, confidence } (the last two may be null; points too, until they
// are there). draw(null) shows no map. pictures() gives what paints a digit, or null.
export function createMap({ model, title, pictures, name = "map" }) {
  const id = Math.random().toString(36).slice(2);
  const DOMAINS = ["source", "target"];
  let figure = null;
  let points = null;
  let known = null; // the labels of the points that were there last
  let chosen = new Set(); // the indices of what is drawn round or clicked
  let dragging = false;
  let late = false; // a frame came while somebody drew
  let drew = false; // a hand has just drawn, for Plotly tells of selections after a redraw too
  let listening = false;

  const caption = h("p", { class: "dann-caption", id: `map-${id}`, "data-caption": name });
  const box = h("div", {
    class: "dann-plot dann-map",
    role: "img",
    "aria-label": title,
    tabindex: -1,
    "aria-describedby": `map-${id}`,
    "data-plot": name,
    hidden: true,
  });
  const card = h("div", {
    class: "dann-hover",
    "data-map": "card",
    "aria-hidden": "true",
    hidden: true,
  });
  const option = (value, text) => h("option", { value }, text);
  const drawn = option("lasso", "those chosen on the map");
  const show = h(
    "select",
    { "data-map": "show", onchange: () => choose() },
    option("", "none"),
    option("wrong-1", "wrong on the target"),
    option("wrong-0", "wrong on the source"),
    ...Array.from({ length: 10 }, (_, k) => option(`class-${k}`, `every ${k}`)),
    drawn,
  );
  const hint = h(
    "p",
    { class: "dann-hint", "data-map": "hint" },
    "Draw round points, or click one, to see their digits. Escape: none.",
  );
  const sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });
  const groups = DOMAINS.map((domain) => {
    const list = h("ul", {
      class: "dann-digits dann-gallery",
      "data-gallery": domain,
      "aria-label": `Chosen digits of the ${domain}`,
    });
    const more = h("p", { class: "dann-domain" });
    const name = h("p", { class: "dann-domain" }, domain[0].toUpperCase() + domain.slice(1));
    return { list, more, node: h("div", { hidden: true }, name, list, more) };
  });
  const tools = h(
    "div",
    { class: "dann-tools", hidden: true },
    h(
      "div",
      { class: "dann-named" },
      h("label", { class: "dann-inline" }, "Show digits: ", show),
      hint,
    ),
    sentence,
    ...groups.map((group) => group.node),
  );
  const node = h(
    "div",
    { class: "dann-asked" },
    h("div", { class: "dann-frame" }, box, card),
    caption,
    tools,
  );
  const plot = createPlot(box, model);

  const wrong = (i) => points.predictions !== null && points.predictions[i] !== points.labels[i];

  // The digits to show now: by a rule, which each frame answers anew, or those chosen by hand.
  function asked() {
    if (!points || !show.value) return [];
    const [rule, which] = show.value.split("-");
    const all = Array.from(points.labels, (_, i) => i);
    if (rule === "lasso") return all.filter((i) => chosen.has(i));
    if (rule === "class") return all.filter((i) => points.labels[i] === Number(which));
    return all.filter((i) => points.domains[i] === Number(which) && wrong(i));
  }

  function say(indices) {
    const [source, target] = [0, 1].map((domain) =>
      indices.filter((i) => points.domains[i] === domain),
    );
    const count = `${indices.length} digit${indices.length === 1 ? "" : "s"} selected`;
    const kinds = `${source.length} source, ${target.length} target`;
    if (!points.predictions) return `${count}: ${kinds}.`;
    const [of, name] = target.length ? [target, "target"] : [source, "source"];
    const right = of.filter((i) => !wrong(i)).length;
    return `${count}: ${kinds}; ${right} of ${of.length} ${name} digits right.`;
  }

  let shown = "";
  function gallery(indices) {
    const key = JSON.stringify([
      indices,
      indices.map((i) => points?.predictions?.[i]),
      Boolean(pictures()),
    ]);
    if (key === shown) return;
    shown = key;
    const both = [0, 1].map((domain) => indices.filter((i) => points.domains[i] === domain));
    groups.forEach(({ list, more, node: group }, domain) => {
      const own = both[domain];
      const room = Math.max(GALLERY / 2, GALLERY - both[1 - domain].length);
      const rest = own.length - room;
      group.hidden = !own.length;
      more.hidden = rest <= 0;
      more.textContent = rest > 0 ? `and ${rest} more` : "";
      list.replaceChildren(
        ...own.slice(0, room).map((i) => {
          const item = h("li", { "data-digit": i }, picture(i), h("span", {}));
          captionDigit(item, points.labels[i], points.predictions?.[i], points.confidence?.[i]);
          return item;
        }),
      );
    });
  }

  function picture(index) {
    const paint = pictures();
    if (!paint) return null;
    const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    paint(canvas, index);
    return canvas;
  }

  // Draws everything as it is now.
  async function paint(byPerson) {
    if (!figure) return;
    if (dragging) {
      late = true;
      return;
    }
    const indices = asked();
    const marked = new Set(indices);
    const some = Boolean(points && show.value);
    // A frame's news is not read aloud; what the reader has asked for is.
    sentence.setAttribute("aria-live", byPerson ? "polite" : "off");
    const words = some ? (indices.length ? say(indices) : "No digits of that kind now.") : "";
    if (sentence.textContent !== words) sentence.textContent = words;
    gallery(indices);
    if (card.dataset.digit) fillCard(Number(card.dataset.digit));
    const data = figure.data.map((trace) => {
      if (!trace.customdata || !points) return trace;
      const { hovertemplate, ...kept } = trace; // the card says more
      return {
        ...kept,
        hoverinfo: "none",
        selectedpoints: some
          ? trace.customdata.flatMap((i, k) => (marked.has(i) ? [k] : []))
          : null,
        selected: { marker: { opacity: 1, size: 8 } },
        unselected: { marker: { opacity: 0.16 } },
      };
    });
    await plot.draw({
      data,
      layout: {
        ...figure.layout,
        dragmode: points ? "lasso" : false,
        selections: [], // the line drawn: where the points go, it would not follow
        uirevision: "map", // a class that the reader hides stays hidden
        selectionrevision: Math.random(),
        newselection: { line: { color: figure.layout.font.color, width: 1.5 } },
      },
    });
    if (!listening && box.on) {
      listening = true;
      box.on("plotly_hover", hover);
      box.on("plotly_unhover", () => {
        hideCard();
      });
      box.on("plotly_click", click);
      box.on("plotly_selected", lasso);
      box.on("plotly_deselect", () => clear());
    }
  }

  function choose() {
    if (show.value !== "lasso") chosen = new Set();
    drawn.hidden = drawn.disabled = !chosen.size;
    paint(true);
  }
  function choosePoints(indices) {
    chosen = new Set(indices);
    drawn.hidden = drawn.disabled = false;
    show.value = chosen.size ? "lasso" : "";
    choose();
  }
  const clear = () => {
    if (show.value) choosePoints([]);
  };

  function lasso(event) {
    const byHand = drew;
    drew = false;
    if (!points || !event || !byHand) return;
    choosePoints(event.points.map((point) => point.customdata));
  }
  function click(event) {
    const index = event.points[0]?.customdata;
    if (!points || index === undefined) return;
    if (show.value === "lasso" && chosen.size === 1 && chosen.has(index)) clear();
    else choosePoints([index]);
  }

  function fillCard(index) {
    const [is, says] = [points.labels[index], points.predictions?.[index]];
    const sure = points.confidence ? ` (${points.confidence[index].toFixed(2)})` : "";
    const read = says === undefined ? "" : `, read as ${says}${sure}`;
    const mark = says === undefined ? "" : is === says ? "✓ " : "✗ ";
    card.dataset.digit = index;
    card.classList.toggle("dann-wrong", says !== undefined && is !== says);
    card.replaceChildren(
      ...[
        picture(index),
        h("span", {}, `${mark}${anyDigit(is)} of the ${DOMAINS[points.domains[index]]}${read}`),
      ].filter(Boolean),
    );
  }
  function hover(event) {
    const [point] = event.points;
    if (!points || dragging || point?.customdata === undefined) return;
    fillCard(point.customdata);
    card.hidden = false;
    const frame = box.getBoundingClientRect();
    const x = point.xaxis.l2p(point.x) + point.xaxis._offset;
    const y = point.yaxis.l2p(point.y) + point.yaxis._offset;
    const fits = x + BESIDE + card.offsetWidth <= frame.width - GONE_BY;
    const left = fits ? x + BESIDE : x - BESIDE - card.offsetWidth;
    const within = (at, size, room) => Math.max(GONE_BY, Math.min(at, room - size - GONE_BY));
    // Where there is no room on either side of the point, above or below it.
    const beside = left >= GONE_BY;
    const top = beside
      ? y - card.offsetHeight / 2
      : y + BESIDE + card.offsetHeight < frame.height
        ? y + BESIDE
        : y - BESIDE - card.offsetHeight;
    card.style.left = `${within(left, card.offsetWidth, frame.width)}px`;
    card.style.top = `${within(top, card.offsetHeight, frame.height)}px`;
  }
  function hideCard() {
    card.hidden = true;
    delete card.dataset.digit;
  }

  // A frame that comes while somebody draws would break the line: it waits.
  const release = () => {
    if (!dragging) return;
    setTimeout(() => {
      // after Plotly has heard of it
      dragging = false;
      if (late) paint(false);
      late = false;
    });
  };
  box.addEventListener("pointerdown", () => {
    dragging = drew = true;
    hideCard();
    box.focus({ preventScroll: true }); // so that Escape is heard
  });
  addEventListener("pointerup", release);
  addEventListener("pointercancel", release);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !show.value) return;
    event.stopPropagation();
    clear();
  });

  drawn.hidden = drawn.disabled = true;
  return {
    node,
    caption,
    async draw(newFigure, newPoints) {
      [figure, points] = [newFigure, newPoints ?? null];
      if (points && known && String(points.labels) !== String(known)) {
        // other images
        [chosen, show.value] = [new Set(), ""];
      }
      known = points?.labels ?? known;
      box.hidden = !figure;
      tools.hidden = !figure || !points;
      if (!figure) hideCard();
      show.querySelectorAll("[value^=wrong]").forEach((rule) => {
        rule.disabled = !points?.predictions;
      });
      await paint(false);
    },
    remove() {
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
      plot.remove();
    },
  };
}
