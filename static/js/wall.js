/**
 * The wall: all of one's running streams side by side, and their sum.
 *
 * @typedef {import("./streams.js").Stream} Stream
 * @typedef {import("./watch-words.js").WatchState} WatchState
 */
import { byId } from "./dom.js";
import { isLive, Streams } from "./streams.js";
import { say, ViewerPage } from "./viewer-page.js";
import { WallCard } from "./wall-card.js";
import { bindInvite } from "./wall-invite.js";
import { watchWords } from "./watch-words.js";

/** A stream that ended stays this long, greyed, so that its going can be seen. */
const LINGER_MS = 8_000;

const words = watchWords();
const root = document.documentElement;
const streams = new Streams();
/** @type {Map<string, WallCard>} */
const cards = new Map();
let number = 0;

const page = new ViewerPage({ auth: { wall: true }, streams, render });

function render() {
  const now = performance.now();
  const { line } = page.viewer;
  page.show(line, words.states[line]);
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
  if (live.length) page.announcer.hear(`${sum} ${text}`);
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
    card.render(stream, page.viewer.line === "live" && isLive(stream, now));
  }
}

bindInvite(byId("add", HTMLButtonElement), byId("invite", HTMLDialogElement));
render();
