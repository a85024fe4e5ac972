"""The picture of the map."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.picture import PictureError, write_picture
from tests.chromium import chromium
from tests.publish.webmap.little_district import DECLARED, DISTRICT, tables


def test_picture_shows_the_page_and_is_the_same_twice(tmp_path: Path) -> None:
    chromium()
    html = tmp_path / "index.html"
    html.write_text(build_map(tables(), district=DISTRICT, declared=DECLARED), encoding="utf-8")
    for name in ("one.png", "two.png"):
        write_picture(html, tmp_path / name, width=1200, height=800)
    first = (tmp_path / "one.png").read_bytes()
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(first[16:20]), int.from_bytes(first[20:24])) == (1200, 800)
    assert len(first) > 50_000, "an empty page is smaller"
    # not in the assertion: pytest would compare the bytes as text
    same = first == (tmp_path / "two.png").read_bytes()
    assert same


def test_picture_of_a_page_that_is_not_there_says_so(tmp_path: Path) -> None:
    chromium()
    with pytest.raises(PictureError, match=r"missing\.html: no such page"):
        write_picture(tmp_path / "missing.html", tmp_path / "x.png")


def test_picture_without_a_browser_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PictureError, match="apt-get install chromium"):
        write_picture(tmp_path / "index.html", tmp_path / "x.png")
