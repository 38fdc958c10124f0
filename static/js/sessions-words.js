/** What the pages of sessions say, in the page's language. */
import { inGerman } from "./dom.js";

const EN = {
  unnamed: "Unnamed session",
  running: "still running",
  loading: "Loading…",
  deleted: (/** @type {string} */ name) => `“${name}” deleted.`,
  undoHint: "Press Undo to have it back.",
  stays: "Nothing was deleted.",
  renamed: (/** @type {string} */ name) => `Renamed to “${name}”.`,
  notDeleted: "The session could not be deleted. Try again in a moment.",
  notRenamed: "The new name could not be saved. Try again in a moment.",
  notLoaded: "The next sessions could not be loaded. Check the connection and try again.",
  noCounts: "The counts could not be loaded. Check the connection and reload the page.",
  deleteName: (/** @type {string} */ name) => `Delete ${name}`,
  sure: "Delete for good?",
  /** @param {number} s @returns {string} */
  duration(s) {
    if (s < 60) return `${s} s`;
    const minutes = Math.round(s / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  },
};

/** @type {typeof EN} */
const DE = {
  ...EN,
  unnamed: "Aufzeichnung ohne Namen",
  running: "läuft noch",
  loading: "Wird geladen …",
  deleted: (name) => `„${name}“ gelöscht.`,
  undoHint: "„Rückgängig“ holt sie zurück.",
  stays: "Es wurde nichts gelöscht.",
  renamed: (name) => `Umbenannt in „${name}“.`,
  notDeleted: "Die Aufzeichnung konnte nicht gelöscht werden. Versuchen Sie es gleich noch einmal.",
  notRenamed: "Der neue Name konnte nicht gespeichert werden. Versuchen Sie es gleich noch einmal.",
  notLoaded:
    "Die nächsten Aufzeichnungen konnten nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  noCounts:
    "Die Zahlen konnten nicht geladen werden. Prüfen Sie die Verbindung und laden Sie die Seite neu.",
  deleteName: (name) => `${name} löschen`,
  sure: "Endgültig löschen?",
};

export const sessionWords = () => (inGerman() ? DE : EN);
