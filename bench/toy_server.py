"""What the tutorials do, kept as the yardstick: Flask-SocketIO on eventlet, all in the handler.

    gunicorn -k eventlet -w 1 bench.toy_server:app

A frame is decoded in full and scanned in full by the frontal Haar cascade (scaleFactor 1.1,
minNeighbors 5) right in the event handler, on the hub, with eventlet's own websocket. No threads,
no limits, no memory of the frame before. It speaks the product's contract, so that the same load
runs against both. OpenCV's own threads are off: on a shared machine they spin and would only make
the toy look worse.
"""

from __future__ import annotations

import time
from typing import Any

import cv2
import numpy as np
from flask import Flask
from flask_socketio import SocketIO

cv2.setNumThreads(1)

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")
cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")


@app.get("/")
def index() -> str:
    """Says that the server is up."""
    return "toy"


@app.get("/healthz")
def healthz() -> str:
    """Asked beside the load, as the product's is."""
    return "ok"


@socketio.on("frame")
def on_frame(meta: dict[str, Any], jpeg: bytes) -> dict[str, Any]:
    """Count the faces of one JPEG frame; the answer is the acknowledgement."""
    began = time.perf_counter()
    boxes, (height, width) = count_faces(jpeg)
    faces = [
        {"id": number, "box": [int(side) for side in box], "confidence": 1.0}
        for number, box in enumerate(boxes)
    ]
    return {
        "seq": meta["seq"],
        "width": width,
        "height": height,
        "count": len(faces),
        "faces": faces,
        "peak": len(faces),
        "tracks_seen": len(faces),
        "timing": {"queue_ms": 0.0, "process_ms": (time.perf_counter() - began) * 1000},
        "dropped": 0,
        "capture": {"width": 640, "quality": 0.7, "fps": 15},
    }


def count_faces(jpeg: bytes) -> tuple[Any, tuple[int, ...]]:
    """Boxes (x, y, w, h) and the shape (height, width) of the picture."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cascade.detectMultiScale(gray, scaleFactor=1.1, minNeighbors=5), gray.shape
