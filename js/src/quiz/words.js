// What the quiz says by itself; questions and answers come from Python.

export const VERDICTS = { right: "✓ Right. ", wrong: "✗ Not quite. " };

/** @param {number} number from 1 */
export const numbered = (number) => `${number}. `;

/**
 * @param {number} right
 * @param {number} questions
 * @param {number} open
 */
export function score(right, questions, open) {
  const rest = open ? `, ${open} still open` : "";
  return `${right} of ${questions} right${rest}.`;
}
