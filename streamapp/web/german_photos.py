"""What the pages of photos and of errors say, in German: beside `german`."""

from __future__ import annotations

GERMAN_PHOTOS = {
    "No faces found": "Keine Gesichter gefunden",
    "1 face found": "1 Gesicht gefunden",
    "%s faces found": "%s Gesichter gefunden",
    "Photos and results are kept for a day, then deleted.": (
        "Fotos und Ergebnisse bleiben einen Tag, dann werden sie gelöscht."
    ),
    "Photos and results are kept for %s days, then deleted.": (
        "Fotos und Ergebnisse bleiben %s Tage, dann werden sie gelöscht."
    ),
    "Photos and results are kept until you delete them.": (
        "Fotos und Ergebnisse bleiben, bis Sie sie löschen."
    ),
    "Only this browser lists them.": "Nur dieser Browser zeigt sie an.",
    "For a short time only.": "Nur für kurze Zeit.",
    "This server keeps photos on a disk that is emptied whenever it restarts. Download what you "
    "want to keep.": (
        "Dieser Server legt Fotos auf einem Speicher ab, der bei jedem Neustart geleert wird. "
        "Laden Sie herunter, was Sie behalten wollen."
    ),
    # choosing photos
    "Count faces in photos": "Gesichter in Fotos zählen",
    "Choose one photo or a whole pile. You get the count, and each photo with a box around every "
    "face.": (
        "Wählen Sie ein Foto oder einen ganzen Stapel. Sie bekommen die Anzahl und jedes Foto "
        "mit einem Rahmen um jedes Gesicht."
    ),
    "Drop photos anywhere on this page": "Fotos irgendwo auf diese Seite ziehen",
    "Choose photos": "Fotos auswählen",
    "Take a photo": "Foto aufnehmen",
    "JPEG or PNG, up to %m MB and %p megapixels each": (
        "JPEG oder PNG, jedes bis %m MB und %p Megapixel"
    ),
    ", at most %s at once": ", höchstens %s auf einmal",
    "Pasting works too.": "Einfügen geht auch.",
    "How to look": "Wie gesucht wird",
    "Quick": "Schnell",
    "faces that look at the camera": "Gesichter, die in die Kamera schauen",
    "Thorough": "Gründlich",
    "also small, turned or partly hidden faces": (
        "auch kleine, gedrehte oder halb verdeckte Gesichter"
    ),
    "Blur faces": "Gesichter verpixeln",
    "make faces unrecognisable before anything is saved": (
        "Gesichter unkenntlich machen, bevor etwas gespeichert wird"
    ),
    "Count faces": "Gesichter zählen",
    "These photos": "Diese Fotos",
    "All your photos": "Alle Ihre Fotos",
    # the gallery
    "Your photos": "Ihre Fotos",
    "All photos": "Alle Fotos",
    "All as ZIP": "Alle als ZIP",
    "Counts as CSV": "Anzahlen als CSV",
    "Add photos": "Fotos hinzufügen",
    "Chosen photos": "Ausgewählte Fotos",
    "Download ZIP": "ZIP herunterladen",
    "Clear": "Auswahl aufheben",
    "Choose %s": "%s auswählen",
    "Delete %s": "%s löschen",
    "No photos yet": "Noch keine Fotos",
    "Photos that you count appear here, newest first.": (
        "Fotos, in denen Sie zählen, erscheinen hier, die neuesten zuerst."
    ),
    # a result
    "pixels": "Pixel",
    "Your photo as it was saved": "Ihr Foto, wie es gespeichert wurde",
    "Original": "Original",
    "Your photo with a box around every face": "Ihr Foto mit einem Rahmen um jedes Gesicht",
    "With boxes": "Mit Rahmen",
    "How much of the photo is shown with boxes": ("Wie viel vom Foto mit Rahmen gezeigt wird"),
    "Downloads": "Zum Herunterladen",
    "Result as JSON": "Ergebnis als JSON",
    "Uploaded together": "Zusammen hochgeladen",
    "Where they are": "Wo sie sind",
    "Every face’s box in pixels from the photo’s upper left corner, and how sure the detector is": (
        "Der Rahmen jedes Gesichts in Pixeln von der linken oberen Ecke des Fotos, und wie "
        "sicher der Detektor ist"
    ),
    "Face": "Gesicht",
    "Width": "Breite",
    "Height": "Höhe",
    "Confidence": "Sicherheit",
    "Faces are found best when they look towards the camera, are well lit, and are not too small "
    "in the photo.": (
        "Am besten werden Gesichter gefunden, die zur Kamera schauen, gut beleuchtet und im "
        "Foto nicht zu klein sind."
    ),
    "Count more photos": "Weitere Fotos zählen",
    "Delete…": "Löschen …",
    "Both pictures and the result go for good.": (
        "Beide Bilder und das Ergebnis werden endgültig gelöscht."
    ),
    "Delete for good": "Endgültig löschen",
    "Delete this photo?": "Dieses Foto löschen?",
    "The photo, its copy with boxes and the result go for good.": (
        "Das Foto, seine Kopie mit Rahmen und das Ergebnis werden endgültig gelöscht."
    ),
    "Keep it": "Behalten",
    "The image and its annotated copy are deleted.": (
        "Das Foto und seine Kopie mit Rahmen sind gelöscht."
    ),
    "The session and its counts are deleted.": ("Die Aufzeichnung und ihre Zahlen sind gelöscht."),
    # errors, and the page without a network
    "That could not be read": "Das war nicht zu lesen",
    "Please say who you are": "Bitte sagen Sie, wer Sie sind",
    "That is not yours to see": "Das ist nicht für Sie",
    "There is nothing here": "Hier ist nichts",
    "That does not work this way": "So geht das nicht",
    "That is too large": "Das ist zu groß",
    "That kind of file is not known here": "Diese Art Datei ist hier unbekannt",
    "Something in the request does not fit": "An der Anfrage passt etwas nicht",
    "That was too quick": "Das war zu schnell",
    "Something went wrong here": "Hier ist etwas schiefgegangen",
    "Not available right now": "Gerade nicht verfügbar",
    "That did not work": "Das hat nicht geklappt",
    "If you report this, please name the request:": (
        "Wenn Sie das melden, nennen Sie bitte die Anfrage:"
    ),
    "You are offline": "Sie sind offline",
    "Counting needs the server, which cannot be reached from here right now. Open the page again "
    "when your network is back.": (
        "Zum Zählen braucht es den Server, der von hier gerade nicht zu erreichen ist. Öffnen "
        "Sie die Seite wieder, wenn Ihr Netz zurück ist."
    ),
    "Try again": "Noch einmal versuchen",
}
