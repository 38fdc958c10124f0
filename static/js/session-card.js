/**
 * What the list and the page of one session share: times as the reader's own, a rename in place.
 */
import { sessionWords } from "./sessions-words.js";

export const API = "/api/v1/sessions";

/** @param {ParentNode} root */
export function localSpans(root) {
  const words = sessionWords();
  const { lang } = document.documentElement;
  for (const element of root.querySelectorAll(".when")) {
    const { from = "", to = "" } = /** @type {HTMLElement} */ (element).dataset;
    const begin = new Date(from);
    if (Number.isNaN(begin.getTime())) continue;
    const when = begin.toLocaleString(lang, {
      dateStyle: "medium",
      timeStyle: "short",
      hourCycle: "h23",
    });
    const end = to ? new Date(to) : null;
    const length = end
      ? words.duration(Math.round((end.getTime() - begin.getTime()) / 1_000))
      : words.running;
    element.textContent = `${when} · ${length}`;
    element.classList.toggle("running", !end);
  }
}

/**
 * Rename forms within `root` send in place.
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(form: HTMLElement) => string | undefined} options.idOf
 * @param {(form: HTMLElement, name: string) => void} options.onRenamed
 * @param {(sentence: string) => void} options.complain "" takes an earlier complaint back
 */
export function bindRename(root, { idOf, onRenamed, complain }) {
  root.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const details = form.closest("details");
    const id = idOf(form);
    if (!details || !id) return;
    event.preventDefault();
    complain("");
    const name = String(new FormData(form).get("name") ?? "").trim();
    const answer = await fetch(`${API}/${id}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    }).catch(() => null);
    const body = await answer?.json().catch(() => null);
    if (!answer?.ok) {
      complain(body?.error?.message ?? sessionWords().notRenamed);
      return;
    }
    details.open = false;
    details.querySelector("summary")?.focus();
    onRenamed(form, body?.name ?? name);
  });
  root.addEventListener(
    "toggle",
    (event) => {
      const details = /** @type {HTMLDetailsElement} */ (event.target);
      if (details.open) details.querySelector("input")?.select();
    },
    true,
  );
  root.addEventListener("keydown", (event) => {
    const details = /** @type {HTMLElement} */ (event.target).closest("details");
    if (event.key !== "Escape" || !details?.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
}

/** @param {string} id @returns {Promise<boolean>} whether it is gone */
export async function deleteSession(id) {
  // keepalive: it arrives even where the page is left at this moment
  const answer = await fetch(`${API}/${id}`, { method: "DELETE", keepalive: true }).catch(
    () => null,
  );
  return answer !== null && (answer.ok || answer.status === 404);
}
