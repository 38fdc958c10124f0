/**
 * One run of the live count, from “Start camera” to “Stop camera”: source → frames → server →
 * boxes. Everything it opens hangs on one AbortController; `stop` leaves nothing behind.
 *
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").FrameResult} FrameResult
 * @typedef {import("./types.js").PageConfig} PageConfig
 * @typedef {import("./types.js").ServerStatus} ServerStatus
 * @typedef {import("./types.js").Source} Source
 * @typedef {import("./types.js").StateName} StateName
 * @typedef {import("./overlay.js").Overlay} Overlay
 * @typedef {import("./history.js").History} History
 * @typedef {import("./store.js").Store} Store
 * @typedef {import("./tally.js").Tally} Tally
 * @typedef {import("./wishes.js").Wishes} Wishes
 * @typedef {ReturnType<LiveSession["stats"]>} Stats
 */
import { Adaptation } from "./adapt.js";
import { problemOf } from "./camera.js";
import { FrameSource } from "./capture.js";
import { Connection } from "./connection.js";
import { createEncoder } from "./encoder.js";
import { Hints } from "./hints.js";
import { Meters } from "./meters.js";
import { SourceSlot } from "./source-slot.js";
import { FrameStream } from "./stream.js";
import { keepAwake } from "./wake-lock.js";

const TICK_MS = 500;
/** Connected, yet without a result for this long: the page says so. */
const SILENCE_MS = 4_000;
const BUSY_RETRY_S = 5;
const READY_BELOW_MS = 150;

export class LiveSession {
  /**
   * @param {object} options
   * @param {PageConfig} options.config
   * @param {HTMLVideoElement} options.video
   * @param {Overlay} options.overlay
   * @param {History} options.history
   * @param {Store} options.store
   * @param {Tally} options.tally
   * @param {Wishes} options.wishes
   * @param {(count: number) => void} options.onCount
   */
  constructor({ config, video, overlay, history, store, tally, wishes, onCount }) {
    this.config = config;
    this.video = video;
    this.overlay = overlay;
    this.history = history;
    this.store = store;
    this.tally = tally;
    this.wishes = wishes;
    this.onCount = onCount;
    this.abort = new AbortController();
    this.adaptation = new Adaptation(config.capture);
    this.maxFrameBytes = config.max_frame_bytes;
    this.meters = new Meters();
    this.hints = new Hints(store);
    this.lastResultAt = 0;
    this.slot = new SourceSlot({
      video,
      width: config.capture.width,
      signal: this.abort.signal,
      onOpened: ({ source, deviceId, front }) =>
        store.update({ source: source.kind, deviceId, front }),
      onEnded: (state) => this.#onEnded(state),
    });
    this.droppedByServer = 0;
    /** @type {Connection | null} */
    this.connection = null;
    this.stream = new FrameStream({
      credit: config.credit,
      now: () => performance.now(),
      transmit: (seq, bytes, done) => this.connection?.send(seq, bytes, done),
      onResult: (result, frame, sentAt) => this.#onResult(result, frame, sentAt),
      onRefused: (code) => this.#onRefused(code),
    });
  }

  /** @param {Source} source */
  async start(source) {
    const { signal } = this.abort;
    const name = source.kind === "camera" ? "asking" : "choosing";
    this.store.update({ name: source.kind === "file" ? "connecting" : name, source: source.kind });
    try {
      await this.slot.open(source);
    } catch (error) {
      if (!signal.aborted) this.stop(problemOf(error));
      return;
    }
    if (signal.aborted) return;
    this.store.update({ name: "connecting" });
    this.#connect();
    keepAwake(signal);
  }

  /** Another source, in the middle of it all. @param {Source} source */
  async change(source) {
    try {
      if (!(await this.slot.change(source))) this.hints.show("unchanged");
    } catch (error) {
      if (!this.abort.signal.aborted) this.stop(problemOf(error));
    }
  }

