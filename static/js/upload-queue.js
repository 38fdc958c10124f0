/** Who is sent when: a few at once, the rest in order. Knows neither the page nor the network. */
import { photoWords } from "./photo-words.js";
import { Refusal } from "./upload-send.js";
import { objection } from "./upload-words.js";

/** @typedef {import("./photos.js").UploadEntry} UploadEntry */

const TRIES = 5;
const ACTIVE = ["sending", "counting"];

export class UploadQueue {
  #send;
  #changed;
  #maxBytes;
  #atOnce;
  #nextId = 1;
  /** Nothing is sent while the server asked for patience. */
  #resting = false;

  /** @type {UploadEntry[]} */
  entries = [];

  /**
   * @param {{send: import("./photos.js").Send, changed: (entry: UploadEntry) => void,
   *   maxBytes: number, atOnce?: number}} parts
   */
  constructor({ send, changed, maxBytes, atOnce = 2 }) {
    this.#send = send;
    this.#changed = changed;
    this.#maxBytes = maxBytes;
    this.#atOnce = atOnce;
  }

  get busy() {
    return this.entries.some((e) => e.state === "waiting" || ACTIVE.includes(e.state));
  }

  /** Files to send later; one that is too large fails right here. @param {File[]} files */
  add(files) {
    const added = files.map((file) => {
      const message = objection(file, this.#maxBytes);
      return /** @type {UploadEntry} */ ({
        id: this.#nextId++,
        file,
        state: message ? "failed" : "chosen",
        sent: 0,
        message,
        language: "",
        retryable: false,
        attempts: 0,
        wishes: { detector: "", blur: false },
        answer: null,
        controller: null,
      });
    });
    this.entries.push(...added);
    return added;
  }

  /** Send what was chosen. @param {import("./photos.js").Wishes} wishes */
  start(wishes) {
    for (const entry of this.entries) {
      if (entry.state !== "chosen") continue;
      entry.wishes = wishes;
      this.#become(entry, "waiting");
    }
    this.#next();
  }

  /** @param {UploadEntry} entry */
  cancel(entry) {
    // Whether the server had already counted it, nobody can tell from here.
    const message = entry.state === "counting" ? photoWords().stoppedLate : photoWords().stopped;
    entry.retryable = true;
    this.#become(entry, "cancelled", message);
    entry.controller?.abort();
    this.#next();
  }

  /** @param {UploadEntry} entry */
  retry(entry) {
    entry.attempts = 0;
    this.#become(entry, "waiting");
    this.#next();
  }

  /** @param {UploadEntry} entry */
  remove(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
  }

  #next() {
    if (this.#resting) return;
    const active = this.entries.filter((entry) => ACTIVE.includes(entry.state)).length;
    const waiting = this.entries.filter((entry) => entry.state === "waiting");
    for (const entry of waiting.slice(0, Math.max(0, this.#atOnce - active))) this.#begin(entry);
  }

  /** @param {UploadEntry} entry */
  async #begin(entry) {
    const controller = new AbortController();
    entry.controller = controller;
    entry.attempts += 1;
    entry.sent = 0;
    this.#become(entry, "sending");
    const onProgress = (/** @type {number} */ sent) => {
      if (controller.signal.aborted) return;
      entry.sent = sent;
      this.#become(entry, sent < 1 ? "sending" : "counting");
    };
    try {
      const answer = await this.#send(entry.file, entry.wishes, onProgress, controller.signal);
      if (controller.signal.aborted) return;
      entry.answer = answer;
      this.#become(entry, "done");
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#refused(entry, error instanceof Refusal ? error : new Refusal(String(error)));
    }
    this.#next();
  }

  /** @param {UploadEntry} entry @param {Refusal} refusal */
  #refused(entry, refusal) {
    entry.retryable = refusal.retryable;
    if (!refusal.retryAfter || entry.attempts >= TRIES) {
      this.#become(entry, "failed", refusal.message, refusal.language);
      return;
    }
    this.#become(entry, "waiting", photoWords().busy);
    if (this.#resting) return;
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      this.#next();
    }, refusal.retryAfter * 1000);
  }

  /** @param {UploadEntry} entry @param {import("./photos.js").UploadState} state */
  #become(entry, state, message = "", language = "") {
    entry.state = state;
    entry.message = message;
    entry.language = language;
    this.#changed(entry);
  }
}
