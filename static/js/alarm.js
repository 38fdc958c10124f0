/**
 * What happens when the count crosses the limit: a sound, a line on the page and in its title, a
 * mark on the chart, a notification where that is allowed.
 *
 * @typedef {import("./history.js").History} History
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./store.js").Store} Store
 */
import { say } from "./language.js";
import { Threshold } from "./threshold.js";

/** Two short tones, in Hz, and how long each of them is, in seconds. */
const TONES = [784, 1047];
const TONE_S = 0.16;

export class Alarm {
  /** @param {{store: Store, settings: Settings, history: History}} options */
  constructor({ store, settings, history }) {
    this.store = store;
    this.settings = settings;
    this.history = history;
    this.threshold = new Threshold(settings.values.alert);
    /** @type {AudioContext | null} */
    this.audio = null;
    settings.subscribe((values, changed) => {
      if (!changed.alert) return;
      this.threshold = new Threshold(values.alert);
      store.update({ alert: "" });
    });
  }

  /** Browsers give sound only to a page that was touched: call in answer to a click. */
  prepare() {
    const { alert, sound } = this.settings.values;
    if (alert.direction === "off" || !sound || !globalThis.AudioContext) return;
    this.audio ??= new AudioContext();
    if (this.audio.state === "suspended") this.audio.resume();
  }

  /** A run is over. */
  rest() {
    this.threshold = new Threshold(this.settings.values.alert);
    this.audio?.close();
    this.audio = null;
  }

  /** @param {number} count */
  hear(count) {
    const { direction } = this.threshold.rule;
    if (direction === "off") return;
    const now = Date.now();
    const news = this.threshold.hear(count, now);
    if (this.threshold.over) this.store.update({ alert: say.alerts[direction](count) });
    if (news === "cleared") this.store.update({ alert: "" });
    if (news !== "fired") return;
    this.history.mark(now, say.alerts.mark(count));
    if (this.settings.values.sound) this.#ring();
    if (document.hidden || !document.hasFocus()) notify(say.alerts[direction](count));
  }

  #ring() {
    const { audio } = this;
    if (!audio) return;
    TONES.forEach((frequency, i) => {
      const start = audio.currentTime + i * TONE_S;
      const tone = new OscillatorNode(audio, { frequency });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.linearRampToValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.2, start + 0.02);
      volume.gain.linearRampToValueAtTime(0, start + TONE_S);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE_S);
    });
  }
}

/** @param {string} text */
async function notify(text) {
  if (!globalThis.Notification || Notification.permission !== "granted") return;
  const options = { tag: "count", icon: "/static/icons/logo.svg" };
  // Phones show them only through the service worker.
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) await worker.showNotification(text, options);
  else new Notification(text, options);
}

/** Asks for the permission, in answer to a click. @returns {Promise<boolean>} */
export async function mayNotify() {
  if (!globalThis.Notification) return false;
  if (Notification.permission === "default") await Notification.requestPermission();
  return Notification.permission === "granted";
}
