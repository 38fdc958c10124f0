/**
 * One stream on the wall.
 *
 * @typedef {import("./streams.js").Stream} Stream
 */
import { Chart } from "./chart.js";
import { el } from "./dom.js";
import { Field } from "./field.js";
import { serverNow } from "./streams.js";
import { watchWords } from "./watch-words.js";

export class WallCard {
  #words = watchWords();

  /** @param {HTMLElement} list @param {Stream} stream @param {string} fallback its name if it has none */
  constructor(list, stream, fallback) {
    this.fallback = fallback;
    this.name = el("h2", {}, stream.name || fallback);
    this.line = el("p", { class: "quiet" });
    this.count = el("strong", { class: "wall-count" });
    this.label = el("span", { class: "hidden" });
    this.field = new Field(el("div", { class: "field", role: "img" }));
    this.element = el(
      "li",
      { class: "wall-card" },
      el("div", { class: "wall-card-head" }, el("span", { class: "dot" }), this.name, this.line),
      el("p", { class: "wall-number" }, this.count, this.label),
      this.field.element,
    );
    this.chart = new Chart(this.element, stream.history, {
      now: () => serverNow(stream, performance.now()),
      ranges: ["ten"],
      compact: true,
    });
    list.append(this.element);
  }

  /** @param {Stream} stream @param {boolean} live */
  render(stream, live) {
    const { count, peak, faces, name } = stream;
    this.element.dataset.live = String(live);
    this.name.textContent = name || this.fallback;
    this.line.textContent = live ? this.#words.peak(peak) : this.#words.away;
    this.count.textContent = live ? `${count}` : "–";
    this.label.textContent = ` ${this.#words.faces(count)}`;
    this.field.render(live ? stream : { ...stream, faces: [] });
    this.field.element.setAttribute("aria-label", this.#words.field(live ? faces.length : 0));
    this.chart.render();
  }

  destroy() {
    this.chart.destroy();
    this.element.remove();
  }
}
