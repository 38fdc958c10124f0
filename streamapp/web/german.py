"""What the templates say, in German: the English text and what stands for it."""

from __future__ import annotations

from streamapp.web.german_pages import GERMAN_PAGES
from streamapp.web.german_photos import GERMAN_PHOTOS

GERMAN = {
    # every page
    "Skip to the content": "Zum Inhalt springen",
    "Main": "Hauptmenü",
    "Live": "Live",
    "Photos": "Fotos",
    "Gallery": "Galerie",
    "Sessions": "Zählungen",
    "Log out": "Abmelden",
    # the door
    "Log in": "Anmelden",
    "This server counts faces for those who know its password.": (
        "Dieser Server zählt Gesichter für alle, die sein Passwort kennen."
    ),
    "That is not the password.": "Das ist nicht das Passwort.",
    "Too many wrong passwords. Seconds to wait:": (
        "Zu viele falsche Passwörter. Wartezeit in Sekunden:"
    ),
    "Password": "Passwort",
    # the live page
    "Live face count": "Gesichter live zählen",
    "Picture": "Bild",
    "The picture that is counted, with a box around every face": (
        "Das Bild, in dem gezählt wird, mit einem Rahmen um jedes Gesicht"
    ),
    "How many faces are there?": "Wie viele Gesichter sind da?",
    "Your camera’s pictures are analysed in the server’s memory and thrown away at once. "
    "They are never stored, and nobody else sees them.": (
        "Die Bilder Ihrer Kamera werden im Arbeitsspeicher des Servers ausgewertet und sofort "
        "verworfen. Sie werden nie gespeichert, und niemand sonst sieht sie."
    ),
    "Use a video file": "Videodatei nehmen",
    "Use a screen or window": "Bildschirm oder Fenster nehmen",
    "Live counting needs JavaScript, which is switched off here.": (
        "Die Live-Zählung braucht JavaScript, das hier ausgeschaltet ist."
    ),
    "Counting faces in a photo works without it.": (
        "Gesichter in einem Foto zu zählen, geht auch ohne."
    ),
    "Start camera": "Kamera starten",
    "Camera is off": "Kamera ist aus",
    "Source of the picture": "Quelle des Bildes",
    "Camera": "Kamera",
    "Flip": "Wenden",
    "Mirror": "Spiegeln",
    "Full screen": "Vollbild",
    "Record": "Aufzeichnen",
    "Share": "Teilen",
    "Alert": "Alarm",
    "Settings": "Einstellungen",
    "Count": "Anzahl",
    "faces": "Gesichter",
    "Peak": "Höchststand",
    "Average": "Mittel",
    "Seen so far": "Bisher gesehen",
    "Time": "Zeit",
    "The count over time": "Die Anzahl im Verlauf",
    "Rate": "Tempo",
    "Round trip": "Antwortzeit",
    "Data sent": "Gesendet",
    "Picture sent": "Gesendetes Bild",
    # its dialogs
    "Close": "Schließen",
    "Record counts": "Zahlen aufzeichnen",
    "Name, such as the room": "Name, zum Beispiel der Raum",
    "All recordings": "Alle Aufzeichnungen",
    "Let others watch": "Andere zusehen lassen",
    "Link": "Link",
    "Copy": "Kopieren",
    "Make a link": "Link erstellen",
    "Several cameras": "Mehrere Kameras",
    "A phone or tablet that joins counts beside this device. The wall shows all of them with "
    "their sum.": (
        "Ein Handy oder Tablet, das dazukommt, zählt neben diesem Gerät. Die Wand zeigt alle "
        "zusammen mit ihrer Summe."
    ),
    "Add a phone": "Handy hinzufügen",
    "Open the wall": "Wand öffnen",
    "The link as a QR code": "Der Link als QR-Code",
    "With a sound, in the tab’s title and as a mark on the chart.": (
        "Mit einem Ton, im Titel des Tabs und als Marke im Diagramm."
    ),
    "When": "Wann",
    "Never": "Nie",
    "The count rises to the limit": "Die Anzahl steigt bis zur Grenze",
    "The count falls to the limit": "Die Anzahl fällt bis zur Grenze",
    "Limit, in faces": "Grenze, in Gesichtern",
    "For at least, in seconds": "Mindestens so lange, in Sekunden",
    "It comes again only after the count has gone back past the limit.": (
        "Er kommt erst wieder, wenn die Anzahl die Grenze in der anderen Richtung verlassen hat."
    ),
    "Notify me in other windows, too": "Auch in anderen Fenstern mitteilen",
    "Engine": "Verfahren",
    "Quick": "Schnell",
    "Accurate": "Genau",
    "Accurate finds more turned and covered faces and asks more of the server.": (
        "„Genau“ findet mehr abgewandte und verdeckte Gesichter und fordert den Server stärker."
    ),
    "Smallest face": "Kleinstes Gesicht",
    "In a picture 640 pixels wide. Smaller finds people further away; larger leaves out those in "
    "the background.": (
        "In einem Bild von 640 Pixeln Breite. Kleiner findet weiter Entfernte, größer lässt die "
        "im Hintergrund weg."
    ),
    "Blur faces": "Gesichter verpixeln",
    "In the picture on this page and in what you save of it.": (
        "Im Bild auf dieser Seite und in dem, was Sie davon sichern."
    ),
    "Sound": "Ton",
    "Two short tones with an alert.": "Zwei kurze Töne bei einem Alarm.",
    "Colours": "Farben",
    "As the system": "Wie das System",
    "Light": "Hell",
    "Dark": "Dunkel",
    "Language": "Sprache",
    "All of this is remembered in this browser. Another language loads the page anew.": (
        "All das merkt sich dieser Browser. Mit einer anderen Sprache lädt die Seite neu."
    ),
    "Reset": "Zurücksetzen",
    **GERMAN_PAGES,
    **GERMAN_PHOTOS,
}
