/**
 * Which sentence of the catalogue fits a state.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./i18n/en.js").Words} Words
 */
import { say } from "./language.js";

/**
 * Where the permission is given back, by browser.
 * @param {string} userAgent
 */
export function howToAllow(userAgent) {
  if (/Firefox\//.test(userAgent)) return say.allow.firefox;
  const safari = /Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent);
  return safari ? say.allow.safari : say.allow.other;
}

/**
 * @param {Readonly<AppState>} state
 * @param {string} userAgent
 * @returns {Words}
 */
export function words(state, userAgent) {
  const fixed = say.states[state.name];
  return state.name === "denied" ? { ...fixed, body: howToAllow(userAgent) } : fixed;
}

/** @param {Readonly<AppState>} state @param {number} now */
export function retryInWords({ retryAt }, now) {
  return retryAt ? say.retrying(Math.ceil((retryAt - now) / 1_000)) : "";
}

/**
 * What the adaptation is doing, for a person who never heard of it.
 * @param {Readonly<AppState>} state
 */
export function pictureInWords({ name, level, serverSaving }) {
  if (name !== "live") return "";
  if (level >= 4) return say.picture.verySlow;
  if (level > 0) return say.picture.slow;
  return serverSaving ? say.picture.saving : say.picture.good;
}

/**
 * A stretch of time as a clock would show it: 4:05, 1:04:05.
 * @param {number} ms
 */
export function duration(ms) {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, i) => (i ? `${part}`.padStart(2, "0") : `${part}`)).join(":");
}

/** @param {number} bytesPerSecond */
export const dataRate = (bytesPerSecond) => `${Math.round(bytesPerSecond / 1_000)} kB/s`;
