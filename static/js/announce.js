/**
 * Tells a screen reader the count: only once it has settled, and not more often than a person
 * would want to hear it.
 */
const SETTLED_MS = 1_000;
const INTERVAL_MS = 5_000;

export class Announcer {
  /** @param {(text: string) => void} say @param {() => number} now */
  constructor(say, now = () => performance.now()) {
    this.say = say;
    this.now = now;
    this.said = "";
    this.saidAt = -Infinity;
    this.heard = "";
    this.heardAt = 0;
  }

  /**
   * Call often with the present text.
   * @param {string} text
   */
  hear(text) {
    const now = this.now();
    if (text !== this.heard) {
      this.heard = text;
      this.heardAt = now;
    }
    if (text === this.said || now - this.heardAt < SETTLED_MS) return;
    if (now - this.saidAt < INTERVAL_MS) return;
    this.said = text;
    this.saidAt = now;
    this.say(text);
  }
}
