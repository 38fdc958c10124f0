import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { History } from "../../static/js/history.js";
import { Ring } from "../../static/js/ring.js";

const START = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE = 60_000;

/** @param {[at: number, count: number][]} results milliseconds after START */
function filled(results) {
  const history = new History();
  for (const [at, count] of results) history.add(count, START + at);
  return history;
}

/** @param {History} history @param {number} [from] @param {number} [to] */
function samples(history, from = 0, to = MINUTE) {
  const view = history.view(START + from, START + to);
  assert.equal(view.kind, "samples");
  return view.rows.map((row) => ("at" in row ? [row.at - START, row.count] : []));
}

describe("a ring", () => {
  it("keeps the newest rows in their order", () => {
    const ring = new Ring(3, 2);
    for (let i = 0; i < 5; i++) ring.push(i, 10 * i);
    const rows = [0, 1, 2].map((i) => ring.row(i));
    assert.deepEqual(rows, [
      [2, 20],
      [3, 30],
      [4, 40],
    ]);
  });

  it("finds the first row at or after a value", () => {
    const ring = new Ring(3, 1);
    for (const value of [1, 2, 5, 5]) ring.push(value);
    assert.deepEqual(
      [0, 2, 3, 5, 6].map((value) => ring.search(value)),
      [0, 0, 1, 1, 3],
    );
  });
});

describe("the history", () => {
  it("knows nothing at first", () => {
    const history = new History();
    assert.deepEqual([history.first, history.last], [NaN, NaN]);
    assert.deepEqual(history.view(START, START + MINUTE), { kind: "minutes", rows: [] });
  });

  it("keeps every change and one sample a second", () => {
    const steady = filled(Array.from({ length: 31 }, (_, i) => [i * 100, i === 15 ? 4 : 1]));
    assert.deepEqual(samples(steady), [
      [0, 1],
      [1_000, 1],
      [1_500, 4],
      [1_600, 1],
      [2_600, 1],
      [3_000, 1],
    ]);
  });

  it("shows what held when the stretch began, and until when it held when it ended", () => {
    const history = filled([
      [0, 1],
      [900, 2],
      [1_500, 2],
    ]);
    assert.deepEqual(samples(history, 1_000, 1_200), [
      [900, 2],
      [1_500, 2],
    ]);
  });

  it("ends a run with its last result, so that a gap begins where it did", () => {
    const history = filled([
      [0, 1],
      [700, 1],
      [5_000, 1],
    ]);
    assert.deepEqual(samples(history), [
      [0, 1],
      [700, 1],
      [5_000, 1],
    ]);
  });

  it("goes on where it was when the clock is put back", () => {
    const history = filled([
      [5_000, 1],
      [2_000, 3],
    ]);
    assert.deepEqual(samples(history), [
      [5_000, 1],
      [5_000, 3],
    ]);
  });

  it("sums minutes up, the present one as far as it is known", () => {
    const history = filled([
      [0, 0],
      [30_000, 3],
      [60_000, 2],
      [150_000, 4],
    ]);
    assert.deepEqual(history.minutes(), [
      { start: START, min: 0, mean: 1.5, max: 3, samples: 2 },
      { start: START + MINUTE, min: 2, mean: 2, max: 2, samples: 1 },
      { start: START + 2 * MINUTE, min: 4, mean: 4, max: 4, samples: 1 },
    ]);
    assert.deepEqual(
      history.minutes(START + 61_000, START + 90_000).map((row) => row.start - START),
      [MINUTE],
    );
  });

  it("shows minutes where a stretch is long", () => {
    const history = filled([
      [0, 1],
      [MINUTE, 1],
    ]);
    assert.equal(history.view(START, START + 16 * MINUTE).kind, "minutes");
    assert.equal(history.view(START, START + 15 * MINUTE).kind, "samples");
  });

  it("shows minutes where samples no longer reach back", () => {
    const history = new History({ samples: 100 });
    for (let at = 0; at < 10 * MINUTE; at += 500) history.add(1, START + at);
    assert.equal(history.view(START, START + MINUTE).kind, "minutes");
    assert.equal(history.view(START + 9 * MINUTE, START + 10 * MINUTE).kind, "samples");
    assert.equal(history.first, START);
  });

  it("is bounded however long it runs", () => {
    const history = new History({ samples: 50, minutes: 10 });
    for (let at = 0; at < 60 * MINUTE; at += 100) history.add(at % 3, START + at);
    assert.equal(history.minutes().length, 10);
    assert.equal(history.first, START + 50 * MINUTE);
    for (let i = 0; i < 500; i++) history.mark(START + i, "");
    assert.equal(history.marks.length, 200);
  });

  it("takes minutes that were summed up elsewhere", () => {
    const history = new History();
    const minute = { start: START, min: 1, mean: 1.25, max: 2, samples: 60 };
    history.addMinute(minute);
    assert.deepEqual(history.minutes(), [minute]);
    assert.deepEqual([history.first, history.last], [START, START + MINUTE]);
  });

  it("forgets everything when cleared", () => {
    const history = filled([[0, 3]]);
    history.mark(START, "three");
    history.clear();
    assert.deepEqual([history.first, history.minutes(), history.marks], [NaN, [], []]);
    history.add(1, START - 1_000); // an earlier time than before is no clock put back
    assert.equal(history.last, START - 1_000);
  });
});
