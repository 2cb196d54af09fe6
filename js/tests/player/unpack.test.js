import { describe, expect, test } from "vitest";
import { unpackArray, unpackRun } from "../../src/player/unpack.js";
import { packed, plainRun } from "./made.js";

describe("arrays", () => {
  test("of each kind are as they were in Python", () => {
    expect(unpackArray(packed("uint8", [2], Uint8Array.of(0, 255)))).toEqual(Uint8Array.of(0, 255));
    expect(unpackArray(packed("int16", [2], Int16Array.of(-32767, 1)))).toEqual(
      Int16Array.of(-32767, 1),
    );
    expect(unpackArray(packed("float32", [2], Float32Array.of(0.5, Number.NaN)))).toEqual(
      Float32Array.of(0.5, Number.NaN),
    );
  });

  test("of long whole numbers are plain numbers", () => {
    expect(unpackArray(packed("int64", [2], BigInt64Array.of(4000n, -1n)))).toEqual([4000, -1]);
  });

  test("can be empty", () => {
    expect(unpackArray(packed("int64", [0], new BigInt64Array()))).toEqual([]);
  });
});

describe("a run", () => {
  const run = unpackRun(plainRun());

  test("keeps what needs no unpacking", () => {
    expect(run).toMatchObject({
      title: "DANN",
      steps: 25,
      sentences: ["First.", "Then.", "Last."],
    });
  });

  test("has its points and moments", () => {
    expect(run.points).toBe(4);
    expect(run.moments).toEqual([0, 10, 20]);
    expect([...run.labels]).toEqual([1, 8, 1, 1]);
    expect([...run.domains]).toEqual([0, 0, 1, 1]);
  });

  test("says of each moment what the network said then", () => {
    expect([0, 1, 2].map((moment) => [...run.predictions(moment)])).toEqual([
      [0, 0, 0, 0],
      [1, 0, 1, 7],
      [1, 8, 1, 1],
    ]);
    expect([...run.confidence(1)]).toEqual([51, 102, 0, 255]);
  });

  test("has its curves and maps by name", () => {
    expect(run.curves.label_loss).toEqual({
      x: Float32Array.of(1, 2),
      y: Float32Array.of(2.345, 1.5),
    });
    expect(run.maps.PCA).toMatchObject({ rows: [1, 2], scale: 0.1 });
    expect(run.maps.PCA?.flat).toHaveLength(16);
    expect(run.maps["t-SNE"]).toBe(undefined);
  });

  test("may have no points at all", () => {
    const nothing = packed("uint8", [0], new Uint8Array());
    const empty = unpackRun(plainRun({ labels: nothing, predictions: nothing }));
    expect(empty.points).toBe(0);
    expect([...empty.predictions(0)]).toEqual([]);
  });
});
