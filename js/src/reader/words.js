// All that a person reads or hears where networks read a drawn digit, except what Python says and
// what is said by the sheet (drawing/words.js).

/** @import { Ground } from "./protocol.js" */
/** @import { Answer } from "./answers.js" */

/** @type {Record<Ground["kind"], string>} */
export const LOOKS = { drawn: "as drawn", stripes: "behind stripes", photo: "over a photo" };

/** @type {Record<Ground["kind"], string>} */
export const BEHIND = { drawn: "nothing", stripes: "stripes", photo: "a photo" };
export const BEHIND_IT = "Behind it";

export const EXAMPLE = { label: "An example", title: "Draw a digit for you, another each time" };
export const EMPTY =
  "Draw a digit, or take an example. Here you see it as the networks get it, and what each of them reads.";
export const NETWORKS_GET = "What the networks get";
export const PROBABILITIES = "How probable each network takes each digit to be";
export const DIGIT = "Digit";
export const READS = "Reads";

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * Such as "7 (98 %)".
 * @param {Answer} answer
 */
export const told = ({ digit, sure }) => `${digit} (${percent(sure)})`;

/**
 * @param {string} look with a capital
 * @param {{ name: string, answer: Answer }[]} answers
 */
export const sentence = (look, answers) =>
  `${look}: ${answers.map(({ name, answer }) => `${name} reads ${told(answer)}`).join(", ")}.`;

export const BROKEN = "The networks could not be read. Load the page again.";
