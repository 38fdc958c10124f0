/**
 * The count over time: the last minute, ten minutes, or all; read by pointing, zoomed by dragging,
 * wheel, pinch or keys, and said again as a table. uPlot is fetched with the first count.
 *
 * @typedef {import("./history.js").History} History
 * @typedef {import("./chart-plot.js").Plot} Plot
 * @typedef {keyof typeof RANGES} RangeName
 */
import { chartFrame } from "./chart-frame.js";
import { bindGestures } from "./chart-gestures.js";
import { clock, createPlot } from "./chart-plot.js";
import { columns, moved, rowAt, zoomed } from "./chart-series.js";
import { MinuteTable } from "./chart-table.js";
import { chartWords } from "./chart-words.js";
import { MINUTE_MS } from "./history.js";

const REDRAW_MS = 250;
const NEAR_PX = 8;
/** A line that has just begun grows into this much room. */
const SHORTEST_MS = 10_000;
/** How far back each range looks, in milliseconds. */
const RANGES = { minute: MINUTE_MS, ten: 10 * MINUTE_MS, all: Infinity };

export class Chart {
  /** @type {Plot | null} */
  #plot = null;
  #asked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  /** Where the chart ended when it was last drawn: what is read and saved is what is seen. */
  #end;
  #drawnAt = -Infinity;
  /** @type {[number, number] | null} */
  #zoom = null;
  /** @type {RangeName} */
  #range;
  #abort = new AbortController();

  /**
   * @param {HTMLElement} container
   * @param {History} history
   * @param {{now?: () => number, ranges?: RangeName[], compact?: boolean}} [options]
   *   now: where the chart ends; ranges: which there are to choose from, the first at first;
   *   compact: the line alone, without buttons and table
   */
  constructor(
    container,
    history,
    { now = Date.now, ranges = ["minute", "ten", "all"], compact = false } = {},
  ) {
    this.history = history;
    this.now = now;
    this.#end = now();
    this.#range = ranges[0];
    this.words = chartWords();
    this.table = new MinuteTable(history, this.words);
    this.frame = chartFrame(this.words, ranges, this.table.element);
    this.frame.element.classList.toggle("compact", compact);
    container.append(this.frame.element);
    this.#bind();
    this.#showRange();
  }

  /** Draws what there is, at most four times a second; call it as often as you like. */
  render() {
    const { first } = this.history;
    this.frame.empty.hidden = !Number.isNaN(first);
    if (Number.isNaN(first) && this.#zoom) this.#reset(); // what was looked at is gone
    if (Number.isNaN(first) && !this.#plot) return;
    if (!this.#asked) this.#load();
    const wait = this.#drawnAt + REDRAW_MS - performance.now();
    if (wait <= 0) this.#draw();
    else this.#later ??= setTimeout(() => this.#draw(), wait);
  }

  /** What is drawn: the stretch, the counts within it, and all marks. */
  shown() {
    const range = this.#stretch();
    return { range, view: this.history.view(...range), marks: this.history.marks };
  }

  /** @param {RangeName} name */
  choose(name) {
    this.#range = name;
    this.#zoom = null;
    this.#showRange();
    this.#draw();
  }

  destroy() {
    clearTimeout(this.#later);
    this.#abort.abort();
    this.table.destroy();
    this.#plot?.plot.destroy();
    this.#plot = null;
    this.frame.element.remove();
  }

  async #load() {
    this.#asked = true;
    this.#end = this.now();
    try {
      const { default: uPlot } = await import("uplot");
      if (this.#abort.signal.aborted) return;
      this.#plot = createPlot(uPlot, this.frame.box, this.#toDraw(), {
        onSelect: (from, to) => this.#zoomTo([from, to]),
        onReset: () => this.#reset(),
        onCursor: (left) => this.#readAt(left),
      });
      const observer = new ResizeObserver(() => this.#fit());
      observer.observe(this.frame.box);
      this.#abort.signal.addEventListener("abort", () => observer.disconnect());
    } catch {
      this.frame.empty.textContent = this.words.unavailable;
      this.frame.empty.hidden = false;
    }
  }

  #bind() {
    const { signal } = this.#abort;
    this.frame.back.addEventListener("click", () => this.#reset(), { signal });
    for (const button of this.frame.buttons) {
      const name = /** @type {RangeName} */ (button.dataset.range);
      button.addEventListener("click", () => this.choose(name), { signal });
    }
    bindGestures(
      this.frame.box,
      {
        zoom: (factor, share) => this.#zoomBy(factor, share),
        pan: (share) => this.#pan(share),
        reset: () => this.#reset(),
        point: (left) => this.#point(left),
        step: (share) => this.#step(share),
        field: () => this.#plot?.plot.over.getBoundingClientRect() ?? null,
      },
      signal,
    );
    const redraw = () => this.#draw();
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", redraw, { signal });
    }
    // A theme chosen on the page is an attribute of its root.
    const observer = new MutationObserver(redraw);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
    signal.addEventListener("abort", () => observer.disconnect());
  }

  #showRange() {
    for (const button of this.frame.buttons) {
      const pressed = !this.#zoom && button.dataset.range === this.#range;
      button.setAttribute("aria-pressed", String(pressed));
    }
    this.frame.back.hidden = !this.#zoom;
  }

  /** All that could be shown. @returns {[number, number]} */
  #bounds() {
    const end = this.#end;
    const first = Number.isNaN(this.history.first) ? end : this.history.first;
    return [first, Math.max(end, first + SHORTEST_MS)];
  }

