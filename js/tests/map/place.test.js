import { describe, expect, test } from "vitest";
import { placeCard, whereIs } from "../../src/map/place.js";

const CARD = { width: 100, height: 40 };
const FRAME = { width: 400, height: 300 };

test("a point is where its axes say", () => {
  const axis = (/** @type {number} */ offset) => ({
    l2p: (/** @type {number} */ value) => 10 * value,
    _offset: offset,
  });
  expect(whereIs({ x: 2, y: 3, xaxis: axis(8), yaxis: axis(92) })).toEqual({ x: 28, y: 122 });
});

describe("the card of a point", () => {
  test("is to its right, in the middle of its height", () => {
    expect(placeCard({ x: 50, y: 150 }, CARD, FRAME)).toEqual({ left: 64, top: 130 });
  });

  test("fits as long as there is a little room to the edge", () => {
    expect(placeCard({ x: 284, y: 150 }, CARD, FRAME).left).toBe(298);
    expect(placeCard({ x: 285, y: 150 }, CARD, FRAME).left).toBe(171);
  });

  test("stays within the map at the top and at the bottom", () => {
    expect(placeCard({ x: 50, y: 5 }, CARD, FRAME).top).toBe(2);
    expect(placeCard({ x: 50, y: 299 }, CARD, FRAME).top).toBe(258);
  });

  test("is below the point where no side has room, and above it near the bottom", () => {
    const narrow = { width: 130, height: 300 };
    expect(placeCard({ x: 60, y: 100 }, CARD, narrow)).toEqual({ left: 2, top: 114 });
    expect(placeCard({ x: 60, y: 250 }, CARD, narrow)).toEqual({ left: 2, top: 196 });
  });

  test("is beside the point only where it does not touch the edge", () => {
    const narrow = { width: 200, height: 300 };
    expect(placeCard({ x: 116, y: 100 }, CARD, narrow)).toEqual({ left: 2, top: 80 });
    expect(placeCard({ x: 115, y: 100 }, CARD, narrow)).toEqual({ left: 2, top: 114 });
  });

  test("begins within a map that is too narrow for it", () => {
    expect(placeCard({ x: 40, y: 100 }, CARD, { width: 80, height: 300 }).left).toBe(2);
  });
});
