/**
 * What `/watch` and `/wall` say, in the page's language.
 *
 * @typedef {"connecting" | "live" | "away" | "offline" | "revoked" | "unknown"} WatchState
 * @typedef {{title: string, body: string, line: string}} Words
 */
import { inGerman } from "./dom.js";

const EN = {
  /** @type {Record<WatchState, Words>} */
  states: {
    connecting: { title: "Connecting", body: "The count is on its way.", line: "Connecting" },
    live: { title: "", body: "", line: "Live" },
    away: {
      title: "Nobody is counting right now",
      body: "The camera is off or has lost its connection. This page goes on by itself when it is back.",
      line: "Camera is away",
    },
    offline: {
      title: "The server cannot be reached",
      body: "Your network or the server is away for a moment. This page goes on by itself.",
      line: "Reconnecting",
    },
    revoked: {
      title: "This link was withdrawn",
      body: "Whoever shared the count has ended it. Ask for a new link if you still need it.",
      line: "Link withdrawn",
    },
    unknown: {
      title: "This link leads nowhere",
      body: "It was withdrawn, or it is not complete. Check that you have all of it, or ask for a new one.",
      line: "Unknown link",
    },
  },
  unnamed: "Live count",
  unnamedStream: (/** @type {number} */ n) => `Camera ${n}`,
  /** @param {number} n @returns {string} */
  faces: (n) => (n === 1 ? "face" : "faces"),
  spoken: (/** @type {number} */ n) => (n === 0 ? "No faces" : n === 1 ? "1 face" : `${n} faces`),
  field: (/** @type {number} */ n) =>
    n === 1 ? "Outline of one face on an empty field" : `Outlines of ${n} faces on an empty field`,
  peak: (/** @type {number} */ n) => `Peak ${n}`,
  away: "Away",
  sum: (/** @type {number} */ faces, /** @type {number} */ streams) =>
    `${faces === 1 ? "face" : "faces"} in ${streams === 1 ? "one stream" : `${streams} streams`}`,
  invite: {
    title: "Add a phone",
    loading: "Making a code…",
    code: "Code to scan with the phone’s camera",
    /** @param {number} minutes @returns {string} */
    how: (minutes) =>
      `Scan this with the phone’s camera and press “Use this device”. The code works once, within ${minutes} minutes. Whoever has it becomes one of your cameras: show it to nobody else.`,
    address: "Address to open instead",
    copy: "Copy",
    copied: "Copied",
    close: "Close",
    over: "This code is too old. Close this and press “Add a phone” once more.",
    failed: "No code could be made. Try again in a moment.",
  },
};

/** @type {typeof EN} */
const DE = {
  states: {
    connecting: {
      title: "Verbindung wird aufgebaut",
      body: "Die Zahl kommt gleich.",
      line: "Verbinden",
    },
    live: { title: "", body: "", line: "Live" },
    away: {
      title: "Gerade wird nicht gezählt",
      body: "Die Kamera ist aus oder hat keine Verbindung. Diese Seite macht von selbst weiter, sobald sie zurück ist.",
      line: "Kamera ist weg",
    },
    offline: {
      title: "Der Server ist nicht erreichbar",
      body: "Ihr Netz oder der Server ist kurz weg. Diese Seite macht von selbst weiter.",
      line: "Neu verbinden",
    },
    revoked: {
      title: "Dieser Link wurde zurückgezogen",
      body: "Wer die Zählung geteilt hat, hat das beendet. Bitten Sie um einen neuen Link, wenn Sie ihn noch brauchen.",
      line: "Link zurückgezogen",
    },
    unknown: {
      title: "Dieser Link führt nirgendwohin",
      body: "Er wurde zurückgezogen oder ist unvollständig. Prüfen Sie, ob Sie ihn ganz haben, oder bitten Sie um einen neuen.",
      line: "Unbekannter Link",
    },
  },
  unnamed: "Live-Zählung",
  unnamedStream: (n) => `Kamera ${n}`,
  faces: (n) => (n === 1 ? "Gesicht" : "Gesichter"),
  spoken: (n) => (n === 0 ? "Keine Gesichter" : n === 1 ? "1 Gesicht" : `${n} Gesichter`),
  field: (n) =>
    n === 1
      ? "Umriss eines Gesichts auf leerem Feld"
      : `Umrisse von ${n} Gesichtern auf leerem Feld`,
  peak: (n) => `Höchststand ${n}`,
  away: "Weg",
  sum: (faces, streams) =>
    `${faces === 1 ? "Gesicht" : "Gesichter"} in ${streams === 1 ? "einem Stream" : `${streams} Streams`}`,
  invite: {
    title: "Handy hinzufügen",
    loading: "Der Code wird gemacht …",
    code: "Code zum Scannen mit der Kamera des Handys",
    how: (minutes) =>
      `Scannen Sie ihn mit der Kamera des Handys und drücken Sie „Dieses Gerät nutzen“. Der Code gilt einmal, ${minutes} Minuten lang. Wer ihn hat, wird eine Ihrer Kameras: Zeigen Sie ihn niemandem sonst.`,
    address: "Adresse, die stattdessen geöffnet werden kann",
    copy: "Kopieren",
    copied: "Kopiert",
    close: "Schließen",
    over: "Dieser Code ist zu alt. Schließen Sie dies und drücken Sie noch einmal „Handy hinzufügen“.",
    failed: "Es konnte kein Code gemacht werden. Versuchen Sie es gleich noch einmal.",
  },
};

export const watchWords = () => (inGerman() ? DE : EN);
