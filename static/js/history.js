/**
 * The count over the last moments, in equal steps of time; a step without a result is a gap.
 * Bounded by construction. Times are arguments, in milliseconds.
 */
export class History {
  /** @param {{spanMs?: number, stepMs?: number}} [options] */
  constructor({ spanMs = 60_000, stepMs = 250 } = {}) {
    this.stepMs = stepMs;
    this.size = Math.round(spanMs / stepMs);
    /** @type {Map<number, number>} step number to the last count seen in it */
    this.steps = new Map();
  }

  /** @param {number} count @param {number} now */
  add(count, now) {
    const step = Math.floor(now / this.stepMs);
    this.steps.set(step, count);
    for (const old of this.steps.keys()) {
      if (old > step - this.size) break; // a Map keeps the order of insertion: oldest first
      this.steps.delete(old);
    }
  }

  /**
   * Oldest first, always `size` long, null where nothing was counted.
   * @param {number} now
   * @returns {(number | null)[]}
   */
  series(now) {
    const last = Math.floor(now / this.stepMs);
    return Array.from({ length: this.size }, (_, i) => {
      const step = last - this.size + 1 + i;
      // A slow line may answer less than once a step: one empty step is no gap yet.
      return this.steps.get(step) ?? this.steps.get(step - 1) ?? null;
    });
  }

  clear() {
    this.steps.clear();
  }
}
