"""Finding things on the map: filters, what is in view, search by pinyin, and links, in a real browser.

Needs Chromium (Debian: `apt-get install chromium`). Without it these tests are skipped, except in CI
(CI=true), where they fail.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest

from pipeline.publish.webmap import build_map
from pipeline.tables import TABLES, conform
from tests.chromium import Opened
from tests.publish.webmap.little_district import CRS, DECLARED, DISTRICT, poisoned, tables

#: A community of one subdistrict that is made to lie in the other, too.
ACROSS = "210203004001"

Open = Callable[..., Opened]

#: What a page may be opened with, none of which it knows.
HOSTILE = [
    "area=__proto__",
    "area=constructor&lang=constructor&mode=__proto__&kind=toString",
    "lang=<img src=x onerror=window.ran=1>",
    "subdistrict=</script><script>window.ran=1</script>",
    "manager=`${window.ran=1}`",
    "status=;javascript:window.ran=1,{{7*7}}",
    "view=1e9/99/999",
    "view=NaN/NaN/NaN",
    "view=16/0/0",
    "view=99/38.9/121.6",
    "view=-3/38.9/121.6",
    "building=" + "9" * 50_000,
    "gap=%E0%A4%A&=&&&==%%%",
    "%",
    "#####",
    "scope=district&scope=view;",
    "\u2028window.ran=1\u2029",
]

#: Counts of a choice, building by building and gap by gap, without the groups that the page counts in.
COUNTED = """({choice, inView}) => {
    const bounds = map_1.getBounds();
    const here = ([left, top, right, bottom]) => {
        const at = PM.toLatLng([(left + right) / 2, (top + bottom) / 2]);
        return !inView || bounds.contains(at);
    };
    const everything = PM.store.buildings.all();
    const areaOf = (record) => PM.store.areaById.get(record.area_id);
    const kindsOf = (area) => PM.store.gaps.filter((gap) => gap.area_id === area.area_id
        || (gap.building_id && areaOf(PM.store.buildingById.get(gap.building_id)) === area)).map((gap) => gap.kind);
    const fits = (area, place, kinds) => (!choice.subdistrict || place.subdistrict_code === choice.subdistrict)
        && (!choice.community || place.community_code === choice.community)
        && (!choice.manager || area?.manager === choice.manager)
        && (!choice.mode || area?.mode === choice.mode)
        && (!choice.gapKind || kinds().includes(choice.gapKind));
    const homes = everything.filter((b) => !["elsewhere", "other"].includes(b.status));
    const chosen = homes.filter((b) => {
        const area = areaOf(b);
        const own = () => PM.store.gaps.filter((gap) => gap.building_id === b.building_id).map((gap) => gap.kind);
        return here(b.box) && fits(area, area ?? b, area ? () => kindsOf(area) : own);
    });
    const areas = PM.store.areas.filter((area) => fits(area, area, () => kindsOf(area)) && !PM.store.hidden.has(area.status)
        && (!inView || homes.some((b) => areaOf(b) === area && here(b.box)) || bounds.contains(PM.toLatLng(area.label))));
    const gaps = PM.store.gaps.filter((gap) => {
        const building = PM.store.buildingById.get(gap.building_id);
        const area = areaOf(gap) ?? (building && areaOf(building));
        const place = area ?? building ?? gap;
        if (choice.gapKind && gap.kind !== choice.gapKind) return false;
        if (!fits(area, place, () => [gap.kind]) || PM.store.hidden.has(area ? area.status : "gap")) return false;
        if (!inView) return true;
        const ofArea = gap.area_id && !gap.building_id;
        return ofArea ? homes.some((b) => areaOf(b) === area && here(b.box)) || bounds.contains(PM.toLatLng(area.label)) : here(gap.box);
    });
    const n = (status) => chosen.filter((b) => b.status === status).length;
    return {cards: Object.fromEntries(PM.store.statuses().map((status) => [status, n(status)])), areas: areas.length, gaps: gaps.length};
}"""


@cache
def varied() -> dict[str, Any]:
    """The little district, with two communities and three modes of service in each subdistrict."""
    data = tables()
    areas, service, buildings, membership, old = (
        data[name] for name in ("areas", "service", "buildings", "membership", "communities")
    )
    areas["community_code"] = areas["subdistrict_code"] + pd.Series(
        ["001" if i % 2 else "002" for i in range(len(areas))], dtype="str"
    )
    service["mode"] = pd.Series(
        [("basic_guarantee", "market", "self_management")[i % 3] for i in range(len(service))], dtype="str"
    )
    of_area = membership.set_index("building_id")["area_id"].map(areas.set_index("area_id")["community_code"])
    buildings["community_code"] = (
        buildings["building_id"].map(of_area).fillna(buildings["community_code"]).astype("str")
    )
    new = old.assign(
        community_code=old["community_code"].str.slice(0, 9) + "002",
        name="春和社区",
        geometry=old.geometry.scale(0.01, 0.01),
    )
    return data | {
        "communities": conform(pd.concat([old, new], ignore_index=True), TABLES["communities"], CRS)
    }


@cache
def straddling() -> dict[str, Any]:
    """The same, with a community that lies in both subdistricts."""
    data = {name: frame.copy() for name, frame in varied().items()}
    for name in ("areas", "buildings"):
        data[name]["community_code"] = data[name]["community_code"].replace("210203010001", ACROSS)
    return data


@cache
def page_of(name: str) -> str:
    data = {
        "little": tables,
        "varied": varied,
        "straddling": straddling,
        "poisoned": lambda: poisoned("<b>`${1}`&/#%"),
    }[name]()
    return build_map(data, district=DISTRICT, declared=DECLARED)


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    everything: list[Opened] = []

    def open_(link: str = "", *, data: str = "little", before: str = "") -> Opened:
        path = tmp_path / f"{data}.html"
        path.write_text(page_of(data), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1600, "height": 950}, offline=True)
        if before:
            context.add_init_script(before)
        opened = Opened(context.new_page())
        everything.append(opened)
        opened.open(path.as_uri() + (f"#{link}" if link else ""))
        return opened

    yield open_
    for opened in everything:
        assert not [url for url in opened.requests if not url.endswith(".html") and url != "data:,"], (
            "the page asked for something"
        )
        assert not opened.said, "the page complained"
        opened.page.context.close()


def shown(opened: Opened) -> dict[str, Any]:
    """The numbers that the panel shows."""
    found: dict[str, Any] = opened.page.evaluate("""() => {
            const number = (text) => Number(/[0-9,]+/.exec(text)[0].replaceAll(",", ""));
            const count = (card) => number(card.querySelector("strong").textContent);
            const cards = [...document.querySelectorAll(".status")].map((card) => [card.dataset.key, count(card)]);
            const note = (title) => [...document.querySelectorAll("#panel section")]
                .find((section) => section.querySelector("h2").textContent === title).querySelector(".note").textContent;
            return {cards: Object.fromEntries(cards), areas: number(note(PM.store.t("area_list"))), gaps: number(note(PM.store.t("gap_list")))};
        }""")
    return found


def choose(opened: Opened, name: str, value: str) -> None:
    opened.page.locator(f"select[data-key={name}]").select_option(value=value)


def offered(opened: Opened, name: str) -> dict[str, int]:
    """The choices of a select, and how many each says it would leave; without that of all."""
    options = opened.page.locator(f"select[data-key={name}] option").evaluate_all(
        "options => options.map(o => [o.value, o.textContent])"
    )
    return {
        value: int(text.rpartition("·")[2].strip().split()[0].replace(",", ""))
        for value, text in options
        if value
    }


def until(opened: Opened, truth: str) -> None:
    """Wait for a JavaScript expression; Playwright's own waiting is what the page's policy forbids."""
    for _ in range(200):
        if opened.page.evaluate(truth):
            return
        opened.page.wait_for_timeout(50)
    pytest.fail(f"not in ten seconds: {truth}")


def address(opened: Opened) -> str:
    """What stands after the # once it has followed the page."""
    for _ in range(2):  # a popup may still pan the map
        opened.page.wait_for_timeout(450)
        until(opened, "location.hash.slice(1) === PM.store.links.text()")
    link: str = opened.page.evaluate("location.hash.slice(1)")
    return link


