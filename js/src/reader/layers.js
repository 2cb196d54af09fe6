// The layers of the networks that read digits, forwards only: pure functions.

/**
 * What goes from layer to layer: channel after channel, row after row.
 * @typedef {object} Planes
 * @property {Float64Array} values
 * @property {number} channels
 * @property {number} height
 * @property {number} width
 */

/**
 * @typedef {object} Convolution
 * @property {Float64Array} weight [outputs, channels, size, size]
 * @property {Float64Array} bias [outputs]
 * @property {number} size of its window, odd
 */

/**
 * @typedef {object} Linear
 * @property {Float32Array} weight [outputs, inputs]
 * @property {Float32Array} bias [outputs]
 */

const EPSILON = 1e-5; // PyTorch's, of both normalisations

/**
 * Each channel with the mean 0 and the variance 1 (torch.nn.InstanceNorm2d).
 * @param {Planes} planes
 * @returns {Planes}
 */
export function normalised({ values, channels, height, width }) {
  const area = height * width;
  const made = new Float64Array(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const plane = values.subarray(area * channel, area * (channel + 1));
    const mean = plane.reduce((sum, value) => sum + value, 0) / area;
    const variance = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / area;
    const scale = 1 / Math.sqrt(variance + EPSILON);
    for (const [i, value] of plane.entries()) made[area * channel + i] = scale * (value - mean);
  }
  return { values: made, channels, height, width };
}

/**
 * A convolution and the batch normalisation behind it as one convolution: at test time both only
 * scale and shift.
 * @param {{ weight: Float32Array, bias: Float32Array, size: number }} convolution
 * @param {{ weight: Float32Array, bias: Float32Array, mean: Float32Array, variance: Float32Array } | null} norm
 * @returns {Convolution}
 */
export function folded({ weight, bias, size }, norm) {
  const each = weight.length / bias.length; // weights of an output
  const scales = Float64Array.from(bias, (_, output) =>
    norm ? norm.weight[output] / Math.sqrt(norm.variance[output] + EPSILON) : 1,
  );
  const shifted = (/** @type {number} */ output) =>
    norm ? scales[output] * (bias[output] - norm.mean[output]) + norm.bias[output] : bias[output];
  return {
    weight: Float64Array.from(weight, (value, i) => value * scales[Math.floor(i / each)]),
    bias: Float64Array.from(bias, (_, output) => shifted(output)),
    size,
  };
}

/**
 * A convolution whose result is as large as what it is given: around that there are zeros.
 * @param {Planes} planes
 * @param {Convolution} convolution
 * @returns {Planes}
 */
export function convolved(planes, { weight, bias, size }) {
  const { channels, height, width } = planes;
  const [area, each] = [height * width, channels * size * size];
  const seen = windows(planes, size);
  const values = new Float64Array(bias.length * area);
  for (let output = 0; output < bias.length; output += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, i) => Math.min(output + i, bias.length - 1));
    const [one, two, three, four] = rows.map((row) =>
      weight.subarray(each * row, each * (row + 1)),
    );
    for (let place = 0; place < area; place += 1) {
      const from = each * place;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < each; k += 1) {
        const value = seen[from + k];
        a += one[k] * value;
        b += two[k] * value;
        c += three[k] * value;
        d += four[k] * value;
      }
      values[area * rows[0] + place] = a + bias[rows[0]];
      values[area * rows[1] + place] = b + bias[rows[1]];
      values[area * rows[2] + place] = c + bias[rows[2]];
      values[area * rows[3] + place] = d + bias[rows[3]];
    }
  }
  return { values, channels: bias.length, height, width };
}

const AT_ONCE = 4; // outputs, so that what a window shows is read once for all four

/**
 * What the window shows at each place, one place after the other: its channels, row by row.
 * @param {Planes} planes
 * @param {number} size
 */
function windows({ values, channels, height, width }, size) {
  const reach = (size - 1) / 2;
  const seen = new Float64Array(height * width * channels * size * size);
  let k = -1;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        for (let y = row - reach; y <= row + reach; y += 1) {
          for (let x = column - reach; x <= column + reach; x += 1) {
            k += 1;
            if (y >= 0 && y < height && x >= 0 && x < width)
              seen[k] = values[width * (height * channel + y) + x];
          }
        }
      }
    }
  }
  return seen;
}

/**
 * The largest of each 2 x 2 values.
 * @param {Planes} planes
 * @returns {Planes}
 */
export function pooled({ values, channels, height, width }) {
  const [rows, columns] = [height >> 1, width >> 1];
  const made = new Float64Array(channels * rows * columns);
  for (const i of made.keys()) {
    const [channel, rest] = [Math.floor(i / (rows * columns)), i % (rows * columns)];
    const [row, column] = [Math.floor(rest / columns), rest % columns];
    const at = width * (height * channel + 2 * row) + 2 * column;
    made[i] = Math.max(values[at], values[at + 1], values[at + width], values[at + width + 1]);
  }
  return { values: made, channels, height: rows, width: columns };
}

/**
 * ReLU: what is below 0 becomes 0.
 * @param {Float64Array} values
 */
export const rectified = (values) => values.map((value) => Math.max(value, 0));

/**
 * @param {Float64Array} values
 * @param {Linear} layer
 */
export function linear(values, { weight, bias }) {
  return Float64Array.from(bias, (shift, output) => {
    let sum = shift;
    const from = output * values.length;
    for (let i = 0; i < values.length; i += 1) sum += weight[from + i] * values[i];
    return sum;
  });
}

/**
 * Probabilities that stand to each other as the exponentials of `values`.
 * @param {Float64Array} values
 */
export function softmax(values) {
  const most = Math.max(...values);
  const parts = values.map((value) => Math.exp(value - most));
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => part / sum);
}
