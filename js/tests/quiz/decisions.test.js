import { describe, expect, test } from "vitest";
import { answerAfterKey, feedbackOn, pieces, scoreText } from "../../src/quiz/decisions.js";

const RIGHT = { text: "66", feedback: "It wraps round.", right: true };
const WRONG = { text: "190", feedback: "Not by itself, nor with `abs`.", right: false };
const QUESTIONS = [
  { text: "One?", answers: [WRONG, RIGHT] },
  { text: "Two?", answers: [RIGHT, WRONG, WRONG] },
  { text: "Three?", answers: [WRONG, WRONG, RIGHT] },
];

describe("the score", () => {
  test("says what is open", () => {
    expect(scoreText(QUESTIONS, [null, null, null])).toBe("0 of 3 right, 3 still open.");
    expect(scoreText(QUESTIONS, [1, null, 0])).toBe("1 of 3 right, 1 still open.");
  });

  test("says only what is right once all are answered", () => {
    expect(scoreText(QUESTIONS, [1, 0, 0])).toBe("2 of 3 right.");
  });
});

describe("the feedback", () => {
  test("to a right answer", () => {
    expect(feedbackOn(RIGHT)).toEqual({
      look: "dann-right",
      verdict: "✓ Right. ",
      why: "It wraps round.",
    });
  });

  test("to a wrong answer", () => {
    expect(feedbackOn(WRONG)).toEqual({
      look: "dann-bad",
      verdict: "✗ Not quite. ",
      why: "Not by itself, nor with `abs`.",
    });
  });
});

describe("the arrow keys", () => {
  test("move down and up, and round at the ends", () => {
    expect([0, 1, 2].map((at) => answerAfterKey("ArrowDown", at, 3))).toEqual([1, 2, 0]);
    expect([0, 1, 2].map((at) => answerAfterKey("ArrowRight", at, 3))).toEqual([1, 2, 0]);
    expect([0, 1, 2].map((at) => answerAfterKey("ArrowUp", at, 3))).toEqual([2, 0, 1]);
    expect([0, 1, 2].map((at) => answerAfterKey("ArrowLeft", at, 3))).toEqual([2, 0, 1]);
  });

  test("are no other keys, and work on answers only", () => {
    expect(answerAfterKey(" ", 0, 3)).toBe(null);
    expect(answerAfterKey("ArrowDown", -1, 3)).toBe(null);
  });
});

test("code is what stands between backticks", () => {
  expect(pieces("What does `photo - digit` give?")).toEqual([
    { text: "What does ", code: false },
    { text: "photo - digit", code: true },
    { text: " give?", code: false },
  ]);
  expect(pieces("plain")).toEqual([{ text: "plain", code: false }]);
});
