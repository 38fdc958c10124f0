/**
 * The page behind a shared link: the number, its course, and outlines; never a picture.
 *
 * @typedef {import("./watch-words.js").WatchState} WatchState
 * @typedef {import("./streams.js").Stream} Stream
 */
import { Chart } from "./chart.js";
import { byId } from "./dom.js";
import { Field } from "./field.js";
import { isLive, serverNow, Streams } from "./streams.js";
import { say, ViewerPage } from "./viewer-page.js";
import { watchWords } from "./watch-words.js";

const words = watchWords();
const root = document.documentElement;
const streams = new Streams();
const field = new Field(byId("field"));
/** @type {Chart | null} */
let chart = null;

const token = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
const page = new ViewerPage({ auth: { token }, streams, render });

/** @returns {Stream | undefined} a link shows one stream */
const shown = () => [...streams.all.values()].at(-1);

function render() {
  const stream = shown();
  const now = performance.now();
  const counting = stream !== undefined && isLive(stream, now);
  /** @type {WatchState} */
  const state = page.viewer.line === "live" && !counting ? "away" : page.viewer.line;
  page.show(state, words.states[state]);
  root.dataset.counting = String(state === "live");
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
  if (live) page.announcer.hear(words.spoken(count));
  chart ??= new Chart(byId("chart"), stream.history, { now: () => chartEnd(stream) });
  chart.render();
}

/** @param {Stream} stream */
const chartEnd = (stream) => serverNow(stream, performance.now());

render();
