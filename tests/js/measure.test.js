import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { median, quantile, Rate, Recent } from "../../static/js/measure.js";

describe("a quantile", () => {
  for (const { name, samples, q, expected } of [
    { name: "of nothing is 0", samples: [], q: 0.5, expected: 0 },
    { name: "of one sample is that sample", samples: [7], q: 0.95, expected: 7 },
    { name: "at 0 is the least", samples: [3, 1, 2], q: 0, expected: 1 },
    { name: "at 1 is the most", samples: [3, 1, 2], q: 1, expected: 3 },
    { name: "sorts as numbers, not as text", samples: [10, 9, 100], q: 0.5, expected: 10 },
  ]) {
    it(name, () => assert.equal(quantile(samples, q), expected));
  }

  it("leaves the samples as they were", () => {
    const samples = [3, 1, 2];
    median(samples);
    assert.deepEqual(samples, [3, 1, 2]);
  });
});

it("recent samples are bounded", () => {
  const recent = new Recent(3);
  for (let i = 0; i < 100; i += 1) recent.add(i);
  assert.deepEqual(recent.values, [97, 98, 99]);
});

describe("a rate", () => {
  it("is that of the marks", () => {
    const rate = new Rate();
    for (let now = 0; now <= 2_000; now += 50) rate.add(now);
    assert.equal(Math.round(rate.perSecond(2_000)), 20);
  });

  it("is right already in the first second", () => {
    const rate = new Rate();
    for (let now = 0; now <= 300; now += 100) rate.add(now);
    assert.equal(Math.round(rate.perSecond(300)), 10);
  });

  it("falls to 0 when nothing comes any more", () => {
    const rate = new Rate();
    rate.add(0);
    rate.add(100);
    assert.equal(rate.perSecond(5_000), 0);
    assert.equal(rate.marks.length, 0);
  });

  it("adds amounts", () => {
    const rate = new Rate();
    for (let now = 0; now <= 1_000; now += 100) rate.add(now, 500);
    assert.equal(rate.perSecond(1_000), 5_000);
  });
});
