/**
 * What the chart shows, as a file: CSV or JSON, rows within the shown stretch and no others.
 *
 * @typedef {import("./history.js").View} View
 * @typedef {import("./history.js").Mark} Mark
 * @typedef {{range: readonly [number, number], view: View, marks: readonly Mark[]}} Shown
 */
import { exportWords } from "./chart-words.js";
import { el } from "./dom.js";

/** @param {number} at milliseconds since 1970 */
const iso = (at) => new Date(at).toISOString();
/** @param {number} value */
const rounded = (value) => Math.round(value * 1000) / 1000;

/** @param {Shown} shown @returns {View} */
function within({ range: [from, to], view }) {
  return view.kind === "samples"
    ? { kind: "samples", rows: view.rows.filter(({ at }) => at >= from && at <= to) }
    : view;
}

/** @param {Shown} shown */
export function csv(shown) {
  const view = within(shown);
  const lines =
    view.kind === "samples"
      ? ["time,count", ...view.rows.map(({ at, count }) => `${iso(at)},${count}`)]
      : [
          "start,min,mean,max,samples",
          ...view.rows.map((row) =>
            [iso(row.start), row.min, rounded(row.mean), row.max, row.samples].join(","),
          ),
        ];
  return lines.map((line) => `${line}\r\n`).join("");
}

/** @param {Shown} shown */
export function json(shown) {
  const view = within(shown);
  const [from, to] = shown.range;
  const counts =
    view.kind === "samples"
      ? { samples: view.rows.map(({ at, count }) => [at, count]) }
      : { minutes: view.rows.map((row) => ({ ...row, mean: rounded(row.mean) })) };
  const marks = shown.marks.filter(({ at }) => at >= from && at <= to);
  return `${JSON.stringify({ ...counts, marks })}\n`;
}

/**
 * A name for a file: what it is, and when, in the reader's own time.
 * @param {string} what @param {string} ending @param {Date} [now]
 */
export function fileName(what, ending, now = new Date()) {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return `${what}-${local.slice(0, 19).replace("T", "-").replaceAll(":", "")}.${ending}`;
}

/** @param {string} name @param {Blob} blob */
export function download(name, blob) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  // The browser has begun to read by then; revoked at once, some save nothing.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const KINDS = /** @type {const} */ ([
  { ending: "csv", type: "text/csv", write: csv },
  { ending: "json", type: "application/json", write: json },
]);

export class ExportButtons {
  #abort = new AbortController();

  /** @param {HTMLElement} container @param {() => Shown} shown */
  constructor(container, shown) {
    this.buttons = KINDS.map(({ ending, type, write }) => {
      const button = el("button", { type: "button", class: "tool" }, exportWords()[ending]);
      const save = () => {
        download(fileName("face-count", ending), new Blob([write(shown())], { type }));
      };
      button.addEventListener("click", save, { signal: this.#abort.signal });
      return button;
    });
    container.append(...this.buttons);
  }

  /** @param {boolean} possible whether there is anything to save */
  render(possible) {
    for (const button of this.buttons) button.disabled = !possible;
  }

  destroy() {
    this.#abort.abort();
    for (const button of this.buttons) button.remove();
  }
}
