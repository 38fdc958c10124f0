/**
 * The count over time, for a day and in bounded memory: samples where the count changes and at
 * least once a second, and beside them the lowest, mean and highest count of every minute.
 * Times are milliseconds since 1970 and arguments; nothing here asks a clock.
 *
 * @typedef {{at: number, text: string}} Mark
 * @typedef {{at: number, count: number}} Sample
 * @typedef {{start: number, min: number, mean: number, max: number, samples: number}} Minute
 * @typedef {{kind: "samples", rows: Sample[]} | {kind: "minutes", rows: Minute[]}} View
 */
import { Ring } from "./ring.js";

export const MINUTE_MS = 60_000;
const SAMPLE_MS = 1_000;
/** Up to this long a view shows every sample, beyond it minutes. */
const SAMPLES_UP_TO_MS = 15 * MINUTE_MS;
const MARKS = 200;

export class History {
  #samples;
  #minutes;
  #lastAt = -Infinity;
  #lastCount = 0;

  /** @type {Mark[]} oldest first */
  marks = [];

  /**
   * 20,000 samples are five hours of a count that stands still, twenty minutes of one that
   * changes fifteen times a second.
   * @param {{samples?: number, minutes?: number, gapMs?: number}} [options]
   *   gapMs: without a result for longer than this, the line is broken
   */
  constructor({ samples = 20_000, minutes = 1_440, gapMs = 2_000 } = {}) {
    this.gapMs = gapMs;
    this.#samples = new Ring(samples, 2);
    this.#minutes = new Ring(minutes, 6);
  }

  /** When the first count was seen, of those that are still kept; NaN where there is none. */
  get first() {
    return this.#minutes.length ? Math.min(this.#minutes.at(0, 4), this.#oldestSample) : NaN;
  }

  /** When the last count was seen; NaN where there is none. */
  get last() {
    return this.#lastAt === -Infinity ? NaN : this.#lastAt;
  }

  get #oldestSample() {
    return this.#samples.length ? this.#samples.at(0) : Infinity;
  }

  /** @param {number} count @param {number} at */
  add(count, at) {
    const now = Math.max(at, this.#lastAt); // a clock that was put back does not undo what was
    this.#addToMinute(count, now);
    const last = this.#samples.length - 1;
    const stored = last < 0 ? -Infinity : this.#samples.at(last);
    const broken = now - this.#lastAt > this.gapMs;
    if (broken && this.#lastAt > stored) this.#samples.push(this.#lastAt, this.#lastCount);
    if (broken || count !== this.#lastCount || now - stored >= SAMPLE_MS) {
      this.#samples.push(now, count);
    }
    this.#lastAt = now;
    this.#lastCount = count;
  }

  /**
   * A minute that was summed up elsewhere; later than all before.
   * @param {Minute} minute
   */
  addMinute({ start, min, mean, max, samples }) {
    this.#minutes.push(start, min, max, mean * samples, start, samples);
    this.#lastAt = start + MINUTE_MS;
  }

  /** @param {number} at @param {string} text what happened, in words */
  mark(at, text) {
    this.marks.push({ at, text });
    if (this.marks.length > MARKS) this.marks.shift();
  }

  /**
   * What is known from `from` to `to`: samples where the stretch is short and they reach back
   * that far, minutes otherwise. The rows at both ends may reach out of the stretch.
   * @param {number} from @param {number} to
   * @returns {View}
   */
  view(from, to) {
    const reaches = Math.max(from, this.first) >= this.#oldestSample;
    return to - from <= SAMPLES_UP_TO_MS && reaches
      ? { kind: "samples", rows: this.#samplesWithin(from, to) }
      : { kind: "minutes", rows: this.minutes(from, to) };
  }

  /**
   * The minutes that begin within the stretch, and the one that reaches into it.
   * @param {number} from @param {number} to
   * @returns {Minute[]}
   */
  minutes(from = -Infinity, to = Infinity) {
    const rows = [];
    for (let i = this.#minutes.search(from - MINUTE_MS + 1); i < this.#minutes.length; i++) {
      const [start, min, max, sum, , samples] = this.#minutes.row(i);
      if (start > to) break;
      rows.push({ start, min, mean: sum / samples, max, samples });
    }
    return rows;
  }

  clear() {
    this.#samples.clear();
    this.#minutes.clear();
    this.#lastAt = -Infinity;
    this.#lastCount = 0;
    this.marks = [];
  }

  /** @param {number} from @param {number} to */
  #samplesWithin(from, to) {
    /** @type {Sample[]} */
    const rows = [];
    // The step that holds at `from` began before it, and the one at `to` ends after it.
    const begin = Math.max(0, this.#samples.search(from) - 1);
    for (let i = begin; i < this.#samples.length; i++) {
      rows.push({ at: this.#samples.at(i), count: this.#samples.at(i, 1) });
      if (this.#samples.at(i) > to) return rows;
    }
    const tail = rows.at(-1)?.at ?? Infinity;
    if (this.#lastAt > tail) rows.push({ at: this.#lastAt, count: this.#lastCount });
    return rows;
  }

  /** @param {number} count @param {number} now */
  #addToMinute(count, now) {
    const start = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const last = this.#minutes.length - 1;
    if (last < 0 || this.#minutes.at(last) !== start) {
      this.#minutes.push(start, count, count, count, now, 1);
      return;
    }
    const [, min, max, sum, first, samples] = this.#minutes.row(last);
    const lowest = Math.min(min, count);
    const highest = Math.max(max, count);
    this.#minutes.set(last, start, lowest, highest, sum + count, first, samples + 1);
  }
}
