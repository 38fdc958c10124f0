import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Announcer } from "../../static/js/announce.js";
import { CameraProblem, problemOf } from "../../static/js/camera.js";
import { CATALOGUES, say } from "../../static/js/language.js";
import { duration, howToAllow, pictureInWords, words } from "../../static/js/messages.js";
import { defaults, Store } from "../../static/js/store.js";

/** @typedef {import("../../static/js/types.js").StateName} StateName */

/** @type {StateName[]} */
const WITH_NOTICE = [
  "idle",
  "asking",
  "choosing",
  "connecting",
  "waiting",
  "offline",
  "busy",
  "draining",
  "paused",
  "insecure",
  "denied",
  "no-camera",
  "in-use",
  "unplugged",
  "unshared",
  "ended",
  "bad-file",
  "failed",
];

describe("a camera that does not start", () => {
  for (const [name, state] of [
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "no-camera"],
    ["OverconstrainedError", "no-camera"],
    ["NotReadableError", "in-use"],
    ["AbortError", "in-use"],
    ["SomethingNew", "failed"],
  ]) {
    it(`with ${name} is shown as ${state}`, () => {
      assert.equal(problemOf(new DOMException("", name)), state);
    });
  }

  it("keeps a state that is already known", () => {
    assert.equal(problemOf(new CameraProblem("insecure")), "insecure");
  });
});

describe("the words", () => {
  it("of a stretch of time are those of a clock", () => {
    const told = [0, 59_900, 245_000, 3_845_000].map(duration);
    assert.deepEqual(told, ["0:00", "0:59", "4:05", "1:04:05"]);
  });

  for (const [language, { states }] of Object.entries(CATALOGUES)) {
    it(`say something of their own in every state (${language})`, () => {
      const bodies = Object.entries(states).filter(([name]) => !["live", "denied"].includes(name));
      assert.ok(bodies.every(([, { title, body, line }]) => title && body && line));
    });
  }

  for (const name of WITH_NOTICE) {
    it(`are there for ${name}`, () => {
      const { title, body, line } = words({ ...defaults(), name }, "Chrome/140 Safari/537.36");
      assert.ok(title && line);
      assert.match(body, /[.]$/);
    });
  }

  it("tell the way back for each browser", () => {
    const agents = ["Firefox/140.0", "Version/18.0 Safari/605.1", "Chrome/140.0 Safari/537.36"];
    assert.equal(new Set(agents.map(howToAllow)).size, 3);
  });

  it("of the first visit are the same in the page and in the script", async () => {
    const page = await readFile(new URL("../../templates/live.html", import.meta.url), "utf8");
    const { title, body } = words(defaults(), "");
    assert.ok(page.includes(`_("${title}")`) && page.includes(`_("${body}")`));
  });

  it("say what the adaptation does only while it does it", () => {
    assert.equal(pictureInWords(defaults()), "");
    const live = { ...defaults(), name: /** @type {const} */ ("live") };
    assert.match(pictureInWords(live), /^Good/);
    assert.match(pictureInWords({ ...live, level: 1 }), /^Slow/);
    assert.match(pictureInWords({ ...live, level: 5 }), /^Very slow/);
    assert.match(pictureInWords({ ...live, serverSaving: true }), /server/);
  });
});

describe("the spoken count", () => {
  it("is a phrase", () => {
    assert.deepEqual([0, 1, 2].map(say.spoken), ["No faces", "1 face", "2 faces"]);
  });

  it("is said once it has settled, and not at every change", () => {
    let now = 0;
    /** @type {string[]} */
    const said = [];
    const announcer = new Announcer(
      (text) => void said.push(text),
      () => now,
    );
    for (; now < 20_000; now += 100) {
      const flickers = now >= 3_000 && now < 8_000 && now % 600 < 300;
      announcer.hear(say.spoken(now < 3_000 ? 1 : flickers ? 1 : 2));
    }
    assert.deepEqual(said, ["1 face", "2 faces"]);
  });
});

describe("the store", () => {
  it("shows the changes of one moment together", () => {
    /** @type {(() => void)[]} */
    const frames = [];
    const store = new Store((redraw) => void frames.push(redraw));
    /** @type {number[]} */
    const shown = [];
    store.subscribe(({ count }) => void shown.push(count));
    store.update({ count: 1 });
    store.update({ count: 2 });
    assert.equal(frames.length, 1);
    frames[0]();
    store.update({ count: 3 });
    assert.equal(frames.length, 2);
    assert.deepEqual(shown, [0, 2]);
  });
});
