/**
 * The words and numbers around the picture. Writes to the document only what has changed, so
 * that nothing is announced or laid out twice.
 *
 * @typedef {import("./types.js").AppState} AppState
 */
import { Announcer } from "./announce.js";
import { write } from "./dom.js";
import { language, say } from "./language.js";
import { dataRate, duration, pictureInWords, retryInWords, words } from "./messages.js";

/** States in which the button starts; in all others it stops. */
const STOPPED = new Set([
  "idle",
  "insecure",
  "denied",
  "no-camera",
  "in-use",
  "unplugged",
  "unshared",
  "ended",
  "bad-file",
  "failed",
]);
/** In these what was counted stays in sight: it went on as long as it could. */
const KEPT = new Set(["ended", "paused", "unplugged", "unshared"]);
const EMPTY = "–";

/** @param {Readonly<AppState>} state */
export const isStopped = ({ name }) => STOPPED.has(name);

export class Panel {
  /** @param {Document} root */
  constructor(root) {
    this.root = root;
    this.title = root.title;
    this.mean = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    this.announcer = new Announcer((text) => this.#write("announcement", text));
  }

  /** @param {Readonly<AppState>} state */
  render(state) {
    const running = !isStopped(state);
    const counting = state.results > 0 && (running || KEPT.has(state.name));
    this.#mark("state", state.name);
    this.#mark("running", `${running}`);
    this.#mark("counting", `${counting}`);
    this.#mark("source", state.source);
    this.#mark("mirrored", `${state.mirrored}`);
    this.#mark("alert", `${state.alert !== ""}`);
    this.#mark("digits", `${Math.min(3, `${state.count}`.length)}`);
    this.#notice(state);
    this.#write("toggle", (running ? say.stop : say.start)[state.source]);
    this.#write("picture", pictureInWords(state));
    this.#write("hint", state.alert || (state.hint && say.hints[state.hint]));
    this.#numbers(state, counting);
    this.#titled(state);
    if (state.name === "live") this.announcer.hear(say.spoken(state.count));
  }

  /** @param {Readonly<AppState>} state */
  #notice(state) {
    const { title, body, line } = words(state, navigator.userAgent);
    this.#write("notice-title", title);
    this.#write("notice-body", body);
    this.#write("notice-retry", retryInWords(state, performance.now()));
    this.#write("connection", line);
  }

  /** @param {Readonly<AppState>} state @param {boolean} counting */
  #numbers(state, counting) {
    const figures = {
      count: `${state.count}`,
      peak: `${state.peak}`,
      average: Number.isNaN(state.average) ? EMPTY : this.mean.format(state.average),
      "tracks-seen": `${state.tracksSeen}`,
      time: duration(state.startedAt ? Date.now() - state.startedAt : 0),
      rate: `${this.mean.format(state.resultsPerSecond)}/s`,
      "round-trip": `${Math.round(state.roundTripMs)} ms`,
      "data-rate": dataRate(state.bytesPerSecond),
      "frame-size": `${state.frameWidth} × ${state.frameHeight}`,
    };
    const still = isStopped(state) || state.name === "paused";
    for (const [id, text] of Object.entries(figures)) {
      if (id === "time" && still && counting) continue; // it stands where it was
      this.#write(id, counting ? text : EMPTY);
    }
    this.#write("count-label", say.faces(counting ? state.count : 0));
  }

  /** The tab tells the count, too. @param {Readonly<AppState>} state */
  #titled(state) {
    const front = state.alert ? `▲ ${state.alert}` : say.spoken(state.count);
    const title = state.name === "live" ? `${front} · streamapp` : this.title;
    if (this.root.title !== title) this.root.title = title;
  }

  /** @param {string} name @param {string} value */
  #mark(name, value) {
    const { dataset } = this.root.documentElement;
    if (dataset[name] !== value) dataset[name] = value;
  }

  /** @param {string} id @param {string} text */
  #write(id, text) {
    const element = this.root.getElementById(id);
    if (element) write(element, text);
  }
}