  /** @returns {[number, number]} */
  #stretch() {
    if (this.#zoom) return this.#zoom;
    const [first, end] = this.#bounds();
    // Whole milliseconds: the ticks are reckoned from here, and a hair less reads as a second less.
    return [Math.round(Math.max(first, end - RANGES[this.#range])), Math.round(end)];
  }

  #toDraw() {
    const { range, view, marks } = this.shown();
    const table = columns(view, this.history.gapMs, { last: this.history.last, end: range[1] });
    return { table, range, marks, band: view.kind === "minutes" };
  }

  #draw() {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#drawnAt = performance.now();
    this.#end = this.now();
    this.table.render();
    if (!this.#plot) return;
    this.#plot.draw(this.#toDraw());
    const { left = -1 } = this.#plot.plot.cursor;
    this.#readAt(left < 0 ? null : left);
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.frame.box;
    if (width && height) this.#plot?.plot.setSize({ width, height });
  }

  /** @param {[number, number]} range */
  #zoomTo(range) {
    this.#zoom = zoomed(range, 1, range[0], this.#bounds());
    this.#showRange();
    this.#draw();
  }

  /** @param {number} factor @param {number} share NaN: around the reading point */
  #zoomBy(factor, share) {
    const range = this.#stretch();
    const left = this.#plot?.plot.cursor.left ?? -1;
    const pointed = left < 0 ? 0.5 : left / (this.#plot?.plot.over.clientWidth ?? 1);
    const at = range[0] + (Number.isNaN(share) ? pointed : share) * (range[1] - range[0]);
    this.#zoomTo(zoomed(range, factor, at, this.#bounds()));
  }

  /** @param {number} share */
  #pan(share) {
    const range = this.#stretch();
    if (this.#zoom) this.#zoomTo(moved(range, share * (range[1] - range[0]), this.#bounds()));
  }

  #reset() {
    this.#zoom = null;
    this.#showRange();
    this.#draw();
  }

  /** @param {number | null} left */
  #point(left) {
    this.#plot?.plot.setCursor({ left: left ?? -10, top: 0 });
  }

  /** @param {number} share */
  #step(share) {
    if (!this.#plot) return;
    const { cursor, over } = this.#plot.plot;
    const width = over.clientWidth;
    const from = (cursor.left ?? -1) >= 0 ? Number(cursor.left) : width;
    this.#point(Math.min(width - 1, Math.max(0, from + share * width)));
    this.frame.spoken.textContent = this.frame.tip.textContent;
  }

  /** @param {number | null} left */
  #readAt(left) {
    this.frame.tip.hidden = left === null;
    if (left === null || !this.#plot) return;
    const { plot } = this.#plot;
    const [from, to] = this.#stretch();
    const at = plot.posToVal(left, "x");
    const time = new Intl.DateTimeFormat(document.documentElement.lang, clock(from, to)).format(at);
    const near = (NEAR_PX / plot.over.clientWidth) * (to - from);
    const mark = this.history.marks.find((each) => Math.abs(each.at - at) <= near);
    const row = rowAt(/** @type {import("./chart-series.js").Columns} */ (plot.data), at);
    this.frame.tip.textContent = [time, this.words.reading(row), mark?.text]
      .filter(Boolean)
      .join(" · ");
    const room = this.frame.box.clientWidth - this.frame.tip.offsetWidth;
    const x = Math.min(Math.max(0, left - this.frame.tip.offsetWidth / 2), Math.max(0, room));
    this.frame.tip.style.transform = `translateX(${Math.round(x)}px)`;
  }
}
