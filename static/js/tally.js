/**
 * The figures of one run as the person sees it, from start to stop. The server counts anew on
 * every connection; here a pause, a lost line or a restart takes nothing back.
 *
 * Pure: every time is an argument, in milliseconds.
 */

/** Without a result for longer than this, the time between does not count for the average. */
const GAP_MS = 2_000;

export class Tally {
  constructor() {
    this.peak = 0;
    this.tracksSeen = 0;
    this.counted = 0;
    this.weighted = 0;
    this.count = 0;
    this.base = 0;
    this.lastAt = NaN;
  }

  /** The mean of the count over the time in which there was one; NaN before. */
  get average() {
    return this.counted ? this.weighted / this.counted : NaN;
  }

  /** A new connection: its server starts at none seen, with those that are in the picture. */
  reconnected() {
    this.base = Math.max(0, this.tracksSeen - this.count);
  }

  /** @param {{count: number, peak: number, tracks_seen: number}} result @param {number} at */
  add({ count, peak, tracks_seen: seen }, at) {
    const passed = at - this.lastAt;
    if (passed > 0 && passed <= GAP_MS) {
      this.counted += passed;
      this.weighted += passed * this.count;
    }
    this.lastAt = at;
    this.count = count;
    this.peak = Math.max(this.peak, peak);
    this.tracksSeen = Math.max(this.tracksSeen, this.base + seen);
  }
}
