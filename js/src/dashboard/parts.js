// Which parts of the live page are shown.

const FEW = 3; // parts that leave room for wide pictures

/**
 * Which of the parts are shown where only some are wanted.
 * @param {string[]} wanted
 * @param {string[]} names of all
 */
export const partsShown = (wanted, names) => ({
  shown: names.filter((name) => wanted.includes(name)),
  wide: wanted.length < FEW,
});

/**
 * Whether a run can be taken up again.
 * @param {string[]} wanted none stands for all
 */
export const isBranched = (wanted) => !wanted.length || wanted.includes("branches");

/**
 * Whether runs are compared.
 * @param {string[]} wanted none stands for all
 */
export const isCompared = (wanted) => !wanted.length || wanted.includes("compare");
