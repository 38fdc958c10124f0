/**
 * The list of sessions with JavaScript: renamed in place, deleted with a way back, more without a
 * new page. Without it the server's pages and forms do the same.
 */
import { byId } from "./dom.js";
import { PendingDeletion } from "./gallery-pending.js";
import { bindRename, deleteSession, localSpans } from "./session-card.js";
import { sessionWords } from "./sessions-words.js";

const words = sessionWords();
const list = byId("sessions");
const toast = byId("toast");
const more = /** @type {HTMLAnchorElement | null} */ (document.getElementById("more"));
const pending = new PendingDeletion({ send: (ids) => void deleteForGood(ids[0]) });

/** @param {string} id */
const card = (id) =>
  /** @type {HTMLElement | null} */ (list.querySelector(`[data-id="${CSS.escape(id)}"]`));
/** @param {Element | null} element */
const nameIn = (element) => element?.querySelector("h2 a")?.textContent ?? "";

/** @param {string} sentence */
function complain(sentence) {
  byId("problem").textContent = sentence;
  byId("problem").hidden = sentence === "";
}

/** @param {string} sentence */
const announce = (sentence) => void (byId("status").textContent = sentence);

function showEmpty() {
  const shown = list.querySelector("li:not([hidden])");
  byId("empty").hidden = shown !== null || Boolean(more?.isConnected);
}

/** @param {Element | null | undefined} target */
function focusOn(target) {
  const link = target?.querySelector("a") ?? document.querySelector("h1");
  /** @type {HTMLElement} */ (link).focus();
}

function closeToast() {
  toast.hidden = true;
}

/** @param {string} id */
async function deleteForGood(id) {
  const hadFocus = toast.contains(document.activeElement);
  const item = card(id);
  closeToast();
  if (hadFocus) focusOn(list.querySelector("li:not([hidden])"));
  if (await deleteSession(id)) {
    item?.remove();
  } else {
    if (item) item.hidden = false;
    complain(words.notDeleted);
  }
  showEmpty();
}

bindRename(list, {
  idOf: (form) => form.closest("li")?.dataset.id,
  complain,
  onRenamed: (form, name) => {
    const item = form.closest("li");
    const link = item?.querySelector("h2 a");
    if (link) link.textContent = name || words.unnamed;
    item
      ?.querySelector(".delete button")
      ?.setAttribute("aria-label", words.deleteName(nameIn(item)));
    announce(words.renamed(name || words.unnamed));
  },
});

list.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  const item = form.closest("li");
  if (!form.matches(".delete") || !item?.dataset.id) return;
  event.preventDefault();
  complain("");
  pending.begin([item.dataset.id]);
  item.hidden = true;
  byId("toast-words").textContent = words.deleted(nameIn(item));
  announce(`${words.deleted(nameIn(item))} ${words.undoHint}`);
  toast.hidden = false;
  byId("undo").focus();
  showEmpty();
});

byId("undo").addEventListener("click", () => {
  const [id] = pending.undo();
  const item = id ? card(id) : null;
  if (item) item.hidden = false;
  closeToast();
  announce(words.stays);
  showEmpty();
  focusOn(item);
});
addEventListener("pagehide", () => pending.flush());

more?.addEventListener("click", async (event) => {
  event.preventDefault();
  if (more.getAttribute("aria-busy") === "true") return;
  more.setAttribute("aria-busy", "true");
  const label = more.textContent;
  more.textContent = words.loading;
  complain("");
  try {
    const answer = await fetch(more.href);
    if (!answer.ok) throw new Error(String(answer.status));
    // The next page of the server's own; its cards are ours.
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const added = [...next.querySelectorAll("#sessions > li")].map((item) =>
      document.adoptNode(item),
    );
    for (const item of added) list.append(item);
    localSpans(list);
    focusOn(added[0]);
    const following = next.getElementById("more")?.getAttribute("href");
    if (following) more.setAttribute("href", following);
    else more.remove();
    showEmpty();
  } catch {
    complain(words.notLoaded);
  }
  more.removeAttribute("aria-busy");
  more.textContent = label;
});

localSpans(document);
showEmpty();
