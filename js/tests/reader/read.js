// What the networks of js/src/reader answer, for tests/runs/test_reader.py, which asks PyTorch too.

import { dressed, picturesOf } from "../../src/reader/grounds.js";
import { unpacked } from "../../src/reader/network.js";
import { bytes } from "../../src/shared/encoding.js";
import { pictureAt, SIDE } from "../../src/shared/pixels.js";

const SIZE = { width: SIDE, height: SIDE };

/**
 * The probabilities of each network for each picture.
 * @param {string} question JSON: `networks`, and `pictures`, uint8 [n, 28, 28, 3] in base64
 */
export async function read(question) {
  const { networks, pictures } = JSON.parse(question);
  const all = bytes(pictures);
  const count = all.length / (3 * SIDE * SIDE);
  const readers = await Promise.all(networks.map(unpacked));
  const answers = readers.map((reader) =>
    Array.from({ length: count }, (_, i) => [...reader(pictureAt(all, i, SIZE))]),
  );
  return JSON.stringify(answers);
}

/**
 * Inks in front of every picture of every ground: the ground's kind and the pictures.
 * @param {string} question JSON: `grounds`, and `inks`, uint8 [28, 28] each, in base64
 */
export function dress(question) {
  const { grounds, inks } = JSON.parse(question);
  return JSON.stringify(
    inks.map((/** @type {string} */ ink) =>
      grounds.map((/** @type {import("../../src/reader/protocol.js").Ground} */ ground) =>
        picturesOf(ground).map((picture) => [...dressed(bytes(ink), ground.kind, picture)]),
      ),
    ),
  );
}
