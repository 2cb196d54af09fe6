import { expect, test } from "vitest";
import { bytes, floats, unzipped } from "../../src/shared/encoding.js";

/** @param {string} text */
async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...zipped));
}

test("bytes come as they were sent", () => {
  expect([...bytes("AAH+/w==")]).toEqual([0, 1, 254, 255]);
});

test("floats have four bytes each", () => {
  expect([...floats("AACAPwAAAMA=")]).toEqual([1, -2]);
});

test("what was packed is text again, letters of all languages included", async () => {
  expect(await unzipped(await packed("MNIST → Größe"))).toBe("MNIST → Größe");
});
