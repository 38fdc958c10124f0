import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Connection } from "../../static/js/connection.js";

/** What socket.io-client's socket does, as far as a connection leans on it. */
class FakeSocket {
  /** @param {object} options */
  constructor(options) {
    this.options = options;
    /** @type {Map<string, Set<Function>>} */
    this.handlers = new Map();
    this.connected = false;
    this.active = true;
    /** @type {unknown[]} */
    this.sendBuffer = [];
    this.io = { engine: { transport: { name: "websocket" } }, opts: { transports: ["websocket"] } };
    this.connects = 0;
  }

  /** @param {string} event @param {Function} handler */
  on(event, handler) {
    this.handlers.set(event, (this.handlers.get(event) ?? new Set()).add(handler));
  }

  /** @param {string} event @param {Function} handler */
  off(event, handler) {
    this.handlers.get(event)?.delete(handler);
  }

  connect() {
    this.connects += 1;
    this.active = true;
  }

  disconnect() {
    const was = this.connected;
    this.connected = false;
    this.active = false;
    if (was) this.fire("disconnect", "io client disconnect");
  }

  /** @param {string} event @param {...unknown} args */
  fire(event, ...args) {
    if (event === "connect") this.connected = true;
    if (event === "disconnect") this.connected = false;
    for (const handler of [...(this.handlers.get(event) ?? [])]) handler(...args);
  }

  get bound() {
    return [...this.handlers.values()].reduce((sum, handlers) => sum + handlers.size, 0);
  }
}

describe("the connection", () => {
  /** @type {FakeSocket} */
  let socket;
  /** @type {string[]} */
  let seen;
  /** @type {Connection} */
  let connection;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    seen = [];
    connection = new Connection({
      onStatus: ({ state }) => void seen.push(state),
      onDown: () => void seen.push("down"),
      connect: (options) => {
        socket = new FakeSocket(options);
        return /** @type {any} */ (socket);
      },
    });
  });

  afterEach(() => mock.timers.reset());

  it("tries websocket first and falls back to polling", () => {
    const { transports, tryAllTransports } = /** @type {any} */ (socket.options);
    assert.deepEqual(transports, ["websocket", "polling"]);
    assert.equal(tryAllTransports, true);
  });

  it("binds its handlers once, however often it comes back", () => {
    const { bound } = socket;
    for (let i = 0; i < 5; i += 1) {
      socket.fire("connect");
      socket.fire("status", { state: "ready", message: "" });
      socket.fire("disconnect", "transport close");
    }
    assert.equal(socket.bound, bound);
    assert.deepEqual(seen, Array(5).fill(["ready", "down"]).flat());
  });

  it("throws away what the socket kept while it was down", () => {
    socket.sendBuffer.push("an old frame");
    socket.fire("connect");
    assert.deepEqual(socket.sendBuffer, []);
  });

  it("comes back by itself after the server has closed it for good", () => {
    socket.fire("connect");
    socket.active = false;
    socket.fire("disconnect", "io server disconnect");
    mock.timers.tick(3_000);
    assert.equal(socket.connects, 1);
  });

  it("leaves a full server quietly and comes back when told to", () => {
    socket.fire("connect");
    connection.rest(4);
    assert.equal(socket.connected, false);
    mock.timers.tick(3_900);
    assert.equal(socket.connects, 0);
    mock.timers.tick(100);
    assert.equal(socket.connects, 1);
    assert.deepEqual(seen, []);
  });

  it("reads a refused handshake that carries a state as that state", () => {
    const refused = Object.assign(new Error("full"), { data: { state: "busy", retry_after: 2 } });
    socket.fire("connect_error", refused);
    assert.deepEqual(seen, ["busy"]);
  });

  it("lets polling go first after a handshake that hung", () => {
    socket.fire("connect_error", new Error("timeout"));
    assert.deepEqual(socket.io.opts.transports, ["polling", "websocket"]);
  });

  it("leaves a server that said it would close and did not", () => {
    socket.fire("connect");
    connection.expectClose();
    mock.timers.tick(8_000);
    assert.equal(socket.connected, false);
    mock.timers.tick(1_000);
    assert.equal(socket.connects, 1);
  });

  it("lets go of everything when closed", () => {
    socket.fire("connect");
    connection.rest(1);
    connection.close();
    mock.timers.tick(60_000);
    assert.equal(socket.bound, 0);
    assert.equal(socket.connects, 0);
    assert.equal(socket.connected, false);
  });
});
