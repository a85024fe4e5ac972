"""The map without a mouse and without sight of the picture: axe-core, the keyboard, and the table beside the
map.

Needs Chromium (Debian: `apt-get install chromium`). Without it these tests are skipped, except in CI
(CI=true), where they fail.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from pipeline.publish.webmap import build_map
from tests.chromium import Opened
from tests.publish.webmap.little_district import DECLARED, DISTRICT, poisoned, released, tables

#: WCAG 2.0 to 2.2, levels A and AA, and what axe-core calls best practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]

#: Ids of a kind that are in view, found one by one: buildings and gaps by their middles, areas by a building
#: or the name.
IN_VIEW = """([kind, one]) => {
    const bounds = map_1.getBounds();
    const at = ([left, top, right, bottom]) => PM.toLatLng([(left + right) / 2, (top + bottom) / 2]);
    const middle = (box) => Number.isFinite(box[0]) && bounds.contains(at(box));
    const buildings = PM.store.buildings.all();
    const area = (each) => each && (bounds.contains(PM.toLatLng(each.label))
        || buildings.some((b) => b.area_id === each.area_id && PM.STATUSES.includes(b.status) && middle(b.box)));
    const isIn = {
        areas: area,
        gaps: (gap) => (gap.area_id && !gap.building_id ? area(PM.store.areaById.get(gap.area_id)) : middle(gap.box)),
        buildings: (b) => middle(b.box),
    }[kind];
    return PM.store.tables[kind].all().filter(isIn).map((each) => each[one]);
}"""

Open = Callable[..., Opened]


@cache
def little_map() -> str:
    return build_map(tables() | released(), district=DISTRICT, declared=DECLARED)


@pytest.fixture
def open_map(browser: Any, tmp_path: Path) -> Iterator[Open]:
    everything: list[Opened] = []

    def open_(data: dict[str, Any] | None = None, **context: Any) -> Opened:
        path = tmp_path / "index.html"
        html = build_map(data, district=DISTRICT, declared=DECLARED) if data else little_map()
        path.write_text(html, encoding="utf-8")
        opened = Opened(
            browser.new_context(viewport={"width": 1600, "height": 950}, offline=True, **context).new_page()
        )
        everything.append(opened)
        opened.open(path.as_uri())
        return opened

    yield open_
    for opened in everything:
        assert not opened.said, "the page complained"
        opened.page.context.close()


def focused(page: Any, expression: str = "e.dataset.key || e.id || e.className || e.tagName") -> Any:
    """What is said of the element that has the focus."""
    return page.evaluate(f"(e => {expression})(document.activeElement)")


def column(page: Any, name: str) -> list[str]:
    """What the table shows in a column, by its heading."""
    heads = [text.strip(" ▲▼\n") for text in page.locator("#table thead th").all_inner_texts()]
    cells: list[str] = page.locator(
        f"#table tbody tr > :nth-child({heads.index(name) + 1})"
    ).all_inner_texts()
    return cells


# ---- axe-core


def popup(page: Any) -> None:
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    page.locator("details.why summary").click()


def deciding(page: Any) -> None:
    page.evaluate("PM.store.select('building', PM.store.buildingById.get('B0002'), {move: true})")
    page.locator(".decide.move").click()


def pending(page: Any) -> None:
    deciding(page)
    page.locator(".targets button").first.click()


def splitting(page: Any) -> None:
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    page.locator(".decide.split").click()


def drawing(page: Any) -> None:
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    page.locator(".decide.draw").click()
    for _ in range(3):
        page.locator(".mode .buttons button").nth(2).click()
        page.evaluate("map_1.panBy([60, 40], {animate: false})")


def measuring(page: Any) -> None:
    page.locator("#measure").click()
    for x, y in ((800, 300), (1000, 300), (1000, 500)):
        page.mouse.click(x, y)


def printing(page: Any) -> None:
    page.locator("#print").click()
    page.locator("[data-painted]").wait_for(state="attached")


def comparing(page: Any) -> None:
    page.locator("#swipe").click()
    page.locator("[data-key=changes]").click()


def searching(page: Any) -> None:
    page.locator("#search").fill("胜利")


def finding_nothing(page: Any) -> None:
    page.locator("#search").fill("没有这个地方")


def filtered(page: Any) -> None:
    page.locator("button.status").first.click()
    page.locator(".kinds button").first.click()


def table_of(kind: str) -> Callable[[Any], None]:
    def show(page: Any) -> None:
        page.evaluate("PM.store.select('area', PM.store.areas[0])")
        page.locator("#rows").click()
        page.locator(f"#table [data-key={kind}]").click()

    return show


def popup_above_table(page: Any) -> None:
    page.locator("#rows").click()
    popup(page)


STATES: dict[str, Callable[[Any], None]] = {
    "as it opens, with its legend": lambda _: None,
    "popup with reasons": popup,
    "popup with reasons above the table": popup_above_table,
    "moving a building": deciding,
    "pending decision": pending,
    "splitting": splitting,
    "drawing": drawing,
    "measuring": measuring,
    "print view": printing,
    "comparing": comparing,
    "search": searching,
    "search without result": finding_nothing,
    "filtered": filtered,
    "table of areas": table_of("areas"),
    "table of gaps": table_of("gaps"),
    "table of buildings": table_of("buildings"),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation(open_map: Open, state: str) -> None:
    page = open_map().page
    STATES[state](page)
    page.evaluate(AXE_SCRIPT)
    for language in ("zh", "en"):
        page.evaluate("language => PM.store.speak(language)", language)
        found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
        assert len(found["passes"]) > 20
        wrong = [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert not wrong, language


def test_axe_finds_a_violation_where_there_is_one(open_map: Open) -> None:
    page = open_map().page
    page.evaluate("document.getElementById('search').removeAttribute('aria-label')")
    page.evaluate("document.getElementById('search').removeAttribute('placeholder')")
    page.evaluate(AXE_SCRIPT)
    assert "label" in [each["id"] for each in page.evaluate("axe.run().then(found => found.violations)")]


# ---- keyboard


def test_every_control_is_a_stop_of_the_tabulator_in_order(open_map: Open) -> None:
    page = open_map().page
    expected = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")]
            .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
            .map((e, i) => { e.dataset.stop = i; return String(i); })"""
    )
    assert len(expected) > 40
    stops = []
    for _ in expected:
        page.keyboard.press("Tab")
        stops.append(focused(page, "e.dataset.stop"))
    assert stops == expected