# ---- filters


@pytest.mark.parametrize("seed", range(2))
def test_counts_are_those_of_counting_every_building(open_page: Open, seed: int) -> None:
    opened = open_page(data="varied")
    rng = random.Random(seed)
    values = opened.page.evaluate(
        "Object.fromEntries(PM.FILTERS.map((name) => [name, PM.store.offers()[name].map(([value]) => value)]))"
    )
    for _ in range(12):
        choice = {name: rng.choice(["", "", *known]) for name, known in values.items()}
        hidden = [status for status in opened.page.evaluate("PM.store.statuses()") if rng.random() < 0.15]
        in_view = rng.random() < 0.6
        opened.page.evaluate(
            "([choice, hidden]) => { PM.store.hidden = new Set(hidden); PM.store.set(choice); }",
            [choice, hidden],
        )
        choice = opened.page.evaluate("Object.fromEntries(PM.FILTERS.map((name) => [name, PM.store[name]]))")
        zoom, across, down = rng.uniform(15.5, 18), rng.random(), rng.random()
        opened.page.evaluate(
            """([zoom, x, y, inView]) => {
                const [left, top, right, bottom] = PM.store.box;
                map_1.setView(PM.toLatLng([left + x * (right - left), top + y * (bottom - top)]), zoom, {animate: false});
                PM.summarise(PM.store, map_1, inView);
            }""",
            [zoom, across, down, in_view],
        )
        assert shown(opened) == opened.page.evaluate(COUNTED, {"choice": choice, "inView": in_view}), (
            choice,
            hidden,
            in_view,
        )


