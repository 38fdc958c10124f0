/** The cards of the gallery. The server writes them; here they can be chosen, hidden and added. */
import { localTimes } from "./photo-times.js";

export class Cards {
  #list;
  #changed;

  /** @param {HTMLElement} list @param {() => void} changed called when the choice changes */
  constructor(list, changed) {
    this.#list = list;
    this.#changed = changed;
    for (const card of this.all()) this.#enhance(card);
    list.addEventListener("change", () => changed());
  }

  all() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children]);
  }

  shown() {
    return this.all().filter((card) => !card.hidden);
  }

  /** @returns {string[]} */
  chosen() {
    return this.shown()
      .filter((card) => card.querySelector("input")?.checked)
      .map((card) => card.dataset.id ?? "");
  }

  clear() {
    for (const box of this.#list.querySelectorAll("input")) box.checked = false;
    this.#changed();
  }

  /** Hides them and says which card comes after. @param {string[]} ids */
  hide(ids) {
    const before = this.shown();
    const at = before.findIndex((card) => ids.includes(card.dataset.id ?? ""));
    for (const card of before) card.hidden = ids.includes(card.dataset.id ?? "");
    const left = this.shown();
    this.#changed();
    return left[Math.min(Math.max(at, 0), left.length - 1)] ?? null;
  }

  /** @param {string[]} ids */
  show(ids) {
    const back = this.all().filter((card) => ids.includes(card.dataset.id ?? ""));
    for (const card of back) card.hidden = false;
    this.#changed();
    return back[0] ?? null;
  }

  /** @param {string[]} ids */
  remove(ids) {
    for (const card of this.all()) if (ids.includes(card.dataset.id ?? "")) card.remove();
    this.#changed();
  }

  /** Appends those that are not here yet; returns them. @param {Iterable<Element>} cards */
  append(cards) {
    const known = new Set(this.all().map((card) => card.dataset.id));
    const added = /** @type {HTMLElement[]} */ ([...cards])
      .filter((card) => !known.has(card.dataset.id))
      .map((card) => document.importNode(card, true));
    for (const card of added) this.#enhance(card);
    this.#list.append(...added);
    this.#changed();
    return added;
  }

  /** @param {HTMLElement} card */
  #enhance(card) {
    const label = card.querySelector("label");
    if (label) label.hidden = false;
    localTimes(card);
  }
}
