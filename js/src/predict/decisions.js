// What a prediction says, and whether it can be taken: no page in here.

import { answered, between, EACH_ONCE, ONE } from "./words.js";

/** @import { Said, ShownPrediction } from "./protocol.js" */

/**
 * A prediction as one would say it.
 * @param {ShownPrediction} shown
 * @param {Exclude<Said, null>} said
 */
export function told({ kind, choices, unit }, said) {
  if (kind === "number") return `${said}${unit}`;
  const places = Array.isArray(said) ? said : [said];
  const names = places.map((place) => choices[place]);
  return kind === "order" ? names.join(", then ") : `“${names[0]}”`;
}

/**
 * The sentence that appears with a prediction; there is no mark in it.
 * @param {ShownPrediction} shown
 * @param {Exclude<Said, null>} said
 */
export const sentence = (shown, said) => answered(told(shown, said), shown.was, shown.why);

/**
 * What a person has entered, as Python keeps it, or what is missing.
 * @param {ShownPrediction} shown
 * @param {string[]} entered the text of a number, or the places of choices
 * @returns {{ said: Exclude<Said, null>, problem: "" } | { said: null, problem: string }}
 */
export function taken(shown, entered) {
  const numbers = entered.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  if (shown.kind === "number") {
    const [value] = numbers;
    const fits = value >= shown.low && value <= shown.high;
    return fits ? { said: value, problem: "" } : { said: null, problem: between(shown) };
  }
  if (shown.kind === "choice") {
    const [place] = numbers;
    return Number.isInteger(place) ? { said: place, problem: "" } : { said: null, problem: ONE };
  }
  const each = new Set(numbers.filter(Number.isInteger)).size === shown.choices.length;
  return each ? { said: numbers, problem: "" } : { said: null, problem: EACH_ONCE };
}
