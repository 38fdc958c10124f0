/**
 * Deletions that can still be taken back. Nothing is sent until `delay` has passed, the next
 * deletion begins, or the page is left.
 */
export class PendingDeletion {
  #send;
  #delay;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @type {string[]} ids that wait */
  ids = [];

  /** @param {{send: (ids: string[]) => void, delay?: number}} parts delay in milliseconds */
  constructor({ send, delay = 6000 }) {
    this.#send = send;
    this.#delay = delay;
  }

  /** @param {string[]} ids */
  begin(ids) {
    this.flush();
    this.ids = ids;
    this.#timer = setTimeout(() => this.flush(), this.#delay);
  }

  /** @returns {string[]} the ids that stay after all */
  undo() {
    clearTimeout(this.#timer);
    const ids = this.ids;
    this.ids = [];
    return ids;
  }

  flush() {
    const ids = this.undo();
    if (ids.length) this.#send(ids);
  }
}
