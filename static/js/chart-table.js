/**
 * The minutes as a table, newest first: for screen readers, and for whoever wants numbers. It is
 * filled only while it is open.
 *
 * @typedef {import("./history.js").History} History
 * @typedef {ReturnType<typeof import("./chart-words.js").chartWords>} Words
 */
import { clock } from "./chart-plot.js";
import { el } from "./dom.js";

const REFILL_MS = 5_000;
const MOST_ROWS = 120;

export class MinuteTable {
  #filledAt = -Infinity;
  #abort = new AbortController();

  /** @param {History} history @param {Words} words */
  constructor(history, words) {
    this.history = history;
    this.words = words;
    this.body = el("tbody");
    const head = [words.minute, words.lowest, words.mean, words.highest];
    const table = el(
      "table",
      {},
      el("caption", { class: "hidden" }, words.tableCaption),
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
      this.body,
    );
    const scroll = el("div", { class: "chart-scroll", tabindex: "0", role: "region" }, table);
    scroll.setAttribute("aria-label", words.tableCaption);
    this.element = el("details", { class: "chart-table" }, el("summary", {}, words.table), scroll);
    const refill = () => this.render(true);
    this.element.addEventListener("toggle", refill, { signal: this.#abort.signal });
  }

  /** @param {boolean} [now] do not wait */
  render(now = false) {
    if (!this.element.open) return;
    if (!now && performance.now() - this.#filledAt < REFILL_MS) return;
    this.#filledAt = performance.now();
    const { lang } = document.documentElement;
    const time = new Intl.DateTimeFormat(lang, clock(0, Infinity));
    const mean = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
    const rows = this.history.minutes().slice(-MOST_ROWS).reverse();
    this.body.replaceChildren(
      ...rows.map((row) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, time.format(row.start)),
          ...[`${row.min}`, mean.format(row.mean), `${row.max}`].map((text) => el("td", {}, text)),
        ),
      ),
    );
  }

  destroy() {
    this.#abort.abort();
  }
}
