/**
 * When the count crosses a limit: once it has held for long enough, and again only after it has
 * clearly gone back.
 *
 * Pure: every time is an argument, in milliseconds.
 *
 * @typedef {object} Rule
 * @property {"off" | "above" | "below"} direction
 * @property {number} limit above: at least this many; below: at most
 * @property {number} hold seconds for which it has to be so
 */

/** Back by this many before the limit can be crossed again. */
const HYSTERESIS = 1;
/** Without a result for longer than this, nothing is known to have held. */
const GAP_MS = 3_000;

export class Threshold {
  /** @param {Readonly<Rule>} rule */
  constructor(rule) {
    this.rule = rule;
    this.over = false;
    this.since = NaN;
    this.lastAt = NaN;
  }

  /**
   * @param {number} count
   * @param {number} now
   * @returns {"fired" | "cleared" | null} what has just happened
   */
  hear(count, now) {
    if (now - this.lastAt > GAP_MS) this.since = NaN;
    this.lastAt = now;
    if (this.over) return this.#back(count) ? this.#clear() : null;
    if (!this.#beyond(count)) {
      this.since = NaN;
      return null;
    }
    if (Number.isNaN(this.since)) this.since = now;
    if (now - this.since < this.rule.hold * 1_000) return null;
    this.over = true;
    return "fired";
  }

  /** @param {number} count */
  #beyond(count) {
    const { direction, limit } = this.rule;
    return direction === "above" ? count >= limit : direction === "below" && count <= limit;
  }

  /** @param {number} count */
  #back(count) {
    const { direction, limit } = this.rule;
    return direction === "above" ? count <= limit - HYSTERESIS : count >= limit + HYSTERESIS;
  }

  #clear() {
    this.over = false;
    this.since = NaN;
    return /** @type {const} */ ("cleared");
  }
}
