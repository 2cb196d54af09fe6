// Which messages are shown, and for how long: pure functions with the clock passed in.

/** @import { RunState, State } from "./protocol.js" */

const LIVE_SENTENCE = 5000; // ms between two sentences read aloud

/**
 * The page's own word stands until the reader does something else, or Python has news.
 * @typedef {object} Notices
 * @property {string} said by the page
 * @property {string} heard from Python
 * @property {string} problem the last one that Python told
 */

/** @type {Readonly<Notices>} */
export const NO_NOTICES = { said: "", heard: "", problem: "" };

/**
 * @param {Notices} notices
 * @param {string} said "" when the reader does something else
 * @returns {Notices}
 */
export const afterSaying = (notices, said) => ({ ...notices, said });

/**
 * @param {Notices} notices
 * @param {State} state
 * @returns {Notices}
 */
export function afterHearing(notices, { notice, problem }) {
  const news = notice !== notices.heard || (problem && problem !== notices.problem);
  return { said: news ? "" : notices.said, heard: notice, problem };
}

/** @param {Notices} notices */
export const noticeText = ({ said, heard }) => said || heard;

/**
 * The last sentence read aloud.
 * @typedef {object} Spoken
 * @property {number} time in ms
 * @property {RunState | null} state what the training was doing
 */

/** @type {Readonly<Spoken>} */
export const NOTHING_SPOKEN = { time: 0, state: null };

/**
 * Whether the next sentence may be read: not many a minute, but at once what the reader caused.
 * @param {Spoken} spoken
 * @param {object} now
 * @param {RunState} now.state
 * @param {boolean} now.past whether an earlier moment is looked at
 * @param {number} now.time in ms
 */
export const maySpeak = (spoken, { state, past, time }) =>
  state !== spoken.state || past || time - spoken.time > LIVE_SENTENCE;
