import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isFront } from "../../static/js/camera.js";
import { mirrored } from "../../static/js/overlay.js";
import { DEFAULTS, Settings } from "../../static/js/settings.js";
import { Store } from "../../static/js/store.js";
import { Tally } from "../../static/js/tally.js";
import { Threshold } from "../../static/js/threshold.js";
import { Wishes } from "../../static/js/wishes.js";

/** @typedef {import("../../static/js/threshold.js").Rule} Rule */
/** @typedef {import("../../static/js/types.js").WishAnswer} WishAnswer */

/** @param {string | null} kept */
const storage = (kept = null) => ({
  getItem: () => kept,
  setItem(/** @type {string} */ _key, /** @type {string} */ value) {
    kept = value;
  },
  get kept() {
    return JSON.parse(kept ?? "{}");
  },
});

describe("an alert", () => {
  /** @type {[string, Partial<Rule>, [number, number][], [number, string][]][]} */
  const cases = [
    ["comes once the count has held", {}, [[0, 3], [1, 5], [3, 5]], [[3, "fired"]]],
    ["does not come for a moment's count", {}, [[0, 5], [1, 4], [2, 5], [3, 4]], []],
    ["comes at once where nothing has to hold", { hold: 0 }, [[0, 5]], [[0, "fired"]]],
    ["comes once while the count stays", { hold: 0 }, [[0, 5], [1, 9], [2, 6]], [[0, "fired"]]],
    [
      "comes again after the count has gone back",
      { hold: 0 },
      [[0, 5], [1, 4], [2, 5]],
      [[0, "fired"], [1, "cleared"], [2, "fired"]],
    ],
    ["does not take a gap for holding", {}, [[0, 5], [9, 5], [10, 5]], []],
    [
      "watches for few as for many",
      { direction: "below", limit: 0 },
      [[0, 1], [1, 0], [3, 0], [4, 1]],
      [[3, "fired"], [4, "cleared"]],
    ],
    ["never comes where it is off", { direction: "off", hold: 0 }, [[0, 0], [1, 99]], []],
  ]; // prettier-ignore
  for (const [name, rule, counts, expected] of cases) {
    it(name, () => {
      const threshold = new Threshold({ direction: "above", limit: 5, hold: 2, ...rule });
      const heard = counts.map(([at, count]) => [at, threshold.hear(count, at * 1_000)]);
      assert.deepEqual(
        heard.filter(([, news]) => news),
        expected,
      );
    });
  }
});

describe("the figures of a run", () => {
  /** @param {Tally} tally @param {number} at @param {number} count @param {number} [seen] */
  const add = (tally, at, count, seen = count) =>
    tally.add({ count, peak: count, tracks_seen: seen }, at);

  it("have no average before there is a count", () => {
    assert.ok(Number.isNaN(new Tally().average));
  });

  it("weigh every count by how long it was there", () => {
    const tally = new Tally();
    add(tally, 0, 1);
    add(tally, 1_000, 3);
    add(tally, 1_500, 3);
    assert.equal(tally.average, (1_000 + 1_500) / 1_500);
  });

  it("leave a pause out of the average", () => {
    const tally = new Tally();
    for (const at of [0, 1_000, 60_000, 61_000]) add(tally, at, at < 60_000 ? 2 : 4);
    assert.equal(tally.average, 3);
  });

  it("outlive a connection: who is still there is not seen anew", () => {
    const tally = new Tally();
    add(tally, 0, 2, 5);
    tally.reconnected();
    add(tally, 100, 2, 2);
    assert.deepEqual([tally.peak, tally.tracksSeen], [2, 5]);
    add(tally, 200, 3, 3);
    assert.deepEqual([tally.peak, tally.tracksSeen], [3, 6]);
  });
});