def test_every_choice_leaves_as_many_as_it_says(open_page: Open) -> None:
    opened = open_page(data="varied")
    choose(opened, "subdistrict", "210203004")
    for name in ("community", "manager", "mode", "gapKind"):
        choices = offered(opened, name)
        assert choices, name
        for value, n in choices.items():
            choose(opened, name, value)
            left = shown(opened)
            assert n == (left["gaps"] if name == "gapKind" else sum(left["cards"].values())) > 0, (
                name,
                value,
            )
        choose(opened, name, "")


def test_what_a_hidden_status_has_is_not_offered(open_page: Open) -> None:
    opened = open_page(data="varied")
    before = offered(opened, "manager")
    for status in ("served", "unsigned"):
        opened.page.locator(f"button[data-key={status}]").click()
    after = offered(opened, "manager")
    assert set(after) == set(before)
    assert sum(after.values()) < sum(before.values())
    opened.page.locator("button[data-key=paper_only]").click()
    assert offered(opened, "manager") == {"西岗物业2公司": 9}, "who has the one proposed area"


def test_communities_are_those_of_the_chosen_subdistrict(open_page: Open) -> None:
    opened = open_page(data="varied")
    page = opened.page
    assert page.locator("select[data-key=community] optgroup").evaluate_all(
        "groups => groups.map(g => g.label)"
    ) == [
        "日新街道",
        "八一路街道",
    ]
    assert set(offered(opened, "community")) == {
        f"{code}00{n}" for code in ("210203004", "210203010") for n in (1, 2)
    }
    choose(opened, "community", "210203004001")
    choose(opened, "subdistrict", "210203010")
    assert page.locator("select[data-key=community]").input_value() == "", (
        "a community of another subdistrict is no choice any more"
    )
    assert set(offered(opened, "community")) == {"210203010001", "210203010002"}
    assert page.locator("select[data-key=community] optgroup").count() == 0


def test_community_of_two_subdistricts_is_chosen_in_either(open_page: Open) -> None:
    opened = open_page(data="straddling")
    page = opened.page
    groups = page.locator("select[data-key=community] optgroup").evaluate_all(
        "groups => groups.map(g => [g.label, g.children.length])"
    )
    assert ["日新街道、八一路街道", 1] in groups, "offered once"
    for subdistrict in ("210203004", "210203010"):
        choose(opened, "subdistrict", subdistrict)
        n = offered(opened, "community")[ACROSS]
        choose(opened, "community", ACROSS)
        assert page.locator("select[data-key=community]").input_value() == ACROSS, subdistrict
        assert n == sum(shown(opened)["cards"].values()) > 0
        choose(opened, "community", "")
    choose(opened, "subdistrict", "")
    assert offered(opened, "community")[ACROSS] > n