def test_what_has_the_focus_shows_it(open_map: Open) -> None:
    page = open_map().page
    for _ in range(30):
        page.keyboard.press("Tab")
        width = focused(page, "parseFloat(getComputedStyle(e).outlineWidth)")
        assert width >= 2, focused(page)


def test_skip_links_lead_past_the_panel_to_the_map_and_to_the_table(open_map: Open) -> None:
    page = open_map().page
    page.keyboard.press("Tab")
    assert focused(page, "e.textContent") == "跳到地图"
    assert page.evaluate("document.activeElement.getBoundingClientRect().x > 0")
    page.keyboard.press("Enter")
    assert focused(page) == "map_1"
    assert "#" not in page.url, "the link to what is selected stays as it is"
    page.locator(".skip a").nth(1).focus()
    page.keyboard.press("Enter")
    assert focused(page, "e.closest('#table') !== null")


def test_map_moves_and_zooms_by_keyboard_and_opens_what_is_under_the_cross(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    page.evaluate(
        "map_1.setView(PM.toLatLng([PM.store.areas[0].label[0], PM.store.areas[0].label[1] - 4.2e-7]), 17, {animate:"
        " false})"
    )
    page.locator(".skip a").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".aim").is_visible()
    assert "方向键" in page.locator(".keys").inner_text()
    page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "胜利甲院"
    assert focused(page, "e.closest('[role=dialog]')?.ariaLabel") == "胜利甲院", (
        "the keyboard goes on in the popup"
    )
    page.keyboard.press("Escape")
    assert opened.popup.count() == 0
    assert focused(page) == "map_1"
    page.keyboard.press("+")
    page.wait_for_function("() => map_1.getZoom() > 17")
    before = page.evaluate("map_1.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => map_1.getCenter().lng > before", arg=before)


def test_area_is_chosen_for_a_merge_by_what_is_under_the_cross(open_map: Open) -> None:
    page = open_map().page
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    page.locator(".decide.merge").click()
    page.evaluate(
        "map_1.setView(PM.toLatLng([PM.store.areas[2].label[0], PM.store.areas[2].label[1] - 4.2e-7]), 17, {animate:"
        " false})"
    )
    page.locator("#map_1").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(
        "PM.store.deciding.decisions.entries.map(e => [e.act, e.target === PM.store.areas[2].area_id])"
    ) == [["merge", True]]


