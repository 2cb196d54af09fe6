// Half precision, IEEE 754's binary16, which no engine of a browser had for a long time.

const FRACTION = 1024; // 2 ** 10
const LEAST = 2 ** -24; // the smallest number above 0

/** @param {number} half its 16 bits */
function number(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half % FRACTION;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (!exponent) return sign * fraction * LEAST;
  return sign * (FRACTION + fraction) * 2 ** (exponent - 25);
}

/**
 * @param {Uint8Array} bytes little-endian, two for each number
 * @returns {Float32Array}
 */
export function fromHalves(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) =>
    number(view.getUint16(2 * i, true)),
  );
}
