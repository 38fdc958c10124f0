/**
 * The line of a viewer: namespace `/watch`, one socket, which comes back by itself until it is
 * refused for good.
 *
 * @typedef {"connecting" | "live" | "offline" | "revoked" | "unknown"} Line
 * @typedef {import("socket.io-client").Socket} Socket
 * @typedef {import("./streams.js").Streams} Streams
 */
import { io } from "socket.io-client";

const RETRY_MS = 5_000;
/** Refusals that are not for good. */
const PASSING = ["busy", "unavailable", "rate_limited"];

export class Viewer {
  /** @type {Line} */
  line = "connecting";
  #abort = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {{token: string} | {wall: true}} options.auth
   * @param {Streams} options.streams
   * @param {() => void} options.onChange after every message and every change of the line
   * @param {(url: string, options: object) => Socket} [options.connect]
   */
  constructor({ auth, streams, onChange, connect = io }) {
    this.onChange = onChange;
    this.socket = connect("/watch", {
      auth,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
    const now = () => performance.now();
    this.#on("state", (state) => {
      this.line = "live";
      streams.onState(state.streams, now());
    });
    this.#on("count", (message) => streams.onCount(message, now()));
    this.#on("gone", ({ stream }) => streams.onGone(stream));
    this.#on("revoked", () => this.#end("revoked"));
    this.#on("refused", (refusal) => this.#onRefused(refusal));
    this.#on("disconnect", () => this.#onDown());
    this.#on("connect_error", () => this.#onDown());
  }

  close() {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.socket.disconnect();
  }

  /** @param {string} event @param {(message: any) => void} handler */
  #on(event, handler) {
    const handle = (/** @type {any} */ message) => {
      handler(message);
      this.onChange();
    };
    this.socket.on(event, handle);
    this.#abort.signal.addEventListener("abort", () => this.socket.off(event, handle));
  }

  /** @param {Line} line */
  #end(line) {
    this.line = line;
    this.socket.disconnect();
  }

  #onDown() {
    if (this.line === "revoked" || this.line === "unknown") return;
    this.line = "offline";
    // After the server's own goodbye the socket does not come back by itself.
    if (!this.socket.active) this.#rest();
  }

  /** @param {{code: string}} refusal the server's last word before it hangs up */
  #onRefused({ code }) {
    if (!PASSING.includes(code)) return this.#end("unknown");
    this.line = "offline";
    this.#rest();
  }

  /** Leaves, and comes back. */
  #rest() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.socket.connect(), RETRY_MS);
    this.socket.disconnect();
  }
}
