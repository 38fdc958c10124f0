/** What the pages of photos say, in the page's language. */
import { inGerman } from "./dom.js";

/** @param {number} count @param {string} one @param {string} more */
const counted = (count, one, more) => `${count} ${count === 1 ? one : more}`;

const EN = {
  point: ".",
  bytes: "bytes",
  facesFound: (/** @type {number} */ n) => `${n || "No"} ${n === 1 ? "face" : "faces"} found`,
  photos: (/** @type {number} */ n) => counted(n, "photo", "photos"),
  // choosing and sending
  count: "Count faces",
  countIn: (/** @type {number} */ n) => `Count faces in ${EN.photos(n)}`,
  chooseFirst: "Choose a photo first.",
  empty: "This file is empty.",
  tooLarge: (/** @type {string} */ size, /** @type {string} */ most) =>
    `This file has ${size}; the most is ${most}. Send a smaller copy.`,
  waiting: "Waiting for its turn",
  busy: "The server is busy. This goes on by itself in a moment.",
  sending: (/** @type {number} */ percent) => `Sending, ${percent} %`,
  counting: "Looking for faces…",
  stopped: "Stopped.",
  stoppedLate: "Stopped. It may still be in your gallery.",
  lost: "The connection was lost before the answer came. Check it and try again.",
  unclear: "The server gave no clear answer. Try again in a moment.",
  done: (/** @type {number} */ n, /** @type {number} */ faces) =>
    `${EN.photos(n)} counted, ${EN.facesFound(faces).toLowerCase()}`,
  toGo: (/** @type {number} */ n) => `${EN.photos(n)} to go`,
  failed: (/** @type {number} */ n) => `${EN.photos(n)} could not be counted`,
  progressOf: (/** @type {string} */ name) => `Progress of ${name}`,
  result: "Result",
  resultOf: (/** @type {string} */ name) => `Result of ${name}`,
  cancel: "Cancel",
  retry: "Try again",
  remove: "Remove",
  // the gallery and a result
  chosen: (/** @type {number} */ n) => `${EN.photos(n)} chosen`,
  deleted: (/** @type {number} */ n) => `${EN.photos(n)} deleted.`,
  undoHint: (/** @type {number} */ n) => `Press Undo to have ${n === 1 ? "it" : "them"} back.`,
  notDeleted: (/** @type {number} */ n) =>
    `${EN.photos(n)} could not be deleted. Try again in a moment.`,
  stays: "Nothing was deleted.",
  more: (/** @type {number} */ n) => `${EN.photos(n)} more.`,
  showMore: "Show more",
  loading: "Loading…",
  notLoaded: "The next photos could not be loaded. Check the connection and try again.",
  withBoxes: (/** @type {string} */ percent) => `${percent} % with boxes`,
};

/** @type {typeof EN} */
const DE = {
  point: ",",
  bytes: "Byte",
  facesFound: (n) => `${n || "Keine"} ${n === 1 ? "Gesicht" : "Gesichter"} gefunden`,
  photos: (n) => counted(n, "Foto", "Fotos"),
  count: "Gesichter zählen",
  countIn: (n) => `Gesichter in ${DE.photos(n)} zählen`,
  chooseFirst: "Wählen Sie zuerst ein Foto aus.",
  empty: "Diese Datei ist leer.",
  tooLarge: (size, most) =>
    `Diese Datei hat ${size}, höchstens ${most} gehen. Schicken Sie eine kleinere Kopie.`,
  waiting: "Wartet, bis es an der Reihe ist",
  busy: "Der Server ist beschäftigt. Es geht gleich von selbst weiter.",
  sending: (percent) => `Wird gesendet, ${percent} %`,
  counting: "Gesichter werden gesucht …",
  stopped: "Angehalten.",
  stoppedLate: "Angehalten. Vielleicht ist es trotzdem in Ihrer Galerie.",
  lost: "Die Verbindung ging verloren, bevor die Antwort kam. Prüfen Sie sie und versuchen Sie es noch einmal.",
  unclear: "Der Server hat nicht klar geantwortet. Versuchen Sie es gleich noch einmal.",
  done: (n, faces) =>
    `${DE.photos(n)} gezählt, ${faces ? DE.facesFound(faces) : "keine Gesichter gefunden"}`,
  toGo: (n) => `noch ${DE.photos(n)}`,
  failed: (n) =>
    n === 1 ? "1 Foto konnte nicht gezählt werden" : `${n} Fotos konnten nicht gezählt werden`,
  progressOf: (name) => `Fortschritt von ${name}`,
  result: "Ergebnis",
  resultOf: (name) => `Ergebnis von ${name}`,
  cancel: "Abbrechen",
  retry: "Noch einmal",
  remove: "Entfernen",
  chosen: (n) => `${DE.photos(n)} ausgewählt`,
  deleted: (n) => `${DE.photos(n)} gelöscht.`,
  undoHint: (n) => `„Rückgängig“ holt ${n === 1 ? "es" : "sie"} zurück.`,
  notDeleted: (n) =>
    `${DE.photos(n)} ${n === 1 ? "konnte" : "konnten"} nicht gelöscht werden. Versuchen Sie es gleich noch einmal.`,
  stays: "Es wurde nichts gelöscht.",
  more: (n) => `${DE.photos(n)} mehr.`,
  showMore: "Mehr zeigen",
  loading: "Wird geladen …",
  notLoaded:
    "Die nächsten Fotos konnten nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  withBoxes: (percent) => `${percent} % mit Rahmen`,
};

export const photoWords = () => (inGerman() ? DE : EN);
