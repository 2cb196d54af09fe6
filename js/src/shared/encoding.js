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

/** @param {string} base64 of what gzip packed */
export const unzipped = (base64) =>
  new Response(
    new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();

/** @param {Uint8Array} some bytes, a few thousand at most */
export const base64 = (some) => btoa(String.fromCharCode(...some));
