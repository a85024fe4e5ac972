"""Deciding on the map, from the click to the rebuilt map: what a planner decides there is handed in as files
that `make` obeys.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.publish.webmap import build_map
from tests import deciding_district as trial
from tests.chromium import Opened
from tests.publish.webmap.little_district import DECLARED, DISTRICT, poisoned, tables
from tests.running import run

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "<img src=x onerror=window.ran=1></script><script>window.ran=1</script>`+(window.ran=1)+`{{7*7}}\"'><svg"
    " onload=window.ran=1>"
)
WEST, EAST = "210203004000", "210203010000"

Open = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    everything: list[Opened] = []

    def open_(path: Path, *, script: str = "", context: Any = None) -> Opened:
        # a popup that still glides into view would be clicked where it was
        context = context or browser.new_context(
            viewport={"width": 1600, "height": 950}, offline=True, reduced_motion="reduce"
        )
        context.add_init_script(script)
        opened = Opened(context.new_page())
        everything.append(opened)
        opened.open(path.as_uri())
        return opened

    yield open_
    for opened in everything:
        assert not [
            url
            for url in opened.requests
            if not url.startswith(("data:", "blob:")) and not url.endswith("/index.html")
        ]
        assert not opened.said, "the page complained"
        opened.page.context.close()


@pytest.fixture
def little(tmp_path: Path, open_page: Open) -> Open:
    def open_(data: dict[str, Any] | None = None, *, script: str = "") -> Opened:
        path = tmp_path / "index.html"
        path.write_text(build_map(data or tables(), district=DISTRICT, declared=DECLARED), encoding="utf-8")
        return open_page(path, script=script)

    return open_


# ---- what a planner does


def area(code: str) -> str:
    return f"PM.store.areaById.get({json.dumps(code)})"


def building(code: str) -> str:
    return f"PM.store.buildingById.get({json.dumps(code)})"


def middle(record: str) -> str:
    return f"PM.boundsOf({record}.box).getCenter()"


def choose(opened: Opened, kind: str, record: str, what: str) -> None:
    """Open the popup of an area or a building, and click one of the decisions it offers."""
    opened.page.evaluate(f"PM.store.select('{kind}', {record}, {{move: true}})")
    # then the popup is made once more
    opened.page.wait_for_function("() => !PM.store.explaining || PM.store.reasons")
    opened.popup.locator(f".decide.{what}").click()


def click(opened: Opened, place: str) -> None:
    """Click the map as it is, at a Leaflet position."""
    at = opened.page.evaluate(f"map_1.latLngToContainerPoint({place})")
    opened.page.mouse.click(opened.page.locator("#map_1").bounding_box()["x"] + at["x"], at["y"])


def view(opened: Opened, place: str, zoom: float = 17) -> None:
    opened.page.evaluate(f"map_1.setView({place}, {zoom}, {{animate: false}})")


def pending(opened: Opened) -> list[str]:
    """The list of the panel, the latest first."""
    return [text.strip() for text in opened.page.locator(".decisions li .what").all_inner_texts()]


def saved(opened: Opened, name: str, folder: Path) -> str:
    """The content of a file that the page gives."""
    with opened.page.expect_download() as download:
        opened.page.locator(f'.decisions [data-key="{name}"]').click()
    assert download.value.suggested_filename == name
    download.value.save_as(folder / name)
    return (folder / name).read_text(encoding="utf-8")


def decided(text: str) -> dict[str, dict[str, str]]:
    return {
        row["building_id"]: row
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    }


# ---- from the click to the rebuilt map


def make(folder: Path) -> None:
    places = [
        f"CONFIG={folder / 'trial.toml'}",
        f"RAW={folder / 'raw'}",
        f"OUT={folder / 'out'}",
        f"MAPS={folder / 'maps'}",
    ]
    goals = [str(folder / "maps" / "index.html"), str(folder / "out" / "checks.csv")]
    clean = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    done = subprocess.run(
        ["make", *places, *goals],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_decisions_taken_on_the_map_are_kept_downloaded_obeyed_and_then_pending_no_more(
    tmp_path: Path, browser: Any, open_page: Open
) -> None:
    assert shutil.which("make"), "the test runs the Makefile: install make"
    trial.write(tmp_path / "raw")
    run(tmp_path / "trial.toml", tmp_path, ["map"])
    page = tmp_path / "maps" / "index.html"
    opened = open_page(page)
    another = open_page(page)  # a planner who hands nothing in

    # accept a proposal
    assert pending(opened) == []
    choose(opened, "area", area(WEST + "001"), "accept")
    opened.page.get_by_label("决定人").fill("王主任")
    # move a building by clicks: not over the line of a subdistrict
    view(opened, middle(building("b12")))
    click(opened, middle(building("b10")))
    opened.popup.locator(".decide.move").click()
    click(opened, middle(building("b22")))
    opened.page.locator(".mode .said", has_text="不能跨街道").wait_for()
    click(opened, middle(building("b04")))
    assert "移入" in opened.popup.locator(".offer .pending").inner_text()
    # split off two buildings whose ids look like formulas
    choose(opened, "area", area(EAST + "004"), "split")
    for each in trial.FORMULAS[:2]:
        click(opened, middle(building(each)))
    opened.page.locator(".mode .main").click()
    # merge, with a target from the list
    choose(opened, "area", area(EAST + "001"), "merge")
    opened.page.locator(".mode .targets button").first.click()
    # draw a boundary around block 5
    x, y = trial.corner(5)
    ring = [
        (x + 0.0001, y + 0.0001),
        (x + 0.0023, y + 0.0001),
        (x + 0.0023, y + 0.0013),
        (x + 0.0001, y + 0.0013),
    ]
    choose(opened, "area", area(WEST + "003"), "draw")
    view(opened, f"L.latLng({y + 0.0007}, {x + 0.0012})")
    for lng, lat in (ring[0], ring[2], ring[1], ring[3]):
        click(opened, f"L.latLng({lat}, {lng})")
    opened.page.locator(".mode .said", has_text="自相交").wait_for()
    assert opened.page.locator(".mode .main").is_disabled()
    for _ in range(3):
        opened.page.get_by_role("button", name="退一点").click()
    for lng, lat in ring[1:]:
        click(opened, f"L.latLng({lat}, {lng})")
    opened.page.locator(".mode .main").click()
    # an uncovered building goes to an area by itself, with a note that is no formula
    choose(opened, "building", building("b00"), "move")
    opened.page.get_by_role("button", name="单独成为新区域").click()
    note = '=HYPERLINK("x"),一处“老楼”'
    opened.page.locator(".decisions li input").first.fill(note)

    said = pending(opened)
    assert len(said) == 6
    opened.page.reload()
    opened.complete()
    assert pending(opened) == said
    assert opened.page.get_by_label("决定人").input_value() == "王主任"
    opened.page.evaluate("PM.store.select('building', PM.store.buildingById.get('b10'), {move: true})")
    assert "待提交" in opened.popup.inner_text()

    choose(another, "area", area(EAST + "001"), "accept")
    rows = decided(saved(opened, "decisions.csv", tmp_path / "raw"))
    assert not [
        value for row in rows.values() for value in row.values() if value.startswith(("=", "+", "-", "@"))
    ]
    saved(opened, "boundaries.geojson", tmp_path / "raw")
    before = gpd.read_parquet(tmp_path / "out" / "tables" / "boundaries.parquet")
    make(tmp_path)

    checks = pd.read_csv(tmp_path / "out" / "checks.csv", encoding="utf-8-sig")
    said = checks[checks["verdict"].ne("pass")]
    assert set(said["check"]) <= {
        "decisions_in_the_past",
        "boundaries_in_the_past",
        "decided_on_one_side",
    }, said.to_string()
    areas = gpd.read_parquet(tmp_path / "out" / "tables" / "areas.parquet").set_index("area_id")
    membership = pd.read_parquet(tmp_path / "out" / "tables" / "membership.parquet")
    members = membership.groupby("area_id")["building_id"].agg(set)
    new = WEST + "091"
    assert members[WEST + "001"] == {"b01", "b02", "b03", "b04", "b05", "b10"}
    assert members[EAST + "005"] == set(trial.FORMULAS[:2])
    assert members[EAST + "004"] == {*trial.FORMULAS[2:], "b75"}
    assert members[EAST + "003"] == {f"b{block}{n}" for block in (2, 3) for n in range(6)}
    assert members[WEST + "003"] == {f"b5{n}" for n in range(6)}
    assert members[new] == {"b00"}
    assert (
        areas.loc[[WEST + "001", EAST + "005", EAST + "004", EAST + "003", new], "origin"]
        .eq("decision")
        .all()
    )
    assert areas.loc[WEST + "003", "origin"] == "boundary"
    assert len(areas) == 9
    drawn = gpd.read_parquet(tmp_path / "out" / "tables" / "boundaries.parquet").set_index("area_id")
    lonlat = drawn.to_crs(4326).geometry[WEST + "003"]
    assert shapely.hausdorff_distance(lonlat, shapely.Polygon(ring)) < 2e-5, "within a pixel of the clicks"
    assert shapely.equals_exact(drawn.geometry[trial.DRAWN], before.geometry.iloc[0], normalize=True)
    assert drawn.loc[trial.DRAWN, ["kind", "decided_by"]].tolist() == ["red_line", "规划局"]
    decisions = pd.read_parquet(tmp_path / "out" / "tables" / "decisions.parquet").set_index("building_id")
    assert decisions.loc["b00", ["area_id", "decided_by", "note"]].tolist() == [new, "王主任", note]

    opened.page.goto(page.as_uri())
    opened.complete()
    assert pending(opened) == []
    opened.page.evaluate(f"PM.store.select('area', {area(EAST + '005')}, {{move: true}})")
    assert "决定采纳" in opened.popup.inner_text()
    # What was not handed in is still pending, and about the same buildings, though the code is another
    # proposal's now.
    another.page.goto(page.as_uri())
    another.complete()
    assert len(pending(another)) == 1
    left = decided(saved(another, "decisions.csv", tmp_path))
    assert members[EAST + "001"] == {f"b6{n}" for n in range(6)}
    assert {name: row["area_id"] for name, row in left.items()} == {
        name: EAST + "006" if name.startswith("b2") else row["area_id"] for name, row in rows.items()
    }


# ---- what may go wrong


def test_areas_of_the_register_are_moved_from_and_to_without_being_accepted(
    little: Open, tmp_path: Path
) -> None:
    opened = little()
    choose(opened, "building", building("B0100"), "move")
    opened.page.locator(".mode .targets button").first.click()
    choose(opened, "building", building("B0002"), "none")
    rows = decided(saved(opened, "decisions.csv", tmp_path))
    assert rows["B0100"]["kind"] == rows["B0002"]["kind"] == "move"
    assert rows["B0002"]["area_id"] == "none"
    assert list(rows) == ["B0002", "B0100"]


def test_undoing_a_split_undoes_what_was_decided_on_the_new_area(little: Open) -> None:
    opened = little()
    choose(opened, "area", "PM.store.areas[0]", "split")
    opened.page.locator(".mode .members input").first.check()
    opened.page.locator(".mode .main").click()
    choose(opened, "building", building("B0100"), "move")
    opened.page.locator(".mode .targets button", has_text="210203004001010").click()
    choose(opened, "building", building("B0400"), "none")
    assert len(pending(opened)) == 3
    opened.page.locator(".decisions li .undo").last.click()
    assert pending(opened) == ["胜利路82号 不归任何区域"]


def test_a_choice_is_left_with_escape_and_nothing_is_decided(little: Open) -> None:
    opened = little()
    for what in ("merge", "split", "draw"):
        choose(opened, "area", "PM.store.areas[0]", what)
        assert opened.page.locator(".mode").is_visible()
        opened.page.keyboard.press("Escape")
        assert opened.page.locator(".mode").is_hidden()
    assert pending(opened) == []
    opened.click_map("PM.toLatLng([PM.store.areas[0].label[0], PM.store.areas[0].label[1] - 4.2e-7])")
    assert opened.popup.count() == 1, "the map answers to clicks again"


def test_a_filter_by_mode_and_a_choice_on_the_map_leave_each_other_alone(little: Open) -> None:
    opened = little()
    page = opened.page
    mode = page.evaluate("PM.store.areas.find((area) => area.mode).mode")
    page.locator('select[data-key="mode"]').select_option(mode)
    opened.click_map("PM.toLatLng(PM.store.areas.find((area) => area.mode).label)")
    opened.popup.wait_for()
    page.evaluate("PM.store.select('building', PM.store.buildingById.get('B0008'), {move: true})")
    opened.popup.locator(".decide.move").click()
    page.locator(".mode button.cancel").click()
    assert page.locator('select[data-key="mode"]').input_value() == mode
    assert opened.said == []


def test_a_boundary_is_drawn_with_the_keyboard_alone(little: Open, tmp_path: Path) -> None:
    opened = little()
    page = opened.page
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    opened.popup.locator(".decide.draw").focus()
    page.keyboard.press("Enter")
    page.locator("#map_1").focus()
    for key in (" ", "ArrowRight", " ", "ArrowDown", " "):
        page.keyboard.press(key)
        opened.rest()
    page.keyboard.press("Enter")
    feature = json.loads(saved(opened, "boundaries.geojson", tmp_path))["features"][0]
    (ring,) = feature["geometry"]["coordinates"]
    assert feature["properties"]["area_id"] == "210203004001001"
    assert len(ring) == 4
    assert ring[0] == ring[-1]
    assert shapely.LinearRing(ring).is_ccw, "RFC 7946"
    assert all(value == round(value, 7) for corner in ring for value in corner)


def test_rings_that_can_be_finished_are_the_simple_ones(little: Open) -> None:
    page = little().page
    random = np.random.default_rng(5)
    rings = [random.integers(0, 6, (n, 2)).tolist() for n in random.integers(3, 8, 400)]
    found = page.evaluate(
        "rings => rings.map((ring) => PM.crossingSides(ring.map(([lng, lat]) => L.latLng(lat, lng))).size === 0)",
        rings,
    )
    simple = [
        len(set(map(tuple, ring))) == len(ring) and bool(shapely.is_valid(shapely.Polygon(ring)))
        for ring in rings
    ]
    assert found == simple
    assert 20 < sum(simple) < 380


def test_without_storage_the_page_says_so_and_still_gives_the_files(little: Open, tmp_path: Path) -> None:
    opened = little(
        script=(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no',"
            " 'SecurityError'); } });"
        )
    )
    choose(opened, "building", building("B0002"), "none")
    assert "请先下载" in opened.page.locator(".decisions [role=alert]").inner_text()
    assert decided(saved(opened, "decisions.csv", tmp_path))["B0002"]["area_id"] == "none"


def test_what_is_kept_but_can_not_be_read_is_left_alone(little: Open) -> None:
    key = "`pending decisions ${JSON.stringify(['210203', '西岗区', 'test', true])}`"
    for kept in ("{", "null", '{"entries": [{"act": 1}, null], "given": 3}'):
        assert pending(little(script=f"localStorage.setItem({key}, {json.dumps(kept)})")) == []


def test_hostile_text_in_names_ids_and_notes_is_only_text_and_comes_back_the_same(
    little: Open, tmp_path: Path
) -> None:
    opened = little(poisoned(HOSTILE))
    page = opened.page
    for i, language in enumerate(("zh", "en")):
        page.evaluate("language => PM.store.speak(language)", language)
        choose(opened, "building", f"PM.store.buildings.at({i})", "none")
        choose(opened, "area", "PM.store.areas[4]", "split")
        page.locator(".mode .members input").first.check()
        page.locator(".mode .main").click()
        choose(opened, "area", f"PM.store.areas[{i}]", "merge")
        page.locator(".mode .targets button").first.click()
    page.locator(".decisions li input").first.fill(HOSTILE)
    page.locator('[data-key="decided_by"]').fill(HOSTILE)
    page.evaluate("map_1.setZoom(17, {animate: false})")
    rows = decided(saved(opened, "decisions.csv", tmp_path))
    assert {row["area_id"] for row in rows.values()} >= {"none"}
    assert set(rows) <= set(page.evaluate("PM.store.buildings.all().map((b) => b.building_id)"))
    assert "{{7*7}}" in page.locator(".decisions").inner_text()
    page.locator("#print").click()
    page.locator(".sheet[data-painted]").wait_for()
    assert "{{7*7}}" in page.locator(".sheet .tag").last.inner_text()
    assert page.evaluate("window.ran") is None
    assert page.locator("img, svg[onload]").count() == 0
