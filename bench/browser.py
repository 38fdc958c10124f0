"""The system's Chromium with a clip as its camera, for end-to-end tests and the page's bench."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from bench.media import webcam_clip

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_FAKE_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def chromium() -> str | None:
    """Path of the system's Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def open_browser(
    driver: Playwright,
    executable: str,
    clip: str | Path | None = None,
    camera: bool = True,
    flags: Sequence[str] = (),
) -> Iterator[Browser]:
    """A browser whose camera plays ``clip`` in a loop (a test picture where None).

    A name is one of `bench.media`, a path is an MJPEG file. ``flags`` come after ours.
    """
    flags = [*_FLAGS, *(_FAKE_CAMERA if camera else ()), *flags]
    if clip:
        file = clip if isinstance(clip, Path) else webcam_clip(clip)
        flags.append(f"--use-file-for-fake-video-capture={file}")
    browser = driver.chromium.launch(executable_path=executable, args=flags)
    try:
        yield browser
    finally:
        browser.close()
