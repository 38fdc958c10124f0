import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Streams } from "../../static/js/streams.js";
import { Viewer } from "../../static/js/viewer.js";

/** A socket as far as the viewer knows it. */
class FakeSocket {
  active = true;
  left = false;
  /** @type {Map<string, (message?: any) => void>} */
  handlers = new Map();

  /** @param {string} event @param {(message: any) => void} handler */
  on(event, handler) {
    assert.ok(!this.handlers.has(event), `${event} is bound twice`);
    this.handlers.set(event, handler);
  }
  /** @param {string} event */
  off(event) {
    this.handlers.delete(event);
  }
  disconnect() {
    this.active = false;
    this.left = true;
  }
  connects = 0;
  connect() {
    this.connects += 1;
  }
  /** @param {string} event @param {object} [message] */
  tell(event, message) {
    this.handlers.get(event)?.(message);
  }
}

function open() {
  const socket = new FakeSocket();
  let changes = 0;
  const viewer = new Viewer({
    auth: { token: "t" },
    streams: new Streams(),
    onChange: () => (changes += 1),
    connect: () => /** @type {any} */ (socket),
  });
  return { socket, viewer, changes: () => changes };
}

describe("a viewer's line", () => {
  it("is live with the first state, and tells of every message", () => {
    const { socket, viewer, changes } = open();
    assert.equal(viewer.line, "connecting");
    socket.tell("state", { streams: [] });
    assert.deepEqual([viewer.line, changes()], ["live", 1]);
  });

  it("is offline while the network is away, and live again by itself", () => {
    const { socket, viewer } = open();
    socket.tell("state", { streams: [] });
    socket.tell("disconnect");
    assert.equal(viewer.line, "offline");
    socket.tell("connect_error", { message: "xhr poll error" });
    assert.equal(viewer.line, "offline");
    socket.tell("state", { streams: [] });
    assert.equal(viewer.line, "live");
    viewer.close();
  });

  it("ends when the link is withdrawn, and stays so", () => {
    const { socket, viewer } = open();
    socket.tell("state", { streams: [] });
    socket.tell("revoked", {});
    socket.tell("disconnect");
    assert.deepEqual([viewer.line, socket.left], ["revoked", true]);
  });

  it("ends when the link is unknown", () => {
    const { socket, viewer } = open();
    socket.tell("connect");
    socket.tell("refused", { code: "not_found", message: "No such link." });
    socket.tell("disconnect");
    assert.deepEqual([viewer.line, socket.left], ["unknown", true]);
  });

  it("rests when too many watch, and comes back", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { socket, viewer } = open();
    socket.tell("connect");
    socket.tell("refused", { code: "busy", message: "Full." });
    socket.tell("disconnect");
    assert.deepEqual([viewer.line, socket.left, socket.connects], ["offline", true, 0]);
    context.mock.timers.tick(5_000);
    assert.equal(socket.connects, 1);
    viewer.close();
  });

  it("lets all of its handlers go", () => {
    const { socket, viewer } = open();
    viewer.close();
    assert.deepEqual([socket.handlers.size, socket.left], [0, true]);
  });
});