def test_community_comes_into_view_and_its_map_is_drawn_alone(open_page: Open) -> None:
    opened = open_page(data="varied")
    zoom = opened.page.evaluate("map_1.getZoom()")
    choose(opened, "community", "210203010001")
    assert opened.page.evaluate("map_1.getZoom()") > zoom
    drawn = opened.page.evaluate("""() => {
            const visible = PM.store.visibleBuildings();
            return PM.store.buildings.all().filter((b, i) => visible(i)).map((b) => b.status);
        }""")
    assert (
        len(drawn) - drawn.count("elsewhere") - drawn.count("other")
        == offered(opened, "community")["210203010001"]
    )


def test_filters_with_nothing_to_choose_are_not_there(open_page: Open, tmp_path: Path) -> None:
    data = {
        name: frame
        for name, frame in tables().items()
        if name in ("buildings", "membership", "areas", "gaps", "subdistricts")
    }
    opened = open_page()
    opened.page.goto("about:blank")
    path = tmp_path / "bare.html"
    path.write_text(build_map(data, district=DISTRICT, declared=DECLARED), encoding="utf-8")
    opened.page.goto(path.as_uri())
    opened.page.locator("html[data-complete]").wait_for(state="attached")
    keys = opened.page.locator(".filters select").evaluate_all("selects => selects.map(s => s.dataset.key)")
    assert keys == ["subdistrict", "community", "gapKind"]


def test_kind_of_gap_leaves_what_has_one(open_page: Open) -> None:
    opened = open_page()
    choose(opened, "gapKind", "paper_only")
    assert shown(opened) == {
        "cards": {"served": 0, "paper_only": 17, "unsigned": 0, "proposed": 0, "gap": 0},
        "areas": 2,
        "gaps": 2,
    }
    choose(opened, "gapKind", "uncovered_building")
    assert shown(opened)["cards"] == {"served": 0, "paper_only": 0, "unsigned": 0, "proposed": 0, "gap": 2}
    choose(opened, "gapKind", "uncovered_ground")
    assert opened.painted("#b5174b") > 100, "the ground is drawn"
    assert opened.painted("#6d9cc4") == 0, "and no building that is served"


def test_button_clears_all_filters_and_is_there_only_when_there_is_one(open_page: Open) -> None:
    opened = open_page(data="varied")
    page = opened.page
    before = shown(opened)
    clear = page.get_by_role("button", name="清除筛选")
    assert clear.count() == 0
    page.locator("button[data-key=unsigned]").click()
    assert clear.count() == 1
    choose(opened, "subdistrict", "210203004")
    choose(opened, "mode", "market")
    choose(opened, "gapKind", "paper_only")
    assert shown(opened) != before
    clear.click()
    assert clear.count() == 0
    assert shown(opened) == before
    assert page.evaluate(
        "PM.FILTERS.every((name) => !PM.store[name]) && !PM.store.hidden.size && PM.isAtHome(PM.store, map_1)"
    )
    assert page.evaluate("document.activeElement.dataset.key") == "subdistrict", (
        "the keyboard stays in the filters"
    )


# ---- in view


def test_summary_is_of_the_district_until_the_view_is_asked_for_and_then_follows_it(open_page: Open) -> None:
    opened = open_page()
    page = opened.page
    whole = shown(opened)
    view, district = (page.get_by_role("button", name=name, exact=True) for name in ("当前视图", "全区"))
    assert (view.get_attribute("aria-pressed"), district.get_attribute("aria-pressed")) == ("false", "true")
    page.evaluate("map_1.setView(PM.toLatLng(PM.store.areas[0].label), 18, {animate: false})")
    page.wait_for_timeout(400)
    assert shown(opened) == whole
    view.click()
    near = shown(opened)
    assert near == page.evaluate(COUNTED, {"choice": {}, "inView": True})
    assert 0 < near["areas"] < whole["areas"]
    page.evaluate("map_1.panBy([900, 0], {animate: false})")
    page.wait_for_timeout(400)
    assert shown(opened) != near
    assert shown(opened) == page.evaluate(COUNTED, {"choice": {}, "inView": True})
    bars = page.locator(".subdistricts li").count()
    assert bars == page.evaluate(
        "[...PM.store.bySubdistrict(PM.store.here.counts).values()].filter((s) => s.concerned).length"
    )
    district.click()
    assert shown(opened) == whole


