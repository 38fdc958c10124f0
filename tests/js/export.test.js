import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csv, fileName, json } from "../../static/js/export.js";
import { covered } from "../../static/js/pixelate.js";

/** @typedef {import("../../static/js/export.js").Shown} Shown */

const START = Date.UTC(2026, 0, 5, 12, 0, 0);

/** @type {Shown} */
const samples = {
  range: [START, START + 2_000],
  marks: [
    { at: START + 500, text: "above 1" },
    { at: START - 1, text: "earlier" },
  ],
  view: {
    kind: "samples",
    rows: [
      { at: START - 300, count: 7 },
      { at: START, count: 0 },
      { at: START + 1_066, count: 2 },
      { at: START + 2_500, count: 9 },
    ],
  },
};

/** @type {Shown} */
const minutes = {
  range: [START, START + 3_600_000],
  marks: [],
  view: { kind: "minutes", rows: [{ start: START, min: 0, mean: 4 / 3, max: 3, samples: 61 }] },
};

describe("an export", () => {
  it("as CSV has the rows that are shown, in UTC with milliseconds", () => {
    assert.equal(
      csv(samples),
      "time,count\r\n2026-01-05T12:00:00.000Z,0\r\n2026-01-05T12:00:01.066Z,2\r\n",
    );
  });

  it("as CSV has minutes where minutes are shown", () => {
    assert.equal(
      csv(minutes),
      "start,min,mean,max,samples\r\n2026-01-05T12:00:00.000Z,0,1.333,3,61\r\n",
    );
  });

  it("as JSON has the same rows, and the marks among them", () => {
    assert.deepEqual(JSON.parse(json(samples)), {
      samples: [
        [START, 0],
        [START + 1_066, 2],
      ],
      marks: [{ at: START + 500, text: "above 1" }],
    });
    assert.deepEqual(JSON.parse(json(minutes)).minutes[0].mean, 1.333);
  });

  it("of nothing is a header", () => {
    const nothing = { range: samples.range, marks: [], view: { ...samples.view, rows: [] } };
    assert.equal(csv(/** @type {Shown} */ (nothing)), "time,count\r\n");
  });

  it("has a name that sorts by time", () => {
    assert.match(fileName("count", "csv", new Date(START)), /^count-2026-01-0\d-\d{6}\.csv$/);
  });
});

describe("what a snapshot covers", () => {
  it("is more than the face, and never more than the picture", () => {
    const at = (/** @type {[number, number, number, number]} */ box) => ({
      id: 1,
      confidence: 1,
      box,
    });
    assert.deepEqual(covered([at([100, 100, 50, 50]), at([-10, 470, 50, 50])], 640, 480), [
      { left: 94, top: 91, width: 62, height: 65 },
      { left: 0, top: 461, width: 46, height: 19 },
    ]);
  });
});