  #connect() {
    const { signal } = this.abort;
    this.connection = new Connection({
      onStatus: (status) => this.#onStatus(status),
      onDown: () => this.#onDown(),
      onRecording: (content) => this.wishes.lost(content),
    });
    const encoder = createEncoder();
    new FrameSource({
      video: this.video,
      encoder,
      signal,
      unseen: () => this.slot.opened?.source.kind === "screen",
      wanted: () => this.#wanted(),
      onFrame: (frame) => this.#onFrame(frame),
    });
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener("abort", () => {
      clearInterval(ticker);
      encoder.destroy();
      this.wishes.disconnected();
      this.connection?.close();
      this.stream.cut();
      this.overlay.clear();
    });
  }

  /** @param {StateName} name what the page shows from now on */
  stop(name = "idle") {
    if (this.abort.signal.aborted) return;
    this.abort.abort();
    this.store.update({ name, retryAt: 0, hint: "", alert: "", faces: [] });
  }

  /** The source ended by itself. @param {StateName} state */
  async #onEnded(state) {
    if (state !== "unplugged") return this.stop(state);
    const left = await navigator.mediaDevices.enumerateDevices();
    const gone = this.store.state.deviceId;
    const other = left.find(({ kind, deviceId }) => kind === "videoinput" && deviceId !== gone);
    if (this.abort.signal.aborted) return;
    if (!other) return this.stop("unplugged");
    await this.change({ kind: "camera", deviceId: other.deviceId });
    this.hints.show("switched");
  }

  /** A copy of the measurements; see docs/frontend.md. */
  stats() {
    const { state } = this.store;
    const now = performance.now();
    return {
      state: state.name,
      connection: this.connection?.connected ? "connected" : "disconnected",
      transport: this.connection?.transport ?? "",
      results: state.results,
      ...this.meters.stats(now),
      count: state.count,
      peak: state.peak,
      tracksSeen: state.tracksSeen,
      faces: structuredClone(state.faces),
      frame: { width: state.frameWidth, height: state.frameHeight },
      sent: this.stream.sent,
      inFlight: this.stream.inFlight.size,
      skipped: this.#skipped,
      capture: this.adaptation.capture,
      level: this.adaptation.level,
    };
  }

  get #skipped() {
    return this.stream.replaced + this.droppedByServer;
  }

  /** What to take now. A line that is quick finds the next picture ready; on one that is slow it
   * would only grow old waiting, so it is taken when there is room for it. */
  #wanted() {
    const ready = this.stream.hasRoom || this.store.state.roundTripMs < READY_BELOW_MS;
    return this.stream.open && ready ? this.adaptation.capture : null;
  }

  /** @param {Frame} frame */
  #onFrame(frame) {
    if (frame.bytes.byteLength > this.maxFrameBytes) {
      frame.bitmap.close();
      this.adaptation.lost(performance.now());
      return;
    }
    this.meters.bytes.add(performance.now(), frame.bytes.byteLength);
    this.stream.offer(frame);
  }

  /** @param {FrameResult} result @param {Frame} frame @param {number} sentAt */
  #onResult(result, frame, sentAt) {
    const now = performance.now();
    const roundTrip = now - sentAt;
    const { queue_ms, process_ms } = result.timing;
    this.adaptation.wish = result.capture;
    this.adaptation.roundTrip(Math.max(0, roundTrip - queue_ms - process_ms), sentAt, now);
    this.meters.roundTrips.add(roundTrip);
    this.meters.results.add(now);
    this.history.add(result.count, Date.now());
    this.tally.add(result, now);
    this.onCount(result.count);
    this.lastResultAt = now;
    this.hints.result(result.count, this.stream.open, now);
    this.droppedByServer = result.dropped;
    this.overlay.show(frame.bitmap, result.faces, () =>
      this.meters.captureToBoxes.add(performance.now() - frame.capturedAt),
    );
    this.store.update({
      // The last answers of a server that is leaving still count, but do not call it back.
      ...(this.stream.open ? { name: "live", retryAt: 0 } : {}),
      count: result.count,
      peak: this.tally.peak,
      tracksSeen: this.tally.tracksSeen,
      average: this.tally.average,
      startedAt: this.store.state.startedAt || Date.now(),
      faces: result.faces,
      results: this.store.state.results + 1,
      frameWidth: result.width,
      frameHeight: result.height,
    });
  }

  /** @param {string} code */
  #onRefused(code) {
    if (code === "lost" || code === "frame_too_large" || code === "rate_limited") {
      this.adaptation.lost(performance.now());
    } else if (code === "busy" && this.stream.open) {
      this.#onStatus({ state: "busy", message: "" });
    }
  }

  /** Its sentence speaks to programs; the page has its own for people. @param {ServerStatus} status */
  #onStatus({ state, retry_after: retryAfter, capture, max_frame_bytes: maxBytes }) {
    if (capture) this.adaptation.wish = capture;
    if (maxBytes) this.maxFrameBytes = maxBytes;
    if (state === "ready") {
      this.stream.resume();
      this.lastResultAt = performance.now();
      this.tally.reconnected();
      if (this.connection) this.wishes.connected(this.connection);
      // A full server says so only when a frame comes: until then its words stay where they are.
      if (this.store.state.name !== "busy") this.store.update({ name: "connecting" });
    } else if (state === "busy") {
      this.hints.away();
      // Spread out, so that those who were turned away together do not come back together.
      const seconds = (retryAfter ?? BUSY_RETRY_S) * (1 + Math.random() / 4);
      this.stream.cut();
      this.connection?.rest(seconds);
      this.store.update({ name: "busy", retryAt: performance.now() + seconds * 1_000 });
    } else if (state === "draining") {
      this.hints.away();
      this.stream.open = false; // frames on their way are still answered
      this.connection?.expectClose();
      this.store.update({ name: "draining" });
    } else if (state === "unauthorized") {
      // The password has changed since this page was opened: loaded anew, it leads to the door.
      window.location.reload();
    }
  }

  #onDown() {
    this.stream.cut();
    if (this.store.state.results > 0) this.hints.away();
    const expected = this.store.state.name === "draining";
    this.store.update({ name: expected ? "draining" : "offline", retryAt: 0 });
  }

  #tick() {
    const now = performance.now();
    const silent = this.stream.open && now - this.lastResultAt > SILENCE_MS;
    const { fps } = this.config.capture;
    this.hints.tick(now);
    this.store.update({
      ...(silent ? { name: "waiting" } : {}),
      ...this.meters.shown(now),
      skipped: this.#skipped,
      level: this.adaptation.level,
      serverSaving: this.adaptation.wish.fps < 0.8 * fps,
      transport: this.connection?.transport ?? "",
    });
  }
}
