import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { PendingDeletion } from "../../static/js/gallery-pending.js";
import { UploadQueue } from "../../static/js/upload-queue.js";
import { Refusal, refusalOf } from "../../static/js/upload-send.js";
import { parseWishes } from "../../static/js/upload-wishes.js";
import { fileSize, objection, progressInWords } from "../../static/js/upload-words.js";

const WISHES = { detector: "cascade", blur: false };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const photo = (name = "a.jpg", size = 10) => new File([new Uint8Array(size)], name);
const answer = (count = 1) => ({ id: "1", filename: "a.jpg", count, annotated_url: "/a" });

/** A queue whose requests are answered by the test. */
function setUp() {
  /** @type {{resolve: Function, reject: Function, signal: AbortSignal, progress: (sent: number) => void}[]} */
  const requests = [];
  const queue = new UploadQueue({
    send: (_file, _wishes, progress, signal) =>
      new Promise((resolve, reject) => requests.push({ resolve, reject, signal, progress })),
    changed: () => {},
    maxBytes: 100,
  });
  const states = () => queue.entries.map((entry) => entry.state);
  return { queue, requests, states };
}

describe("the upload queue", () => {
  it("sends two at once and the third when one is answered", async () => {
    const { queue, requests, states } = setUp();
    queue.add([photo(), photo(), photo()]);
    assert.deepEqual(states(), ["chosen", "chosen", "chosen"]);
    queue.start(WISHES);
    assert.deepEqual(states(), ["sending", "sending", "waiting"]);
    requests[0].progress(0.5);
    assert.equal(queue.entries[0].sent, 0.5);
    requests[0].progress(1);
    requests[1].resolve(answer());
    await settled();
    assert.deepEqual(states(), ["counting", "done", "sending"]);
    assert.ok(queue.busy);
  });

  it("refuses a file that is too large without sending it", () => {
    const { queue, requests, states } = setUp();
    queue.add([photo("large.jpg", 101), photo("empty.jpg", 0)]);
    queue.start(WISHES);
    assert.deepEqual(states(), ["failed", "failed"]);
    assert.equal(requests.length, 0);
    assert.ok(!queue.busy);
  });

  it("stops a file that is on its way, and sends it again when asked", async () => {
    const { queue, requests, states } = setUp();
    const [entry] = queue.add([photo()]);
    queue.start(WISHES);
    queue.cancel(entry);
    assert.ok(requests[0].signal.aborted);
    requests[0].reject(new Refusal("Stopped."));
    await settled();
    assert.deepEqual(states(), ["cancelled"]);
    queue.retry(entry);
    requests[1].resolve(answer());
    await settled();
    assert.deepEqual(states(), ["done"]);
  });

  it("shows the server's own sentence", async () => {
    const { queue, requests } = setUp();
    const [entry] = queue.add([photo()]);
    queue.start(WISHES);
    requests[0].reject(new Refusal("The file is cut off.", false));
    await settled();
    assert.equal(entry.message, "The file is cut off.");
    assert.equal(entry.retryable, false);
  });

  it("rests as long as a busy server asks, then goes on by itself", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { queue, requests, states } = setUp();
      queue.add([photo(), photo(), photo()]);
      queue.start(WISHES);
      requests[0].reject(new Refusal("Too many.", true, 3));
      requests[1].resolve(answer());
      await settled();
      assert.deepEqual(states(), ["waiting", "done", "waiting"]);
      mock.timers.tick(3000);
      assert.deepEqual(states(), ["sending", "done", "sending"]);
    } finally {
      mock.timers.reset();
    }
  });
});

describe("a refusal", () => {
  const body = JSON.stringify({ error: { code: "x", message: "In words." } });

  for (const [name, status, text, header, expected] of /** @type {const} */ ([
    ["a bad file is final", 415, body, null, ["In words.", false, 0]],
    ["too many requests", 429, body, "7", ["In words.", true, 7]],
    ["a patient server", 503, body, "99999", ["In words.", true, 120]],
    [
      "a proxy's page",
      502,
      "<html>",
      null,
      ["The server gave no clear answer. Try again in a moment.", true, 0],
    ],
  ])) {
    it(`is understood: ${name}`, () => {
      const { message, retryable, retryAfter, language } = refusalOf(status, text, header);
      assert.equal(language, text === body ? "en" : "", "the API speaks English");
      assert.deepEqual([message, retryable, retryAfter], expected);
    });
  }
});

describe("the words of the photo pages", () => {
  it("give sizes as the limits are given", () => {
    assert.deepEqual([999, 1000, 999_499, 999_500, 10_000_000, 12_340_000].map(fileSize), [
      "999 bytes",
      "1 kB",
      "999 kB",
      "1 MB",
      "10 MB",
      "12.3 MB",
    ]);
  });

  it("object to nothing but size", () => {
    assert.equal(objection({ size: 100 }, 100), "");
    assert.match(objection({ size: 101 }, 100), /101 bytes.*100 bytes/);
    assert.match(objection({ size: 0 }, 100), /empty/);
  });

  it("sum up what is done, going and refused", async () => {
    const { queue, requests } = setUp();
    assert.equal(progressInWords(queue.entries), "");
    queue.add([photo(), photo(), photo("large.jpg", 101)]);
    queue.start(WISHES);
    requests[0].resolve(answer(5));
    await settled();
    assert.equal(
      progressInWords(queue.entries),
      "1 photo counted, 5 faces found; 1 photo to go; 1 photo could not be counted.",
    );
  });
});

describe("remembered wishes", () => {
  for (const [name, text, expected] of /** @type {const} */ ([
    ["nothing yet", null, {}],
    ["all of them", '{"detector":"yunet","blur":true}', { detector: "yunet", blur: true }],
    ["an engine that is gone", '{"detector":"old","blur":false}', { blur: false }],
    ["no JSON", "{", {}],
    ["null", "null", {}],
  ])) {
    it(`are read: ${name}`, () =>
      assert.deepEqual(parseWishes(text, ["cascade", "yunet"]), expected));
  }
});

describe("a deletion", () => {
  /** @param {(deletion: PendingDeletion, sent: string[][]) => void} test */
  function withClock(test) {
    mock.timers.enable({ apis: ["setTimeout"] });
    /** @type {string[][]} */
    const sent = [];
    try {
      test(new PendingDeletion({ send: (ids) => sent.push(ids) }), sent);
    } finally {
      mock.timers.reset();
    }
  }

  it("is sent after six seconds", () =>
    withClock((deletion, sent) => {
      deletion.begin(["a"]);
      mock.timers.tick(5999);
      assert.deepEqual(sent, []);
      mock.timers.tick(1);
      assert.deepEqual(sent, [["a"]]);
    }));

  it("is never sent when it is taken back", () =>
    withClock((deletion, sent) => {
      deletion.begin(["a"]);
      assert.deepEqual(deletion.undo(), ["a"]);
      mock.timers.tick(60_000);
      deletion.flush();
      assert.deepEqual(sent, []);
    }));

  it("is sent at once when the next begins or the page is left, and only once", () =>
    withClock((deletion, sent) => {
      deletion.begin(["a"]);
      deletion.begin(["b", "c"]);
      assert.deepEqual(sent, [["a"]]);
      deletion.flush();
      mock.timers.tick(60_000);
      assert.deepEqual(sent, [["a"], ["b", "c"]]);
    }));
});
