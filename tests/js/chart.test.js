import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columns, moved, rowAt, scaleTop, zoomed } from "../../static/js/chart-series.js";

/** @typedef {import("../../static/js/history.js").View} View */

const MINUTE = 60_000;
const minute = (/** @type {number} */ start) => ({ start, min: 0, mean: 1, max: 3, samples: 9 });

describe("the columns of samples", () => {
  it("break at a gap, just after the last count", () => {
    const rows = [
      { at: 0, count: 1 },
      { at: 1_000, count: 2 },
      { at: 4_000, count: 2 },
    ];
    const [x, count, max, min] = columns({ kind: "samples", rows }, 2_000, {
      last: 4_000,
      end: 4_000,
    });
    assert.deepEqual(x, [0, 1_000, 1_001, 4_000]);
    assert.deepEqual(count, [1, 2, null, 2]);
    assert.deepEqual([max, min], [Array(4).fill(null), Array(4).fill(null)]);
  });

  it("do not break at the longest silence that is no gap", () => {
    const rows = [
      { at: 0, count: 1 },
      { at: 2_000, count: 1 },
    ];
    assert.deepEqual(
      columns({ kind: "samples", rows }, 2_000, { last: 2_000, end: 4_000 })[0],
      [0, 2_000],
    );
  });

  it("end with the last count where the chart goes on without one", () => {
    const rows = [{ at: 0, count: 1 }];
    const table = columns({ kind: "samples", rows }, 2_000, { last: 0, end: 2_001 });
    assert.deepEqual(table.slice(0, 2), [
      [0, 1],
      [1, null],
    ]);
  });

  it("are empty where nothing is known", () => {
    assert.deepEqual(columns({ kind: "samples", rows: [] }, 2_000, { last: NaN, end: 0 }), [
      [],
      [],
      [],
      [],
    ]);
  });
});

describe("the columns of minutes", () => {
  it("hold each for its minute, with gaps where minutes are missing", () => {
    const rows = [minute(0), minute(MINUTE), minute(5 * MINUTE)];
    const [x, mean] = columns({ kind: "minutes", rows }, 2_000, {
      last: 5.5 * MINUTE,
      end: 9 * MINUTE,
    });
    assert.deepEqual(x, [0, MINUTE, 2 * MINUTE, 2 * MINUTE + 1, 5 * MINUTE, 330_000, 330_001]);
    assert.deepEqual(mean, [1, 1, 1, null, 1, 1, null]);
  });
});

describe("reading the line", () => {
  const rows = [
    { at: 0, count: 1 },
    { at: 1_000, count: 2 },
    { at: 9_000, count: 5 },
  ];
  const table = columns({ kind: "samples", rows }, 2_000, { last: 9_000, end: 10_000 });
  for (const { name, at, expected } of [
    { name: "between two samples gives the earlier", at: 500, expected: 1 },
    { name: "on a sample gives it", at: 1_000, expected: 2 },
    { name: "in a gap gives nothing", at: 5_000, expected: undefined },
    { name: "after the gap gives the later", at: 9_500, expected: 5 },
  ]) {
    it(name, () => assert.equal(rowAt(table, at)?.count, expected));
  }
  it("before the first count gives nothing", () => assert.equal(rowAt(table, -1), null));
});

describe("zooming", () => {
  /** @type {[number, number]} */
  const bounds = [0, 100_000];
  it("keeps the point under the pointer where it is", () => {
    assert.deepEqual(zoomed([0, 100_000], 0.5, 20_000, bounds), [10_000, 60_000]);
  });
  it("stops at two seconds", () => {
    assert.deepEqual(zoomed([0, 4_000], 0.1, 2_000, bounds), [1_000, 3_000]);
  });
  it("stops at all there is", () => {
    assert.deepEqual(zoomed([60_000, 90_000], 100, 80_000, bounds), bounds);
  });
  it("stays within what there is when moved", () => {
    assert.deepEqual(moved([0, 10_000], -5_000, bounds), [0, 10_000]);
    assert.deepEqual(moved([0, 10_000], 95_000, bounds), [90_000, 100_000]);
    assert.deepEqual(moved([0, 10_000], 5_000, bounds), [5_000, 15_000]);
  });
});

describe("the scale", () => {
  for (const { name, series, expected } of [
    { name: "nothing", series: [], expected: 2 },
    { name: "gaps only", series: [null, null], expected: 2 },
    { name: "nobody", series: [0, 0], expected: 2 },
    { name: "an odd count", series: [1, null, 3], expected: 4 },
    { name: "an even count", series: [6, 2], expected: 6 },
  ]) {
    it(`is an even number for ${name}`, () => assert.equal(scaleTop(series), expected));
  }
});
