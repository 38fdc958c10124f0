/**
 * What the pages of those who watch have in common: a line, a picture drawn anew when something
 * has changed and twice a second, a voice for it, and an end when the page goes.
 *
 * @typedef {import("./streams.js").Streams} Streams
 */
import { Announcer } from "./announce.js";
import { byId, write } from "./dom.js";
import { Viewer } from "./viewer.js";

const TICK_MS = 500;

/** @param {string} id @param {string} text */
export const say = (id, text) => write(byId(id), text);

export class ViewerPage {
  #waiting = false;

  /**
   * @param {object} options
   * @param {{token: string} | {wall: true}} options.auth
   * @param {Streams} options.streams
   * @param {() => void} options.render
   */
  constructor({ auth, streams, render }) {
    this.render = render;
    this.announcer = new Announcer((text) => say("announcement", text));
    this.viewer = new Viewer({ auth, streams, onChange: () => this.#schedule() });
    const ticker = setInterval(() => this.#schedule(), TICK_MS);
    addEventListener("pagehide", () => {
      clearInterval(ticker);
      this.viewer.close();
    });
    // A page that comes back out of the browser's cache has no line any more.
    addEventListener("pageshow", (/** @type {PageTransitionEvent} */ event) => {
      if (event.persisted) location.reload();
    });
  }

  /** However much arrives, at most once for each picture of the screen. */
  #schedule() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.render();
    });
  }

  /** @param {import("./watch-words.js").WatchState} state @param {{line: string, title: string, body: string}} words */
  show(state, { line, title, body }) {
    document.documentElement.dataset.state = state;
    say("line", line);
    say("notice-title", title);
    say("notice-body", body);
  }
}
