/**
 * The gallery with JavaScript: more without a new page, choosing, deleting with a way back.
 * Without it the server's pages and forms do the same, one photo at a time.
 */
import { byId } from "./dom.js";
import { Cards } from "./gallery-cards.js";
import { PendingDeletion } from "./gallery-pending.js";
import { photoWords } from "./photo-words.js";

/** The server packs this many at once. */
const MOST_IN_EXPORT = 100;

const words = photoWords();
const list = byId("cards");
const api = list.dataset.api ?? "";
const toast = byId("toast");
const problem = byId("problem");
const title = /** @type {HTMLElement} */ (document.querySelector("h1"));
const more = /** @type {HTMLAnchorElement | null} */ (document.getElementById("more"));

const cards = new Cards(list, showChoice);
const pending = new PendingDeletion({ send: deleteForGood });

function showChoice() {
  const chosen = cards.chosen();
  byId("choice").hidden = chosen.length === 0;
  byId("chosen-count").textContent = words.chosen(chosen.length);
  for (const kind of ["zip", "csv"]) {
    const link = byId(`chosen-${kind}`, HTMLAnchorElement);
    link.hidden = chosen.length > MOST_IN_EXPORT;
    link.href = `${api}.${kind}?ids=${chosen.join(",")}`;
  }
  byId("empty").hidden = cards.shown().length > 0 || Boolean(more?.isConnected);
  byId("all").hidden = cards.shown().length === 0;
}

/** @param {string} sentence */
function complain(sentence) {
  problem.textContent = sentence;
  problem.hidden = sentence === "";
}

/** @param {string[]} ids */
async function deleteForGood(ids) {
  toastGone();
  const answers = await Promise.all(
    ids.map((id) =>
      // keepalive: it arrives even where the page is left at this moment
      fetch(`${api}/${id}`, { method: "DELETE", keepalive: true })
        .then((answer) => answer.ok || answer.status === 404)
        .catch(() => false),
    ),
  );
  const kept = ids.filter((_id, i) => !answers[i]);
  cards.remove(ids.filter((id) => !kept.includes(id)));
  cards.show(kept);
  if (kept.length) complain(words.notDeleted(kept.length));
}

/** @type {HTMLElement | null} */
let afterwards = null;

function toastGone() {
  const hadFocus = toast.contains(document.activeElement);
  toast.hidden = true;
  byId("status").textContent = "";
  if (hadFocus) focusCard(afterwards);
}

/** @param {HTMLElement | null} card */
function focusCard(card) {
  const target = card?.isConnected && !card.hidden ? card.querySelector("a") : null;
  (target ?? title).focus();
}

/** @param {string[]} ids */
function deleteSoon(ids) {
  complain("");
  pending.begin(ids);
  afterwards = cards.hide(ids);
  const gone = words.deleted(ids.length);
  byId("toast-words").textContent = gone;
  byId("status").textContent = `${gone} ${words.undoHint(ids.length)}`;
  toast.hidden = false;
  byId("undo").focus();
}

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const card = /** @type {HTMLElement} */ (event.target).closest("li");
  if (card?.dataset.id) deleteSoon([card.dataset.id]);
});
byId("undo").addEventListener("click", () => {
  const card = cards.show(pending.undo());
  toastGone();
  byId("status").textContent = words.stays;
  focusCard(card);
});
byId("chosen-delete").addEventListener("click", () => {
  const ids = cards.chosen();
  cards.clear();
  deleteSoon(ids);
});
byId("chosen-clear").addEventListener("click", () => {
  const first = cards.shown().find((card) => card.querySelector("input")?.checked) ?? null;
  cards.clear();
  focusCard(first);
});
addEventListener("pagehide", () => pending.flush());

more?.addEventListener("click", async (event) => {
  event.preventDefault();
  if (more.getAttribute("aria-busy") === "true") return;
  more.setAttribute("aria-busy", "true");
  more.textContent = words.loading;
  complain("");
  try {
    const answer = await fetch(more.href);
    if (!answer.ok) throw new Error(String(answer.status));
    // The next page of the server's own; its cards are ours.
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const added = cards.append(next.querySelectorAll("#cards > li"));
    byId("status").textContent = words.more(added.length);
    focusCard(added[0] ?? null);
    const following = /** @type {HTMLAnchorElement | null} */ (next.getElementById("more"));
    if (following) more.setAttribute("href", following.getAttribute("href") ?? "");
    else more.remove();
    showChoice();
  } catch {
    complain(words.notLoaded);
  }
  more.removeAttribute("aria-busy");
  more.textContent = words.showMore;
});
showChoice();