def test_view_without_any_building_shows_no_share(open_page: Open) -> None:
    opened = open_page()
    opened.page.evaluate(
        "map_1.setView(PM.toLatLng([PM.store.box[0], PM.store.box[1]]), 18, {animate: false}).panBy([-400, -400],"
        " {animate: false})"
    )
    opened.page.get_by_role("button", name="当前视图").click()
    assert opened.page.locator(".coverage strong").inner_text() == "–"
    assert shown(opened)["areas"] == shown(opened)["gaps"] == 0
    assert opened.page.locator(".subdistricts").count() == 0


# ---- search


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("slj", "胜利甲"),
        ("shengli", "胜利"),
        ("shenglijia", "胜利甲"),
        ("SLJY", "胜利甲院"),
        ("shengljy", "胜利甲院"),
        ("胜l甲", "胜利甲"),
        ("xgwy0", "西岗物业0"),
        ("物业0gs", "物业0公司"),
        ("sll26h", "胜利路26号"),
        ("shenglilu 26", "胜利路26"),
        ("xinshijie", "新世界"),
        ("２１０２０３００４００１００１", "210203004001001"),
    ],
)
def test_search_reads_pinyin_whole_and_by_initials_and_marks_what_it_found(
    open_page: Open, typed: str, marked: str
) -> None:
    page = open_page().page
    page.locator("#search").fill(typed)
    options = page.locator("#found [role=option]")
    assert options.count() > 0
    for i in range(options.count()):
        assert options.nth(i).locator("mark").count() > 0, "each says why it was found"
    assert marked in ["".join(option.locator("mark").all_inner_texts()) for option in options.all()]


@pytest.mark.parametrize(
    "typed", ["slm", "shenglizzz", "hsl", "sll999999", "'", "`${1}`", "<mark>", "a" * 500, "slj" * 200]
)
def test_search_finds_nothing_where_nothing_is_said_so(open_page: Open, typed: str) -> None:
    page = open_page().page
    page.locator("#search").fill(typed)
    assert page.locator("#found [role=option]").count() == 0
    assert page.locator("#found [role=status]").inner_text() == "没有找到"


def test_what_is_typed_as_it_stands_comes_before_what_is_read_so(open_page: Open) -> None:
    page = open_page().page
    ranks = page.evaluate("""() => {
            const pinyin = new PM.Pinyin({b: "北", bei: "北"});
            const after = [null, null, null, null];
            const column = {before: ["北院", "B院", "小北", "x B"], after, frames: {at: (i) => i + 1}, numbers: {at: () => 0}};
            return PM.findRows({length: 4, columns: {name: column}}, ["b"], ["name"], pinyin, 9).first;
        }""")
    assert ranks == [1, 3, 0, 2]


def test_search_agrees_with_looking_at_every_text(open_page: Open) -> None:
    disagreed = open_page().page.evaluate("""() => {
            const pinyin = new PM.Pinyin(PM.store.pinyin());
            const wrong = [];
            const words = ["1", "胜利路2", "sll2", "sll26h", "路2", "lu26hao", "6号", "6h", "2号", "b00", "0", "x1", "院", "y", "gs", "0g"];
            const fields = {areas: ["name", "area_id", "manager"], buildings: ["address", "building_id"]};
            for (const word of words) {
                for (const [table, field] of Object.entries(fields).flatMap(([table, names]) => names.map((name) => [table, name]))) {
                    const rows = PM.store.tables[table].all();
                    const one = PM.findRows(PM.store.tables[table], [word], [field], pinyin, 1e6).first.sort((a, b) => a - b);
                    const all = rows.filter((row) => row[field] && PM.markMatches(row[field], [word], pinyin)).map((row) => row.i);
                    if (JSON.stringify(one) !== JSON.stringify(all)) wrong.push([word, table, field, one.length, all.length]);
                }
            }
            return wrong;
        }""")
    assert disagreed == []


