"""A picture of the map: the page as a headless Chromium draws it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TIME_LIMIT_S = 120

#: Keeps Chromium off the network and off whatever a first start would ask; the browser tests use the same.
QUIET_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_FLAGS = (
    "--headless",
    *QUIET_FLAGS,
    "--disable-extensions",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    # Time of the page, not of the clock: the picture is taken once nothing is left to do in it.
    "--virtual-time-budget=10000",
)


class PictureError(OSError):
    """There is no picture; the message says what is missing or what went wrong."""


def write_picture(html: Path, png: Path, *, width: int = 1600, height: int = 950) -> None:
    """Write what the page shows when it has just been opened, as a PNG of width × height pixels.

    html: a page that needs no network, such as build_map's. Raises PictureError where there is no Chromium on
    PATH, no such page, or the browser draws nothing.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise PictureError(f"no browser for the picture: none of {', '.join(BROWSERS)} is on PATH (Debian: apt-get install chromium)")
    if not html.is_file():
        raise PictureError(f"{html}: no such page; build the map first")
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder, "picture.png")
        command = [
            browser,
            *_FLAGS,
            # Chromium refuses to run its sandbox as root, which is what a container or a CI machine often is.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height}",
            f"--screenshot={drawn}",
            html.resolve().as_uri(),
        ]
        try:
            run = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIME_LIMIT_S, check=False)  # noqa: S603 - no shell, and no word of it comes from data
        except subprocess.TimeoutExpired as error:
            raise PictureError(f"{html}: {browser} did not finish a picture in {TIME_LIMIT_S} s") from error
        if not drawn.is_file():
            last = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise PictureError(f"{html}: {browser} drew no picture (exit code {run.returncode}): {last}")
        png.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(drawn, png)
