// The runs of the page as a tree: each branch under the run that it left.

/** @import { TreeRun } from "./protocol.js" */

/**
 * @typedef {object} Node
 * @property {TreeRun} run
 * @property {Node[]} branches
 */

/**
 * @param {TreeRun[]} runs
 * @returns {Node[]}
 */
export function treeOf(runs) {
  const nodes = new Map(
    runs.map((run) => [run.number, /** @type {Node} */ ({ run, branches: [] })]),
  );
  /** @type {Node[]} */
  const roots = [];
  for (const node of nodes.values()) {
    const parent = node.run.parent === null ? undefined : nodes.get(node.run.parent);
    (parent?.branches ?? roots).push(node);
  }
  return roots;
}

/**
 * Whether there is anything to see in it: one run by itself needs no tree.
 * @param {TreeRun[]} runs
 */
export const hasBranches = (runs) => runs.some(({ parent }) => parent !== null);

/**
 * Another word for each tree that looks different.
 * @param {TreeRun[]} runs
 */
export const lookOfTree = (runs) => JSON.stringify(runs);
