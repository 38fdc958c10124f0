/**
 * The one source that plays during a run, and how another takes its place.
 *
 * @typedef {import("./types.js").Opened} Opened
 * @typedef {import("./types.js").Source} Source
 * @typedef {import("./types.js").StateName} StateName
 */
import { openSource } from "./camera.js";

export class SourceSlot {
  /**
   * @param {object} options
   * @param {HTMLVideoElement} options.video
   * @param {number} options.width
   * @param {AbortSignal} options.signal of the run
   * @param {(opened: Opened) => void} options.onOpened
   * @param {(state: StateName) => void} options.onEnded
   */
  constructor({ video, width, signal, onOpened, onEnded }) {
    this.video = video;
    this.width = width;
    this.signal = signal;
    this.onOpened = onOpened;
    this.onEnded = onEnded;
    /** @type {Opened | null} */
    this.opened = null;
    this.abort = new AbortController();
    signal.addEventListener("abort", () => this.abort.abort(), { once: true });
  }

  /**
   * In place of what plays now. Rejects where it cannot be had; what played before goes on then,
   * unless it was a camera and another was asked for: phones have one at a time.
   * @param {Source} source
   */
  async open(source) {
    if (source.kind === "camera") this.abort.abort();
    const before = this.video.srcObject;
    const next = new AbortController();
    try {
      const opened = await openSource(this.video, source, {
        width: this.width,
        signal: next.signal,
        onEnded: this.onEnded,
      });
      if (this.signal.aborted) throw new DOMException("", "AbortError");
      this.abort.abort();
      this.abort = next;
      this.opened = opened;
      this.onOpened(opened);
    } catch (error) {
      next.abort();
      if (before && !this.abort.signal.aborted && this.video.srcObject !== before) {
        this.video.srcObject = before; // a file that cannot be played has taken its place
        await this.video.play();
      }
      throw error;
    }
  }

  /**
   * As `open`, and back to what was before where that fails.
   * @param {Source} source
   * @returns {Promise<boolean>} whether it is the new one that plays
   */
  async change(source) {
    const before = this.opened?.source;
    try {
      await this.open(source);
      return true;
    } catch (error) {
      if (this.signal.aborted || !before) throw error;
      // A screen or file that failed was not begun, and the camera plays on.
      if (this.abort.signal.aborted || before.kind === "file") await this.open(before);
      return false;
    }
  }
}
