/**
 * Frames on their way: at most `credit` unanswered, and of those that wait the newest wins.
 *
 * Owns every frame that is offered to it until the frame is handed on with its answer; whatever
 * is replaced, refused, lost or cut off has its bitmap closed here.
 *
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").FrameAck} FrameAck
 * @typedef {import("./types.js").FrameResult} FrameResult
 * @typedef {(seq: number, bytes: ArrayBuffer, done: (ack: FrameAck | null) => void) => void} Transmit
 *   sends one frame; calls `done` once, with null if no answer came in time
 */
export class FrameStream {
  /**
   * @param {object} options
   * @param {number} options.credit
   * @param {Transmit} options.transmit
   * @param {(result: FrameResult, frame: Frame, sentAt: number) => void} options.onResult
   *   takes the frame over
   * @param {(code: string) => void} options.onRefused
   * @param {() => number} options.now
   */
  constructor({ credit, transmit, onResult, onRefused, now }) {
    this.credit = credit;
    this.transmit = transmit;
    this.onResult = onResult;
    this.onRefused = onRefused;
    this.now = now;
    /** @type {Map<number, {frame: Frame, sentAt: number}>} */
    this.inFlight = new Map();
    /** @type {Frame | null} */
    this.pending = null;
    this.open = false;
    this.seq = 0;
    this.lastShown = 0;
    this.sent = 0;
    this.replaced = 0;
  }

  /** The line is there: frames may leave. */
  resume() {
    this.open = true;
  }

  /** Whether a frame offered now leaves at once. */
  get hasRoom() {
    return this.open && this.inFlight.size < this.credit;
  }

  /** @param {Frame} frame */
  offer(frame) {
    if (!this.open) {
      frame.bitmap.close();
    } else if (this.hasRoom) {
      this.#send(frame);
    } else {
      if (this.pending) {
        this.pending.bitmap.close();
        this.replaced += 1;
      }
      this.pending = frame;
    }
  }

  /** The line is gone or the run is over: nothing is kept for later, late answers are ignored. */
  cut() {
    this.open = false;
    for (const { frame } of this.inFlight.values()) frame.bitmap.close();
    this.inFlight.clear();
    this.pending?.bitmap.close();
    this.pending = null;
  }

  /** @param {Frame} frame */
  #send(frame) {
    this.seq += 1;
    const seq = this.seq;
    this.inFlight.set(seq, { frame, sentAt: this.now() });
    this.sent += 1;
    this.transmit(seq, frame.bytes, (ack) => this.#answer(seq, ack));
  }

  /** @param {number} seq @param {FrameAck | null} ack */
  #answer(seq, ack) {
    const entry = this.inFlight.get(seq);
    if (!entry) return;
    this.inFlight.delete(seq);
    const next = this.pending;
    this.pending = null;
    if (next) this.#send(next);
    if (ack && !("error" in ack) && seq > this.lastShown) {
      this.lastShown = seq;
      this.onResult(ack, entry.frame, entry.sentAt);
      return;
    }
    entry.frame.bitmap.close();
    if (!ack) this.onRefused("lost");
    else if ("error" in ack) this.onRefused(ack.error.code);
  }
}
