import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runs, scaleTop } from "../../static/js/chart.js";
import { History } from "../../static/js/history.js";

describe("the history", () => {
  it("is empty at first, and has its full length", () => {
    const history = new History({ spanMs: 1_000, stepMs: 250 });
    assert.deepEqual(history.series(10_000), [null, null, null, null]);
  });

  it("keeps the last count of each step", () => {
    const history = new History({ spanMs: 1_000, stepMs: 250 });
    for (const [now, count] of [
      [0, 1],
      [200, 2],
      [260, 3],
      [510, 0],
      [760, 4],
    ]) {
      history.add(count, now);
    }
    assert.deepEqual(history.series(800), [2, 3, 0, 4]);
  });

  it("bridges one empty step and shows two as a gap", () => {
    const history = new History({ spanMs: 1_500, stepMs: 250 });
    history.add(1, 0);
    history.add(2, 1_250);
    assert.deepEqual(history.series(1_250), [1, 1, null, null, null, 2]);
  });

  it("is bounded however long it runs", () => {
    const history = new History({ spanMs: 1_000, stepMs: 250 });
    for (let now = 0; now < 1e6; now += 100) history.add(1, now);
    assert.equal(history.steps.size, 4);
  });

  it("forgets what a long pause has left behind", () => {
    const history = new History({ spanMs: 1_000, stepMs: 250 });
    history.add(5, 0);
    history.add(1, 1e6);
    assert.equal(history.steps.size, 1);
  });
});

describe("the chart", () => {
  for (const { name, series, expected } of [
    { name: "nothing", series: [], expected: 2 },
    { name: "gaps only", series: [null, null], expected: 2 },
    { name: "nobody", series: [0, 0], expected: 2 },
    { name: "an odd count", series: [1, null, 3], expected: 4 },
    { name: "an even count", series: [6, 2], expected: 6 },
  ]) {
    it(`scales to an even number for ${name}`, () => assert.equal(scaleTop(series), expected));
  }

  it("breaks its line at gaps", () => {
    assert.deepEqual(runs([null, 1, 2, null, null, 0, 3]), [
      { start: 1, values: [1, 2] },
      { start: 5, values: [0, 3] },
    ]);
  });
});
