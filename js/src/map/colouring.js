// What the colours of a map say, class or domain, and the select for it. The figure brings both:
// dann_lab/figures/feature_maps.py writes a domain's colour beside each of its traces.

import { h } from "../shared/elements.js";
import { COLOUR, COLOURINGS } from "./words.js";

export class Colouring {
  #select;

  /** @param {() => void} redraw */
  constructor(redraw) {
    this.#select = h(
      "select",
      { "data-map": "colour", onchange: redraw },
      ...COLOURINGS.map(([value, words]) => h("option", { value }, words)),
    );
    this.node = h("label", { class: "dann-inline", hidden: true }, COLOUR, this.#select);
  }

  /**
   * As its reader wants it; the select is there for a map alone.
   * @param {Figure} figure
   * @returns {Figure}
   */
  of(figure) {
    this.node.hidden = !figure.data.some(({ meta }) => meta?.domain);
    return this.#select.value === "domain" ? colouredByDomain(figure) : figure;
  }
}

/**
 * The legend then has the domains alone, for no class has a colour.
 * @param {Figure} figure
 * @returns {Figure}
 */
export const colouredByDomain = ({ data, layout }) => ({ data: data.map(domainTrace), layout });

/** @param {Record<string, any>} trace */
function domainTrace(trace) {
  const color = trace.meta?.domain;
  if (!color) return trace;
  const marker = { ...trace.marker, color };
  if (!trace.customdata) return { ...trace, marker };
  return { ...trace, marker: { ...marker, line: { ...marker.line, color } }, showlegend: false };
}
