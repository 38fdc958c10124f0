/**
 * “Share”: the link for those who watch, and the code with which a phone becomes a camera.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./wishes.js").Wishes} Wishes
 */
import { part, write } from "./dom.js";
import { say } from "./language.js";

export class SharingDialog {
  /** @param {{dialog: HTMLElement, opener: HTMLElement, wishes: Wishes}} options */
  constructor({ dialog, opener, wishes }) {
    this.opener = opener;
    this.said = part(dialog, "#sharing-said", HTMLElement);
    this.link = part(dialog, "#share-link", HTMLInputElement);
    this.row = part(dialog, "#share-row", HTMLElement);
    this.copied = part(dialog, "#copied", HTMLElement);
    this.button = part(dialog, "#share", HTMLButtonElement);
    this.invitation = part(dialog, "#invitation", HTMLElement);
    this.invited = part(dialog, "#invited", HTMLElement);
    this.code = part(dialog, "#code", HTMLImageElement);
    this.button.addEventListener("click", () => wishes.share(!wishes.kept.token));
    part(dialog, "#copy", HTMLButtonElement).addEventListener("click", () => this.#copy());
    part(dialog, "#invite", HTMLButtonElement).addEventListener("click", () => this.#invite());
    dialog.addEventListener("close", () => this.#forget());
  }

  /** @param {Readonly<AppState>} state */
  render({ shareUrl, sharingProblem, results, name }) {
    const shared = shareUrl !== "";
    const live = results > 0 && name === "live";
    const normal = shared ? say.sharing.on : live ? say.sharing.off : say.sharing.waiting;
    write(this.said, sharingProblem ? say.sharing.failed : normal);
    write(this.button, shared ? say.sharing.end : say.sharing.begin);
    this.button.disabled = !live;
    this.button.classList.toggle("primary", !shared);
    this.row.hidden = !shared;
    const address = shared ? new URL(shareUrl, location.href).href : "";
    if (this.link.value !== address) {
      this.link.value = address;
      write(this.copied, "");
    }
    this.opener.dataset.on = `${shared}`;
  }

  async #copy() {
    this.link.select();
    try {
      await navigator.clipboard.writeText(this.link.value);
      write(this.copied, say.sharing.copied);
    } catch {
      write(this.copied, say.sharing.copyFailed);
    }
  }

  async #invite() {
    this.invitation.hidden = false;
    const answer = await fetch("/join", {
      method: "POST",
      headers: { accept: "application/json" },
    }).catch(() => null);
    const body = answer?.ok ? await answer.json() : null;
    write(
      this.invited,
      body ? say.sharing.invited(Math.round(body.seconds / 60)) : say.sharing.inviteFailed,
    );
    this.code.hidden = !body;
    if (body) this.code.src = body.qr;
  }

  /** A code works once: the next look gets a new one. */
  #forget() {
    this.invitation.hidden = true;
    this.code.removeAttribute("src");
  }
}
