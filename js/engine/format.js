// Numbers as Python writes them.

/**
 * Python's `:.{digits}f`, which takes of two equally near numbers the one that ends evenly.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const scaled = value * 10 ** digits;
  const isTie = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(scaled % 1) === 0.5;
  if (!isTie) return value.toFixed(digits);
  const below = Math.floor(scaled);
  return ((below + Math.abs(below % 2)) / 10 ** digits).toFixed(digits);
}

/**
 * Python's `e` in place of JavaScript's, whose exponents have no leading zero.
 * @param {string} text
 */
const withExponent = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");

/**
 * Python's `:.{digits}g`.
 * @param {number} value
 * @param {number} digits
 */
export function general(value, digits) {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const short = (/** @type {string} */ text) =>
    text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  const size = Number(exponent);
  if (size < -4 || size >= digits) return withExponent(`${short(mantissa)}e${exponent}`);
  return short(fixed(value, digits - 1 - size));
}

/** @param {number} value a share */
export const percent = (value) => (Number.isNaN(value) ? "–" : `${fixed(100 * value, 0)} %`);

/** @param {number} value a whole number */
export const thousands = (value) => value.toLocaleString("en-US");

/**
 * A loss or lambda for people: 0.69, 5,000 or 2.9e+08.
 * @param {number} value
 */
export function lossText(value) {
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (value < 100) return fixed(value, 2);
  if (value < 1e6) return fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
  return withExponent(value.toExponential(1));
}
