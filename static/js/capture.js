/**
 * Takes pictures from a playing video at the asked rate and size, and has them encoded.
 *
 * @typedef {import("./types.js").Capture} Capture
 * @typedef {import("./types.js").Encoder} Encoder
 * @typedef {import("./types.js").Frame} Frame
 */

/** A camera's frames come a little early or late; this much early is on time. */
const TOLERANCE_MS = 5;
/** More than this being encoded at once only makes each of them late. */
const MAX_ENCODING = 2;
/** A window in which nothing moves gives no new picture; the last one is then taken again. */
const STILL_MS = 500;

/**
 * The size to send: the longer side at most `limit`, the shape kept, never enlarged.
 * @param {number} width
 * @param {number} height
 * @param {number} limit
 */
export function fitted(width, height, limit) {
  const scale = Math.min(1, limit / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Says which of the moments it is asked about to use, so that `fps` of them a second are. */
export class Pace {
  constructor() {
    this.due = -Infinity;
  }

  /** @param {number} now @param {number} fps */
  take(now, fps) {
    const interval = 1_000 / fps;
    if (now < this.due - TOLERANCE_MS) return false;
    this.due = now - this.due > interval ? now + interval : this.due + interval;
    return true;
  }
}

export class FrameSource {
  /**
   * @param {object} options
   * @param {HTMLVideoElement} options.video
   * @param {Encoder} options.encoder
   * @param {() => Capture | null} options.wanted what to take now, null for nothing
   * @param {(frame: Frame) => void} options.onFrame takes the frame over
   * @param {() => boolean} [options.unseen] of a screen or window: whether to go on while
   *   the page is hidden, or nothing moves
   * @param {AbortSignal} options.signal
   */
  constructor({ video, encoder, wanted, onFrame, unseen = () => false, signal }) {
    this.video = video;
    this.encoder = encoder;
    this.wanted = wanted;
    this.onFrame = onFrame;
    this.unseen = unseen;
    this.signal = signal;
    this.pace = new Pace();
    this.encoding = 0;
    this.cancelNext = () => {};
    signal.addEventListener("abort", () => this.cancelNext(), { once: true });
    // A hidden page is asked for no repaint: whoever shares a window looks at another one.
    const again = () => {
      this.cancelNext();
      this.#schedule();
    };
    document.addEventListener("visibilitychange", again, { signal });
    this.#schedule();
  }

  #schedule() {
    if (this.signal.aborted) return;
    const { video } = this;
    if (document.hidden && this.unseen()) {
      this.cancelNext = afterAWhile(() => this.#tick());
    } else if ("requestVideoFrameCallback" in video) {
      const handle = video.requestVideoFrameCallback(() => this.#tick());
      const still = this.unseen() ? setTimeout(() => this.#tick(), STILL_MS) : undefined;
      this.cancelNext = () => {
        video.cancelVideoFrameCallback(handle);
        clearTimeout(still);
      };
    } else {
      const handle = requestAnimationFrame(() => this.#tick());
      this.cancelNext = () => cancelAnimationFrame(handle);
    }
  }

  #tick() {
    this.cancelNext(); // what else would have led here
    this.#schedule();
    const capture = this.wanted();
    const now = performance.now();
    if (!capture || this.encoding >= MAX_ENCODING || this.video.videoWidth === 0) return;
    if (this.pace.take(now, capture.fps)) this.#grab(capture, now);
  }

  /** @param {Capture} capture @param {number} capturedAt */
  async #grab(capture, capturedAt) {
    this.encoding += 1;
    try {
      const { videoWidth, videoHeight } = this.video;
      const size = fitted(videoWidth, videoHeight, capture.width);
      const resize = size.width === videoWidth ? {} : resizing(size);
      const taken = await createImageBitmap(this.video, resize);
      if (this.signal.aborted) return taken.close();
      const { bytes, bitmap } = await this.encoder.encode(taken, capture.quality);
      if (this.signal.aborted) bitmap.close();
      else this.onFrame({ bytes, bitmap, ...size, capturedAt });
    } catch {
      // A frame that cannot be taken (the video went away under it) is simply not sent; if none
      // can be, the session notices the silence.
    } finally {
      this.encoding -= 1;
    }
  }
}

/**
 * @param {{width: number, height: number}} size
 * @returns {ImageBitmapOptions}
 */
const resizing = ({ width, height }) => ({
  resizeWidth: width,
  resizeHeight: height,
  resizeQuality: "medium",
});

/**
 * A page's own timers are slowed down to one a minute while it is hidden; a worker's are not.
 * @param {() => void} then
 * @returns {() => void} calls it off
 */
function afterAWhile(then) {
  const worker = new Worker(new URL("./pause-worker.js", import.meta.url), { type: "module" });
  const end = () => worker.terminate();
  worker.onmessage = () => {
    end();
    then();
  };
  return end;
}
