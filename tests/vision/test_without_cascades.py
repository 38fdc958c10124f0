"""An OpenCV without cascades, as 5.0 is: what is left counts on, and what is gone is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.media import media

# In a process of its own: which detectors there are is found out once, at import.
_APP = """
import cv2
vars(cv2).pop("CascadeClassifier", None)
import io, sys
from streamapp import create_app
app = create_app({"DATA_DIR": sys.argv[1], "DETECTOR": "cascade"})
page = app.test_client()
print(page.get("/").status_code, b"cascade" in page.get("/upload").data)
for detector in ({}, {"detector": "yunet"}, {"detector": "cascade"}):
    form = {"image": (open(sys.argv[2], "rb"), "party.jpg"), **detector}
    answer = page.post("/api/v1/images", data=form)
    print(answer.status_code, answer.json.get("count"), answer.json.get("error", {}).get("message"))
from bench.media import frames
from streamapp.vision.engines import Engines
from streamapp.vision.live import LivePipeline, LiveSettings
live, engines = LivePipeline(LiveSettings(detector="yunet")), Engines()
seen = [live.process(engines, jpeg, n / 15) for n, jpeg in enumerate(frames(count=40))]
print(seen[-1].count, seen[-1].tracks_seen)
"""


def test_the_app_starts_and_offers_yunet_only(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", _APP, str(tmp_path), str(media("multi_face.jpg"))],
        capture_output=True,
        text=True,
        check=True,
    )
    page, unasked, asked, refused, live = ran.stdout.splitlines()
    assert page == "200 False"
    assert unasked == asked == "201 5 None"
    assert refused.startswith("422 None detector is 'cascade'. OpenCV")
    assert refused.endswith("has no cascades; yunet is what there is.")
    assert live == "1 1"
    assert "DETECTOR is cascade: OpenCV" in ran.stderr
