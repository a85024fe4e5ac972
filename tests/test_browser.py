"""The map in a real browser: offline, silent, and every control does what it says.

Needs Chromium (Debian: `apt-get install chromium`). Without it these tests are skipped, except in CI
(CI=true), where they fail.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shapely

from pipeline.config import Declared
from pipeline.conflation.ids import from_texts
from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.payload import payload
from tests.chromium import Opened
from tests.publish.webmap.little_district import DECLARED, DISTRICT, nowhere, poisoned, tables
from tests.publish.webmap.unpacked import columns, read

PAYLOADS = [
    "<img src=x onerror=window.ran=1>",
    "</script><script>window.ran=1</script>",
    "`+(window.ran=1)+`",
    "${window.ran=1}",
    "{{7*7}}{% raw %}",
    "\u2028window.ran=1\u2029",
    "javascript:window.ran=1",
    "\"'><svg onload=window.ran=1>",
    "]]>--><!--&lt;b&gt;\\u003cb>",
]
HOSTILE = " ".join(PAYLOADS)


@cache
def little_map() -> str:
    return build_map(tables(), district=DISTRICT, declared=DECLARED)


@pytest.fixture
def open_map(browser: Any, tmp_path: Path) -> Iterator[Any]:
    contexts: list[Any] = []
    everything: list[Opened] = []

    def open_(
        data: dict[str, Any] | None = None, *, district: Any = DISTRICT, declared: Declared = DECLARED
    ) -> Opened:
        path = tmp_path / "index.html"
        plain = data is None and district is DISTRICT and declared is DECLARED
        html = little_map() if plain else build_map(data or tables(), district=district, declared=declared)
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": 1600, "height": 950}, offline=True)
        contexts.append(context)
        opened = Opened(context.new_page())
        everything.append(opened)
        opened.open(path.as_uri())
        return opened

    yield open_
    for opened in everything:
        asked = [url for url in opened.requests if url != "data:," and not url.endswith("/index.html")]
        assert not asked, "the page asked for something"
        assert not opened.said, "the page complained"
    for context in contexts:
        context.close()


# ---- reading


def test_page_opens_offline_with_title_totals_and_label(open_map: Any) -> None:
    page = open_map().page
    assert page.title() == "西岗区物业管理区域覆盖图"
    assert page.locator("h1").inner_text() == "西岗区物业管理区域覆盖图"
    assert page.locator(".coverage strong").inner_text() == "53.8%"
    assert "80 栋住宅中 43 栋" in page.locator(".coverage").inner_text()
    assert page.locator("#panel .synthetic").inner_text() == "合成样例"
    assert "合成样例" in page.locator(".synthetic-label").inner_text()
    assert page.locator(".legend li").count() >= 8


def test_no_label_on_data_that_is_not_synthetic(open_map: Any) -> None:
    page = open_map(district=replace(DISTRICT, synthetic=False)).page
    assert page.locator(".synthetic, .synthetic-label").count() == 0


def test_every_status_is_painted_in_its_colour(open_map: Any) -> None:
    opened = open_map()
    for colour in ("#6d9cc4", "#e0a744", "#a3aab2", "#9c92cb", "#b5174b", "#dbe6cf", "#c6dce6"):
        assert opened.painted(colour) > 100, colour


def test_labels_are_written(open_map: Any) -> None:
    inked = open_map().page.evaluate(
        """() => { const c = document.querySelector("canvas.labels");
        return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v === 255); }"""
    )
    assert inked


def test_no_label_is_placed_over_another(open_map: Any) -> None:
    page = open_map().page
    taken = page.evaluate("""() => {
            let seed = 1;
            const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
            const placing = new PM.Placing();
            const corners = Array.from({length: 300}, () => [random() * 900 - 50, random() * 600 - 50]);
            const boxes = corners.map(([x, y]) => [x, y, x + 10 + random() * 150, y + 14]);
            return boxes.filter((box) => placing.take([box]));
        }""")
    assert len(taken) > 50
    for i, a in enumerate(taken):
        for b in taken[:i]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


# ---- unpacking


def test_page_unpacks_what_was_packed(open_map: Any) -> None:
    given_tables = tables()
    hole = shapely.Polygon(
        given_tables["buildings"].geometry[0].exterior,
        [given_tables["buildings"].geometry[0].buffer(-2).exterior],
    )
    parts = shapely.MultiPolygon(
        [given_tables["buildings"].geometry[1], given_tables["buildings"].geometry[1].buffer(-3)]
    )
    given_tables["buildings"].loc[[0, 1], "geometry"] = [hole, parts]
    packed = payload(given_tables, district=DISTRICT, declared=DECLARED)
    blocks = read(packed.picture), read(packed.facts)
    page = open_map(given_tables).page
    for name, spec in blocks[0].head["tables"].items():
        rings = blocks[0].rings(spec["shapes"], read(packed.walls) if name == "buildings" else None)
        unpacked = page.evaluate(
            "name => { const { shapes } = PM.store.tables[name]; const units = (ring) => Array.from(ring,"
            " (value) => value * PM.UNITS); return Array.from({length: shapes.length}, (_, i) =>"
            " shapes.rings(i).map(units)); }",
            name,
        )
        assert unpacked == [
            [[value for point in ring for value in point] for ring in shape] for shape in rings
        ], name
        expected = columns(*blocks, name)
        found = page.evaluate(
            "([name, keys]) => keys.map(key => PM.store.tables[name].all().map(row => row[key]))",
            [name, list(expected)],
        )
        assert dict(zip(expected, found, strict=True)) == expected, name


def test_status_of_a_building_is_its_areas_or_says_why_it_has_none(open_map: Any) -> None:
    rows = open_map().page.evaluate(
        "PM.store.buildings.all().map(b => [b.building_id, b.status, PM.store.areaById.get(b.area_id)?.status])"
    )
    status = {building: status for building, status, _ in rows}
    assert (status["B0100"], status["B0200"], status["C00"]) == ("gap", "other", "elsewhere")
    in_area = [(status, of_area) for _, status, of_area in rows if of_area]
    assert {of_area for _, of_area in in_area} == {"served", "paper_only", "unsigned", "proposed"}
    assert all(status == of_area for status, of_area in in_area)


#: Holds back the second block that the page unpacks, its walls, until release() is called.
HOLD_WALLS = """
const Stream = DecompressionStream;
const released = new Promise((done) => (window.release = done));
let n = 0;
window.DecompressionStream = function (format) {
  const { readable, writable } = new Stream(format);
  return ++n === 2 ? { readable: readable.pipeThrough(new TransformStream({ start: () => released })), writable } : { readable, writable };
};
"""


def test_picture_of_a_whole_city_does_not_wait_for_walls_and_from_nearby_they_are_waited_for(
    browser: Any, tmp_path: Path
) -> None:
    wide = tables()
    wide["subdistricts"].loc[1, "geometry"] = wide["subdistricts"].geometry[1].buffer(32_000)
    path = tmp_path / "index.html"
    path.write_text(build_map(wide, district=DISTRICT, declared=DECLARED), encoding="utf-8")
    opened = Opened(browser.new_context(viewport={"width": 1600, "height": 950}, offline=True).new_page())
    page = opened.page
    page.add_init_script(HOLD_WALLS)
    page.goto(path.as_uri())
    page.locator("html[data-ready]").wait_for(state="attached")
    assert opened.painted("#b5174b") > 0, "the gap is a mark"
    opened.click_map("PM.boundsOf(PM.store.areas[0].box).getCenter()")
    page.wait_for_timeout(300)
    assert page.evaluate("PM.store.surface.isDrawing()"), "houses without walls are not drawn"
    page.evaluate("release()")
    opened.complete()
    assert opened.painted("#6d9cc4") > 1000
    assert not opened.said
    page.context.close()


def test_numbers_are_written_as_the_browser_writes_them_in_both_languages(open_map: Any) -> None:
    values = [0, 7, 999, 1000, 54321, 1234567, 20_000_000, 12.34, 1999.9, 0.26, 100.04, -4321.7]
    page = open_map().page
    for language, digits in itertools.product(("zh-CN", "en"), (0, 1, 2)):
        told, usual = page.evaluate(
            """([values, language, maximumFractionDigits]) => {
                const usual = new Intl.NumberFormat(language, { maximumFractionDigits });
                return [values.map((value) => PM.store.number(value, maximumFractionDigits)), values.map((value) => usual.format(value))];
            }""",
            [values, language, digits],
        )
        assert told == usual


def test_browser_that_cannot_unpack_is_told_so(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(little_map(), encoding="utf-8")
    page = browser.new_page(offline=True)
    page.add_init_script("delete window.DecompressionStream")
    page.goto(path.as_uri())
    alert = page.locator("[role=alert]")
    assert "Firefox 113 以上" in alert.locator("[lang=zh-CN]").inner_text()
    assert "Firefox from 113" in alert.locator("[lang=en]").inner_text()
    assert alert.bounding_box() == {"x": 0, "y": 0, **page.viewport_size}, "nothing else is seen"
    page.close()


# ---- popups


def test_click_on_an_area_opens_its_facts(open_map: Any) -> None:
    opened = open_map()
    courtyard = "PM.toLatLng([PM.store.areas[0].label[0], PM.store.areas[0].label[1] - 4.2e-7])"
    opened.click_map(courtyard)
    text = opened.popup.inner_text()
    for fact in (
        "胜利甲院",
        "210203004001001",
        "西岗物业0公司",
        "东至解放路",
        "88 分",
        "基础保障",
        "HT0",
        "已服务",
    ):
        assert fact in text, fact


def test_click_on_a_building_opens_its_facts_and_leads_to_its_area(open_map: Any) -> None:
    opened = open_map()
    opened.click_map("PM.boundsOf(PM.store.buildingById.get('B0008').box).getCenter()")
    assert "胜利路26号" in opened.popup.inner_text()
    assert "90%" in opened.popup.inner_text()
    opened.page.evaluate("() => { map_1.on('click', () => { window.fellThrough = true; }); }")
    opened.popup.get_by_role("button", name="查看所属区域").click()
    assert opened.page.evaluate("window.fellThrough") is None, "the map took a click on a button of the popup"
    assert opened.popup.locator("h2").inner_text() == "胜利甲院"
    opened.popup.locator(".leaflet-popup-close-button").click()
    opened.popup.wait_for(state="detached")  # it fades out


def test_what_is_selected_comes_into_view_even_from_another_popup(open_map: Any) -> None:
    opened = open_map()
    for building in ("B0000", "C08", "B0700"):
        opened.page.evaluate(
            f"PM.store.select('building', PM.store.buildingById.get('{building}'), {{move: true}})"
        )
        opened.rest()  # the map pans to show the whole popup
        place = f"PM.boundsOf(PM.store.buildingById.get('{building}').box).getCenter()"
        across = opened.page.evaluate(f"map_1.latLngToContainerPoint({place}).x - map_1.getSize().x / 2")
        assert abs(across) < 40, "not in the middle"
        popup, map_ = opened.popup.bounding_box(), opened.page.locator("#map_1").bounding_box()
        assert popup["y"] >= 0
        assert popup["x"] >= map_["x"]


def test_click_on_a_gap_building_and_on_uncovered_ground_say_what_is_wrong(open_map: Any) -> None:
    opened = open_map()
    opened.click_map("PM.boundsOf(PM.store.buildingById.get('B0100').box).getCenter()")
    assert "无人管理" in opened.popup.inner_text()
    opened.click_map("PM.boundsOf(PM.store.gaps.find(g => g.kind === 'uncovered_ground').box).getCenter()")
    assert "未覆盖居住用地" in opened.popup.inner_text()


def test_area_says_why_it_is_one_and_leads_to_its_neighbours_by_keyboard(open_map: Any) -> None:
    opened = open_map()
    opened.page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    why = opened.popup.locator("details.why")
    assert "很有把握 90%" in why.locator("summary").inner_text()
    assert why.get_attribute("open") is None, "folded up for an area of the register"
    why.locator("summary").focus()
    opened.page.keyboard.press("Enter")
    assert "楼栋之间没有道路" in why.inner_text()
    opened.rest()  # the map pans to show the whole popup
    assert opened.popup.bounding_box()["y"] >= 0
    assert opened.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert why.locator(".cuts > li").count() == 4
    opened.page.locator("button.language").click()
    assert "road 2 lies between them" in opened.popup.inner_text()
    assert "fairly sure 75%" in opened.popup.inner_text()
    opened.popup.locator(".cuts button").first.focus()
    opened.page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "胜利乙院"
    assert opened.popup.locator("details.why[open]").count() == 1, "it stays as it was left"


def test_popup_in_a_narrow_window_keeps_clear_of_the_tools_and_of_the_legends_button(open_map: Any) -> None:
    opened = open_map()
    page = opened.page
    page.locator(".legend summary").click()
    page.set_viewport_size({"width": 400, "height": 800})
    for select in (
        "'area', PM.store.areas[0]",
        "'area', PM.store.areas[7]",
        "'building', PM.store.buildingById.get('B0808')",
    ):
        page.evaluate(f"PM.store.select({select}, {{move: true}})")
        opened.rest()
        map_, popup, legend, tools = (
            page.locator(each).bounding_box() for each in ("#map_1", ".leaflet-popup", ".legend", ".tools")
        )
        assert map_["x"] <= popup["x"]
        assert map_["y"] <= popup["y"]
        assert popup["x"] + popup["width"] <= tools["x"]
        assert popup["y"] + popup["height"] <= legend["y"]


def test_building_says_how_near_a_thing_its_area_was(open_map: Any) -> None:
    opened = open_map()
    opened.page.evaluate("PM.store.select('building', PM.store.buildingById.get('B0002'), {move: true})")
    assert "归属把握 82%，次选：胜利乙院（18%）" in opened.popup.locator(".margin").inner_text()
    own, runner = (
        opened.popup.locator(f".margin .{part}").bounding_box()["width"] for part in ("own", "runner")
    )
    assert own / (own + runner) == pytest.approx(0.82, abs=0.01)
    assert "false" not in opened.popup.inner_text()
    opened.popup.locator(".margin button").click()
    assert opened.popup.locator("h2").inner_text() == "胜利乙院"


def test_oddest_shapes_are_listed_in_order(open_map: Any) -> None:
    given_tables = tables()
    given_tables["bounds"]["oddity_rank"] += 5
    opened = open_map(given_tables)
    rows = opened.page.locator("section", has_text="形状待核").locator("li")
    shown = [tuple(row.split("\n")[:2]) for row in rows.all_inner_texts()]
    assert shown == [
        ("6", "胜利壬院"),
        ("7", "胜利辛院"),
        ("8", "胜利庚院"),
        ("9", "胜利己院"),
        ("10", "胜利戊院"),
    ]
    rows.first.locator("button").click()
    assert opened.popup.locator("h2").inner_text() == "胜利壬院"


def test_no_shapes_are_listed_where_none_were_measured(open_map: Any) -> None:
    page = open_map({name: frame for name, frame in tables().items() if name != "bounds"}).page
    assert page.locator("section", has_text="形状待核").count() == 0


# ---- finding


def test_search_finds_areas_and_buildings_and_goes_there(open_map: Any) -> None:
    opened = open_map()
    page = opened.page
    page.locator("#search").fill("胜利丁院")
    assert page.locator("#found [role=option]").count() == 1
    page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "胜利丁院"
    assert page.locator("#found").is_hidden()
    page.locator("#search").fill("胜利路 26号")
    page.locator("#found [role=option]").first.click()
    assert "胜利路26号" in opened.popup.inner_text()


@pytest.mark.parametrize(
    ("text", "found"), [("210203004001002", "胜利乙院"), ("物业1公司", "胜利乙院"), ("胜利路8号", "胜利壬院")]
)
def test_search_knows_codes_managers_and_addresses(open_map: Any, text: str, found: str) -> None:
    page = open_map().page
    page.locator("#search").fill(text)
    assert found in page.locator("#found").inner_text()


def test_search_is_used_by_keyboard_and_says_when_nothing_is_found(open_map: Any) -> None:
    page = open_map().page
    box = page.locator("#search")
    box.fill("胜利")
    page.keyboard.press("ArrowDown")
    assert page.locator("#found [aria-selected=true]").inner_text().startswith("胜利乙院")
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    box.fill("没有这个地方")
    assert "没有找到" in page.locator("#found").inner_text()
    page.locator(".search .clear").click()
    assert box.input_value() == ""


def test_status_card_hides_and_shows_its_areas(open_map: Any) -> None:
    opened = open_map()
    card = opened.page.locator("button.status", has_text="已签约未服务")
    assert card.get_attribute("aria-pressed") == "true"
    ground, buildings = "#f3e3c0", "#e0a744"
    assert opened.painted(ground) > 100
    card.click()
    assert (
        opened.page.locator("button.status", has_text="已签约未服务").get_attribute("aria-pressed") == "false"
    )
    assert opened.painted(ground) == opened.painted(buildings) == 0
    assert (
        "胜利乙院"
        not in opened.page.locator("section", has_text="区域清单").inner_text().split("问题清单")[0]
    )
    opened.page.locator("button.status", has_text="已签约未服务").click()
    assert opened.painted(ground) > 100
    assert opened.painted(buildings) > 100


def test_subdistrict_filter_changes_numbers_lists_and_view(open_map: Any) -> None:
    opened = open_map()
    page = opened.page
    before = page.evaluate("map_1.getZoom()")
    page.get_by_label("街道").select_option(value="210203010")
    assert page.locator(".coverage strong").inner_text() != "53.8%"
    assert "显示 4 个区域" in page.locator("#panel").inner_text()
    assert page.evaluate("map_1.getZoom()") > before
    page.get_by_label("街道").select_option(label="全部")
    assert page.locator(".coverage strong").inner_text() == "53.8%"


def test_manager_filter_leaves_its_areas(open_map: Any) -> None:
    page = open_map().page
    page.locator("select[data-key=manager]").select_option(label="西岗物业1公司 · 25 栋")
    assert "显示 3 个区域" in page.locator("#panel").inner_text()
    assert page.locator("button.status", has_text="无人管理").locator("strong").inner_text() == "0", (
        "nobody's buildings have no manager"
    )


def test_gap_list_is_filtered_by_kind_and_opens_the_gap(open_map: Any) -> None:
    opened = open_map()
    section = opened.page.locator("section", has_text="问题清单").last
    assert "7 项" in section.inner_text()
    section.locator(".kinds button", has_text="未覆盖居住用地").click()
    section = opened.page.locator("section", has_text="问题清单").last
    assert section.locator("li").count() == 1
    section.locator("li button").click()
    assert "未覆盖居住用地" in opened.popup.inner_text()


def test_row_of_a_subdistrict_is_a_filter(open_map: Any) -> None:
    page = open_map().page
    page.locator(".subdistricts button", has_text="日新街道").click()
    assert page.locator(".subdistricts button", has_text="日新街道").get_attribute("aria-pressed") == "true"
    assert page.get_by_label("街道").input_value() == "210203004"


def test_home_shows_the_whole_district_again(open_map: Any) -> None:
    page = open_map().page
    before = page.evaluate("map_1.getCenter()")
    page.locator(".leaflet-control-zoom-in").click()
    page.evaluate("map_1.panBy([900, 300], {animate: false})")
    page.locator("#home").click()
    assert page.evaluate("map_1.getCenter()") == before


def test_ids_made_from_a_hash_are_found_as_any_other(open_map: Any) -> None:
    data = tables()
    given_ids = data["buildings"]["building_id"]
    made = dict(zip(given_ids, from_texts(given_ids, "B"), strict=True))
    for name, frame in data.items():
        if "building_id" in frame:
            data[name] = frame.assign(building_id=frame["building_id"].map(made).astype("str"))
    page = open_map(data).page
    assert page.evaluate("PM.store.buildings.columns.building_id.hex") == 12
    assert set(page.evaluate("PM.store.buildings.all().map((building) => building.building_id)")) == set(
        made.values()
    )
    one = made["B0008"]
    find = (
        "word => PM.findRows(PM.store.tables.buildings, [word.toLowerCase()], ['building_id'], new"
        " PM.Pinyin(PM.store.pinyin()), 9).n"
    )
    assert page.evaluate("id => PM.store.buildingById.get(id).building_id", one) == one
    for word in (one, one.lower(), one[1:], one[:6], one[4:9], one[-4:], "b", "0", "ff"):
        assert page.evaluate(find, word) == sum(word.lower() in each.lower() for each in made.values()), word


# ---- languages


def test_language_switch_changes_every_word_there_and_back(open_map: Any) -> None:
    opened = open_map()
    page = opened.page
    opened.page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    chinese = page.locator("#panel").inner_text()
    page.locator("button.language").click()
    assert page.title() == "Xigang District – property-management coverage"
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Service coverage" in page.locator("#panel").inner_text()
    assert "Legend" in page.locator(".legend").inner_text()
    assert "Served" in opened.popup.inner_text()
    assert "east to Jiefang Road" in opened.popup.inner_text()
    names = "|".join(
        page.evaluate(
            "[...PM.store.areas, ...PM.store.subdistricts, ...PM.store.communities, ...PM.store.compounds].map(r =>"
            " r.name).concat(PM.store.groups.values.manager, '胜利路', '中文')"
        )
    )
    rest = re.sub(names, "", page.locator("#panel").inner_text())
    assert not re.findall(r"[\u4e00-\u9fff]+", rest.replace("号", ""))
    page.locator("button.language").click()
    assert page.locator("#panel").inner_text() == chinese


def test_english_page_says_subdistricts_and_communities_in_both_scripts(open_map: Any) -> None:
    opened = open_map()
    page = opened.page
    subdistrict, community = "Bayi Road Subdistrict (八一路街道)", "Shengli Community (胜利社区)"
    page.evaluate("void PM.store.on('language', () => (window.written = new Set()))")
    page.evaluate("""() => {
            const {fillText} = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
                window.written?.add(text);
                fillText.call(this, text, ...at);
            };
        }""")
    for language, both in (("en", True), ("zh", False)):
        page.evaluate("language => PM.store.speak(language)", language)
        page.evaluate("PM.store.set({subdistrict: '210203010', community: '210203010001'})")
        page.evaluate(
            "PM.store.select('area', PM.store.areas.find((area) => area.subdistrict_code === '210203010'), {move:"
            " true})"
        )
        page.locator("#rows").click()
        said = {
            "popup": opened.popup.inner_text(),
            "filter": page.locator(".filters").inner_text(),
            "table": page.locator("#table").inner_text(),
            "sheet": page.evaluate(
                "new PM.Sheet(PM.store, map_1.getBounds(), {size: 'A4', turn: 'landscape'}).element.textContent"
            ),
        }
        for where, text in said.items():
            assert (subdistrict in text) == (community in text) == both, where
            assert "八一路街道" in text, where
        assert (subdistrict in page.locator(".subdistricts").inner_text()) == both
        page.locator("#rows").click()
        page.evaluate(
            "PM.store.set({subdistrict: ''}); PM.store.select(null, null); map_1.setZoom(16, {animate: false})"
        )
        page.wait_for_function(
            "label => written.has(label)", arg="Bayi Road Subdistrict" if both else "八一路街道"
        )


# ---- safety


def test_hostile_text_in_every_attribute_is_only_text(open_map: Any) -> None:
    district = replace(DISTRICT, name_zh=f"西岗区{HOSTILE}", name_en=f"Xigang{HOSTILE}", source=HOSTILE)
    opened = open_map(poisoned(HOSTILE), district=district, declared=Declared(source=HOSTILE, areas=9))
    page = opened.page
    kinds = {"area": "areas", "building": "buildings", "gap": "gaps", "compound": "compounds"}
    for language in ("zh", "en"):
        page.evaluate("language => PM.store.speak(language)", language)
        for kind, table in kinds.items():
            for place in (0, -1):
                row = "PM.store[table].at(at < 0 ? PM.store[table].length - 1 : 0)"
                page.evaluate(
                    f"([kind, table, at]) => PM.store.select(kind, {row}, {{move: true}})",
                    [kind, table, place],
                )
                if opened.popup.count():
                    assert "onerror=window.ran=1" in opened.popup.inner_text()
        page.locator("#search").fill("onerror")
        assert "{{7*7}}" in page.locator("#found").inner_text()
        page.keyboard.press("Escape")
        for button in page.locator("#panel button:visible").all()[:40]:
            if button.is_visible():
                button.click()
        page.mouse.move(1000, 400)
    page.evaluate("map_1.setZoom(18, {animate: false})")
    assert "{{7*7}}" in page.title()
    assert page.evaluate("window.ran") is None
    assert page.locator("img, svg[onload], iframe, object").count() == 0
    assert page.locator("script").count() == page.evaluate("document.scripts.length")
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(e => [...e.attributes].every(a =>"
        " !a.name.startsWith('on')))"
    )


def test_policy_stops_a_script_that_got_in_anyway(open_map: Any) -> None:
    opened = open_map()
    opened.page.evaluate(
        """() => { const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s); }"""
    )
    assert opened.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in opened.said)
    opened.said.clear()


# ---- what a district may lack


def test_district_with_buildings_and_proposed_areas_alone(open_map: Any) -> None:
    data = {
        name: frame
        for name, frame in tables().items()
        if name in ("buildings", "membership", "areas", "gaps")
    }
    opened = open_map(data, declared=Declared())
    assert "划入管理区域的比例" in opened.page.locator(".coverage").inner_text()
    assert [text.split("\n")[0] for text in opened.page.locator("button.status").all_inner_texts()] == [
        "拟定区域",
        "无人管理",
    ]
    assert opened.painted("#9c92cb") > 100


def test_areas_without_ground_are_listed_and_open_without_a_place(open_map: Any) -> None:
    opened = open_map(tables() | {"areas": nowhere(tables()["areas"])})
    opened.page.locator("section", has_text="区域清单").first.locator("li button").first.click()
    assert opened.popup.locator("h2").inner_text() == "胜利乙院"


def test_totals_of_millions_are_shown_whole(open_map: Any) -> None:
    frame = (
        tables()["reconciliation"]
        .iloc[[0]]
        .assign(figure="floor_area_m2", unit="m²", declared=6_360_000.0, computed=6_356_853.208)
    )
    panel = open_map(tables() | {"reconciliation": frame}).page.locator("section", has_text="与申报数核对")
    assert panel.locator("td").all_inner_texts()[:2] == ["6,360,000", "6,356,853"]


def test_empty_district_opens(open_map: Any) -> None:
    data = {name: frame.iloc[:0] for name, frame in tables().items()}
    assert open_map(data).page.locator(".coverage strong").inner_text() == "–"
