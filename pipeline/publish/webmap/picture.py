"""A picture of the map: the page as a headless Chromium draws it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.files import write

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TIME_LIMIT_S = 120

#: No network, no questions of a first start, and one order of drawing, without which the edge of a stripe
#: comes out one shade lighter now and then. The browser tests use the
#: same.
QUIET_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-partial-raster",
    "--num-raster-threads=1",
    "--disable-checker-imaging",
)


def find_browser() -> str | None:
    """Path of the first of BROWSERS on PATH, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


class PictureError(OSError):
    """The picture could not be made; the message says what is missing or what went wrong."""


def write_picture(html: Path, png: Path, *, width: int = 1600, height: int = 950) -> None:
    """Write what the page shows when it has just been opened, as a PNG.

    Parameters
    ----------
    html : Path
        A page of build_map's, which says when it is complete.
    png : Path
        The file to write.
    width, height : int, default 1600 and 950
        Of the picture, pixels.

    Raises
    ------
    PictureError
        Where there is no Chromium on PATH, no playwright, no such page, or the page is not complete within
        TIME_LIMIT_S.
    WriteError
        Where the disk does not take it.
    """
    browser = find_browser()
    if browser is None:
        raise PictureError(
            f"no browser for the picture: none of {', '.join(BROWSERS)} is on PATH (Debian: apt-get install"
            " chromium)"
        )
    if not html.is_file():
        raise PictureError(f"{html}: no such page; build the map first")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise PictureError(
            "no playwright, which waits for the page to be drawn: `make test` installs it"
        ) from error
    try:
        with sync_playwright() as playwright:
            # Chromium refuses to run its sandbox as root, which is what a container or a CI machine often is.
            running = playwright.chromium.launch(
                executable_path=browser, chromium_sandbox=os.geteuid() != 0, args=list(QUIET_FLAGS)
            )
            page = running.new_context(viewport={"width": width, "height": height}, offline=True).new_page()
            page.goto(html.resolve().as_uri())
            page.locator("html[data-complete]").wait_for(state="attached", timeout=1000 * TIME_LIMIT_S)
            # tiles are drawn in slices, and once more when the page has found its size
            page.wait_for_function("() => !PM.store.surface.isDrawing()")
            page.evaluate(
                "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
            )
            shot = page.screenshot()
            running.close()
    except Error as error:
        raise PictureError(f"{html}: {browser} drew no picture: {str(error).splitlines()[0]}") from error
    except Exception as error:
        # Playwright has no class of its own for a node that does not start
        if "from the driver" not in str(error):
            raise
        raise PictureError(
            "Playwright's own node does not start (Debian: apt-get install libatomic1)"
        ) from error
    write(png, shot)
