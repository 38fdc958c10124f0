/**
 * What a viewer knows of the streams it watches: counts, outlines and their course; no picture
 * ever comes here.
 *
 * @typedef {[id: number, x: number, y: number, w: number, h: number]} Outline
 * @typedef {object} Stream
 * @property {string} id
 * @property {string} name
 * @property {boolean} running
 * @property {number} count
 * @property {number} peak
 * @property {number} tracksSeen
 * @property {number} width pixels of the frame the outlines belong to
 * @property {number} height
 * @property {readonly Outline[]} faces
 * @property {number} heardAt `performance.now()` of the last count, -Infinity before
 * @property {number} at the server's time of the last count, milliseconds since 1970
 * @property {History} history
 *
 * @typedef {{stream: string, name: string, running: boolean, count: number, peak: number,
 *   tracks_seen: number, history: [number, number][]}} StateEntry
 * @typedef {{stream: string, name: string, at: number, count: number, peak: number,
 *   tracks_seen: number, width: number, height: number, faces: Outline[]}} CountMessage
 */
import { History } from "./history.js";

/** The server speaks every two seconds at least; after this long without a word it is away. */
export const AWAY_MS = 6_000;
const HISTORY = { samples: 6_000, minutes: 360, gapMs: 4_000 };

export class Streams {
  /** @type {Map<string, Stream>} in the order in which they came */
  all = new Map();

  /**
   * The whole truth on connecting: what is not in it is gone.
   * @param {readonly StateEntry[]} entries @param {number} now `performance.now()`
   */
  onState(entries, now) {
    const kept = new Set(entries.map(({ stream }) => stream));
    for (const id of this.all.keys()) if (!kept.has(id)) this.all.delete(id);
    for (const entry of entries) {
      const known = this.all.get(entry.stream);
      const last = known ? known.history.last || -Infinity : -Infinity;
      const stream = known ?? blank(entry.stream);
      for (const [at, count] of entry.history) if (at > last) stream.history.add(count, at);
      const { name, running, count, peak, tracks_seen: tracksSeen } = entry;
      const heard = running ? { heardAt: now, at: entry.history.at(-1)?.[0] ?? stream.at } : {};
      const faces = running ? stream.faces : [];
      Object.assign(stream, { name, running, count, peak, tracksSeen, faces, ...heard });
      this.all.set(stream.id, stream);
    }
  }

  /** @param {CountMessage} message @param {number} now `performance.now()` */
  onCount({ stream: id, tracks_seen: tracksSeen, ...message }, now) {
    const stream = this.all.get(id) ?? blank(id);
    Object.assign(stream, message, { tracksSeen, running: true, heardAt: now });
    stream.history.add(message.count, message.at);
    this.all.set(id, stream);
  }

  /** @param {string} id */
  onGone(id) {
    const stream = this.all.get(id);
    if (stream) Object.assign(stream, { running: false, faces: [] });
  }

  /** @param {string} id */
  remove(id) {
    this.all.delete(id);
  }

  /** Those that count at this moment. @param {number} now `performance.now()` */
  live(now) {
    return [...this.all.values()].filter((stream) => isLive(stream, now));
  }
}

/** @param {Stream} stream @param {number} now `performance.now()` */
export const isLive = (stream, now) => stream.running && now - stream.heardAt <= AWAY_MS;

/**
 * The server's time at this moment, as far as the last message tells: its clock need not be ours.
 * @param {Stream} stream @param {number} now `performance.now()`
 */
export const serverNow = ({ at, heardAt }, now) =>
  heardAt === -Infinity ? at : at + Math.min(now - heardAt, AWAY_MS);

/** @param {string} id @returns {Stream} */
function blank(id) {
  return {
    id,
    name: "",
    running: false,
    count: 0,
    peak: 0,
    tracksSeen: 0,
    width: 4,
    height: 3,
    faces: [],
    heardAt: -Infinity,
    at: 0,
    history: new History(HISTORY),
  };
}
