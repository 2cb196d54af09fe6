import { describe, expect, test } from "vitest";
import { hasBranches, lookOfTree, treeOf } from "../../src/dashboard/tree.js";
import { act, inTree, journal } from "../../src/dashboard/words.js";

/** @import { TreeRun } from "../../src/dashboard/protocol.js" */

/** @param {number} number @param {number | null} parent @returns {TreeRun} */
const run = (number, parent = null) => ({
  number,
  key: `run ${number}`,
  title: `DANN · run ${number}`,
  parent,
  fork: parent === null ? 0 : 200,
  steps: 1400,
  shown: number === 1,
  unkept: true,
});

describe("the tree", () => {
  test("has each branch under the run that it left", () => {
    const [first, second] = treeOf([run(1), run(2), run(3, 1), run(4, 3), run(5, 1)]);
    expect(first.run.number).toBe(1);
    expect(first.branches.map((node) => node.run.number)).toEqual([3, 5]);
    expect(first.branches[0].branches.map((node) => node.run.number)).toEqual([4]);
    expect(second.branches).toEqual([]);
  });

  test("keeps a branch whose parent is gone", () => {
    expect(treeOf([run(4, 3)]).map((node) => node.run.number)).toEqual([4]);
  });

  test("is needed where there is a branch", () => {
    expect(hasBranches([run(1), run(2)])).toBe(false);
    expect(hasBranches([run(1), run(2, 1)])).toBe(true);
  });

  test("looks different when anything in it does", () => {
    const looks = [[run(1)], [run(1), run(2)], [{ ...run(1), shown: false, unkept: false }]].map(
      lookOfTree,
    );
    expect(new Set(looks).size).toBe(3);
  });
});

test("its words", () => {
  expect(inTree(run(3, 1))).toBe("DANN · run 3: 1,400 steps");
  expect(journal(1)).toBe("Journal: 1 act so far. Each leads to its moment.");
  expect(journal(0)).toBe("Journal: 0 acts so far. Each leads to its moment.");
  expect(act({ step: 1200, text: "pause" })).toBe("From step 1,200: pause");
});