def test_what_the_filters_leave_is_told_to_a_screen_reader(open_map: Open) -> None:
    page = open_map().page
    page.locator("button.status", has_text="已签约未服务").click()
    assert page.locator("#map_1 > [role=status]", has_text="显示 7 个区域").count() == 1
    gaps = page.evaluate("PM.store.gaps.filter(gap => PM.store.gapVisible(gap)).length")
    page.evaluate("PM.store.speak('en')")
    page.locator("button.status", has_text="Signed").click()
    page.locator("button.status", has_text="Signed").click()
    assert page.locator("#map_1 > [role=status]", has_text=f"7 areas and {gaps} gaps shown").count() == 1


def test_popup_opened_from_a_list_by_keyboard_has_the_focus_and_gives_it_back(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    row = page.locator("section", has_text="区域清单").first.locator("li button").nth(1)
    row.focus()
    page.keyboard.press("Enter")
    name = opened.popup.locator("h2").inner_text()
    assert focused(page, "e.closest('[role=dialog]')?.ariaLabel") == name
    page.keyboard.press("Escape")
    assert opened.popup.count() == 0
    assert focused(page, "e.textContent").startswith(name)
    row.click()
    assert focused(page, "e.closest('[role=dialog]')") is None, "a mouse leaves the focus where it is"
    assert opened.popup.count() == 1


def test_close_button_of_a_popup_speaks_the_language(open_map: Open) -> None:
    opened = open_map()
    opened.page.evaluate("PM.store.select('area', PM.store.areas[0])")
    close = opened.popup.locator(".leaflet-popup-close-button")
    assert close.get_attribute("aria-label") == "关闭"
    opened.page.locator("button.language").click()
    assert close.get_attribute("aria-label") == "Close"


def test_escape_ends_the_comparison(open_map: Open) -> None:
    page = open_map().page
    page.locator("#swipe").click()
    page.keyboard.press("Escape")
    assert page.locator(".swipe").is_hidden()
    assert page.locator("#swipe").get_attribute("aria-pressed") == "false"
    assert focused(page) == "swipe"


def test_controls_are_large_enough_to_be_hit(open_map: Open) -> None:
    page = open_map().page
    table_of("buildings")(page)
    small = page.evaluate("""() => [...document.querySelectorAll("button, a[href], input, select, summary")]
            .filter(e => e.checkVisibility() && !e.closest(".skip"))
            .map(e => [e.outerHTML.slice(0, 120), (e.closest("label") ?? e).getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)""")
    assert not small


def test_nothing_moves_by_itself_where_the_system_asks_for_that(open_map: Open) -> None:
    page = open_map(reduced_motion="reduce").page
    page.evaluate("map_1.setZoom(16); map_1.panBy([300, 0])")
    assert page.evaluate(
        "[map_1.getZoom(), Boolean(map_1._animatingZoom), Boolean(map_1._panAnim?._inProgress)]"
    ) == [16, False, False]


def test_patterns_stay_where_the_system_sets_the_colours(open_map: Open) -> None:
    page = open_map(forced_colors="active").page
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.legend .swatch')).backgroundColor")
        == "rgb(127, 169, 207)"
    )


# ---- table


def test_table_has_a_row_for_each_area_of_the_filters(open_map: Open) -> None:
    page = open_map().page
    page.locator("#rows").click()
    assert column(page, "编号") == sorted(tables()["areas"]["area_id"])
    assert set(column(page, "状态")) == {"已服务", "已签约未服务", "无有效合同", "拟定区域"}
    assert page.locator("#table [role=status]").inner_text() == "共 9 行"
    page.locator("button.status", has_text="已签约未服务").click()
    assert "已签约未服务" not in column(page, "状态")
    assert page.locator("#table [role=status]").inner_text() == "共 7 行"
    page.locator("button.language").click()
    assert page.locator("#table [role=status]").inner_text() == "7 rows"
    assert column(page, "Status").count("Served") == 5


