/** Small bounded measures. Times are arguments, in milliseconds. */

/**
 * The value below which the share `q` of the samples lies (nearest rank); 0 of none.
 * @param {readonly number[]} samples
 * @param {number} q 0 to 1
 */
export function quantile(samples, q) {
  if (samples.length === 0) return 0;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
}

/** @param {readonly number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/** The last `size` samples. */
export class Recent {
  /** @param {number} size */
  constructor(size) {
    this.size = size;
    /** @type {number[]} */
    this.values = [];
  }

  /** @param {number} value */
  add(value) {
    this.values.push(value);
    if (this.values.length > this.size) this.values.shift();
  }

  /** @param {number} q */
  quantile(q) {
    return quantile(this.values, q);
  }
}

/** An amount a second over the last moments. */
export class Rate {
  /** @param {number} windowMs */
  constructor(windowMs = 2_000) {
    this.windowMs = windowMs;
    /** @type {{time: number, amount: number}[]} */
    this.marks = [];
  }

  /** @param {number} now @param {number} amount */
  add(now, amount = 1) {
    this.marks.push({ time: now, amount });
    this.#forget(now);
  }

  /** @param {number} now */
  perSecond(now) {
    this.#forget(now);
    if (this.marks.length < 2) return 0;
    // From the first mark, so that the first second of a run does not read as a slow one.
    const span = Math.max(now - this.marks[0].time, 1);
    const amount = this.marks.slice(1).reduce((sum, mark) => sum + mark.amount, 0);
    return (amount * 1_000) / span;
  }

  /** @param {number} now */
  #forget(now) {
    while (this.marks.length > 0 && this.marks[0].time < now - this.windowMs) this.marks.shift();
  }
}
