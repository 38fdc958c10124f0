/**
 * The wall: all of one's running streams side by side, and their sum.
 *
 * @typedef {import("./streams.js").Stream} Stream
 * @typedef {import("./watch-words.js").WatchState} WatchState
 */
import { Announcer } from "./announce.js";
import { isLive, Streams } from "./streams.js";
import { Viewer } from "./viewer.js";
import { WallCard } from "./wall-card.js";
import { bindInvite } from "./wall-invite.js";
import { watchWords } from "./watch-words.js";

const TICK_MS = 500;
/** A stream that ended stays this long, greyed, so that its going can be seen. */
const LINGER_MS = 8_000;

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
const announcer = new Announcer((text) => say("announcement", text));
/** @type {Map<string, WallCard>} */
const cards = new Map();
let number = 0;
let waiting = false;

const viewer = new Viewer({ auth: { wall: true }, streams, onChange: schedule });

function schedule() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    render();
  });
}

function render() {
  const now = performance.now();
  const { line } = viewer;
  root.dataset.state = line;
  say("line", words.states[line].line);
  say("notice-title", words.states[line].title);
  say("notice-body", words.states[line].body);
  for (const stream of streams.all.values()) {
    if (!stream.running && now - stream.heardAt > LINGER_MS) streams.remove(stream.id);
  }
  renderCards(now);
  const live = line === "live" ? streams.live(now) : [];
  const sum = live.reduce((total, { count }) => total + count, 0);
  const text = words.sum(sum, live.length);
  root.dataset.counting = String(live.length > 0);
  root.dataset.digits = `${`${sum}`.length}`;
  root.dataset.streams = `${streams.all.size}`;
  say("sum", live.length ? `${sum}` : "–");
  say("sum-label", text);
  byId("empty").hidden = line !== "live" || streams.all.size > 0;
  byId("total").hidden = streams.all.size === 0;
  if (live.length) announcer.hear(`${sum} ${text}`);
}

/** @param {number} now */
function renderCards(now) {
  for (const [id, card] of cards) {
    if (streams.all.has(id)) continue;
    card.destroy();
    cards.delete(id);
  }
  for (const stream of streams.all.values()) {
    let card = cards.get(stream.id);
    if (!card) {
      number += 1;
      card = new WallCard(byId("streams"), stream, words.unnamedStream(number));
      cards.set(stream.id, card);
    }
    card.render(stream, viewer.line === "live" && isLive(stream, now));
  }
}

bindInvite(
  /** @type {HTMLButtonElement} */ (byId("add")),
  /** @type {HTMLDialogElement} */ (byId("invite")),
);
const ticker = setInterval(schedule, TICK_MS);
addEventListener("pagehide", () => {
  clearInterval(ticker);
  viewer.close();
});
addEventListener("pageshow", (/** @type {PageTransitionEvent} */ event) => {
  if (event.persisted) location.reload();
});
render();
