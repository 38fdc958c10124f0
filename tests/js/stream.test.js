import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { FrameStream } from "../../static/js/stream.js";

/** @typedef {import("../../static/js/types.js").Frame} Frame */
/** @typedef {import("../../static/js/types.js").FrameAck} FrameAck */

/** A frame whose bitmap remembers that it was closed. */
function frame() {
  const bitmap = {
    closed: 0,
    close() {
      this.closed += 1;
    },
  };
  return { bytes: new ArrayBuffer(1), bitmap, width: 640, height: 480, capturedAt: 0 };
}

/** @param {number} seq @returns {FrameAck} */
const result = (seq) => ({
  seq,
  width: 640,
  height: 480,
  count: 1,
  faces: [],
  peak: 1,
  tracks_seen: 1,
  timing: { queue_ms: 0, process_ms: 1 },
  dropped: 0,
  capture: { width: 640, quality: 0.7, fps: 15 },
});

/** @param {number} seq @param {string} code @returns {FrameAck} */
const refusal = (seq, code) => ({ seq, error: { code, message: "no" } });

describe("frames on their way", () => {
  /** @type {{seq: number, done: (ack: FrameAck | null) => void}[]} */
  let sent;
  /** @type {{seq: number, frame: Frame}[]} */
  let shown;
  /** @type {string[]} */
  let refused;
  /** @type {FrameStream} */
  let stream;

  /** @param {ReturnType<typeof frame>} made */
  const offer = (made) => stream.offer(/** @type {any} */ (made));

  beforeEach(() => {
    sent = [];
    shown = [];
    refused = [];
    stream = new FrameStream({
      credit: 2,
      now: () => 0,
      transmit: (seq, _bytes, done) => void sent.push({ seq, done }),
      onResult: (answer, of) => void shown.push({ seq: answer.seq, frame: of }),
      onRefused: (code) => void refused.push(code),
    });
    stream.resume();
  });

  it("are two at most", () => {
    for (let i = 0; i < 5; i += 1) offer(frame());
    assert.deepEqual(
      sent.map(({ seq }) => seq),
      [1, 2],
    );
  });

  it("have room until two are on their way, and again after an answer", () => {
    const room = [];
    for (let i = 0; i < 3; i += 1) {
      room.push(stream.hasRoom);
      offer(frame());
    }
    sent[0].done(result(1));
    sent[1].done(result(2));
    room.push(stream.hasRoom);
    stream.cut();
    room.push(stream.hasRoom);
    assert.deepEqual(room, [true, true, false, true, false]);
  });

  it("that wait give way to newer ones, and the newest leaves with the next answer", () => {
    const frames = [frame(), frame(), frame(), frame()];
    frames.forEach(offer);
    assert.equal(frames[2].bitmap.closed, 1);
    assert.equal(stream.replaced, 1);
    sent[0].done(result(1));
    assert.equal(sent.length, 3);
    sent[2].done(result(3));
    assert.equal(shown.at(-1)?.frame.bitmap, frames[3].bitmap);
  });

  it("are handed on with their own answer", () => {
    const first = frame();
    const second = frame();
    offer(first);
    offer(second);
    sent[0].done(result(1));
    sent[1].done(result(2));
    assert.deepEqual(
      shown.map(({ frame: of }) => of.bitmap),
      [first.bitmap, second.bitmap],
    );
    assert.equal(first.bitmap.closed + second.bitmap.closed, 0);
  });

  it("are not shown after a newer one was", () => {
    const late = frame();
    offer(late);
    offer(frame());
    sent[1].done(result(2));
    sent[0].done(result(1));
    assert.deepEqual(
      shown.map(({ seq }) => seq),
      [2],
    );
    assert.equal(late.bitmap.closed, 1);
  });

  for (const code of ["superseded", "busy", "invalid_frame", "frame_too_large", "rate_limited"]) {
    it(`free their place when refused as ${code}`, () => {
      const one = frame();
      offer(one);
      sent[0].done(refusal(1, code));
      assert.deepEqual(refused, [code]);
      assert.equal(one.bitmap.closed, 1);
      assert.equal(stream.inFlight.size, 0);
    });
  }

  it("free their place when no answer comes", () => {
    offer(frame());
    offer(frame());
    sent[0].done(null);
    sent[1].done(null);
    offer(frame());
    assert.deepEqual(refused, ["lost", "lost"]);
    assert.equal(sent.length, 3);
  });

  it("are thrown away while the line is down, and late answers to them ignored", () => {
    const frames = [frame(), frame(), frame()];
    frames.forEach(offer);
    stream.cut();
    assert.deepEqual(
      frames.map(({ bitmap }) => bitmap.closed),
      [1, 1, 1],
    );
    const meanwhile = frame();
    offer(meanwhile);
    assert.equal(meanwhile.bitmap.closed, 1);
    sent[0].done(result(1));
    sent[1].done(null);
    assert.deepEqual([shown, refused, sent.length], [[], [], 2]);
  });

  it("flow again after the line was down", () => {
    offer(frame());
    stream.cut();
    stream.resume();
    offer(frame());
    sent[1].done(result(2));
    assert.equal(shown.length, 1);
  });
});
