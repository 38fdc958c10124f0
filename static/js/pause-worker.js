/** Answers once, after a while. */
const PAUSE_MS = 250;
setTimeout(() => postMessage(null), PAUSE_MS);
