/**
 * The number over the whole screen, to be read across a room. Where a browser has no full screen
 * for elements (iPhones), over the whole page.
 */
import { say } from "./language.js";

export class Big {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
    button.addEventListener("click", () => this.#set(!this.on));
    document.addEventListener("fullscreenchange", () =>
      this.#show(Boolean(document.fullscreenElement)),
    );
    document.addEventListener("keydown", ({ key }) => {
      const free = !document.fullscreenElement && !document.querySelector("dialog[open]");
      if (key === "Escape" && this.on && free) this.#show(false);
    });
  }

  get on() {
    return document.documentElement.dataset.big === "true";
  }

  /** @param {boolean} on */
  async #set(on) {
    this.#show(on);
    try {
      if (on) await document.documentElement.requestFullscreen?.();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // Not allowed here: over the whole page it is.
    }
  }

  /** @param {boolean} on */
  #show(on) {
    document.documentElement.dataset.big = `${on}`;
    this.button.textContent = on ? say.smaller : say.bigger;
    this.button.setAttribute("aria-pressed", `${on}`);
  }
}
