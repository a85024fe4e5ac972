"""Measuring, printing, comparing and online tiles, in a real browser.

Needs Chromium (Debian: `apt-get install chromium`). Without it these tests are skipped, except in CI
(CI=true), where they fail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pyproj
import pytest

from pipeline.cli import main
from pipeline.config import MapOptions
from pipeline.georeferencing import datum
from pipeline.publish.webmap import build, build_map
from pipeline.publish.webmap.build import OFFLINE
from pipeline.publish.webmap.tiles import image_host
from pipeline.registry import STAGES
from pipeline.tables import GAP_KINDS
from tests.chromium import Opened
from tests.publish.webmap.little_district import DECLARED, DISTRICT, GONE, poisoned, released, tables

GEOD = pyproj.Geod(ellps="WGS84")
HOSTILE = (
    "<img src=x onerror=window.ran=1></script><script>window.ran=1</script>`${window.ran=1}`{{7*7}}\"'><svg"
    " onload=window.ran=1>"
)
#: A picture of one pixel, for every tile that is asked for.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8ffbf1e0005fe02fea72d1d6b0000000049454e44ae426082"
)

Open = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    everything: list[tuple[Opened, str]] = []

    def open_(path: Path, *, host: str = "") -> Opened:
        context = browser.new_context(viewport={"width": 1600, "height": 950}, offline=True)
        context.route("http*://**/*", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
        opened = Opened(context.new_page())
        everything.append((opened, host))
        opened.open(path.as_uri())
        return opened

    yield open_
    for opened, host in everything:
        asked = [
            url for url in opened.requests if not url.startswith("data:") and not url.endswith("/index.html")
        ]
        assert all(host and url.startswith(f"{host}/") for url in asked), "the page asked for something"
        assert not opened.said, "the page complained"
        opened.page.context.close()


@pytest.fixture
def little(tmp_path: Path, open_page: Open) -> Open:
    def open_(more: dict[str, Any] | None = None, options: MapOptions = OFFLINE) -> Opened:
        path = tmp_path / "index.html"
        html = build_map(tables() | (more or {}), district=DISTRICT, declared=DECLARED, options=options)
        path.write_text(html, encoding="utf-8")
        return open_page(path, host=image_host(options))

    return open_


def click(opened: Opened, place: str) -> dict[str, float]:
    """Click the map as it is, at a Leaflet position; gives the longitude and latitude that were clicked."""
    at = opened.page.evaluate(f"map_1.latLngToContainerPoint({place}).round()")
    opened.page.mouse.click(opened.page.locator("#map_1").bounding_box()["x"] + at["x"], at["y"])
    clicked: dict[str, float] = opened.page.evaluate(f"map_1.containerPointToLatLng([{at['x']}, {at['y']}])")
    return clicked


def corner(i: int) -> str:
    """A corner of the middle half of the district's box, clockwise from the north-west."""
    x, y = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))[i]
    return (
        f"PM.toLatLng([PM.store.box[0] + {x} * (PM.store.box[2] - PM.store.box[0]), PM.store.box[1] + {y} * (PM.store.box[3] -"
        " PM.store.box[1])])"
    )


def number(text: str) -> float:
    found = re.search(r"[\d,]+(\.\d+)?", text)
    assert found is not None, text
    return float(found[0].replace(",", ""))


# ---- measuring


def test_lengths_and_areas_are_those_on_the_ellipsoid(little: Open) -> None:
    random = np.random.default_rng(3)
    polygons = []
    for size in (1e-4, 1e-3, 1e-2, 0.1, 0.3):
        for _ in range(40):
            turns = np.sort(random.uniform(0, 2 * np.pi, 6))
            far = size * random.uniform(0.4, 1, 6)
            polygons.append(
                np.column_stack(
                    [
                        random.uniform(75, 130) + far * np.cos(turns),
                        random.uniform(18, 52) + far * np.sin(turns),
                    ]
                )
            )
    given = [[{"lng": x, "lat": y} for x, y in polygon] for polygon in polygons]
    found = little().page.evaluate(
        "rings => rings.map((ring) => [PM.ringArea(ring), PM.geodesicDistance(ring[0], ring[3])])", given
    )
    for polygon, (area, length) in zip(polygons, found, strict=True):
        assert area == pytest.approx(abs(GEOD.polygon_area_perimeter(*polygon.T)[0]), rel=1e-5, abs=1e-3)
        assert length == pytest.approx(GEOD.inv(*polygon[0], *polygon[3])[2], rel=1e-5)


