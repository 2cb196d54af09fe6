import { describe, expect, test } from "vitest";
import {
  afterHearing,
  afterSaying,
  maySpeak,
  NO_NOTICES,
  NOTHING_SPOKEN,
  noticeText,
} from "../../src/dashboard/notices.js";
import { stateWith } from "./examples.js";

describe("the notice", () => {
  const said = afterSaying(NO_NOTICES, "Copied.");

  test("is the page's own word before Python's", () => {
    expect(noticeText(NO_NOTICES)).toBe("");
    expect(noticeText(afterHearing(NO_NOTICES, stateWith({ notice: "Undone." })))).toBe("Undone.");
    expect(noticeText(said)).toBe("Copied.");
  });

  test("stands while Python has no news", () => {
    expect(noticeText(afterHearing(said, stateWith()))).toBe("Copied.");
    const heard = afterHearing(NO_NOTICES, stateWith({ notice: "Undone.", problem: "Bad." }));
    const both = afterSaying(heard, "Copied.");
    expect(noticeText(afterHearing(both, stateWith({ notice: "Undone.", problem: "Bad." })))).toBe(
      "Copied.",
    );
  });

  test("gives way to a new notice, or to none", () => {
    const news = afterHearing(said, stateWith({ notice: "Undone." }));
    expect(noticeText(news)).toBe("Undone.");
    expect(noticeText(afterHearing(afterSaying(news, "Copied."), stateWith()))).toBe("");
  });

  test("gives way to a new problem, not to one that is solved", () => {
    const wrong = afterHearing(said, stateWith({ problem: "Bad." }));
    expect(noticeText(wrong)).toBe("");
    expect(noticeText(afterHearing(afterSaying(wrong, "Copied."), stateWith()))).toBe("Copied.");
  });

  test("is Python's again when the reader does something else", () => {
    const both = afterSaying(afterHearing(NO_NOTICES, stateWith({ notice: "Undone." })), "Copied.");
    expect(noticeText(afterSaying(both, ""))).toBe("Undone.");
  });
});

describe("the live sentence", () => {
  const spoken = { time: 10000, state: /** @type {const} */ ("training") };
  const now = { state: /** @type {const} */ ("training"), past: false, time: 15000 };

  test("the first one is read", () => {
    expect(maySpeak(NOTHING_SPOKEN, { ...now, time: 1 })).toBe(true);
  });

  test("another one is read after some seconds", () => {
    expect(maySpeak(spoken, now)).toBe(false);
    expect(maySpeak(spoken, { ...now, time: 15001 })).toBe(true);
  });

  test("it is read at once when the training does something else", () => {
    expect(maySpeak(spoken, { ...now, state: "paused" })).toBe(true);
  });

  test("it is read at once for who looks at the past", () => {
    expect(maySpeak(spoken, { ...now, past: true })).toBe(true);
  });
});
