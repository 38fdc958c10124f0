import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { WorkerEncoder } from "../../static/js/encoder.js";

/** A worker that answers when it is told to. */
class FakeWorker {
  constructor() {
    FakeWorker.last = this;
    /** @type {{id: number, bitmap: any, quality: number}[]} */
    this.requests = [];
    this.terminated = false;
    this.onmessage = (/** @type {{data: object}} */ _event) => {};
    this.onerror = () => {};
  }

  /** @param {{id: number, bitmap: any, quality: number}} request */
  postMessage(request) {
    this.requests.push(request);
  }

  terminate() {
    this.terminated = true;
  }
}
/** @type {FakeWorker} */
FakeWorker.last = /** @type {any} */ (null);

function bitmap() {
  return {
    closed: 0,
    close() {
      this.closed += 1;
    },
  };
}

describe("the encoder in a worker", () => {
  const original = globalThis.Worker;
  /** @type {WorkerEncoder} */
  let encoder;
  /** @type {FakeWorker} */
  let worker;

  /** @param {ReturnType<typeof bitmap>} of */
  const encode = (of) => encoder.encode(/** @type {any} */ (of), 0.7);

  beforeEach(() => {
    globalThis.Worker = /** @type {any} */ (FakeWorker);
    encoder = new WorkerEncoder({
      encode: async (of) => ({ bytes: new ArrayBuffer(99), bitmap: of }),
      destroy() {},
    });
    worker = FakeWorker.last;
  });

  afterEach(() => {
    globalThis.Worker = original;
  });

  it("gives each answer to its own request, in whatever order they come", async () => {
    const first = encode(bitmap());
    const second = encode(bitmap());
    const [one, two] = worker.requests;
    worker.onmessage({ data: { id: two.id, bytes: new ArrayBuffer(2), bitmap: two.bitmap } });
    worker.onmessage({ data: { id: one.id, bytes: new ArrayBuffer(1), bitmap: one.bitmap } });
    assert.equal((await first).bytes.byteLength, 1);
    assert.equal((await second).bytes.byteLength, 2);
  });

  it("closes the bitmap of a frame that could not be encoded", async () => {
    const failing = encode(bitmap());
    const [{ id, bitmap: back }] = worker.requests;
    worker.onmessage({ data: { id, bitmap: back, failure: "no context" } });
    await assert.rejects(failing, /no context/);
    assert.equal(back.closed, 1);
  });

  it("hands over to the page's own encoder when the worker fails", async () => {
    const lost = encode(bitmap());
    worker.onerror();
    await assert.rejects(lost);
    assert.equal((await encode(bitmap())).bytes.byteLength, 99);
  });

  it("ends the worker and every promise when destroyed", async () => {
    const lost = encode(bitmap());
    encoder.destroy();
    await assert.rejects(lost, /gone/);
    assert.ok(worker.terminated);
  });
});