@pytest.mark.parametrize(
    ("kind", "one"), [("areas", "area_id"), ("gaps", "gap_id"), ("buildings", "building_id")]
)
def test_table_and_its_file_are_of_the_view_where_the_summary_is(
    open_map: Open, tmp_path: Path, kind: str, one: str
) -> None:
    page = open_map().page
    page.locator("#rows").click()
    page.locator(f"#table [data-key={kind}]").click()
    count = page.locator("#table [role=status]")
    everything = count.inner_text()
    page.evaluate("map_1.setView(PM.toLatLng(PM.store.areas[3].label), 17, {animate: false})")
    page.locator("[data-key='scope.view']").click()

    def listed() -> list[str]:
        """What is in the table, and should be in view: of the whole district, if that is asked for."""
        ids: list[str] = page.locator("#table tbody th").all_inner_texts()
        assert sorted(ids) == sorted(page.evaluate(IN_VIEW, [kind, one]))
        return ids

    ids = listed()
    assert count.inner_text() == f"当前视图内共 {len(ids)} 行" != everything
    assert "当前视图" in page.locator("#table caption").inner_text()
    with page.expect_download() as download:
        page.locator("#table [data-key=csv]").click()
    download.value.save_as(tmp_path / "table.csv")
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line[0] for line in csv.reader(lines)][1:] == ids
    page.evaluate("map_1.panBy([-300, 0], {animate: false})")
    page.wait_for_timeout(400)
    assert listed() != ids
    page.evaluate(
        "map_1.setView(PM.toLatLng([PM.store.box[0], PM.store.box[1]]), 18, {animate: false}).panBy([-400, -400],"
        " {animate: false})"
    )
    page.wait_for_timeout(400)
    assert (listed(), count.inner_text()) == ([], "当前视图内没有符合条件的行")
    page.locator("[data-key='scope.district']").click()
    assert count.inner_text() == everything


