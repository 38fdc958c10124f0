/**
 * @typedef {{samples: [at: number, count: number][]}
 *   | {buckets: {start: number, min: number, mean: number, max: number, samples: number}[]}} Counts
 *   what `counts.json` holds, by the second or by the minute
 */
import { History } from "./history.js";

/** A stored sample a second may come late by a moment; only a lost one is a gap. */
const GAP_MS = 2_500;

/** @param {Counts} counts */
export function storedHistory(counts) {
  if ("samples" in counts) {
    const { samples } = counts;
    const history = new History({ samples: samples.length + 1, minutes: 10_080, gapMs: GAP_MS });
    for (const [at, count] of samples) history.add(count, at);
    return history;
  }
  const history = new History({ samples: 1, minutes: counts.buckets.length + 1, gapMs: GAP_MS });
  for (const minute of counts.buckets) history.addMinute(minute);
  return history;
}