describe("settings", () => {
  it("are remembered and reset", () => {
    const kept = storage();
    new Settings(kept).set({ minFace: 80, blur: true });
    const again = new Settings(kept);
    assert.deepEqual([again.values.minFace, again.values.blur], [80, true]);
    again.reset();
    assert.deepEqual(new Settings(kept).values, { ...DEFAULTS });
  });

  for (const [name, left] of [
    ["that are no JSON", "{"],
    ["of another kind", '{"minFace": "huge", "unknown": 1}'],
    ["of nothing", "null"],
  ]) {
    it(`left behind ${name} do no harm`, () => {
      assert.deepEqual(new Settings(storage(left)).values, { ...DEFAULTS });
    });
  }

  it("hold without a storage to remember them", () => {
    const full = {
      getItem: () => null,
      setItem() {
        throw new DOMException("", "QuotaExceededError");
      },
    };
    const settings = new Settings(full);
    settings.set({ blur: true });
    assert.equal(settings.values.blur, true);
  });
});

describe("wishes", () => {
  const session = { id: "s1", name: "Hall", started_at: "2026-11-23T18:00:00.000Z" };
  /** @param {(event: string, options: any) => WishAnswer | null} answer */
  function line(answer) {
    /** @type {[string, any][]} */
    const asked = [];
    const request = async (/** @type {string} */ event, /** @type {any} */ options) => {
      asked.push([event, options]);
      return answer(event, options);
    };
    const tell = (/** @type {string} */ event, /** @type {any} */ options) =>
      void asked.push([event, options]);
    return { asked, connection: /** @type {any} */ ({ request, tell }) };
  }
  /** @param {ReturnType<typeof storage>} kept */
  const wishes = (kept) =>
    new Wishes({
      store: new Store(() => {}),
      values: () => ({ ...DEFAULTS, detector: "yunet" }),
      storage: kept,
    });

  it("of a first visit are the engine alone: nothing is kept or shared unasked", async () => {
    const { asked, connection } = line(() => ({}));
    await wishes(storage()).connected(connection);
    assert.deepEqual(asked, [["configure", { detector: "yunet", min_face: 40, blur: false }]]);
  });

  it("go on with session and link on the next connection, and after a reload", async () => {
    const kept = storage();
    const first = line((event) => (event === "share" ? { token: "t1" } : { session }));
    const before = wishes(kept);
    await before.connected(first.connection);
    await before.record(true, "Hall");
    await before.share(true);
    const second = line(() => ({ session, token: "t1" }));
    await wishes(kept).connected(second.connection);
    assert.deepEqual(second.asked.slice(1), [
      ["configure", { name: "Hall", recording: true, session: "s1" }],
      ["share", { on: true, token: "t1" }],
    ]);
  });

  it("begin a new session where the old one is gone", async () => {
    const kept = storage('{"recording": true, "session": "old", "name": "Hall"}');
    const { asked, connection } = line((_event, { session: wanted }) =>
      wanted ? { error: { code: "not_found", message: "" } } : { session },
    );
    await wishes(kept).connected(connection);
    assert.deepEqual(asked.at(-1), ["configure", { recording: true, name: "Hall" }]);
    assert.equal(kept.kept.session, "s1");
  });

  it("forget a link that was withdrawn", async () => {
    const kept = storage('{"token": "t1"}');
    const { connection } = line((event) =>
      event === "share" ? { error: { code: "not_found", message: "" } } : {},
    );
    await wishes(kept).connected(connection);
    assert.equal(kept.kept.token, null);
  });

  it("end the recording with the run", async () => {
    const kept = storage();
    const { asked, connection } = line(() => ({ session }));
    const run = wishes(kept);
    await run.connected(connection);
    await run.record(true, "");
    run.stopped();
    assert.deepEqual(asked.at(-1), ["configure", { recording: false }]);
    assert.deepEqual([kept.kept.recording, kept.kept.session], [false, null]);
  });
});

describe("the picture", () => {
  it("is turned round with its boxes", () => {
    assert.deepEqual(mirrored([10, 20, 30, 40], 640), [600, 20, 30, 40]);
  });

  for (const [name, facing, label, front] of /** @type {[string, any, string, boolean][]} */ ([
    ["that says so", "user", "", true],
    ["at the back", "environment", "", false],
    ["with a telling name", undefined, "camera2 0, facing back", false],
    ["of a laptop", undefined, "FaceTime HD", true],
  ])) {
    it(`of a camera ${name} is ${front ? "" : "not "}mirrored`, () => {
      assert.equal(isFront(facing, label), front);
    });
  }
});
