/**
 * What the live page says, in English. Another language is a file of the same shape, named in
 * `language.js`; the type checker tells what it lacks.
 *
 * @typedef {import("../types.js").StateName} StateName
 * @typedef {import("../types.js").SourceKind} SourceKind
 * @typedef {{title: string, body: string, line: string}} Words
 *   `line` is the short form beside the button
 */

/** @param {number} count @returns {string} */
const faces = (count) => (count === 1 ? "face" : "faces");

const words = {
  /** @type {Record<StateName, Words>} */
  states: {
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
    choosing: {
      title: "What should be counted?",
      body: "Your browser is asking for a screen or a window. Choose one to begin.",
      line: "Waiting for your choice",
    },
    connecting: {
      title: "Connecting",
      body: "The picture is there. Reaching the server.",
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
        "Open this page under its https:// address, or use a video file instead.",
      line: "Page is not secure",
    },
    denied: { title: "The camera is blocked", body: "", line: "Camera is blocked" },
    "no-camera": {
      title: "No camera was found",
      body: "Plug one in, or switch it on, and press “Start camera” again. A video file or a screen will do, too.",
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
    unshared: {
      title: "The screen is no longer shown",
      body: "You or your browser ended it. Press “Show screen” to choose one again.",
      line: "Screen is not shown",
    },
    ended: {
      title: "The video is over",
      body: "Its count stays on this page until you begin anew.",
      line: "Video is over",
    },
    "bad-file": {
      title: "This file cannot be played",
      body: "Your browser does not know its kind, or it is damaged. MP4 and WebM files work nearly everywhere.",
      line: "File cannot be played",
    },
    failed: {
      title: "The camera did not start",
      body: "Your browser gave no reason. Press “Start camera” to try once more, or reload the page.",
      line: "Camera did not start",
    },
  },
  allow: {
    firefox:
      "Click the crossed-out camera in the address bar, remove the block, and press “Start camera” again.",
    safari:
      "Open the page menu in the address bar, choose the settings for this website, set Camera to “Allow”, and press “Start camera” again.",
    other:
      "Click the icon to the left of the address, allow the camera, and press “Start camera” again.",
  },
  hints: {
    "no-face":
      "No face for a while. More light from the front and a shorter distance help; the smallest face can be set in the settings.",
    reconnected: "Connected again",
    switched: "That camera went away. Another one has taken over.",
    unchanged: "That source could not be had. The count goes on with the one before.",
  },
  /** @type {Record<SourceKind, string>} */
  start: { camera: "Start camera", screen: "Show screen", file: "Play video" },
  /** @type {Record<SourceKind, string>} */
  stop: { camera: "Stop camera", screen: "Stop screen", file: "Stop video" },
  faces,
  spoken: (/** @type {number} */ count) => (count === 0 ? "No faces" : `${count} ${faces(count)}`),
  retrying: (/** @type {number} */ seconds) =>
    seconds > 0 ? `Trying again in ${seconds} s` : "Trying again now",
  picture: {
    verySlow: "Very slow connection: small pictures, few of them",
    slow: "Slow connection: smaller pictures, fewer of them",
    saving: "Many visitors: the server asks for fewer pictures",
    good: "Good connection: full-size pictures",
  },
  sources: {
    camera: "Camera",
    nth: (/** @type {number} */ n) => `Camera ${n}`,
    screen: "Screen or window …",
    file: "Video file …",
  },
  bigger: "Full screen",
  smaller: "Leave full screen",
  recording: {
    off: "Nothing is kept. Once you begin, one number a second is kept with its time; pictures never are.",
    on: (/** @type {string} */ since) => `Counts are being kept since ${since}.`,
    waiting: "Recording begins with the count.",
    begin: "Record counts",
    end: "Stop recording",
    taken_over: "Another tab or device has gone on with this recording.",
    deleted: "This recording was deleted.",
    failed: "The recording could not be changed. Try again in a moment.",
  },
  sharing: {
    off: "Whoever has the link sees the number, the chart and outlines. Never the picture.",
    on: "Whoever has this link can watch the number, the chart and outlines until you withdraw it.",
    waiting: "Start counting first: there is nothing to watch yet.",
    begin: "Make a link",
    end: "Withdraw the link",
    copied: "Copied",
    copyFailed: "Select the link and copy it.",
    failed: "The link could not be made or withdrawn. Try again in a moment.",
    invited: (/** @type {number} */ minutes) =>
      `Scan this with a phone: it becomes one of your cameras. It works once, for ${minutes} minutes.`,
    inviteFailed: "The code could not be made. Try again in a moment.",
  },
  alerts: {
    above: (/** @type {number} */ count) => `${count} ${faces(count)}: at or above your limit`,
    below: (/** @type {number} */ count) => `${count} ${faces(count)}: at or below your limit`,
    mark: (/** @type {number} */ count) => `Alert: ${count} ${faces(count)}`,
    blocked: "Your browser does not allow notifications for this page.",
  },
};

export default words;
/** @typedef {typeof words} Catalogue */
