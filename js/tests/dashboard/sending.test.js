import { describe, expect, test } from "vitest";
import {
  afterReceived,
  begun,
  nextPart,
  PART,
  sentShare,
  wrongFiles,
} from "../../src/dashboard/sending.js";

const MOST = 200e6;
const FILE = { name: "pets.zip", size: 2 * PART + 10 };

/**
 * @param {number} received
 * @param {string} [problem]
 */
const answer = (received, problem = "") => ({
  type: /** @type {const} */ ("received"),
  client: "page",
  key: "one",
  received,
  problem,
});

describe("a file on its way", () => {
  test("goes in parts that together are the file, each in at most a megabyte of text", () => {
    let sending = /** @type {ReturnType<typeof afterReceived>} */ (begun("one", FILE));
    const parts = [];
    while (sending) {
      const part = nextPart(sending);
      if (!part) break;
      parts.push(part);
      sending = afterReceived(sending, answer(part.end));
    }
    expect(parts.map(({ first }) => first)).toEqual([0, PART, 2 * PART]);
    expect(parts.map(({ end }) => end)).toEqual([PART, 2 * PART, FILE.size]);
    expect(sending).toBeNull();
    expect((PART * 4) / 3).toBeLessThanOrEqual(1e6);
  });

  test("says how much of it has come", () => {
    const sending = afterReceived(begun("one", FILE), answer(PART));
    expect(sending && sentShare(sending)).toBeCloseTo(PART / FILE.size);
  });

  test("ends with a problem", () => {
    expect(afterReceived(begun("one", FILE), answer(0, "The disk is full."))).toBeNull();
  });

  test("is not moved by an answer about another file, or one that was stopped", () => {
    const sending = begun("two", FILE);
    expect(afterReceived(sending, answer(PART))).toBe(sending);
    expect(afterReceived(null, answer(PART))).toBeNull();
  });
});

test("one zip of the right size is taken, and nothing else", () => {
  const zip = { name: "Pets.ZIP", size: 10 };
  expect(wrongFiles([zip], MOST)).toBeNull();
  expect(wrongFiles([], MOST)).toBe("none");
  expect(wrongFiles([zip, zip], MOST)).toBe("several");
  expect(wrongFiles([{ name: "pets", size: 4096 }], MOST)).toBe("other");
  expect(wrongFiles([{ name: "pets.zip.txt", size: 10 }], MOST)).toBe("other");
  expect(wrongFiles([{ name: "pets.zip", size: 0 }], MOST)).toBe("empty");
  expect(wrongFiles([{ name: "pets.zip", size: MOST }], MOST)).toBeNull();
  expect(wrongFiles([{ name: "pets.zip", size: MOST + 1 }], MOST)).toBe("large");
});
