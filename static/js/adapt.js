/**
 * What to capture: the server's wish, lessened while the line is slow.
 *
 * A frame's round trip on the network (the server's own time taken off) is held below a budget.
 * Over it, the next frames are smaller and fewer; well under it for some seconds, one step is
 * taken back. A climb that had to be undone doubles the wait before the next one. Where smaller
 * frames do not come back sooner the delay is distance, not width: the budget is moved up by it.
 *
 * Pure: every time is an argument, in milliseconds.
 *
 * @typedef {import("./types.js").Capture} Capture
 */
import { median } from "./measure.js";

/** Factors on the server's wish, from its own to the least that still makes sense. */
export const LEVELS = Object.freeze([
  { width: 1, quality: 1, fps: 1 },
  { width: 1, quality: 0.85, fps: 0.7 },
  { width: 0.75, quality: 0.8, fps: 0.7 },
  { width: 0.625, quality: 0.75, fps: 0.5 },
  { width: 0.5, quality: 0.7, fps: 0.4 },
  { width: 0.375, quality: 0.6, fps: 0.25 },
]);

const FLOOR = { width: 240, quality: 0.35, fps: 3 };
const BUDGET_MS = 250;
/** Together with a distance the budget stays within this, as long as the distance leaves it some. */
const AGE_MS = 450;
const LEAST_BUDGET_MS = 120;
/** Room below the budget before anything is tried that takes more time. */
const MARGIN_MS = 100;
const SAMPLES = 8;
const FIRST_CLIMB_WAIT_MS = 5_000;
const LONGEST_CLIMB_WAIT_MS = 60_000;

export class Adaptation {
  /** @param {Capture} wish */
  constructor(wish) {
    this.wish = wish;
    this.level = 0;
    /** @type {number[]} round trips of frames captured since the last change */
    this.samples = [];
    this.changedAt = -Infinity;
    this.lastMove = "none";
    this.medianBefore = 0;
    this.futileSteps = 0;
    this.distance = 0;
    this.climbWait = FIRST_CLIMB_WAIT_MS;
  }

  /** @returns {Capture} what to capture now */
  get capture() {
    const factor = LEVELS[this.level];
    const scaled = {
      width: Math.round((this.wish.width * factor.width) / 16) * 16,
      quality: this.wish.quality * factor.quality,
      fps: this.wish.fps * factor.fps,
    };
    return {
      width: Math.min(this.wish.width, Math.max(FLOOR.width, scaled.width)),
      quality: Math.min(this.wish.quality, Math.max(FLOOR.quality, scaled.quality)),
      fps: Math.min(this.wish.fps, Math.max(FLOOR.fps, scaled.fps)),
    };
  }

  /** The round trip above which less is captured, in milliseconds. */
  get budget() {
    const { distance } = this;
    return Math.min(distance + BUDGET_MS, Math.max(AGE_MS, distance + LEAST_BUDGET_MS));
  }

  /**
   * One frame came back.
   * @param {number} ms its round trip without the server's time
   * @param {number} sentAt
   * @param {number} now
   */
  roundTrip(ms, sentAt, now) {
    if (sentAt < this.changedAt) return; // it tells about the size before the change
    this.samples.push(ms);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const typical = median(this.samples);
    this.distance = Math.min(this.distance, typical);
    const { budget } = this;
    if (this.samples.length >= 2 && typical > budget) {
      this.#descend(typical > budget + BUDGET_MS ? 2 : 1, typical, now);
    } else if (this.#mayClimb(typical, now)) {
      this.#move(this.level - 1, "up", typical, now);
    }
  }

  /**
   * A frame was lost on the way, or was too large.
   * @param {number} now
   */
  lost(now) {
    this.#descend(2, Infinity, now);
  }

  /** @param {number} typical @param {number} now */
  #mayClimb(typical, now) {
    return (
      this.level > 0 &&
      this.samples.length >= Math.min(SAMPLES, 4) &&
      typical < this.budget - MARGIN_MS &&
      now - this.changedAt >= this.climbWait
    );
  }

  /** @param {number} steps @param {number} typical @param {number} now */
  #descend(steps, typical, now) {
    const helped = this.lastMove !== "down" || typical < 0.9 * this.medianBefore;
    this.futileSteps = helped ? 0 : this.futileSteps + 1;
    if (this.futileSteps >= 2 && Number.isFinite(typical)) {
      this.distance = typical;
      this.#move(this.level, "none", typical, now);
    } else if (this.level === LEVELS.length - 1) {
      this.lastMove = "none"; // nothing was tried, so nothing can be learnt from what comes
    } else {
      if (this.lastMove === "up" && now - this.changedAt < 2 * FIRST_CLIMB_WAIT_MS) {
        this.climbWait = Math.min(LONGEST_CLIMB_WAIT_MS, 2 * this.climbWait);
      }
      this.#move(this.level + steps, "down", typical, now);
    }
  }

  /** @param {number} level @param {string} move @param {number} typical @param {number} now */
  #move(level, move, typical, now) {
    this.level = Math.min(LEVELS.length - 1, Math.max(0, level));
    this.lastMove = move;
    this.medianBefore = typical;
    this.changedAt = now;
    this.samples.length = 0;
  }
}
