"""The map in a real Firefox: offline, silent, and what a planner does first works.

Needs Firefox (Debian: `apt-get install firefox-esr`). Without it these tests are skipped, except in CI
(CI=true), where they fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.publish.webmap import build_map
from tests.firefox import Firefox, firefox, running_firefox
from tests.publish.webmap.little_district import DECLARED, DISTRICT, tables

ENTER, ESCAPE = "\ue007", "\ue00c"
#: How many colours a picture has, by a data URL; the page's policy lets it look at those.
COLOURS = """(async (url) => {
    const picture = Object.assign(new Image(), {src: url});
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: picture.width, height: picture.height});
    const c = canvas.getContext("2d");
    c.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(c.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return {width: picture.width, colours: new Set(pixels).size, served: pixels.filter((pixel) => pixel === 0xffc49c6d).length};
})"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with running_firefox(firefox(), tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "index.html"
    path.write_text(build_map(tables(), district=DISTRICT, declared=DECLARED), encoding="utf-8")
    return path


@pytest.fixture
def page(started: Firefox, page_file: Path) -> Iterator[Firefox]:
    started.open(page_file.as_uri())
    yield started
    assert not started.requests(), "the page asked for something"
    assert not started.complaints(), "the page complained"


def test_page_opens_in_firefox_with_title_and_totals(page: Firefox) -> None:
    assert page.evaluate("document.title") == "西岗区物业管理区域覆盖图"
    assert page.text(".coverage strong") == "53.8%"
    assert page.evaluate("navigator.userAgent.includes('Firefox')")


def test_screenshot_shows_the_picture(page: Firefox) -> None:
    seen = page.evaluate(f"{COLOURS}('{page.screenshot()}')")
    assert seen["width"] == 1600
    assert seen["colours"] > 100
    assert seen["served"] > 1000, "buildings of served areas in their blue"


def test_click_on_an_area_opens_its_facts_and_escape_closes_them(page: Firefox) -> None:
    courtyard = "PM.toLatLng([PM.store.areas[0].label[0], PM.store.areas[0].label[1] - 4.2e-7])"
    page.click_map(courtyard)
    text = page.text(".leaflet-popup")
    for fact in ("胜利甲院", "210203004001001", "东至解放路", "88 分"):
        assert fact in text, fact
    page.press(ESCAPE)
    page.wait("document.querySelector('.leaflet-popup') === null")


def test_request_and_complaint_of_another_page_are_seen(started: Firefox, tmp_path: Path) -> None:
    path = tmp_path / "asks.html"
    path.write_text(
        "<img src='https://example.invalid/x.png'><script>console.error('said')</script>", encoding="utf-8"
    )
    started.tell("browsingContext.navigate", context=started.page, url=path.as_uri(), wait="complete")
    assert started.requests() == ["https://example.invalid/x.png"]
    assert "said" in started.complaints()


def test_search_by_keyboard_goes_there(page: Firefox) -> None:
    page.click("#search")
    page.press("胜利丁院" + ENTER)
    page.wait("document.querySelector('.leaflet-popup h2') !== null")
    assert page.text(".leaflet-popup h2") == "胜利丁院"
    assert page.evaluate("document.activeElement.closest('.leaflet-popup [role=dialog]') !== null"), (
        "the keyboard goes on in the popup"
    )


def test_language_switch_changes_words_title_and_lang(page: Firefox) -> None:
    page.click("button.language")
    assert page.evaluate("[document.documentElement.lang, document.title]") == [
        "en",
        "Xigang District – property-management coverage",
    ]
    assert "Service coverage" in page.text("#panel")
    page.click("button.language")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_table_opens_and_a_row_goes_to_its_area(page: Firefox) -> None:
    page.click("#rows")
    assert page.evaluate("document.querySelectorAll('#table tbody tr').length") == 9
    page.click("#table tbody tr:nth-child(2) td")
    page.wait("document.querySelector('.leaflet-popup h2') !== null")
    assert page.text(".leaflet-popup h2") == "胜利乙院"


def test_decision_survives_a_reload(page: Firefox, page_file: Path) -> None:
    page.evaluate("void PM.store.select('building', PM.store.buildingById.get('B0002'), {move: true})")
    page.click(".decide.none")
    assert page.evaluate("PM.store.deciding.decisions.entries.length") == 1
    page.open(page_file.as_uri())
    assert page.evaluate("PM.store.deciding.decisions.entries.map((entry) => entry.act)") == ["none"]
    page.click(".decisions .undo")
    assert page.evaluate("PM.store.deciding.decisions.entries.length") == 0


def test_print_view_is_painted(page: Firefox) -> None:
    page.click("#print")
    page.wait("document.querySelector('[data-painted]') !== null")
    page.press(ESCAPE)
    assert page.evaluate("document.querySelector('#printing')") is None
