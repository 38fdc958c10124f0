/**
 * What the chart draws, as plain numbers: columns for the plot, its scales and their ticks.
 *
 * @typedef {import("./history.js").View} View
 * @typedef {[x: number[], count: Column, max: Column, min: Column]} Columns
 * @typedef {(number | null)[]} Column
 */
import { MINUTE_MS } from "./history.js";

/**
 * Columns that are stepped through: a row's count holds until the next row. A stretch without
 * counts begins with nulls, just after the last count that was seen.
 * @param {View} view @param {number} gapMs
 * @param {{last: number, end: number}} times of the last count of all, and of the chart's end
 * @returns {Columns}
 */
export function columns(view, gapMs, { last, end }) {
  return view.kind === "samples" ? ofSamples(view.rows, gapMs, end) : ofMinutes(view.rows, last);
}

/**
 * @param {Extract<View, {kind: "samples"}>["rows"]} rows @param {number} gapMs
 * @param {number} end
 */
function ofSamples(rows, gapMs, end) {
  /** @type {Columns} */
  const [x, count, max, min] = [[], [], [], []];
  rows.forEach((row, i) => {
    x.push(row.at);
    count.push(row.count);
    if ((rows[i + 1]?.at ?? end) - row.at <= gapMs) return;
    x.push(row.at + 1);
    count.push(null);
  });
  max.push(...count.map(() => null));
  min.push(...max);
  return /** @type {Columns} */ ([x, count, max, min]);
}

/** @param {Extract<View, {kind: "minutes"}>["rows"]} rows @param {number} last */
function ofMinutes(rows, last) {
  /** @type {Columns} */
  const table = [[], [], [], []];
  const push = (/** @type {[number, ...Column]} */ ...row) =>
    row.forEach((value, c) => table[c].push(/** @type {number} */ (value)));
  rows.forEach(({ start, mean, max, min }, i) => {
    push(start, mean, max, min);
    const over = start + MINUTE_MS;
    if (rows[i + 1]?.start === over) return;
    const stop = Math.min(over, Math.max(last, start + 1)); // the present minute is not over yet
    push(stop, mean, max, min);
    push(stop + 1, null, null, null);
  });
  return table;
}

/**
 * The least even number that holds every value, so that half of it is whole; 2 at least.
 * @param {readonly (number | null)[]} series
 */
export function scaleTop(series) {
  const most = series.reduce((/** @type {number} */ top, value) => Math.max(top, value ?? 0), 0);
  return Math.max(2, 2 * Math.ceil(most / 2));
}

/**
 * A stretch around `middle`, `factor` times as long, kept within `bounds` and not below two
 * seconds.
 * @param {readonly [number, number]} range @param {number} factor @param {number} middle
 * @param {readonly [number, number]} bounds
 * @returns {[number, number]}
 */
export function zoomed([from, to], factor, middle, bounds) {
  const longest = bounds[1] - bounds[0];
  const length = Math.min(longest, Math.max(2_000, (to - from) * factor));
  const share = (middle - from) / (to - from);
  return moved([middle - share * length, middle + (1 - share) * length], 0, bounds);
}

/**
 * The stretch `by` milliseconds later, kept within `bounds`.
 * @param {readonly [number, number]} range @param {number} by
 * @param {readonly [number, number]} bounds
 * @returns {[number, number]}
 */
export function moved([from, to], by, [first, last]) {
  const shift = Math.min(Math.max(by, first - from), Math.max(last - to, first - from));
  return [Math.round(from + shift), Math.round(to + shift)];
}

/**
 * The row that holds at a moment, or null within a gap.
 * @param {Columns} table @param {number} at
 * @returns {{at: number, count: number, max: number | null, min: number | null} | null}
 */
export function rowAt([x, count, max, min], at) {
  const i = x.findLastIndex((start) => start <= at);
  const value = count[i];
  if (value === undefined || value === null) return null;
  return { at: x[i], count: value, max: max[i], min: min[i] };
}
