// A network that reads digits, at test time: what dann_core/networks.py and dann_core/model.py have.

import { unzippedBytes } from "../shared/encoding.js";
import { SIDE } from "../shared/pixels.js";
import { fromHalves } from "./halves.js";
import { convolved, folded, linear, normalised, pooled, rectified, softmax } from "./layers.js";

/** @import { Planes } from "./layers.js" */
/** @import { PlainNetwork } from "./protocol.js" */

/** @typedef {(picture: Uint8Array) => Float64Array} Network from red, green and blue of each pixel to the probabilities of 0 to 9 */
/** @typedef {(name: string) => Float32Array | undefined} Weights */

/** For each convolution, whether 2 x 2 pooling follows. */
const POOLED = { tutorial: [true, true], deep: [false, true, false, true] };
const LINEAR = [0, 2, 4]; // the layers of the label predictor that have weights
const CHANNELS = 3;

/**
 * @param {PlainNetwork} plain
 * @returns {Promise<Network>}
 */
export async function unpacked(plain) {
  const weights = byName(plain, fromHalves(await unzippedBytes(plain.weights)));
  const convolutions = POOLED[plain.network].map((_, i) => convolutionOf(weights, i + 1));
  const layers = LINEAR.map((i) => ({
    weight: there(weights, `label_predictor.${i}.weight`),
    bias: there(weights, `label_predictor.${i}.bias`),
  }));
  return (picture) => {
    let planes = prepared(picture, plain.mean);
    if (plain.instance_norm) planes = normalised(planes);
    for (const [i, convolution] of convolutions.entries()) {
      planes = convolved(planes, convolution);
      if (POOLED[plain.network][i]) planes = pooled(planes);
      planes = { ...planes, values: rectified(planes.values) };
    }
    const [first, ...others] = layers;
    const logits = others.reduce(
      (values, layer) => linear(rectified(values), layer),
      linear(planes.values, first),
    );
    return softmax(logits);
  };
}

/**
 * @param {PlainNetwork} plain
 * @param {Float32Array} all
 * @returns {Weights}
 */
function byName({ shapes }, all) {
  let at = 0;
  const found = new Map(
    shapes.map(({ name, shape }) => {
      const from = at;
      at += shape.reduce((product, side) => product * side, 1);
      return [name, all.subarray(from, at)];
    }),
  );
  return (name) => found.get(name);
}

/**
 * @param {Weights} weights
 * @param {string} name
 */
function there(weights, name) {
  const found = weights(name);
  if (!found) throw new Error(`The network has no ${name}.`);
  return found;
}

/**
 * @param {Weights} weights
 * @param {number} number from 1
 */
function convolutionOf(weights, number) {
  const [convolution, norm] = ["conv", "norm"].map((kind) => `feature_extractor.${kind}${number}`);
  const weight = there(weights, `${convolution}.weight`);
  const bias = there(weights, `${convolution}.bias`);
  const channels =
    number === 1 ? CHANNELS : there(weights, `feature_extractor.conv${number - 1}.bias`).length;
  const size = Math.sqrt(weight.length / bias.length / channels);
  const scale = weights(`${norm}.weight`);
  return folded(
    { weight, bias, size },
    scale
      ? {
          weight: scale,
          bias: there(weights, `${norm}.bias`),
          mean: there(weights, `${norm}.running_mean`),
          variance: there(weights, `${norm}.running_var`),
        }
      : null,
  );
}

/**
 * What the network sees: (pixel - mean) / 255, channel after channel.
 * @param {Uint8Array} picture
 * @param {number[]} mean
 * @returns {Planes}
 */
function prepared(picture, mean) {
  const area = SIDE * SIDE;
  const values = new Float64Array(CHANNELS * area);
  for (const [i, value] of picture.entries()) {
    const [pixel, channel] = [Math.floor(i / CHANNELS), i % CHANNELS];
    values[area * channel + pixel] = (value - mean[channel]) / 255;
  }
  return { values, channels: CHANNELS, height: SIDE, width: SIDE };
}
