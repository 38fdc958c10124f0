/** What the chart and its buttons say, in the page's language. */
import { inGerman } from "./dom.js";

/** @typedef {{count: number, max: number | null, min: number | null} | null} Reading */

const number = (/** @type {number} */ value, /** @type {string} */ lang) =>
  new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(value);

const EN = {
  label: "The count over time",
  keys: "Arrow keys read along the line, plus and minus zoom, Shift with an arrow moves, Escape shows all of the range again.",
  range: "What the chart shows",
  ranges: { minute: "1 min", ten: "10 min", all: "All" },
  reset: "Reset zoom",
  empty: "The line begins with the first count.",
  unavailable: "The chart could not be loaded. The table below has the numbers.",
  table: "Minute by minute",
  tableCaption: "The count of every minute, newest first",
  minute: "Minute",
  lowest: "Lowest",
  mean: "Mean",
  highest: "Highest",
  /** @param {Reading} row */
  reading(row) {
    if (!row) return "no count";
    if (row.max === null) return row.count === 1 ? "1 face" : `${row.count} faces`;
    return `${row.min} to ${row.max}, mean ${number(row.count, "en")}`;
  },
};

/** @type {typeof EN} */
const DE = {
  label: "Die Anzahl im Verlauf",
  keys: "Pfeiltasten lesen die Linie entlang, Plus und Minus vergrößern und verkleinern, Umschalt mit Pfeil verschiebt, Escape zeigt wieder den ganzen Bereich.",
  range: "Was das Diagramm zeigt",
  ranges: { minute: "1 Min.", ten: "10 Min.", all: "Alles" },
  reset: "Zoom aufheben",
  empty: "Die Linie beginnt mit der ersten Zählung.",
  unavailable:
    "Das Diagramm konnte nicht geladen werden. Die Zahlen stehen in der Tabelle darunter.",
  table: "Minute für Minute",
  tableCaption: "Die Anzahl in jeder Minute, die neueste zuerst",
  minute: "Minute",
  lowest: "Kleinste",
  mean: "Mittel",
  highest: "Größte",
  reading(row) {
    if (!row) return "keine Zählung";
    if (row.max === null) return row.count === 1 ? "1 Gesicht" : `${row.count} Gesichter`;
    return `${row.min} bis ${row.max}, im Mittel ${number(row.count, "de")}`;
  },
};

const EXPORT_EN = { csv: "Save CSV", json: "JSON" };
/** @type {typeof EXPORT_EN} */
const EXPORT_DE = { csv: "CSV sichern", json: "JSON" };

const SNAPSHOT_EN = {
  save: "Save picture",
  keep: "To gallery",
  none: "There is no picture to keep. Start the camera first.",
  sending: "Sending…",
  kept: "The picture is in your gallery.",
  open: "Look at it",
  offline: "The server could not be reached. Try again in a moment.",
  failed: "The picture could not be kept. Try again in a moment.",
};

/** @type {typeof SNAPSHOT_EN} */
const SNAPSHOT_DE = {
  save: "Bild sichern",
  keep: "In die Galerie",
  none: "Es gibt kein Bild. Starten Sie zuerst die Kamera.",
  sending: "Wird gesendet …",
  kept: "Das Bild ist in Ihrer Galerie.",
  open: "Ansehen",
  offline: "Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.",
  failed: "Das Bild konnte nicht gespeichert werden. Versuchen Sie es gleich noch einmal.",
};

export const exportWords = () => (inGerman() ? EXPORT_DE : EXPORT_EN);
export const snapshotWords = () => (inGerman() ? SNAPSHOT_DE : SNAPSHOT_EN);
export const chartWords = () => (inGerman() ? DE : EN);