def test_search_is_a_combobox_for_the_keyboard(open_page: Open) -> None:
    opened = open_page()
    page = opened.page
    box = page.get_by_role("combobox", name="搜索")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("shengli")
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"

    def current() -> str:
        option = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        assert option.get_attribute("aria-selected") == "true"
        assert page.locator("#found [aria-selected=true]").count() == 1
        return str(option.locator(".name").inner_text())

    assert current() == "胜利甲院"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert current() == "胜利戊院"
    page.keyboard.press("ArrowUp")
    assert current() == "胜利乙院"
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    assert current() != "胜利甲院", "from the first to the last"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.get_attribute("aria-activedescendant") is None
    assert box.input_value() == "shengli"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "胜利甲院"
    for _ in range(2):  # once closes what the field opens when it has the keyboard again
        box.press("Escape")
    assert box.input_value() == ""


def test_keys_of_an_input_method_choose_no_result(open_page: Open) -> None:
    opened = open_page()
    opened.page.locator("#search").fill("shengli")
    opened.page.evaluate(
        "document.getElementById('search').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter',"
        " isComposing: true, bubbles: true}))"
    )
    assert opened.popup.count() == 0


def test_search_says_how_many_there_are_beyond_those_it_lists(open_page: Open) -> None:
    page = open_page().page
    page.locator("#search").fill("胜利路")
    assert "共 81 项，列出前 8 项" in page.locator("#found").inner_text()
    assert page.locator("#found [role=status]").inner_text() == "找到 90 项"


def test_compound_is_found_and_opened(open_page: Open) -> None:
    opened = open_page()
    opened.page.locator("#search").fill("xsj")
    opened.page.keyboard.press("Enter")
    assert opened.popup.locator("h2").inner_text() == "新世界小区"


# ---- links


def everything_shown(opened: Opened) -> dict[str, Any]:
    found: dict[str, Any] = opened.page.evaluate("""() => ({
            lang: document.documentElement.lang, title: document.title, panel: document.getElementById("panel").innerText,
            popup: document.querySelector(".leaflet-popup h2")?.textContent ?? null, hidden: [...PM.store.hidden].sort(),
            filters: PM.FILTERS.map((name) => PM.store[name]), inView: Boolean(PM.store.here), zoom: map_1.getZoom(),
        })""")
    return found


STATES = [
    "PM.store.set({subdistrict: '210203010'})",
    "PM.store.set({community: '210203004002', mode: 'market'})",
    "PM.store.set({manager: '西岗物业1公司', gapKind: 'paper_only'})",
    "PM.store.toggle('paper_only'); PM.store.toggle('gap'); PM.store.speak('en')",
    "PM.store.statuses().forEach((status) => PM.store.toggle(status))",
    "PM.store.select('area', PM.store.areas[4], {move: true}); PM.store.speak('en')",
    "PM.store.select('building', PM.store.buildingById.get('B0302'), {move: true})",
    "PM.store.select('gap', PM.store.grounds[0], {move: true}); PM.store.set({subdistrict: '210203010'})",
    "PM.store.select('compound', PM.store.compounds[0], {move: true})",
    "map_1.setView(PM.toLatLng(PM.store.areas[2].label), 17.25, {animate: false}); PM.summarise(PM.store, map_1, true)",
]


@pytest.mark.parametrize("act", STATES)
def test_page_opened_with_a_link_shows_what_was_seen(open_page: Open, act: str) -> None:
    opened = open_page(data="varied")
    opened.page.evaluate(f"() => {{ {act}; }}")
    link = address(opened)
    assert link
    center = opened.page.evaluate("map_1.getCenter()")
    again = open_page(link, data="varied")
    again.page.wait_for_timeout(500)
    assert everything_shown(again) == everything_shown(opened)
    assert (
        again.page.evaluate(
            "(center) => map_1.latLngToContainerPoint(center).distanceTo(map_1.getSize().divideBy(2))", center
        )
        < 3
    )
    assert address(again) == link or "view=" in link


