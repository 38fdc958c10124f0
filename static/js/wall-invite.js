/**
 * “Add a phone”: a link that makes another device one of this owner's cameras, as a code to scan
 * and as an address to copy. It works once, and not for long.
 *
 * @typedef {{url: string, seconds: number, qr: string}} Invitation qr: an image's address
 */
import { el } from "./dom.js";
import { watchWords } from "./watch-words.js";

const JOIN = "/join";

/**
 * @param {HTMLButtonElement} button opens it
 * @param {HTMLDialogElement} dialog
 */
export function bindInvite(button, dialog) {
  const words = watchWords().invite;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let ending;

  const title = el("h2", { id: "invite-title" }, words.title);
  const body = el("div", { class: "invite-body", role: "status" });
  const close = el("button", { type: "button", class: "small" }, words.close);
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, body, close);
  dialog.addEventListener("close", () => clearTimeout(ending));

  button.addEventListener("click", async () => {
    body.replaceChildren(el("p", {}, words.loading));
    dialog.showModal();
    const answer = await fetch(JOIN, {
      method: "POST",
      headers: { Accept: "application/json" },
    }).catch(() => null);
    const content = await answer?.json().catch(() => null);
    if (!answer?.ok) {
      body.replaceChildren(el("p", {}, content?.error?.message ?? words.failed));
      return;
    }
    /** @type {Invitation} */
    const { url, seconds, qr } = content;
    body.replaceChildren(
      el("img", { src: qr, alt: words.code, width: "240", height: "240" }),
      el("p", {}, words.how(Math.round(seconds / 60))),
      address(url, words),
    );
    clearTimeout(ending);
    ending = setTimeout(() => body.replaceChildren(el("p", {}, words.over)), seconds * 1_000);
  });
}

/** @param {string} url @param {ReturnType<typeof watchWords>["invite"]} words */
function address(url, words) {
  const field = el("input", { readonly: "", value: url, "aria-label": words.address });
  field.addEventListener("focus", () => field.select());
  const copy = el("button", { type: "button", class: "small" }, words.copy);
  copy.addEventListener("click", async () => {
    field.select();
    // Without permission for the clipboard the address is selected, at least.
    const done = await navigator.clipboard?.writeText(url).then(
      () => true,
      () => false,
    );
    if (done) copy.textContent = words.copied;
  });
  return el("p", { class: "invite-address" }, field, copy);
}
