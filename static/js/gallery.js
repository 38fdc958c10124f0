/**
 * The gallery with JavaScript: more without a new page, choosing, deleting with a way back.
 * Without it the server's pages and forms do the same, one photo at a time.
 */
import { byId } from "./dom.js";
import { Cards } from "./gallery-cards.js";
import { PendingDeletion } from "./gallery-pending.js";
import { photos } from "./upload-words.js";

/** The server packs this many at once. */
const MOST_IN_EXPORT = 100;

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
  byId("chosen-count").textContent = `${photos(chosen.length)} chosen`;
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
  if (kept.length) complain(`${photos(kept.length)} could not be deleted. Try again in a moment.`);
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
  const words = `${photos(ids.length)} deleted.`;
  byId("toast-words").textContent = words;
  byId("status").textContent =
    `${words} Press Undo to have ${ids.length === 1 ? "it" : "them"} back.`;
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
  byId("status").textContent = "Nothing was deleted.";
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
  more.textContent = "Loading…";
  complain("");
  try {
    const answer = await fetch(more.href);
    if (!answer.ok) throw new Error(String(answer.status));
    // The next page of the server's own; its cards are ours.
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const added = cards.append(next.querySelectorAll("#cards > li"));
    byId("status").textContent = `${photos(added.length)} more.`;
    focusCard(added[0] ?? null);
    const following = /** @type {HTMLAnchorElement | null} */ (next.getElementById("more"));
    if (following) more.setAttribute("href", following.getAttribute("href") ?? "");
    else more.remove();
    showChoice();
  } catch {
    complain("The next photos could not be loaded. Check the connection and try again.");
  }
  more.removeAttribute("aria-busy");
  more.textContent = "Show more";
});
showChoice();
