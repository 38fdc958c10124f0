/**
 * The chart's elements: the ranges, the field, what is read from it, the table beneath.
 *
 * @typedef {ReturnType<typeof import("./chart-words.js").chartWords>} Words
 * @typedef {import("./chart.js").RangeName} RangeName
 */
import { el } from "./dom.js";

/** @param {Words} words @param {RangeName[]} ranges @param {HTMLElement} table */
export function chartFrame(words, ranges, table) {
  const box = el("div", {
    class: "chart-box",
    tabindex: "0",
    role: "application",
    "aria-label": words.label,
    "aria-description": words.keys,
  });
  const tip = el("p", { class: "chart-tip", "aria-hidden": "true", hidden: "" });
  const empty = el("p", { class: "chart-empty" }, words.empty);
  const spoken = el("p", { class: "hidden", role: "status" });
  const back = el("button", { class: "chart-back", type: "button", hidden: "" }, words.reset);
  const buttons = ranges.map((name) =>
    el("button", { type: "button", "data-range": name }, words.ranges[name]),
  );
  const group = el(
    "div",
    { class: "chart-ranges", role: "group", "aria-label": words.range },
    ...buttons,
  );
  group.hidden = ranges.length < 2;
  const element = el(
    "div",
    { class: "chart" },
    el("div", { class: "chart-bar" }, group, back),
    el("div", { class: "chart-stage" }, box, empty, tip),
    spoken,
    table,
  );
  return { element, box, tip, empty, spoken, back, buttons };
}
