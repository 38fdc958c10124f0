/**
 * The sentence under the picture that comes and goes: no face for a while, connected again,
 * another camera.
 *
 * @typedef {import("./types.js").AppState["hint"]} Hint
 * @typedef {import("./store.js").Store} Store
 */
const NO_FACE_MS = 15_000;
const SHOWN_MS = 5_000;

export class Hints {
  #faceSeenAt = NaN;
  #away = false;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @param {Hint} hint @param {number} [now] */
  show(hint, now = performance.now()) {
    this.store.update({ hint, hintUntil: now + SHOWN_MS });
  }

  /** The server was not there, or had no room: its next result is worth a word. */
  away() {
    this.#away = true;
  }

  /** @param {number} count faces in a result @param {boolean} open whether frames are taken @param {number} now */
  result(count, open, now) {
    if (count > 0 || Number.isNaN(this.#faceSeenAt)) this.#faceSeenAt = now;
    if (!this.#away || !open) return;
    this.#away = false;
    this.show("reconnected", now);
  }

  /** @param {number} now */
  tick(now) {
    const { hint, hintUntil } = this.store.state;
    if (hint && now > hintUntil) this.store.update({ hint: "" });
    else if (!hint && now - this.#faceSeenAt > NO_FACE_MS) this.show("no-face", now);
  }
}
