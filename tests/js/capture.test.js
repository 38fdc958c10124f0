import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fitted, Pace } from "../../static/js/capture.js";

describe("the size to send", () => {
  for (const { name, from, limit, expected } of [
    { name: "as it is", from: [640, 480], limit: 640, expected: [640, 480] },
    { name: "never enlarged", from: [320, 240], limit: 640, expected: [320, 240] },
    { name: "halved", from: [1280, 720], limit: 640, expected: [640, 360] },
    {
      name: "upright: the longer side counts",
      from: [720, 1280],
      limit: 640,
      expected: [360, 640],
    },
    { name: "a sliver keeps a pixel", from: [4000, 1], limit: 640, expected: [640, 1] },
  ]) {
    it(name, () => {
      const { width, height } = fitted(from[0], from[1], limit);
      assert.deepEqual([width, height], expected);
    });
  }
});

describe("the pace", () => {
  /** @param {number} camera frames a second @param {number} fps @param {number} jitter ms */
  function taken(camera, fps, jitter = 0) {
    const pace = new Pace();
    let count = 0;
    for (let i = 0; i < camera * 10; i += 1) {
      const now = (i * 1_000) / camera + (i % 2 ? jitter : -jitter);
      if (pace.take(now, fps)) count += 1;
    }
    return count / 10;
  }

  for (const { camera, fps, expected } of [
    { camera: 30, fps: 30, expected: 30 },
    { camera: 30, fps: 15, expected: 15 },
    { camera: 30, fps: 20, expected: 20 },
    { camera: 30, fps: 7, expected: 7 },
    { camera: 10, fps: 15, expected: 10 },
    { camera: 60, fps: 15, expected: 15 },
  ]) {
    it(`takes ${expected} a second from ${camera} when asked for ${fps}`, () => {
      assert.ok(Math.abs(taken(camera, fps) - expected) <= 0.3, `took ${taken(camera, fps)}`);
    });
  }

  it("misses no frame of a camera that is a little uneven", () => {
    assert.ok(taken(30, 30, 2) > 29.5);
  });

  it("does not make up for a pause by a burst", () => {
    const pace = new Pace();
    pace.take(0, 10);
    const burst = [10_000, 10_010, 10_020, 10_030].filter((now) => pace.take(now, 10));
    assert.deepEqual(burst, [10_000]);
  });
});
