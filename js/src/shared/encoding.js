// What travels between Python and the page as text.

/** @param {string} base64 */
export function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  // A loop, since a playing page does this 60 times a second: `from` takes ten times as long.
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}

/** @param {string} base64 of float32 */
export const floats = (base64) => new Float32Array(bytes(base64).buffer);

/** @param {Uint8Array<ArrayBuffer>} packed by gzip */
const inflated = (packed) =>
  new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));

/** @param {string} base64 of text that gzip packed */
export const unzipped = (base64) => inflated(bytes(base64)).text();

/** @param {string} base64 of bytes that gzip packed */
export const unzippedBytes = async (base64) =>
  new Uint8Array(await inflated(bytes(base64)).arrayBuffer());

/** @param {Uint8Array} some bytes, a few thousand at most */
export const base64 = (some) => btoa(String.fromCharCode(...some));