def test_link_names_what_is_chosen_and_forgets_what_is_not_any_more(open_page: Open) -> None:
    opened = open_page()
    page = opened.page
    assert address(opened) == ""
    length = page.evaluate("history.length")
    page.locator("button.language").click()
    choose(opened, "manager", "西岗物业1公司")
    page.locator("button[data-key=served]").click()
    assert (
        address(opened) == f"lang=en&manager={quote('西岗物业1公司')}&status=paper_only,unsigned,proposed,gap"
    )
    page.get_by_role("button", name="Clear filters").click()
    page.locator("button.language").click()
    assert address(opened) == ""
    assert page.evaluate("history.length") == length, "the way back is not full of it"


def test_link_written_by_hand_is_followed(open_page: Open) -> None:
    opened = open_page()
    page = opened.page
    before = everything_shown(opened)
    page.evaluate("location.hash = 'area=210203004001005&lang=en'")
    until(opened, "() => document.documentElement.lang === 'en'")
    assert opened.popup.locator("h2").inner_text() == "胜利丙院" or opened.popup.locator("h2").count() == 1
    page.evaluate("location.hash = 'subdistrict=210203010'")
    until(opened, "() => PM.store.subdistrict === '210203010'")
    assert opened.popup.count() == 0
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.evaluate("location.hash = ''")
    until(opened, "() => PM.store.subdistrict === ''")
    assert everything_shown(opened) == before


def test_link_of_what_the_page_does_not_know_is_left_aside(open_page: Open) -> None:
    opened = open_page()
    page, url, plain = opened.page, opened.page.url, everything_shown(opened)
    for link in HOSTILE:
        page.goto("about:blank")
        page.goto(f"{url}#{link}")
        page.locator("html[data-complete]").wait_for(state="attached")
        assert everything_shown(opened) == plain, link[:80]
        page.evaluate("location.hash = 'lang=en'")
        until(opened, "document.documentElement.lang === 'en'")
        page.evaluate("link => { location.hash = link; }", link)
        until(opened, "document.documentElement.lang === 'zh-CN'")
        assert everything_shown(opened) == plain, link[:80]
        assert page.evaluate("window.ran") is None
        assert opened.popup.count() == 0


def test_known_part_of_a_link_is_followed_where_the_rest_is_not_known(open_page: Open) -> None:
    opened = open_page(
        "lang=en&area=nothing&subdistrict=210203004&mode=nothing&view=nothing&status=gap,nothing",
        data="varied",
    )
    state = everything_shown(opened)
    assert (state["lang"], state["filters"], state["popup"]) == ("en", ["210203004", "", "", "", ""], None)
    assert state["hidden"] == ["paper_only", "proposed", "served", "unsigned"]


def test_hostile_names_go_through_a_link_unharmed(open_page: Open) -> None:
    opened = open_page(data="poisoned")
    opened.page.evaluate(
        "PM.store.set({manager: PM.store.areas[1].manager}); PM.store.select('area', PM.store.areas[1], {move: true})"
    )
    again = open_page(address(opened), data="poisoned")
    assert again.page.evaluate("PM.store.manager") == opened.page.evaluate("PM.store.areas[1].manager")
    assert "<b>`${1}`&/#%" in again.popup.locator("h2").inner_text()


@pytest.mark.parametrize("refused", [False, True])
def test_link_is_copied_from_the_popup_and_from_the_map(open_page: Open, refused: bool) -> None:
    given = (
        "async (text) => { " + ("throw new Error('refused');" if refused else "window.copied = text;") + " }"
    )
    opened = open_page(
        before=f"Object.defineProperty(navigator, 'clipboard', {{value: {{writeText: {given}}}}});"
    )
    page = opened.page
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value; })"
    )
    page.locator("#link").click()
    until(opened, "() => window.copied")
    assert page.evaluate("window.copied") == page.url
    assert "#" not in page.url
    assert page.locator(".toast").inner_text() == "已复制"
    page.evaluate("PM.store.select('area', PM.store.areas[0], {move: true})")
    page.wait_for_timeout(400)
    opened.popup.get_by_role("button", name="复制链接").click()
    until(opened, "() => window.copied.includes('#area=210203004001001&view=')")
    assert page.evaluate("window.copied") == page.evaluate("location.href")
    assert page.locator("textarea").count() == 0
    assert opened.popup.count() == 1
