// A file on its way to Python, part by part: the next one goes when the last one has come.

/** @import { ReceivedMessage } from "./protocol.js" */

export const PART = 750000; // bytes, which base64 makes 1 MB: more than that some servers refuse

/**
 * @typedef {object} Sending
 * @property {string} key its name for Python
 * @property {string} name
 * @property {number} size in bytes, as everywhere here
 * @property {number} received what Python has
 */

/**
 * @param {string} key
 * @param {{ name: string, size: number }} file
 * @returns {Sending}
 */
export const begun = (key, { name, size }) => ({ key, name, size, received: 0 });

/**
 * Where the next part begins and ends; null if Python has all.
 * @param {Sending} sending
 */
export const nextPart = ({ received, size }) =>
  received < size ? { first: received, end: Math.min(size, received + PART) } : null;

/**
 * After Python has told what it has; null where that ends the sending. An answer that is of another
 * file, or comes after the reader has stopped it, changes nothing.
 * @param {Sending | null} sending
 * @param {ReceivedMessage} message
 * @returns {Sending | null}
 */
export function afterReceived(sending, { key, received, problem }) {
  if (sending?.key !== key) return sending;
  return problem || received >= sending.size ? null : { ...sending, received };
}

/** @param {Sending} sending */
export const sentShare = ({ received, size }) => received / size;

/** @typedef {"none" | "several" | "other" | "empty" | "large"} WrongFile */

/**
 * What is wrong with the files that were dropped or chosen, null if they are one zip.
 * @param {{ name: string, size: number }[]} files
 * @param {number} most bytes
 * @returns {WrongFile | null}
 */
export function wrongFiles(files, most) {
  if (!files.length) return "none";
  if (files.length > 1) return "several";
  const [{ name, size }] = files;
  if (!/\.zip$/i.test(name)) return "other"; // a dropped folder comes as a file, too
  if (!size) return "empty";
  return size > most ? "large" : null;
}
