/**
 * The words and numbers around the picture. Writes to the document only what has changed, so
 * that nothing is announced or laid out twice.
 *
 * @typedef {import("./types.js").AppState} AppState
 */
import { Announcer } from "./announce.js";
import { facesInWords, pictureInWords, spokenCount, words } from "./messages.js";

/** States in which the button starts the camera; in all others it stops it. */
const STOPPED = new Set([
  "idle",
  "insecure",
  "denied",
  "no-camera",
  "in-use",
  "unplugged",
  "failed",
]);

/** @param {Readonly<AppState>} state */
export const isStopped = ({ name }) => STOPPED.has(name);

export class Panel {
  /** @param {Document} root */
  constructor(root) {
    this.root = root;
    this.announcer = new Announcer((text) => this.#write("announcement", text));
  }

  /** @param {Readonly<AppState>} state */
  render(state) {
    const counting = state.results > 0 && !isStopped(state) && state.name !== "paused";
    this.#mark("state", state.name);
    this.#mark("running", `${!isStopped(state)}`);
    this.#mark("counting", `${counting}`);
    this.#mark("digits", `${Math.min(3, `${state.count}`.length)}`);
    const { title, body, line } = words(state, navigator.userAgent);
    this.#write("notice-title", title);
    this.#write("notice-body", body);
    this.#write("notice-retry", retryInWords(state));
    this.#write("toggle", isStopped(state) ? "Start camera" : "Stop camera");
    this.#write("connection", line);
    this.#write("count", counting ? `${state.count}` : "–");
    this.#write("count-label", counting ? facesInWords(state.count) : "faces");
    this.#write("peak", counting ? `${state.peak}` : "–");
    this.#write("tracks-seen", counting ? `${state.tracksSeen}` : "–");
    this.#write("rate", counting ? state.resultsPerSecond.toFixed(1) : "–");
    this.#write("round-trip", counting ? `${Math.round(state.roundTripMs)} ms` : "–");
    this.#write("frame-size", counting ? `${state.frameWidth} × ${state.frameHeight}` : "–");
    this.#write("skipped", counting ? `${state.skipped}` : "–");
    this.#write("picture", pictureInWords(state));
    if (state.name === "live") this.announcer.hear(spokenCount(state.count));
  }

  /** @param {string} name @param {string} value */
  #mark(name, value) {
    const { dataset } = this.root.documentElement;
    if (dataset[name] !== value) dataset[name] = value;
  }

  /** @param {string} id @param {string} text */
  #write(id, text) {
    const element = this.root.getElementById(id);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

/** @param {Readonly<AppState>} state */
function retryInWords({ retryAt }) {
  if (!retryAt) return "";
  const seconds = Math.ceil((retryAt - performance.now()) / 1_000);
  return seconds > 0 ? `Trying again in ${seconds} s` : "Trying again now";
}
