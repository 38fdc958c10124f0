/**
 * Every sentence the live page says, in one place.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").StateName} StateName
 * @typedef {{title: string, body: string, line: string}} Words
 *   `line` is the short form beside the button
 */

/** @type {Record<StateName, Words>} */
const WORDS = {
  idle: {
    title: "How many faces are there?",
    body:
      "Your camera’s pictures are analysed in the server’s memory and thrown away at once. " +
      "They are never stored, and nobody else sees them.",
    line: "Camera is off",
  },
  asking: {
    title: "May this page use your camera?",
    body: "Your browser is asking. Choose “Allow” to begin.",
    line: "Waiting for your permission",
  },
  connecting: {
    title: "Connecting",
    body: "The camera is on. Reaching the server.",
    line: "Connecting",
  },
  live: { title: "", body: "", line: "Live" },
  waiting: {
    title: "The server is taking its time",
    body: "The connection is there, but no results are coming back. The count goes on as soon as they do.",
    line: "Waiting for results",
  },
  offline: {
    title: "The server cannot be reached",
    body: "Your network or the server is away for a moment. The count goes on by itself as soon as it is back.",
    line: "Reconnecting",
  },
  busy: {
    title: "The server is full right now",
    body: "Other people are using all of it. You do not need to do anything: your place is asked for again by itself.",
    line: "Server is full",
  },
  draining: {
    title: "The server is restarting",
    body: "It will be back in a moment, and the count goes on by itself.",
    line: "Server is restarting",
  },
  paused: {
    title: "Paused",
    body: "The camera is off while this page is in the background. The count goes on when you come back.",
    line: "Paused",
  },
  insecure: {
    title: "The camera needs a secure page",
    body:
      "Browsers hand the camera only to pages that begin with https:// (or run on localhost). " +
      "Open this page under its https:// address, or count faces in a photo instead.",
    line: "Page is not secure",
  },
  denied: { title: "The camera is blocked", body: "", line: "Camera is blocked" },
  "no-camera": {
    title: "No camera was found",
    body: "Plug one in, or switch it on, and press “Start camera” again. You can also count faces in a photo.",
    line: "No camera",
  },
  "in-use": {
    title: "The camera is in use",
    body: "Another program or tab is holding it. Close that one and press “Start camera” again.",
    line: "Camera is in use",
  },
  unplugged: {
    title: "The camera went away",
    body: "It was unplugged or switched off. Connect it and press “Start camera” again.",
    line: "Camera went away",
  },
  failed: {
    title: "The camera did not start",
    body: "Your browser gave no reason. Press “Start camera” to try once more, or reload the page.",
    line: "Camera did not start",
  },
};

/**
 * Where the permission is given back, by browser.
 * @param {string} userAgent
 */
export function howToAllow(userAgent) {
  if (/Firefox\//.test(userAgent)) {
    return "Click the crossed-out camera in the address bar, remove the block, and press “Start camera” again.";
  }
  if (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)) {
    return "Open the page menu in the address bar, choose the settings for this website, set Camera to “Allow”, and press “Start camera” again.";
  }
  return "Click the icon to the left of the address, allow the camera, and press “Start camera” again.";
}

/**
 * @param {Readonly<AppState>} state
 * @param {string} userAgent
 * @returns {Words}
 */
export function words(state, userAgent) {
  const fixed = WORDS[state.name];
  if (state.name === "denied") return { ...fixed, body: howToAllow(userAgent) };
  const ownSentence = state.name === "busy" || state.name === "draining";
  return ownSentence && state.message ? { ...fixed, body: state.message } : fixed;
}

/** @param {number} count */
export const facesInWords = (count) => (count === 1 ? "face" : "faces");

/**
 * What is heard instead of seen.
 * @param {number} count
 */
export const spokenCount = (count) =>
  count === 0 ? "No faces" : `${count} ${facesInWords(count)}`;

/**
 * What the adaptation is doing, for a person who never heard of it.
 * @param {Readonly<AppState>} state
 */
export function pictureInWords({ name, level, serverSaving }) {
  if (name !== "live") return "";
  if (level >= 4) return "Very slow connection: small pictures, few of them";
  if (level > 0) return "Slow connection: smaller pictures, fewer of them";
  if (serverSaving) return "Many visitors: the server asks for fewer pictures";
  return "Good connection: full-size pictures";
}
