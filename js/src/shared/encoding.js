// What travels between Python and the page as text.

/** @param {string} base64 */
export const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** @param {string} base64 of float32 */
export const floats = (base64) => new Float32Array(bytes(base64).buffer);

/** @param {string} base64 of what gzip packed */
export const unzipped = (base64) =>
  new Response(
    new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();

/** @param {Uint8Array} some bytes, a few thousand at most */
export const base64 = (some) => btoa(String.fromCharCode(...some));
