/** What the pages of sessions say, in the page's language. Keys are those of `data-word`. */

const EN = {
  title: "Your sessions",
  lead: "What was counted while recording was on: numbers over time, never a picture. Only this browser lists them.",
  wall: "Open the wall",
  peak: "Peak",
  average: "Average",
  seen: "Seen",
  rename: "Rename",
  name: "Name",
  save: "Save",
  delete: "Delete",
  emptyTitle: "No sessions yet",
  emptyBody:
    "Start the live count and switch recording on: one number a second is kept, until you delete it.",
  emptyStart: "Go to the live count",
  more: "Show more",
  undo: "Undo",
  back: "All sessions",
  invite: "Add a phone",
  inviteBody:
    "Scan this with the phone’s camera within ten minutes: it becomes one of your cameras. The code works once. Show it to nobody else.",
  join: "Add this device?",
  joinBody:
    "It becomes a camera of whoever showed you the code: what it counts appears on their wall, and its sessions and photos in their lists. Pictures of the live count are kept nowhere.",
  joinOwn: "Photos and sessions that this browser lists now are no longer listed here afterwards.",
  joinYes: "Use this device as a camera",
  joinNo: "No, count for myself",
  joinOver: "This link is used up",
  joinOverBody:
    "It works once, and for ten minutes. Press “Add a phone” on the wall again and scan the new code.",
};

/** @type {typeof EN} */
const DE = {
  title: "Ihre Aufzeichnungen",
  lead: "Was gezählt wurde, während die Aufzeichnung lief: Zahlen im Verlauf, nie ein Bild. Nur dieser Browser zeigt sie.",
  wall: "Zur Wand",
  peak: "Höchstens",
  average: "Im Mittel",
  seen: "Gesehen",
  rename: "Umbenennen",
  name: "Name",
  save: "Speichern",
  delete: "Löschen",
  emptyTitle: "Noch keine Aufzeichnungen",
  emptyBody:
    "Starten Sie die Live-Zählung und schalten Sie die Aufzeichnung ein: Eine Zahl pro Sekunde wird aufgehoben, bis Sie sie löschen.",
  emptyStart: "Zur Live-Zählung",
  more: "Mehr zeigen",
  undo: "Rückgängig",
  back: "Alle Aufzeichnungen",
  invite: "Telefon hinzufügen",
  inviteBody:
    "Scannen Sie das innerhalb von zehn Minuten mit der Kamera des Telefons: Es wird zu einer Ihrer Kameras. Der Code gilt einmal. Zeigen Sie ihn niemandem sonst.",
  join: "Dieses Gerät hinzufügen?",
  joinBody:
    "Es wird zur Kamera von dem, der Ihnen den Code gezeigt hat: Was es zählt, erscheint auf dessen Wand, seine Aufzeichnungen und Fotos in dessen Listen. Bilder der Live-Zählung werden nirgends aufgehoben.",
  joinOwn: "Fotos und Aufzeichnungen, die dieser Browser jetzt zeigt, zeigt er danach nicht mehr.",
  joinYes: "Dieses Gerät als Kamera nutzen",
  joinNo: "Nein, für mich selbst zählen",
  joinOver: "Dieser Link ist verbraucht",
  joinOverBody:
    "Er gilt einmal und zehn Minuten lang. Drücken Sie auf der Wand noch einmal „Telefon hinzufügen“ und scannen Sie den neuen Code.",
};

const SAID_EN = {
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

/** @type {typeof SAID_EN} */
const SAID_DE = {
  ...SAID_EN,
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

const german = () => document.documentElement.lang.startsWith("de");
export const sessionWords = () => (german() ? SAID_DE : SAID_EN);

export const writtenWords = () => (german() ? DE : EN);
