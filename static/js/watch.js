/**
 * The page behind a shared link: the number, its course, and outlines; never a picture.
 *
 * @typedef {import("./watch-words.js").WatchState} WatchState
 * @typedef {import("./streams.js").Stream} Stream
 */
import { Announcer } from "./announce.js";
import { Chart } from "./chart.js";
import { Field } from "./field.js";
import { isLive, serverNow, Streams } from "./streams.js";
import { Viewer } from "./viewer.js";
import { watchWords } from "./watch-words.js";

const TICK_MS = 500;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id @param {string} text */
function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

const words = watchWords();
const root = document.documentElement;
const streams = new Streams();
const field = new Field(byId("field"));
const announcer = new Announcer((text) => say("announcement", text));
/** @type {Chart | null} */
let chart = null;
let waiting = false;

const token = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
const viewer = new Viewer({ auth: { token }, streams, onChange: schedule });

/** @returns {Stream | undefined} a link shows one stream */
const shown = () => [...streams.all.values()].at(-1);

function schedule() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    render();
  });
}

function render() {
  const stream = shown();
  const now = performance.now();
  const counting = stream !== undefined && isLive(stream, now);
  /** @type {WatchState} */
  const state = viewer.line === "live" && !counting ? "away" : viewer.line;
  const { title, body, line } = words.states[state];
  root.dataset.state = state;
  root.dataset.counting = String(state === "live");
  say("line", line);
  say("notice-title", title);
  say("notice-body", body);
  if (!stream) return;
  renderStream(stream, state === "live");
}

/** @param {Stream} stream @param {boolean} live */
function renderStream(stream, live) {
  const { count, peak, tracksSeen, faces, name } = stream;
  say("name", name || words.unnamed);
  document.title = live ? `${count} · ${name || words.unnamed}` : name || words.unnamed;
  say("count", `${count}`);
  say("count-label", words.faces(count));
  say("peak", `${peak}`);
  say("tracks-seen", `${tracksSeen}`);
  root.dataset.digits = `${`${count}`.length}`;
  field.render(live ? stream : { ...stream, faces: [] });
  field.element.setAttribute("aria-label", words.field(live ? faces.length : 0));
  if (live) announcer.hear(words.spoken(count));
  chart ??= new Chart(byId("chart"), stream.history, { now: () => chartEnd(stream) });
  chart.render();
}

/** @param {Stream} stream */
const chartEnd = (stream) => serverNow(stream, performance.now());

const ticker = setInterval(schedule, TICK_MS);
addEventListener("pagehide", () => {
  clearInterval(ticker);
  viewer.close();
});
// A page that comes back out of the browser's cache has no line any more.
addEventListener("pageshow", (/** @type {PageTransitionEvent} */ event) => {
  if (event.persisted) location.reload();
});
render();
