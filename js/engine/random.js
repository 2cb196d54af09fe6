// The Mersenne Twister, which PyTorch and NumPy both draw from: so that a seed gives the same points
// and the same first weights here as there. (Matsumoto & Nishimura 1998.)

const N = 624;
const M = 397;

export class Twister {
  #state = new Uint32Array(N);
  #at = N;
  /** @type {number | null} */
  #kept = null; // the second of a pair of normal numbers

  /** @param {number} seed 0 to 2**32 - 1 */
  constructor(seed) {
    const state = this.#state;
    state[0] = seed;
    for (let k = 1; k < N; k++) {
      const before = state[k - 1] ^ (state[k - 1] >>> 30);
      state[k] = Math.imul(1812433253, before) + k;
    }
  }

  #twist() {
    const state = this.#state;
    for (let k = 0; k < N; k++) {
      const mixed = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff);
      state[k] = state[(k + M) % N] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }

  /** A whole number of 32 bits. */
  bits() {
    if (this.#at === N) this.#twist();
    let y = this.#state[this.#at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** From 0 to under 1, with 53 bits, as NumPy makes it of two numbers. */
  double() {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Of mean 0 and variance 1: NumPy's `RandomState.normal`, Marsaglia's polar method. */
  normal() {
    if (this.#kept !== null) {
      const kept = this.#kept;
      this.#kept = null;
      return kept;
    }
    for (;;) {
      const x = 2 * this.double() - 1;
      const y = 2 * this.double() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#kept = factor * x;
      return factor * y;
    }
  }

  /**
   * The numbers from 0 to `count - 1` in some order: NumPy's `RandomState.shuffle`.
   * @param {number} count
   */
  order(count) {
    const order = Array.from({ length: count }, (_, k) => k);
    for (let k = count - 1; k > 0; k--) {
      const mask = 2 ** (32 - Math.clz32(k)) - 1;
      let other = (this.bits() & mask) >>> 0;
      while (other > k) other = (this.bits() & mask) >>> 0;
      [order[k], order[other]] = [order[other], order[k]];
    }
    return order;
  }

  /**
   * Numbers of single precision from -end to end: PyTorch's `uniform_` on a CPU.
   * @param {number} count
   * @param {number} end
   */
  uniform(count, end) {
    const width = Math.fround(end) - Math.fround(-end);
    return Float64Array.from({ length: count }, () => {
      const share = (this.bits() & (2 ** 24 - 1)) / 2 ** 24;
      return Math.fround(share * width - Math.fround(end));
    });
  }
}