def test_distance_is_measured_along_what_is_clicked_and_undone(little: Open) -> None:
    opened = little()
    page = opened.page
    page.locator("#measure").click()
    assert page.locator("#measure").get_attribute("aria-pressed") == "true"
    points = [click(opened, corner(i)) for i in range(3)]
    legs = [GEOD.inv(a["lng"], a["lat"], b["lng"], b["lat"])[2] for a, b in pairwise(points)]
    result = page.locator(".measuring .result")
    assert result.inner_text().endswith("米")
    assert number(result.inner_text()) == pytest.approx(sum(legs), abs=1)
    assert opened.popup.count() == 0, "a click that measures opens nothing"
    said = page.locator("[aria-live=polite].unseen")
    assert said.inner_text().startswith("3 个点")
    page.locator("[data-key=undo]").click()
    assert number(result.inner_text()) == pytest.approx(legs[0], abs=1)
    assert said.inner_text().startswith("2 个点")
    page.locator("[data-key=undo]").click()
    assert result.inner_text() == "–"
    page.keyboard.press("Escape")
    assert page.locator(".measuring").is_hidden()
    opened.click_map("PM.boundsOf(PM.store.buildingById.get('B0008').box).getCenter()")
    assert "胜利路26号" in opened.popup.inner_text(), "the map answers clicks again"


def test_length_follows_the_pointer_until_a_double_click_ends_it(little: Open) -> None:
    opened = little()
    page = opened.page
    page.locator("#measure").click()
    click(opened, corner(0))
    lengths = []
    zoom = page.evaluate("map_1.getZoom()")
    for i in (1, 2):
        at = page.evaluate(f"map_1.latLngToContainerPoint({corner(i)})")
        page.mouse.move(page.locator("#map_1").bounding_box()["x"] + at["x"], at["y"])
        lengths.append(page.locator(".measuring .result").inner_text())
        assert page.locator(".leaflet-tooltip.measured").inner_text() == lengths[-1]
    assert lengths[0] != lengths[1]
    assert page.locator("[aria-live=polite].unseen").inner_text() == "1 个点", "movement is not read out"
    page.mouse.dblclick(page.locator("#map_1").bounding_box()["x"] + at["x"], at["y"])
    page.mouse.move(900, 500)
    assert page.locator(".measuring .result").inner_text() == lengths[1]
    assert page.evaluate("map_1.getZoom()") == zoom, "a double click does not zoom now"
    assert "已结束" in page.locator(".measuring .hint").inner_text()


def test_area_is_said_in_mu_for_chinese_readers_only(little: Open) -> None:
    opened = little()
    page = opened.page
    page.locator("#measure").click()
    page.locator(".measuring [data-key=area]").click()
    points = [click(opened, corner(i)) for i in range(4)]
    area = abs(GEOD.polygon_area_perimeter([p["lng"] for p in points], [p["lat"] for p in points])[0])
    box = page.locator(".measuring")
    assert number(box.locator(".result").inner_text()) == pytest.approx(area / 1e4, abs=0.02)
    lines = box.locator("li").all_inner_texts()
    assert number(lines[0]) == pytest.approx(area * 3 / 2000, abs=0.1)
    assert lines[0].endswith("亩")
    assert lines[2].startswith("周长")
    page.locator("button.language").click()
    assert box.locator(".result").inner_text().endswith("ha")
    assert not re.findall(r"[\u4e00-\u9fff]|mu", box.inner_text())


def test_area_with_crossing_sides_is_not_given(little: Open) -> None:
    opened = little()
    opened.page.locator("#measure").click()
    opened.page.locator(".measuring [data-key=area]").click()
    for i in (0, 2, 1, 3):
        click(opened, corner(i))
    assert opened.page.locator(".measuring .result").inner_text() == "边线交叉，无法计算面积"


def test_measuring_by_keyboard_alone(little: Open) -> None:
    opened = little()
    page = opened.page
    page.locator("#rows").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "map_1"
    assert page.locator(".aim").is_visible()
    before = page.evaluate("map_1.getCenter()")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        opened.rest()
    after = page.evaluate("map_1.getCenter()")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    length = GEOD.inv(before["lng"], before["lat"], after["lng"], after["lat"])[2]
    assert length > 10
    assert number(page.locator(".measuring .result").inner_text()) == pytest.approx(length, abs=0.6)
    for _ in range(3):
        page.keyboard.press("Backspace")  # the end, and both points
    assert page.locator(".measuring .result").inner_text() == "–"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "measure"


# ---- printing

POINTS = {"A4": (595, 842), "A3": (842, 1191)}


