"""The browser the tests of the map run in, and a page opened in it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

from pipeline.publish.webmap.picture import BROWSERS

#: Only a page that hangs takes so long, however busy the machine is.
PATIENCE_MS = 60_000


def chromium() -> str:
    """Path of Chromium. Without it, or where Playwright does not start, the test is skipped, except in CI
    (CI=true), where it fails.
    """
    path = installed("Chromium", BROWSERS, package="chromium")
    if said := playwright_says():
        lacking(f"Playwright does not start ({said}); Debian: apt-get install libatomic1")
    return path


@functools.cache
def playwright_says() -> str:
    """Why the node inside Playwright does not start; "" if it does."""
    done = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True, check=False
    )
    return (
        ""
        if done.returncode == 0
        else (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
    )


def installed(browser: str, names: Sequence[str], *, package: str) -> str:
    """Path of the first of the names on PATH. Without it the test is skipped, except in CI (CI=true), where
    it fails.
    """
    found = next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        lacking(f"no {browser} on PATH ({', '.join(names)}); Debian: apt-get install {package}")
    return found


def lacking(message: str) -> NoReturn:
    """Skip the test, or in CI let it fail: something is not installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@dataclass
class Opened:
    """A page, and all it asks for and says from when it is opened from its file."""

    page: Any
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url.partition("#")[0]))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error.stack)))
        self.page.on(
            "dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}") or dialog.dismiss()
        )

    def open(self, address: str) -> None:
        """Open the page, and wait until it has everything in it."""
        self.page.goto(address)
        self.complete()

    def drawn(self) -> None:
        """Wait until every tile is drawn."""
        self.page.evaluate("""() => new Promise((done) => {
                const look = () => (PM.store.surface.isDrawing() ? setTimeout(look, 20) : done());
                look();
            })""")

    def complete(self) -> None:
        """Wait until the page has everything in it."""
        self.page.locator("html[data-complete]").wait_for(state="attached", timeout=PATIENCE_MS)

    def rest(self) -> None:
        """Wait until the map no longer moves."""
        self.page.wait_for_function("() => !map_1._animatingZoom && !map_1._panAnim?._inProgress")

    def click_map(self, longitude_latitude: str) -> None:
        """Click where a JavaScript expression, a Leaflet position, says."""
        self.page.evaluate(f"map_1.setView({longitude_latitude}, 17, {{animate: false}})")
        at = self.page.evaluate(f"map_1.latLngToContainerPoint({longitude_latitude})")
        left = self.page.locator("#map_1").bounding_box()["x"]
        self.page.mouse.click(left + at["x"], at["y"])

    def painted(self, colour: str) -> int:
        """Pixels of exactly this colour (#rrggbb) on the drawing, once it is done."""
        self.drawn()
        return int(
            self.page.evaluate(
                """colour => {
                    const wanted = parseInt(colour.slice(1), 16);
                    let found = 0;
                    for (const tile of document.querySelectorAll("canvas.leaflet-tile")) {
                        const copy = Object.assign(document.createElement("canvas"), {width: tile.width, height: tile.height});
                        const c = copy.getContext("2d", {willReadFrequently: true});
                        c.drawImage(tile, 0, 0);
                        const {data} = c.getImageData(0, 0, copy.width, copy.height);
                        for (let i = 0; i < data.length; i += 4) {
                            found += data[i + 3] === 255 && (data[i] << 16 | data[i + 1] << 8 | data[i + 2]) === wanted;
                        }
                    }
                    return found;
                }""",
                colour,
            )
        )

    @property
    def popup(self) -> Any:
        return self.page.locator(".leaflet-popup")
