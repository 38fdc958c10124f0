/**
 * Was die Live-Seite sagt, auf Deutsch.
 *
 * @typedef {import("./en.js").Catalogue} Catalogue
 */

/** @param {number} count @returns {string} */
const faces = (count) => (count === 1 ? "Gesicht" : "Gesichter");

/** @type {Catalogue} */
const words = {
  states: {
    idle: {
      title: "Wie viele Gesichter sind da?",
      body:
        "Die Bilder Ihrer Kamera werden im Arbeitsspeicher des Servers ausgewertet und sofort verworfen. " +
        "Sie werden nie gespeichert, und niemand sonst sieht sie.",
      line: "Kamera ist aus",
    },
    asking: {
      title: "Darf diese Seite Ihre Kamera benutzen?",
      body: "Ihr Browser fragt danach. Wählen Sie „Zulassen“, dann geht es los.",
      line: "Wartet auf Ihre Erlaubnis",
    },
    choosing: {
      title: "Was soll gezählt werden?",
      body: "Ihr Browser fragt nach einem Bildschirm oder Fenster. Wählen Sie eines aus, dann geht es los.",
      line: "Wartet auf Ihre Auswahl",
    },
    connecting: {
      title: "Verbindung wird aufgebaut",
      body: "Das Bild ist da. Der Server wird gerufen.",
      line: "Verbinden",
    },
    live: { title: "", body: "", line: "Live" },
    waiting: {
      title: "Der Server lässt sich Zeit",
      body: "Die Verbindung steht, aber es kommen keine Ergebnisse. Die Zählung geht weiter, sobald sie kommen.",
      line: "Wartet auf Ergebnisse",
    },
    offline: {
      title: "Der Server ist nicht erreichbar",
      body: "Ihr Netz oder der Server ist kurz weg. Die Zählung geht von selbst weiter, sobald er zurück ist.",
      line: "Neu verbinden",
    },
    busy: {
      title: "Der Server ist gerade voll",
      body: "Andere nutzen alle Plätze. Sie müssen nichts tun: Ihr Platz wird von selbst wieder angefragt.",
      line: "Server ist voll",
    },
    draining: {
      title: "Der Server startet neu",
      body: "Er ist gleich wieder da, und die Zählung geht von selbst weiter.",
      line: "Server startet neu",
    },
    paused: {
      title: "Pause",
      body: "Solange diese Seite im Hintergrund ist, bleibt die Kamera aus. Die Zählung geht weiter, wenn Sie zurückkommen.",
      line: "Pause",
    },
    insecure: {
      title: "Die Kamera braucht eine sichere Seite",
      body:
        "Browser geben die Kamera nur an Seiten, die mit https:// beginnen (oder auf localhost laufen). " +
        "Öffnen Sie diese Seite unter ihrer https://-Adresse, oder nehmen Sie eine Videodatei.",
      line: "Seite ist nicht sicher",
    },
    denied: { title: "Die Kamera ist gesperrt", body: "", line: "Kamera ist gesperrt" },
    "no-camera": {
      title: "Keine Kamera gefunden",
      body: "Schließen Sie eine an oder schalten Sie sie ein, und drücken Sie „Kamera starten“. Eine Videodatei oder ein Bildschirm geht auch.",
      line: "Keine Kamera",
    },
    "in-use": {
      title: "Die Kamera wird schon benutzt",
      body: "Ein anderes Programm oder ein anderer Tab hält sie. Schließen Sie es, und drücken Sie „Kamera starten“.",
      line: "Kamera wird benutzt",
    },
    unplugged: {
      title: "Die Kamera ist weg",
      body: "Sie wurde abgezogen oder ausgeschaltet. Schließen Sie sie an, und drücken Sie „Kamera starten“.",
      line: "Kamera ist weg",
    },
    unshared: {
      title: "Der Bildschirm wird nicht mehr gezeigt",
      body: "Sie oder Ihr Browser haben das beendet. Drücken Sie „Bildschirm zeigen“, um wieder einen zu wählen.",
      line: "Kein Bildschirm",
    },
    ended: {
      title: "Das Video ist zu Ende",
      body: "Seine Zählung bleibt auf dieser Seite, bis Sie neu beginnen.",
      line: "Video ist zu Ende",
    },
    "bad-file": {
      title: "Diese Datei lässt sich nicht abspielen",
      body: "Ihr Browser kennt das Format nicht, oder die Datei ist beschädigt. MP4 und WebM gehen fast überall.",
      line: "Datei nicht abspielbar",
    },
    failed: {
      title: "Die Kamera ist nicht angegangen",
      body: "Ihr Browser nennt keinen Grund. Drücken Sie noch einmal „Kamera starten“, oder laden Sie die Seite neu.",
      line: "Kamera ging nicht an",
    },
  },
  allow: {
    firefox:
      "Klicken Sie in der Adressleiste auf die durchgestrichene Kamera, heben Sie die Sperre auf, und drücken Sie „Kamera starten“.",
    safari:
      "Öffnen Sie das Seitenmenü in der Adressleiste, wählen Sie die Einstellungen für diese Website, stellen Sie die Kamera auf „Erlauben“, und drücken Sie „Kamera starten“.",
    other:
      "Klicken Sie auf das Symbol links neben der Adresse, lassen Sie die Kamera zu, und drücken Sie „Kamera starten“.",
  },
  hints: {
    "no-face":
      "Seit einer Weile kein Gesicht. Mehr Licht von vorn und weniger Abstand helfen; das kleinste Gesicht lässt sich einstellen.",
    reconnected: "Wieder verbunden",
    switched: "Diese Kamera ist weg. Eine andere hat übernommen.",
    unchanged: "Diese Quelle war nicht zu haben. Gezählt wird mit der bisherigen.",
  },
  start: { camera: "Kamera starten", screen: "Bildschirm zeigen", file: "Video abspielen" },
  stop: { camera: "Kamera stoppen", screen: "Bildschirm beenden", file: "Video stoppen" },
  faces,
  spoken: (count) => (count === 0 ? "Keine Gesichter" : `${count} ${faces(count)}`),
  retrying: (seconds) => (seconds > 0 ? `Neuer Versuch in ${seconds} s` : "Neuer Versuch jetzt"),
  picture: {
    verySlow: "Sehr langsame Verbindung: kleine Bilder, nur wenige",
    slow: "Langsame Verbindung: kleinere und weniger Bilder",
    saving: "Viele Besucher: der Server bittet um weniger Bilder",
    good: "Gute Verbindung: Bilder in voller Größe",
  },
  sources: {
    camera: "Kamera",
    nth: (n) => `Kamera ${n}`,
    screen: "Bildschirm oder Fenster …",
    file: "Videodatei …",
  },
  bigger: "Vollbild",
  smaller: "Vollbild verlassen",
  recording: {
    off: "Es wird nichts aufgehoben. Wenn Sie beginnen, wird jede Sekunde eine Zahl mit ihrer Zeit aufgehoben, nie ein Bild.",
    on: (since) => `Die Zahlen werden seit ${since} aufgehoben.`,
    waiting: "Die Aufzeichnung beginnt mit der Zählung.",
    begin: "Zahlen aufzeichnen",
    end: "Aufzeichnung beenden",
    taken_over: "Ein anderer Tab oder ein anderes Gerät führt diese Aufzeichnung weiter.",
    deleted: "Diese Aufzeichnung wurde gelöscht.",
    failed: "Das hat nicht geklappt. Versuchen Sie es gleich noch einmal.",
  },
  sharing: {
    off: "Wer den Link hat, sieht die Zahl, den Verlauf und Umrisse. Nie das Bild.",
    on: "Wer diesen Link hat, kann die Zahl, den Verlauf und Umrisse sehen, bis Sie ihn zurückziehen.",
    waiting: "Starten Sie zuerst die Zählung: Noch gibt es nichts zu sehen.",
    begin: "Link erstellen",
    end: "Link zurückziehen",
    copied: "Kopiert",
    copyFailed: "Markieren Sie den Link, und kopieren Sie ihn.",
    failed: "Das hat nicht geklappt. Versuchen Sie es gleich noch einmal.",
    invited: (minutes) =>
      `Scannen Sie das mit einem Handy: Es wird eine Ihrer Kameras. Der Code gilt einmal und ${minutes} Minuten lang.`,
    inviteFailed: "Der Code ließ sich nicht erstellen. Versuchen Sie es gleich noch einmal.",
  },
  alerts: {
    above: (count) => `${count} ${faces(count)}: Ihre Grenze ist erreicht oder überschritten`,
    below: (count) => `${count} ${faces(count)}: Ihre Grenze ist erreicht oder unterschritten`,
    mark: (count) => `Alarm: ${count} ${faces(count)}`,
    blocked: "Ihr Browser lässt für diese Seite keine Mitteilungen zu.",
  },
};

export default words;