def print_view(opened: Opened, size: str = "A4", turn: str = "landscape") -> Any:
    page = opened.page
    if not page.locator("#printing").count():
        page.locator("#print").click()
    page.locator("#printing [data-key=size]").select_option(size)
    page.locator("#printing [data-key=turn]").select_option(turn)
    page.locator(".sheet[data-painted]").wait_for()
    return page.locator(".sheet")


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("turn", ["landscape", "portrait"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheet_is_one_page_of_its_size_and_says_everything(
    little: Open, size: str, turn: str, language: str
) -> None:
    opened = little(released())
    page = opened.page
    page.evaluate("language => PM.store.speak(language)", language)
    sheet = print_view(opened, size, turn)
    text = sheet.inner_text()
    said = {
        "zh": (
            "西岗区物业管理区域覆盖图",
            "截至 2026-09-30",
            "图例",
            "已签约未服务\t17\t2",
            "数据来源：test",
            "9 项变化",
            "打印日期",
            "1 : ",
            "北",
        ),
        "en": (
            "Xigang District",
            "as of 2026-09-30",
            "Legend",
            "Signed, not served\t17\t2",
            "Source: test",
            "9 changes",
            "printed on",
            "1 : ",
            "N",
        ),
    }[language]
    for words in (*said, "合成样例 / Synthetic sample"):
        assert words in text, words
    pdf = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", pdf) == [b"1"]
    width, height = POINTS[size] if turn == "portrait" else POINTS[size][::-1]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    assert [round(float(x)) for x in box.groups()] == [width, height]
    images = [
        (int(w), int(h)) for w, h in re.findall(rb"/Subtype /Image\s+/Width (\d+)\s+/Height (\d+)", pdf)
    ]
    inch = page.locator(".sheet .frame").evaluate(
        "frame => [frame.clientWidth / 96, frame.clientHeight / 96]"
    )
    assert any(
        w == pytest.approx(200 * inch[0], abs=2) and h == pytest.approx(200 * inch[1], abs=2)
        for w, h in images
    ), images


def colours(sheet: Any) -> dict[str, int]:
    """How many pixels of each colour (#rrggbb) the map on a sheet has."""
    found: dict[str, int] = sheet.locator("canvas").evaluate("""canvas => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const found = {};
            for (let i = 0; i < data.length; i += 4) {
                const colour = "#" + [0, 1, 2].map((k) => data[i + k].toString(16).padStart(2, "0")).join("");
                found[colour] = (found[colour] ?? 0) + 1;
            }
            return found;
        }""")
    return found


def test_sheet_shows_the_map_sharp_and_in_its_colours(little: Open) -> None:
    found = colours(print_view(little()))
    for colour in ("#6d9cc4", "#e0a744", "#a3aab2", "#9c92cb", "#b5174b", "#dbe6cf", "#c6dce6"):
        assert found.get(colour, 0) > 500, colour


def test_only_the_sheet_is_printed_and_nothing_of_it_is_cut_off(little: Open) -> None:
    for size, turn in (("A4", "landscape"), ("A4", "portrait"), ("A3", "landscape"), ("A3", "portrait")):
        opened = little(released())
        sheet = print_view(opened, size, turn)
        opened.page.emulate_media(media="print")
        assert opened.page.locator("#panel").is_hidden()
        assert opened.page.locator("#map_1").is_hidden()
        assert opened.page.locator("#printing .bar").is_hidden()
        outside = sheet.evaluate("""sheet => {
                const page = sheet.getBoundingClientRect();
                const isOut = ({left, top, right, bottom}) =>
                    left < page.left || top < page.top || right > page.right + 0.5 || bottom > page.bottom + 0.5;
                return [...sheet.querySelectorAll("*")].filter((element) => isOut(element.getBoundingClientRect()))
                    .map((element) => String(element.className || element.tagName));
            }""")
        assert outside == []


@pytest.mark.parametrize(("size", "zoom"), [("A4", 15.5), ("A4", 17.75), ("A3", 16.25)])
def test_scale_is_round_and_true_on_paper_and_the_view_is_on_the_sheet(
    little: Open, size: str, zoom: float
) -> None:
    opened = little()
    page = opened.page
    page.evaluate(f"map_1.setView(PM.boundsOf(PM.store.box).getCenter(), {zoom}, {{animate: false}})")
    sheet = print_view(opened, size)
    denominator = number(sheet.locator(".scale").inner_text().split("1 :")[1])
    frame = sheet.locator(".frame").evaluate("frame => [frame.clientWidth, frame.clientHeight]")
    bounds = "(new PM.Print({tools: [], box: PM.store.box}), L.latLngBounds(map_1.getBounds()))"
    shown = page.evaluate(
        f"""([width, height]) => {{
            const view = PM.paperView({bounds}, width, height);
            const at = (x, y) => PM.toLatLng([(view.left + x) / view.scale, (view.top + y) / view.scale]);
            return [at(0, height / 2), at(width, height / 2), at(width / 2, 0), at(width / 2, height), view.denominator];
        }}""",
        frame,
    )
    west, east, north, south, its_own = shown
    for a, b, pixels in ((west, east, frame[0]), (north, south, frame[1])):
        ground = GEOD.inv(a["lng"], a["lat"], b["lng"], b["lat"])[2]
        # Mercator takes the ellipsoid for a sphere
        assert ground / (pixels / 96 * 0.0254) == pytest.approx(its_own, rel=2.5e-3)
    text = sheet.locator(".scale p").first.inner_text()
    metres = number(text.split("\n")[-1].split("\t")[-1]) * (1000 if "公里" in text else 1)
    millimetres = sheet.locator(".scale .length").evaluate("bar => bar.offsetWidth / 96 * 25.4")
    assert metres / (millimetres / 1000) == pytest.approx(denominator, rel=0.01)
    assert float(f"{denominator:.3g}") == denominator


def test_sheet_says_what_is_chosen_and_left_out(little: Open) -> None:
    opened = little()
    opened.page.evaluate(
        "PM.store.set({subdistrict: '210203004'}); PM.store.toggle('unsigned'); PM.store.toggle('paper_only');"
    )
    text = print_view(opened).inner_text()
    assert "日新街道 · 未显示：" in text
    assert "未显示：无有效合同、已签约未服务" in text
    assert "已签约未服务\t" not in text


def test_print_view_is_worked_by_keyboard_and_gives_the_focus_back(little: Open) -> None:
    opened = little()
    page = opened.page
    page.evaluate("void (window.print = () => { window.printed = (window.printed ?? 0) + 1; })")
    page.locator("#print").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == "size"
    assert page.evaluate("document.querySelector('#panel').inert && document.querySelector('#map_1').inert")
    page.locator(".sheet[data-painted]").wait_for()
    page.locator("#printing [data-key=go]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.printed") == 1
    page.keyboard.press("Escape")
    assert page.locator("#printing").count() == 0
    assert page.evaluate("document.activeElement.id") == "print"
    assert not page.evaluate("document.querySelector('#map_1').inert")


def test_the_browsers_own_way_to_print_gives_the_same_sheet(little: Open) -> None:
    page = little().page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sheet.A4.landscape canvas").evaluate("canvas => canvas.width") > 1000
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#printing").count() == 0


PENDING = "#006b4f"
DECISIONS = {
    "merge": ("decisions.merge(PM.store.areas[0], PM.store.areas[1])", "并入 胜利乙院", "into 胜利乙院"),
    "move": (
        "decisions.move(PM.store.buildingById.get('B0808'), PM.store.areas[3])",
        "移入 胜利己院",
        "to 胜利己院",
    ),
    "draw": (
        "decisions.draw(PM.store.areas[4], PM.store.areas[4], ring)",
        "划定 胜利壬院",
        "drawn: 胜利壬院",
    ),
}
RING = """const [left, top, right, bottom] = PM.store.areas[4].box;
    const ring = [[left, top], [right, top], [left, bottom]].map(PM.toLatLng).map(({lat, lng}) => [lng, lat]);"""


@pytest.mark.parametrize("act", DECISIONS)
def test_sheet_shows_what_is_pending_and_says_that_it_is_not_in_the_data(little: Open, act: str) -> None:
    decide, tag, english = DECISIONS[act]
    opened = little()
    page = opened.page
    sheet = print_view(opened)
    assert PENDING not in colours(sheet)
    assert "待提交" not in sheet.inner_text()
    page.keyboard.press("Escape")
    page.evaluate(f"() => {{ const {{decisions}} = PM.store.deciding; {RING} {decide}; }}")
    sheet = print_view(opened)
    assert colours(sheet)[PENDING] > 300
    assert sheet.locator(".tag").all_inner_texts() == [tag]
    assert "1 项待提交的决定，尚未写入数据" in sheet.locator("header").inner_text()
    assert "待提交的决定" in sheet.locator(".key").inner_text()
    page.keyboard.press("Escape")
    page.evaluate("PM.store.speak('en')")
    sheet = print_view(opened, "A3", "portrait")
    assert sheet.locator(".tag").all_inner_texts() == [english]
    assert "1 pending decision, not yet in the data" in sheet.locator("header").inner_text()


def test_sheet_already_open_shows_what_another_window_decides(little: Open) -> None:
    opened = little()
    print_view(opened)
    opened.page.evaluate("PM.store.deciding.decisions.release(PM.store.buildingById.get('B0808'))")
    opened.page.locator(".sheet[data-painted] .tag span").wait_for()
    assert "1 项待提交的决定" in opened.page.locator(".sheet header").inner_text()


def test_words_about_what_is_pending_stay_whole_on_the_sheet(little: Open) -> None:
    opened = little()
    opened.page.evaluate(
        "() => { for (const building of PM.store.buildings.all()) PM.store.deciding.decisions.release(building); }"
    )
    opened.page.evaluate(
        "void map_1.setView(PM.boundsOf(PM.store.areas[2].box).getCenter(), 18, {animate: false})"
    )
    sheet = print_view(opened)
    boxes = "elements => elements.map((element) => element.getBoundingClientRect().toJSON())"
    frame, *tags = sheet.locator(".frame, .tag span").evaluate_all(boxes)
    assert len(tags) > 10
    for tag in tags:
        assert tag["left"] >= frame["left"] - 0.5
        assert tag["right"] <= frame["right"] + 0.5
        assert tag["top"] >= frame["top"] - 0.5
        assert tag["bottom"] <= frame["bottom"] + 0.5


@pytest.mark.parametrize("mode", ["distance", "area"])
def test_sheet_shows_what_is_measured_with_its_figure_and_the_map_keeps_it(little: Open, mode: str) -> None:
    opened = little()
    page = opened.page
    assert "#111111" not in colours(print_view(opened))
    page.keyboard.press("Escape")
    page.locator("#measure").click()
    page.locator(f".measuring [data-key={mode}]").click()
    for i in range(3):
        click(opened, corner(i))
    figure = page.locator(".measuring .result").inner_text()
    sheet = print_view(opened)
    assert colours(sheet)["#111111"] > 300
    assert sheet.locator(".tag").inner_text().split(" · ")[0] == figure
    page.locator(".desk").click(position={"x": 3, "y": 3})  # now nothing has the focus
    for key in ("Backspace", "Escape"):
        page.keyboard.press(key)
    page.locator("#printing [data-key=close]").focus()
    page.keyboard.press("Escape")
    assert page.locator("#printing").count() == 0
    assert page.locator(".measuring .result").inner_text() == figure


def test_what_is_measured_beside_the_district_is_on_the_sheet(little: Open) -> None:
    opened = little()
    page = opened.page
    page.evaluate("map_1.setZoom(map_1.getZoom() - 1, {animate: false})")
    page.locator("#measure").click()
    box = page.locator("#map_1").bounding_box()
    for y in (300, 700):
        page.mouse.click(box["x"] + 60, y)
    assert print_view(opened).locator(".tag").inner_text() == page.locator(".measuring .result").inner_text()


# ---- comparing


def test_nothing_is_said_of_changes_before_the_first_release(little: Open) -> None:
    opened = little()
    assert opened.page.locator(".changes, #swipe, .swipe").count() == 0
    assert '"release":false' in opened.page.content()


def test_changes_are_listed_by_kind_and_lead_to_their_places(little: Open) -> None:
    opened = little(released())
    section = opened.page.locator("section.changes")
    assert "9 项" in section.locator("header").inner_text()
    heads = [text.replace("\n", " ") for text in section.locator("h3").all_inner_texts()]
    assert heads == [
        "新增区域 1",
        "取消的区域 1",
        "边界调整 1",
        "更名 1",
        "楼栋改变归属 3",
        "新增楼栋 1",
        "消失的楼栋 1",
    ]
    assert "旧名院 → 胜利乙院" in section.inner_text() or "旧名院 →" in section.inner_text()
    section.get_by_role("button", name="胜利路28号").click()
    assert opened.popup.locator("h2").inner_text() == "胜利路28号"
    section.get_by_role("button", name="旧院").click()
    assert opened.popup.count() == 0
    middle = opened.page.evaluate(
        f"map_1.getBounds().contains(PM.boundsOf(PM.store.release.areaById.get('{GONE}').box))"
    )
    assert middle, "the area that is gone is in view"
    assert section.locator(".still").inner_text().startswith("GONE"), "what has no place is no button"
    opened.page.locator("button.language").click()
    assert "Changes since the last release" in section.inner_text()


def test_changes_are_said_to_be_since_the_date_of_the_release(little: Open) -> None:
    more = released()
    retired = more["released_areas"]["retired"]
    more["released_areas"]["released_on"] = retired.map({False: "2026-06-30", True: "2026-08-31"}).astype(
        "str"
    )
    opened = little(more)
    title = opened.page.locator("section.changes h2")
    assert title.inner_text() == "自 2026-06-30 发布以来的变化"
    opened.page.locator("button.language").click()
    assert title.inner_text() == "Since the release of 2026-06-30"


def test_long_lists_of_changes_unfold_and_stay_unfolded(little: Open) -> None:
    more = released()
    extra = [
        {"change": "building_moved", "subject_id": f"B00{i:02d}", "before": GONE, "after": None}
        for i in range(1, 9)
    ]
    more["changes"] = pd.concat([more["changes"], pd.DataFrame(extra)], ignore_index=True)
    opened = little(more)
    section = opened.page.locator("section.changes")
    shown = section.locator("ul").nth(4).locator("li")
    assert shown.count() == 8
    section.get_by_role("button", name="显示全部 11 项").click()
    assert shown.count() == 11
    assert opened.page.evaluate("document.activeElement.closest('li') !== null")
    opened.page.evaluate("PM.store.fire('change')")
    assert shown.count() == 11


def test_layer_marks_what_has_changed_and_is_explained(little: Open) -> None:
    opened = little(released())
    ink = "#0b3fa8"
    assert opened.painted(ink) == 0
    assert "变化" not in opened.page.locator(".legend").inner_text()
    opened.page.locator(".changes [data-key=changes]").click()
    assert opened.painted(ink) > 1000
    assert "变化" in opened.page.locator(".legend").inner_text()
    assert opened.page.evaluate("document.activeElement.dataset.key") == "changes"
    opened.page.locator(".changes [data-key=changes]").click()
    assert opened.painted(ink) == 0


def then_at(opened: Opened, place: str) -> bool:
    """Is the picture of the release to be seen there?"""
    opened.page.wait_for_function(
        "() => !document.querySelector('.leaflet-then-pane') || document.querySelectorAll('.leaflet-then-pane"
        " canvas').length"
    )
    seen: bool = opened.page.evaluate(f"""() => {{
            const pane = map_1.getPane("then");
            const [, right] = pane.style.clipPath.match(/-?[\\d.e+]+px/g).map(parseFloat).filter((_, i) => i % 2 === 0);
            return map_1.latLngToLayerPoint({place}).x < right && !document.querySelector(".swipe").hidden;
        }}""")
    return seen


def test_bar_shows_the_release_on_its_left_and_moves_by_key_and_pointer(little: Open) -> None:
    opened = little(released())
    page = opened.page
    west, east = corner(0), corner(1)
    page.locator("#swipe").focus()
    page.keyboard.press("Enter")
    bar = page.locator(".swipe .handle")
    assert page.evaluate("document.activeElement.className") == "handle"
    assert (bar.get_attribute("role"), bar.get_attribute("aria-valuenow")) == ("slider", "50")
    assert (then_at(opened, west), then_at(opened, east)) == (True, False)
    page.keyboard.press("ArrowRight")
    assert bar.get_attribute("aria-valuenow") == "52"
    page.keyboard.press("Home")
    assert not then_at(opened, west)
    page.keyboard.press("End")
    assert then_at(opened, east)
    map_box = page.locator("#map_1").bounding_box()
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    at = map_box["x"] + map_box["width"] * 0.1
    page.mouse.move(at, 500)
    page.mouse.down()
    page.mouse.move(map_box["x"] + map_box["width"] * 0.75, 500, steps=4)
    page.mouse.up()
    assert bar.get_attribute("aria-valuenow") == "75"
    place = page.evaluate("map_1.getCenter()")
    page.evaluate("map_1.panBy([200, 0], {animate: false})")
    assert then_at(opened, json.dumps(place)), "the bar stays where it is when the map is moved"
    page.locator("#swipe").click()
    assert page.locator(".swipe").is_hidden()
    assert page.evaluate("map_1.getPane('labels').style.clipPath") in ("", "none")


def test_left_of_the_bar_are_the_areas_and_gaps_of_the_release(little: Open) -> None:
    opened = little(released())
    page = opened.page
    page.locator("#swipe").click()
    page.keyboard.press("End")
    page.wait_for_function("""() => {
            const tiles = [...document.querySelectorAll(".leaflet-then-pane .leaflet-tile")];
            return tiles.length > 3 && tiles.every((tile) => tile.classList.contains("leaflet-tile-loaded"));
        }""")
    page.evaluate("document.querySelectorAll('.leaflet-tile-pane').forEach((pane) => pane.remove())")
    gap, ground = opened.painted("#b5174b"), opened.painted("#e4dccb")
    assert ground > 1000
    assert gap > 100
    styles = page.evaluate(
        "['B0100', 'B0505', 'B0707', 'B0400'].map(id =>"
        " PM.store.release.styleThen(PM.store.buildingById.get(id).i)?.building ?? null)"
    )
    assert styles == ["#b3a68b", "#b5174b", None, "#b5174b"]


def test_hostile_text_in_a_release_is_only_text(little: Open) -> None:
    more = released()
    for name in ("released_areas", "changes"):
        for column in ("name", "before", "after", "subject_id"):
            if column in more[name]:
                more[name][column] = more[name][column] + HOSTILE
    opened = little({**poisoned(HOSTILE), **more})
    page = opened.page
    page.evaluate("PM.store.speak('en')")
    for button in page.locator(".changes button").all():
        button.click()
    assert "{{7*7}}" in page.locator(".changes").inner_text()
    print_view(opened)
    assert page.evaluate("window.ran") is None
    assert page.locator("img, svg[onload]").count() == 0


TRIAL = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "b.geojson"
[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true
[[inputs.released_membership]]
path = "release/membership.csv"
optional = true
[rules.group]
target_count = 3
"""


def test_release_then_a_change_then_the_map_says_what_changed(tmp_path: Path, open_page: Open) -> None:
    def run(clusters: dict[str, int], *last: str) -> None:
        features = []
        for name, east in clusters.items():
            for i in range(3):
                x, y = 121.6 + 0.01 * east + 0.0003 * i, 38.9
                ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0001], [x, y + 0.0001], [x, y]]
                geometry = {"type": "Polygon", "coordinates": [ring]}
                features.append(
                    {"type": "Feature", "properties": {"building_id": f"{name}{i}"}, "geometry": geometry}
                )
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / "b.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features})
        )
        (tmp_path / "d.toml").write_text(TRIAL, encoding="utf-8")
        places = [
            f"--{name}={tmp_path / path}"
            for name, path in (("config", "d.toml"), ("raw", "raw"), ("out", "out"), ("maps", "maps"))
        ]
        inputs = ("buildings", "released_areas", "released_membership")
        stages = (stage.name for stage in STAGES)
        for command in (*(["ingest", name] for name in inputs), *([stage] for stage in (*stages, *last))):
            assert main([*command, *places]) == 0, command

    run({"a": 1, "b": 2, "c": 3}, "map", "release")
    assert open_page(tmp_path / "maps" / "index.html").page.locator(".changes").count() == 0
    run({"a": 1, "b": 2, "d": 4}, "map")
    opened = open_page(tmp_path / "maps" / "index.html")
    heads = [text.replace("\n", " ") for text in opened.page.locator(".changes h3").all_inner_texts()]
    assert heads == ["新增区域 1", "取消的区域 1", "新增楼栋 3", "消失的楼栋 3"]
    assert opened.page.locator(".changes h2").inner_text() == "自 2026-09-30 发布以来的变化"
    opened.page.locator(".changes .row").nth(1).click()
    opened.page.locator("#swipe").click()
    assert opened.page.evaluate("PM.store.tables.released.length") == 3


# ---- online tiles


def tiles_of(name: str) -> MapOptions:
    return MapOptions(tiles=name, tiles_key="a-key" if name == "tianditu" else "")


@pytest.mark.parametrize(
    ("name", "url", "credit"),
    [
        ("openstreetmap", r"https://tile\.openstreetmap\.org/17/\d+/\d+\.png", "OpenStreetMap"),
        (
            "tianditu",
            r"https://t0\.tianditu\.gov\.cn/vec_w/wmts\?.*LAYER=vec.*TILEMATRIX=17&TILEROW=\d+&TILECOL=\d+&tk=a-key",
            "天地图",
        ),
        ("amap", r"https://webrd01\.is\.autonavi\.com/appmaptile\?.*style=8&x=\d+&y=\d+&z=17", "高德地图"),
    ],
)
def test_tiles_are_asked_of_the_chosen_server_alone_and_can_be_turned_off(
    little: Open, name: str, url: str, credit: str
) -> None:
    opened = little(options=tiles_of(name))
    page = opened.page
    page.wait_for_function("() => document.querySelectorAll('img.leaflet-tile-loaded').length > 5")
    asked = [each for each in opened.requests if each.startswith("http")]
    assert len(asked) > 5
    assert [each for each in asked if not re.fullmatch(url, each)] == []
    assert credit in page.locator(".credit").inner_text()
    assert page.locator("#base_map").get_attribute("aria-pressed") == "true"
    ground, area = "#e9e6df", "#d6e2ea"
    assert opened.painted(ground) == opened.painted(area) == 0, "the ground below is seen through"
    assert opened.painted("#6d9cc4") > 100, "buildings are as ever"
    page.locator("#base_map").focus()
    page.keyboard.press("Enter")
    assert page.locator("#base_map").get_attribute("aria-pressed") == "false"
    assert page.locator("img.leaflet-tile").count() == 0
    assert page.locator(".credit").is_hidden()
    assert opened.painted(ground) > 100
    assert page.evaluate("document.activeElement.id") == "base_map"


def test_print_has_its_own_ground_under_the_areas(little: Open) -> None:
    opened = little(options=tiles_of("openstreetmap"))
    ground = (
        print_view(opened)
        .locator("canvas")
        .evaluate(
            """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .reduce((n, value, i, data) => n + (i % 4 === 0 && value === 0xe9 && data[i + 1] === 0xe6 && data[i + 2] === 0xdf), 0)"""
        )
    )
    assert ground > 1000


@pytest.mark.parametrize("zoom", [14, 16.5, 18, 19.25])
def test_amap_tiles_lie_where_their_ground_is(little: Open, zoom: float) -> None:
    opened = little(options=tiles_of("amap"))
    page = opened.page
    page.evaluate(f"map_1.setView(PM.boundsOf(PM.store.box).getCenter(), {zoom}, {{animate: false}})")
    page.wait_for_function("() => document.querySelectorAll('img.leaflet-tile-loaded').length > 3")
    container = page.locator("#map_1").bounding_box()
    tiles = page.evaluate("""() => [...document.querySelectorAll("img.leaflet-tile")].map((image) => {
            const box = image.getBoundingClientRect();
            return [image.src, box.left, box.top, box.right, box.bottom];
        })""")
    enlarged = 2 ** max(0.0, zoom - 18) if zoom > 18 else 2 ** (zoom - round(zoom))
    checked = 0
    for url, *box in tiles:
        at = {key: int(values[0]) for key, values in parse_qs(urlsplit(url).query).items() if key in "xyz"}
        for dx, dy, left, top in ((0, 0, box[0], box[1]), (1, 1, box[2], box[3])):
            n = 2 ** at["z"]
            lng = (at["x"] + dx) / n * 360 - 180
            lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (at["y"] + dy) / n))))
            true_lng, true_lat = (
                float(value[0]) for value in datum.to_wgs84(np.array([lng]), np.array([lat]), "gcj02")
            )
            place = page.evaluate(f"map_1.latLngToContainerPoint([{true_lat}, {true_lng}])")
            assert left - container["x"] == pytest.approx(place["x"], abs=1.1 * enlarged + 0.6)
            assert top - container["y"] == pytest.approx(place["y"], abs=1.1 * enlarged + 0.6)
            checked += 1
    assert checked > 6
    seen = [t for t in tiles if t[1] < container["x"] + container["width"] and t[2] < container["height"]]
    assert min(t[1] for t in seen) <= container["x"] + 1
    assert max(t[3] for t in seen) >= container["x"] + container["width"] - 1
    assert min(t[2] for t in seen) <= 1
    assert max(t[4] for t in seen) >= container["height"] - 1


# ---- layers that are turned on


def test_communities_are_drawn_named_and_explained_once_their_layer_is_on(little: Open) -> None:
    opened = little()
    page = opened.page
    button = page.locator('[id="layer.communities"]')
    legend = page.locator(".legend")
    assert button.get_attribute("aria-pressed") == "false"
    assert "社区界线" not in legend.inner_text()
    page.evaluate("map_1.setZoom(16, {animate: false})")
    opened.drawn()
    before = tiles(opened)
    button.click()
    opened.drawn()
    assert tiles(opened) != before
    assert button.get_attribute("aria-pressed") == "true"
    assert "社区界线" in legend.inner_text()
    page.wait_for_function("() => location.hash.includes('layers=communities')")
    page.locator(".language").click()
    assert "Community boundary" in legend.inner_text()
    assert button.get_attribute("aria-label") == "Communities"
    button.click()
    opened.drawn()
    assert tiles(opened) == before
    page.wait_for_function("() => !location.hash.includes('layers')")


def test_a_link_turns_layers_on_and_a_sheet_shows_them(little: Open) -> None:
    opened = little()
    opened.page.goto(opened.page.url.partition("#")[0] + "#layers=communities,nothing")
    opened.page.reload()
    opened.complete()
    assert opened.page.evaluate("[...PM.store.shown]") == ["communities"]
    assert "社区界线" in print_view(opened).locator(".key").inner_text()


def test_a_district_without_communities_has_no_button_for_them(little: Open) -> None:
    opened = little({"communities": tables()["communities"].head(0)})
    assert opened.page.locator('[id="layer.communities"]').count() == 0


def tiles(opened: Opened) -> list[str]:
    """The drawing, tile by tile."""
    drawn: list[str] = opened.page.evaluate(
        "[...document.querySelectorAll('canvas.leaflet-tile')].map((tile) => tile.toDataURL()).sort()"
    )
    return drawn


# ---- enumerations


def test_a_tenth_kind_of_gap_is_filtered_like_the_others(
    little: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = [*GAP_KINDS]
    kinds = (*declared[:4], "tenth", *declared[4:])
    given = build.declared_for_page

    def with_ten(**parts: Any) -> dict[str, Any]:
        page = given(**parts)
        return page | {"values": {**page["values"], "gaps.kind": list(kinds)}}

    monkeypatch.setattr(build, "declared_for_page", with_ten)
    gaps = tables()["gaps"]
    building = gaps["building_id"].dropna().iloc[0]
    more = gaps[gaps["building_id"].eq(building)].head(1).assign(gap_id="G-tenth", kind="tenth")
    page = little({"gaps": pd.concat([gaps, more], ignore_index=True)}).page
    kind = page.locator("select[data-key=gapKind]")
    offered = kind.evaluate("(select) => [...select.options].map(({value}) => value).filter(Boolean)")
    assert offered == [each for each in kinds if each in {*gaps["kind"], "tenth"}]
    kind.select_option("tenth")
    found = "PM.store.buildings.all().filter((b) => PM.store.visibleBuildings()(b.i) && PM.STATUSES.includes(b.status))"
    assert building in page.evaluate(f"{found}.map((b) => b.building_id)")
    assert page.evaluate("PM.store.gaps.filter((gap) => PM.store.gapChosen(gap)).length") == 1
    kind.select_option("contested")
    assert page.evaluate("PM.store.gaps.filter((gap) => PM.store.gapChosen(gap)).map((gap) => gap.kind)") == [
        "contested"
    ] * int(gaps["kind"].eq("contested").sum())
