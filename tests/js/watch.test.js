import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storedHistory } from "../../static/js/stored-history.js";
import { AWAY_MS, isLive, serverNow, Streams } from "../../static/js/streams.js";

/** @typedef {import("../../static/js/streams.js").StateEntry} StateEntry */
/** @typedef {import("../../static/js/streams.js").CountMessage} CountMessage */

const START = Date.UTC(2026, 0, 5, 12, 0, 0);

/** @param {Partial<StateEntry>} [other] @returns {StateEntry} */
const entry = (other) => ({
  stream: "a",
  name: "Door",
  running: true,
  count: 1,
  peak: 2,
  tracks_seen: 3,
  history: [
    [START, 0],
    [START + 1_000, 1],
  ],
  ...other,
});

/** @param {Partial<CountMessage>} [other] @returns {CountMessage} */
const message = (other) => ({
  stream: "a",
  name: "Door",
  at: START + 2_000,
  count: 2,
  peak: 2,
  tracks_seen: 4,
  width: 640,
  height: 480,
  faces: [[7, 10, 20, 30, 40]],
  ...other,
});

/** @param {Streams} streams */
const samples = (streams) => {
  const view = streams.all.get("a")?.history.view(START, START + 60_000);
  return view?.rows.map((row) => ("at" in row ? [row.at - START, row.count] : []));
};

describe("the streams a viewer knows", () => {
  it("begin with what the server remembers and go on with its messages", () => {
    const streams = new Streams();
    streams.onState([entry()], 0);
    streams.onCount(message(), 500);
    const stream = streams.all.get("a");
    assert.deepEqual([stream?.count, stream?.tracksSeen, stream?.faces.length], [2, 4, 1]);
    assert.deepEqual(samples(streams), [
      [0, 0],
      [1_000, 1],
      [2_000, 2],
    ]);
  });

  it("are not doubled when the server tells its past again", () => {
    const streams = new Streams();
    streams.onState([entry()], 0);
    streams.onState(
      [
        entry({
          history: [
            [START, 0],
            [START + 1_000, 1],
            [START + 3_000, 4],
          ],
        }),
      ],
      0,
    );
    assert.deepEqual(samples(streams), [
      [0, 0],
      [1_000, 1],
      [3_000, 4],
    ]);
  });

  it("are gone when a new state no longer has them", () => {
    const streams = new Streams();
    streams.onState([entry(), entry({ stream: "b" })], 0);
    streams.onState([entry({ stream: "b" })], 0);
    assert.deepEqual([...streams.all.keys()], ["b"]);
  });

  it("appear with their first message", () => {
    const streams = new Streams();
    streams.onCount(message({ stream: "new" }), 0);
    assert.equal(streams.live(0)[0].id, "new");
  });

  it("lose their outlines when they go, and keep their course", () => {
    const streams = new Streams();
    streams.onState([entry()], 0);
    streams.onCount(message(), 0);
    streams.onGone("a");
    assert.deepEqual(streams.live(0), []);
    assert.deepEqual(streams.all.get("a")?.faces, []);
    assert.equal(samples(streams)?.length, 3);
  });

  it("are away after a silence", () => {
    const streams = new Streams();
    streams.onCount(message(), 1_000);
    const [stream] = streams.all.values();
    assert.ok(isLive(stream, 1_000 + AWAY_MS));
    assert.ok(!isLive(stream, 1_001 + AWAY_MS));
  });

  it("that are not running are not live", () => {
    const streams = new Streams();
    streams.onState([entry({ running: false })], 0);
    assert.deepEqual(streams.live(0), []);
  });

  it("have the server's clock, which stands still when they are away", () => {
    const streams = new Streams();
    streams.onCount(message(), 1_000);
    const [stream] = streams.all.values();
    assert.equal(serverNow(stream, 1_250), START + 2_250);
    assert.equal(serverNow(stream, 1e9), START + 2_000 + AWAY_MS);
  });
});

describe("stored counts", () => {
  it("by the second become samples", () => {
    const history = storedHistory({
      samples: [
        [START, 1],
        [START + 1_000, 2],
      ],
    });
    assert.deepEqual([history.first, history.last], [START, START + 1_000]);
    assert.equal(history.view(START, START + 1_000).kind, "samples");
  });

  it("by the minute become minutes", () => {
    const minute = { start: START, min: 0, mean: 0.5, max: 2, samples: 60 };
    const history = storedHistory({ buckets: [minute] });
    assert.deepEqual(history.minutes(), [minute]);
    assert.equal(history.view(START, START + 1_000).kind, "minutes");
  });

  it("of a session that was never counted in are empty", () => {
    assert.ok(Number.isNaN(storedHistory({ samples: [] }).first));
  });
});