def test_row_keeps_the_focus_as_the_table_follows_the_view(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    page.locator("#rows").click()
    page.locator("[data-key='scope.view']").click()
    page.locator("#table tbody [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    row = focused(page)
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    assert page.locator("#table tbody tr").count() < 9, "the map went there"
    page.keyboard.press("Escape")
    assert focused(page) == row
    page.locator(".leaflet-control-zoom-in").evaluate("each => each.click()")
    opened.rest()
    page.wait_for_timeout(400)
    assert focused(page) == row


def test_table_sorts_by_a_column_both_ways_and_says_so(open_map: Open) -> None:
    page = open_map().page
    table_of("buildings")(page)
    page.locator("#table [data-key=only]").uncheck()
    head = page.locator("#table thead th", has_text="地址")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert focused(page) == "sort address"

    def door_numbers() -> list[int]:
        return [
            int(text.removeprefix("胜利路").removesuffix("号"))
            for text in column(page, "地址")
            if text.startswith("胜利路")
        ]

    up = door_numbers()
    assert len(up) > 20
    assert up == sorted(up), "2号 comes before 10号"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert door_numbers() == up[::-1]
    assert page.locator("#table [aria-sort]").count() == 1


def test_what_a_column_does_not_say_comes_last_either_way(open_map: Open) -> None:
    page = open_map().page
    page.locator("#rows").click()
    head = page.locator("#table thead th", has_text="到期日期")
    for _ in range(2):
        head.locator("button").click()
        cells = column(page, "到期日期")
        assert "" in cells
        assert all(cells[: cells.index("")])
        assert not any(cells[cells.index("") :])


def test_row_selects_on_the_map_and_what_is_selected_is_marked(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    page.locator("#rows").click()
    page.locator("#table tbody td", has_text="胜利丁院").click()
    assert opened.popup.locator("h2").inner_text() == "胜利丁院"
    assert "胜利丁院" in page.locator("#table [aria-current=true]").inner_text()
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    assert "胜利甲院" in page.locator("#table [aria-current=true]").inner_text()
    page.evaluate("PM.store.select('building', PM.store.buildingById.get('B0302'), {move: true})")
    assert page.locator("#table [aria-current=true] th").inner_text() == page.evaluate(
        "PM.store.buildingById.get('B0302').area_id"
    )
    page.evaluate("PM.store.select(null, null)")
    assert page.locator("#table [aria-current]").count() == 0


def test_rows_are_gone_through_by_arrow_keys_as_one_stop(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    page.locator("#rows").click()
    codes = column(page, "编号")
    assert page.locator("#table tbody [tabindex='0']").count() == 1
    page.locator("#table tbody [tabindex='0']").focus()
    for key, at in (("ArrowDown", 1), ("End", 8), ("ArrowUp", 7), ("Home", 0), ("ArrowDown", 1)):
        page.keyboard.press(key)
        assert focused(page, "e.textContent") == codes[at], key
    page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "胜利乙院"
    page.keyboard.press("Escape")
    assert focused(page, "e.textContent") == codes[1], "back at the row"
    page.keyboard.press("Escape")
    assert page.locator("#table").is_hidden()
    assert focused(page) == "rows"


def test_buildings_of_the_area_that_was_selected(open_map: Open) -> None:
    page = open_map().page
    table_of("buildings")(page)
    assert set(column(page, "所属区域")) == {"胜利甲院"}
    page.evaluate("PM.store.select('area', PM.store.areas[2], {move: true})")
    assert set(column(page, "所属区域")) == {page.evaluate("PM.store.areas[2].name")}
    page.locator("#table [data-key=only]").uncheck()
    assert page.locator("#table tbody tr").count() == page.evaluate("PM.store.buildings.length")


def test_table_of_gaps_follows_the_kind_and_opens_them(open_map: Open) -> None:
    opened = open_map()
    page = opened.page
    table_of("gaps")(page)
    assert column(page, "优先级") == sorted(column(page, "优先级"))
    page.locator("#panel .kinds button", has_text="未覆盖居住用地").click()
    assert column(page, "类别") == ["未覆盖居住用地"]
    page.locator("#table tbody td").first.click()
    assert "未覆盖居住用地" in opened.popup.inner_text()


def test_table_takes_part_of_the_window_and_its_edge_moves_by_keyboard(open_map: Open) -> None:
    page = open_map().page
    page.locator("#rows").click()
    table, map_ = (page.locator(each).bounding_box() for each in ("#table", "#map_1"))
    assert map_["height"] + table["height"] == pytest.approx(950, abs=1)
    page.locator("#table .grip").focus()
    page.keyboard.press("ArrowUp")
    assert page.locator("#table .grip").get_attribute("aria-valuenow") == "47"
    assert page.locator("#table").bounding_box()["height"] == pytest.approx(
        table["height"] + 0.05 * 950, abs=2
    )
    assert page.evaluate("map_1.getSize().y") == pytest.approx(
        page.locator("#map_1").bounding_box()["height"], abs=1
    )
    page.locator("#table [data-key=close]").click()
    assert page.locator("#map_1").bounding_box()["height"] == 950


def test_pages_hold_so_many_rows_and_arrows_go_on_to_the_next(open_map: Open) -> None:
    data = tables()
    for name in ("buildings", "membership"):
        ids = data[name]["building_id"]
        data[name] = pd.concat(
            [data[name], *(data[name].assign(building_id=[f"{each}-{i}" for each in ids]) for i in range(5))]
        )
    page = open_map(data).page
    page.locator("#rows").click()
    page.locator("#table [data-key=buildings]").click()
    n = page.evaluate("PM.store.buildings.length")
    assert n > 400
    assert page.locator("#table tbody tr").count() == 200
    assert page.locator("#table table").get_attribute("aria-rowcount") == str(n + 1)
    page.locator("#table tbody [tabindex='0']").focus()
    for _ in range(20):
        page.keyboard.press("PageDown")
    assert page.locator("#table .pages span").inner_text() == f"第 2 / {-(-n // 200)} 页"
    assert focused(page, "e.closest('tr').ariaRowIndex") == "202"
    page.keyboard.press("End")
    assert focused(page, "e.closest('tr').ariaRowIndex") == str(n + 1)
    assert page.locator("#table [data-key=next]").is_disabled()
    page.locator("#table [data-key=first]").click()
    assert page.locator("#table tbody tr").first.get_attribute("aria-rowindex") == "2"


def test_table_is_downloaded_as_it_is_and_no_cell_is_a_formula(open_map: Open, tmp_path: Path) -> None:
    data = tables()
    data["areas"] = data["areas"].assign(
        name=[FORMULAS[i % len(FORMULAS)] + str(i) for i in range(len(data["areas"]))]
    )
    page = open_map(data).page
    page.locator("#rows").click()
    page.locator("button.status", has_text="已签约未服务").click()
    page.locator("#table [data-key='sort n_buildings']").click()
    with page.expect_download() as download:
        page.locator("#table [data-key=csv]").click()
    assert download.value.suggested_filename == "areas.csv"
    path = tmp_path / "areas.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["编号"] for row in rows] == column(page, "编号")
    assert [row["住宅楼栋"] for row in rows] == sorted((row["住宅楼栋"] for row in rows), key=int)
    assert all(row["名称"][0] == "'" and row["名称"][1:2] in "=+-@\t\r" for row in rows)


def test_hostile_text_in_the_table_is_only_text(open_map: Open) -> None:
    hostile = "<img src=x onerror=window.ran=1>{{7*7}}`${window.ran=1}`"
    page = open_map(poisoned(hostile)).page
    page.locator("#rows").click()
    for kind in ("areas", "gaps", "buildings"):
        page.locator(f"#table [data-key={kind}]").click()
        assert "onerror=window.ran=1" in page.locator("#table tbody").inner_text()
    assert page.locator("#table img").count() == 0
    assert page.evaluate("window.ran") is None
