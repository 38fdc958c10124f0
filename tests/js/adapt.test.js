import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Adaptation, LEVELS } from "../../static/js/adapt.js";
import { quantile } from "../../static/js/measure.js";

const WISH = { width: 640, quality: 0.7, fps: 15 };

/** A frame at the server's own wish, in bytes; it shrinks with the picture's area and quality. */
const FULL_FRAME = 36_000;
/** @param {import("../../static/js/types.js").Capture} capture */
const bytesOf = ({ width, quality }) => FULL_FRAME * (width / 640) ** 2 * (quality / 0.7);

/**
 * A line that carries one frame after another, with two in flight as the page has them.
 * @param {Adaptation} adaptation
 * @param {{from: number, to: number, bitsPerSecond: number, latency: number}} line
 * @returns {{at: number, age: number}[]} when each frame came back, and how old it was then
 */
function run(adaptation, { from, to, bitsPerSecond, latency }) {
  const shown = [];
  /** @type {{sentAt: number, backAt: number}[]} */
  let inFlight = [];
  let lineFreeAt = from;
  let due = from;
  for (let now = from; now < to; now += 1) {
    for (const { sentAt } of inFlight.filter(({ backAt }) => backAt <= now)) {
      adaptation.roundTrip(now - sentAt, sentAt, now);
      shown.push({ at: now, age: now - sentAt });
    }
    inFlight = inFlight.filter(({ backAt }) => backAt > now);
    if (now >= due && inFlight.length < 2) {
      const { capture } = adaptation;
      lineFreeAt = Math.max(lineFreeAt, now) + (bytesOf(capture) * 8_000) / bitsPerSecond;
      inFlight.push({ sentAt: now, backAt: lineFreeAt + latency });
      due = now + 1_000 / capture.fps;
    }
  }
  return shown;
}

/** @param {{at: number, age: number}[]} shown @param {number} after */
const p95After = (shown, after) =>
  quantile(
    shown.filter(({ at }) => at > after).map(({ age }) => age),
    0.95,
  );

describe("adaptation", () => {
  it("captures what the server asked for on a good line, for ever", () => {
    const adaptation = new Adaptation(WISH);
    run(adaptation, { from: 0, to: 60_000, bitsPerSecond: 50e6, latency: 20 });
    assert.deepEqual(adaptation.capture, WISH);
  });

  for (const latency of [30, 75, 150, 300]) {
    it(`keeps the boxes under half a second old at 1 Mbit/s and ${latency} ms`, () => {
      const adaptation = new Adaptation(WISH);
      const shown = run(adaptation, { from: 0, to: 60_000, bitsPerSecond: 1e6, latency });
      assert.ok(p95After(shown, 5_000) < 480, `p95 is ${p95After(shown, 5_000)} ms`);
      assert.ok(shown.length > 60 * 3, "and still several results a second");
    });
  }

  it("goes to the bottom of the ladder on a line that carries next to nothing, and no further", () => {
    const adaptation = new Adaptation(WISH);
    run(adaptation, { from: 0, to: 60_000, bitsPerSecond: 100e3, latency: 300 });
    assert.equal(adaptation.level, LEVELS.length - 1);
    assert.equal(adaptation.capture.width, 240);
  });

  it("stays at the bottom of a line that is both long and narrow, where the boxes are freshest", () => {
    const adaptation = new Adaptation({ ...WISH, fps: 30 });
    const shown = run(adaptation, { from: 0, to: 60_000, bitsPerSecond: 300e3, latency: 300 });
    assert.ok(adaptation.level >= LEVELS.length - 2);
    assert.ok(p95After(shown, 10_000) < 600, `p95 is ${p95After(shown, 10_000)} ms`);
  });

  it("does not give up the picture for a line that is only long", () => {
    const adaptation = new Adaptation(WISH);
    run(adaptation, { from: 0, to: 120_000, bitsPerSecond: 50e6, latency: 600 });
    assert.equal(adaptation.level, 0);
  });

  it("recovers step by step when the line does", () => {
    const adaptation = new Adaptation(WISH);
    run(adaptation, { from: 0, to: 20_000, bitsPerSecond: 0.5e6, latency: 150 });
    const low = adaptation.level;
    assert.ok(low >= 3);
    run(adaptation, { from: 20_000, to: 24_000, bitsPerSecond: 50e6, latency: 20 });
    assert.equal(adaptation.level, low - 1);
    run(adaptation, { from: 24_000, to: 120_000, bitsPerSecond: 50e6, latency: 20 });
    assert.deepEqual(adaptation.capture, WISH);
  });

  it("climbs ever more rarely where each climb has to be undone", () => {
    const adaptation = new Adaptation(WISH);
    /** @type {number[]} */
    const changes = [];
    let level = adaptation.level;
    for (let now = 0; now < 300_000; now += 100) {
      adaptation.roundTrip(adaptation.level === 0 ? 400 : 40, now - 50, now);
      if (adaptation.level !== level) changes.push(now);
      level = adaptation.level;
    }
    const half = changes.filter((at) => at < 150_000).length;
    assert.ok(changes.length - half < half, `${half} changes, then ${changes.length - half}`);
  });

  it("obeys a server that asks for less at once", () => {
    const adaptation = new Adaptation(WISH);
    adaptation.wish = { width: 320, quality: 0.5, fps: 5 };
    assert.deepEqual(adaptation.capture, { width: 320, quality: 0.5, fps: 5 });
  });

  it("never asks for more than the server does, at any level", () => {
    const wish = { width: 160, quality: 0.2, fps: 2 };
    const adaptation = new Adaptation(wish);
    for (let i = 0; i < LEVELS.length; i += 1) {
      assert.deepEqual(adaptation.capture, wish);
      adaptation.lost(i);
    }
  });

  it("takes a lost frame as a sign to send much less", () => {
    const adaptation = new Adaptation(WISH);
    adaptation.lost(1_000);
    assert.equal(adaptation.level, 2);
  });

  it("ignores what frames from before the last change say", () => {
    const adaptation = new Adaptation(WISH);
    adaptation.lost(1_000);
    for (let i = 0; i < 8; i += 1) adaptation.roundTrip(5_000, 900, 1_100 + i);
    assert.equal(adaptation.level, 2);
  });
});
