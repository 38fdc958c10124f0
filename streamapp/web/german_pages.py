"""What the templates of sessions, watching and joining say, in German: beside `german`."""

from __future__ import annotations

GERMAN_PAGES = {
    ".": ",",  # in numbers
    "Your sessions": "Ihre Aufzeichnungen",
    "What was counted while recording was on: numbers over time, never a picture. Only this "
    "browser lists them.": (
        "Was gezählt wurde, während die Aufzeichnung lief: Zahlen im Verlauf, nie ein Bild. "
        "Nur dieser Browser zeigt sie."
    ),
    "Seen": "Gesehen",
    "Rename": "Umbenennen",
    "Name": "Name",
    "Save": "Speichern",
    "Delete": "Löschen",
    "No sessions yet": "Noch keine Aufzeichnungen",
    "Start the live count and switch recording on: one number a second is kept, nothing else.": (
        "Starten Sie die Live-Zählung und schalten Sie die Aufzeichnung ein: Eine Zahl pro Sekunde "
        "wird aufgehoben, sonst nichts."
    ),
    "They are deleted after %s days.": "Nach %s Tagen werden sie gelöscht.",
    "They are kept until you delete them.": "Sie bleiben, bis Sie sie löschen.",
    "Go to the live count": "Zur Live-Zählung",
    "Show more": "Mehr zeigen",
    "Undo": "Rückgängig",
    "All sessions": "Alle Aufzeichnungen",
    "Scan this with the phone’s camera within ten minutes: it becomes one of your cameras. The "
    "code works once. Show it to nobody else.": (
        "Scannen Sie das innerhalb von zehn Minuten mit der Kamera des Handys: Es wird zu "
        "einer Ihrer Kameras. Der Code gilt einmal. Zeigen Sie ihn niemandem sonst."
    ),
    "Add this device?": "Dieses Gerät hinzufügen?",
    "It becomes a camera of whoever showed you the code: what it counts appears on their wall, "
    "and its sessions and photos in their lists. Pictures of the live count are kept nowhere.": (
        "Es wird zur Kamera von dem, der Ihnen den Code gezeigt hat: Was es zählt, erscheint "
        "auf dessen Wand, seine Aufzeichnungen und Fotos in dessen Listen. Bilder der "
        "Live-Zählung werden nirgends aufgehoben."
    ),
    "Photos and sessions that this browser lists now are no longer listed here afterwards.": (
        "Fotos und Aufzeichnungen, die dieser Browser jetzt zeigt, zeigt er danach nicht mehr."
    ),
    "Use this device as a camera": "Dieses Gerät als Kamera nutzen",
    "No, count for myself": "Nein, für mich selbst zählen",
    "This link is used up": "Dieser Link ist verbraucht",
    "It works once, and for ten minutes. Press “Add a phone” on the wall again and scan the "
    "new code.": (
        "Er gilt einmal und zehn Minuten lang. Drücken Sie auf der Wand noch einmal „Handy "
        "hinzufügen“ und scannen Sie den neuen Code."
    ),
    "Only numbers and outlines are sent to this page, never a picture.": (
        "An diese Seite gehen nur Zahlen und Umrisse, nie ein Bild."
    ),
    "Wall": "Wand",
    "Nothing is counting yet": "Noch wird nichts gezählt",
    "Every camera that you start appears here, with its number, its course and the sum of all.": (
        "Jede Kamera, die Sie starten, erscheint hier mit ihrer Zahl, ihrem Verlauf und der "
        "Summe aller."
    ),
    "Start the camera of this device": "Die Kamera dieses Geräts starten",
    "Press “Add a phone” and scan the code with a phone or tablet: it becomes one of your "
    "cameras.": (
        "Drücken Sie „Handy hinzufügen“ und scannen Sie den Code mit einem Handy oder Tablet: "
        "Es wird zu einer Ihrer Kameras."
    ),
    "still running": "läuft noch",
    "to": "bis",
    "Unnamed session": "Aufzeichnung ohne Namen",
    "The chart needs JavaScript. The numbers are in the files below.": (
        "Das Diagramm braucht JavaScript. Die Zahlen stehen in den Dateien darunter."
    ),
    "Live count": "Live-Zählung",
    "Connecting": "Verbindung wird aufgebaut",
    "Where the faces are": "Wo die Gesichter sind",
    "An empty field": "Ein leeres Feld",
    "The count is on its way.": "Die Zahl kommt gleich.",
    "A live count needs JavaScript, which is switched off here.": (
        "Eine Live-Zählung braucht JavaScript, das hier ausgeschaltet ist."
    ),
}
