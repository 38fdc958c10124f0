/**
 * The line to the server. One socket a run; its handlers are bound once and all let go by one
 * AbortController, so that coming back never doubles them.
 *
 * @typedef {import("./types.js").FrameAck} FrameAck
 * @typedef {import("./types.js").ServerStatus} ServerStatus
 * @typedef {import("./types.js").WishAnswer} WishAnswer
 * @typedef {import("socket.io-client").Socket} Socket
 */
import { io } from "socket.io-client";

const ANSWER_TIMEOUT_MS = 5_000;
const RETRY_S = 3;
/** A server that says it is leaving is left after this long, should it stay. */
const DRAIN_S = 8;

export class Connection {
  /**
   * @param {object} options
   * @param {(status: ServerStatus) => void} options.onStatus
   * @param {() => void} options.onDown
   * @param {(content: {reason?: string}) => void} [options.onRecording] ended by the server
   * @param {(options: object) => Socket} [options.connect]
   */
  constructor({ onStatus, onDown, onRecording = () => {}, connect = io }) {
    this.onStatus = onStatus;
    this.onDown = onDown;
    this.abort = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.resting = false;
    this.socket = connect({
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      timeout: 10_000,
    });
    this.#on("status", onStatus);
    this.#on("recording", onRecording);
    this.#on("connect", () => this.#onConnect());
    this.#on("disconnect", () => this.#onDisconnect());
    this.#on("connect_error", (error) => this.#onConnectError(error));
  }

  get connected() {
    return this.socket.connected;
  }

  /** @returns {string} "websocket", "polling", or "" */
  get transport() {
    return this.connected ? (this.socket.io.engine?.transport.name ?? "") : "";
  }

  /**
   * @param {number} seq
   * @param {ArrayBuffer} bytes
   * @param {(ack: FrameAck | null) => void} done
   */
  send(seq, bytes, done) {
    this.socket
      .timeout(ANSWER_TIMEOUT_MS)
      .emit(
        "frame",
        { seq },
        bytes,
        (/** @type {Error | null} */ lost, /** @type {FrameAck} */ ack) => done(lost ? null : ack),
      );
  }

  /**
   * @param {"configure" | "share"} event
   * @param {object} options
   * @returns {Promise<WishAnswer | null>} null: no answer came in time
   */
  async request(event, options) {
    if (!this.connected) return null; // it would wait among frames, and go with them
    try {
      return await this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck(event, options);
    } catch {
      return null;
    }
  }

  /** @param {"configure"} event @param {object} options */
  tell(event, options) {
    this.socket.emit(event, options);
  }

  /**
   * Leaves, and comes back after `seconds`.
   * @param {number} [seconds]
   */
  rest(seconds = RETRY_S) {
    clearTimeout(this.timer);
    this.resting = true;
    this.timer = setTimeout(() => {
      this.resting = false;
      this.socket.connect();
    }, seconds * 1_000);
    this.socket.disconnect();
  }

  /** The server is about to leave: it closes the line, and the socket comes back by itself. */
  expectClose() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(1), DRAIN_S * 1_000);
  }

  close() {
    clearTimeout(this.timer);
    this.abort.abort();
    this.socket.disconnect();
  }

  /** @param {string} event @param {(...args: any[]) => void} handler */
  #on(event, handler) {
    this.socket.on(event, handler);
    this.abort.signal.addEventListener("abort", () => this.socket.off(event, handler), {
      once: true,
    });
  }

  #onConnect() {
    clearTimeout(this.timer);
    // Whatever the socket kept while it was away is a picture of the past.
    this.socket.sendBuffer = [];
  }

  #onDisconnect() {
    if (this.resting) return;
    clearTimeout(this.timer);
    this.onDown();
    // After "io server disconnect" the socket never comes back by itself.
    if (!this.socket.active) this.rest();
  }

  /** @param {Error & {data?: Partial<ServerStatus>}} error */
  #onConnectError(error) {
    if (error.data?.state) {
      this.onStatus({ message: error.message, ...error.data, state: error.data.state });
      return;
    }
    this.onDown();
    // A handshake that hangs never falls through to the next transport: let it be polling's turn.
    if (error.message === "timeout") this.socket.io.opts.transports = ["polling", "websocket"];
    if (!this.socket.active) this.rest();
  }
}
