"""The pictures of docs/map.md, taken from the sample's map with Chromium: `make pictures`.

That of the comparison needs a release and something that changed since: a copy of the sample is released,
two of its decisions are taken back, and its map is made anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from pipeline.publish.webmap.picture import QUIET_FLAGS, find_browser

FOLDER = Path("docs/pictures")
WIDTH, HEIGHT = 1180, 720
#: An area with neighbours on all sides, and one that has uncovered buildings beside it.
AREA, UNCOVERED = "210203001004003", "B00309"


def main() -> int:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (address, act) in PICTURES.items():
        _take(Path("maps/index.html"), name, address, act)
    with _changed_since_a_release() as html:
        _take(html, "compare", "#lang=en", _compare)
    return 0


def _open(page: Page) -> None:
    page.locator(".leaflet-popup").wait_for()


def _search(page: Page) -> None:
    page.locator("#search").fill("slj26")
    page.locator("#search").press("ArrowDown")


def _filters(page: Page) -> None:
    page.locator("button[data-key=paper_only]").click()
    page.locator("select[data-key=subdistrict]").select_option(index=2)


def _measure(page: Page) -> None:
    page.locator("#measure").click()
    page.locator(".measuring [data-key=area]").click()
    box = page.locator("#map_1").bounding_box() or {"x": 0, "y": 0}
    for x, y in ((260, 200), (520, 240), (560, 430), (300, 460)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(400)  # two clicks at once would end it


def _print(page: Page) -> None:
    page.locator("#print").click()
    page.locator(".sheet[data-painted]").wait_for()


def _table(page: Page) -> None:
    page.locator("#rows").click()
    page.locator("#table tbody tr").first.wait_for()


def _deciding(page: Page) -> None:
    page.locator(".leaflet-popup .decide.move").click()
    page.locator(".mode .targets button").first.click()
    page.locator(".decisions li").first.wait_for()


def _compare(page: Page) -> None:
    page.locator("#swipe").click()
    page.locator(".swipe .handle").wait_for()


#: Name → the address of what is shown, and what is done there.
PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "open": (f"#area={AREA}&lang=en", _open),
    "deciding": (f"#building={UNCOVERED}&lang=en", _deciding),
    "search": ("#lang=en", _search),
    "filters": ("#lang=zh", _filters),
    "measure": (f"#area={AREA}&lang=en", _measure),
    "print": (f"#area={AREA}&lang=zh", _print),
    "table": ("#lang=en&status=paper_only", _table),
}


def _take(html: Path, name: str, address: str, act: Callable[[Page], None]) -> None:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=find_browser(), chromium_sandbox=os.geteuid() != 0, args=list(QUIET_FLAGS)
        )
        page = running.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True).new_page()
        page.goto(html.resolve().as_uri() + address)
        page.locator("html[data-complete]").wait_for(state="attached")
        act(page)
        page.wait_for_function("() => !PM.store.surface.isDrawing()")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.screenshot(path=FOLDER / f"{name}.png")
        running.close()
    print(FOLDER / f"{name}.png")


@contextmanager
def _changed_since_a_release() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch, "raw")
        shutil.copytree("data/raw", raw, ignore=shutil.ignore_patterns("release"))
        places: dict[str, Any] = {"--config": "district.toml", "--raw": raw}
        places |= {"--out": Path(scratch, "out"), "--maps": Path(scratch, "maps")}
        folders = [str(word) for pair in places.items() for word in pair]
        for command in ("update", "release"):
            subprocess.run([sys.executable, "-m", "pipeline", command, *folders], check=True)
        lines = (raw / "decisions.csv").read_text(encoding="utf-8").splitlines()
        (raw / "decisions.csv").write_text("\n".join(lines[:-2]) + "\n", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "pipeline", "update", *folders], check=True)
        yield Path(scratch, "maps", "index.html")


if __name__ == "__main__":
    sys.exit(main())
