"""The map of what there is, where a step of the run failed."""

from __future__ import annotations

import re

import pytest

from pipeline import store
from pipeline.cli import main
from pipeline.commands import failures
from pipeline.publish.webmap import build_map, payload
from pipeline.publish.webmap.partial import Missing
from pipeline.registry import MAPPED
from pipeline.tables import TABLES, empty
from tests.chromium import Opened
from tests.publish.webmap.little_district import DECLARED, DISTRICT, tables
from tests.publish.webmap.unpacked import unpack

EVERYTHING = tuple(tables())
LATE = ("membership", "areas", "bounds", "service", "gaps", "area_reasons")
HOSTILE = '</script><img src=x onerror="alert(1)">{{7*7}} ${1} @policy@'


def page_of(*without, said=(("ingest decisions", HOSTILE),)):
    left = {name: table for name, table in tables().items() if name not in without}
    return build_map(left, district=DISTRICT, declared=DECLARED, missing=Missing(without, said))


def banner(html):
    return re.search(r'<section id="partial".*?</section>', html, re.DOTALL)[0]


def test_the_banner_says_in_both_languages_what_is_missing_and_why_as_text_only():
    said = banner(page_of(*LATE))
    assert (
        "本图不完整" in said
        and "管理区域" in said
        and "This map is incomplete" in said
        and "which area each building is in" in said
    )
    assert "{{7*7}}" in said and "@policy@" in said, "no template is run on it"
    assert "<img" not in said and "<script" not in said and "&lt;img" in said


def test_where_no_step_left_a_message_the_banner_says_so():
    assert "no step left a message" in banner(page_of("gaps", said=()))


def test_a_map_of_everything_has_no_banner():
    assert 'id="partial"' not in build_map(tables(), district=DISTRICT, declared=DECLARED)


def test_an_area_is_not_called_served_or_unsigned_where_service_is_not_known():
    picture = unpack(re.search(r'id="picture">(.*?)</script>', page_of("service"))[1])
    assert set(picture.column(picture.head["tables"]["areas"]["columns"]["status"])) <= {
        "registered",
        "proposed",
    }


@pytest.mark.parametrize(
    "without", [LATE, ("gaps", "service", "bounds"), EVERYTHING], ids=["no areas", "no gaps", "nothing"]
)
def test_a_page_that_lacks_tables_opens_claims_nothing_of_them_and_takes_no_decisions(
    browser, tmp_path, without
):
    path = tmp_path / "index.html"
    path.write_text(page_of(*without), encoding="utf-8")
    page = Opened(browser.new_page())
    page.open(path.as_uri())
    assert page.said == [] and page.page.locator("#partial").is_visible()
    assert page.page.locator("#deciding").count() == 0
    panel = page.page.locator("#panel").inner_text()
    known = "areas" not in without
    assert ("无人管理" in panel) is known, (
        "a home is not called unmanaged where it is not known who manages it"
    )
    assert "问题清单" not in panel
    page.page.locator(".language").click()
    assert page.said == []
    page.page.close()


@pytest.fixture
def district(tmp_path):
    """A district whose tables are all there, and a command on it."""
    (tmp_path / "raw").mkdir()
    inputs = "".join(
        f'[[inputs.{name}]]\npath = "{name}"\noptional = true\n'
        for name in ("buildings", "register", "decisions")
    )
    head = (
        '[district]\ncode = "210203"\nname_zh = "区"\nname_en = "D"\ncrs = "EPSG:4550"\nas_of = 2026-09-30\n'
    )
    (tmp_path / "d.toml").write_text(head + inputs, encoding="utf-8")
    given = {name: empty(TABLES[name], DISTRICT.crs) for name in MAPPED} | tables()
    for name, table in given.items():
        store.write_table(table, tmp_path / "out", name)
    for name in ("buildings", "register", "decisions"):
        store.write_intake([], empty(TABLES["rejects"]), empty(TABLES["repairs"]), tmp_path / "out", name)

    def run(*command):
        folders = [
            "--config",
            tmp_path / "d.toml",
            "--raw",
            tmp_path / "raw",
            "--out",
            tmp_path / "out",
            "--maps",
            tmp_path / "maps",
        ]
        return main([*map(str, command), *map(str, folders)])

    run.folder = tmp_path
    return run


def shown(district):
    return (district.folder / "maps" / "index.html").read_text(encoding="utf-8")


def test_a_table_that_is_damaged_costs_the_map_that_table_alone(district):
    (district.folder / "out" / "tables" / "gaps.parquet").write_bytes(b"PAR1 but no more")
    assert district("partial", "--without", district.folder / "maps" / "index.html") == 0
    said = banner(shown(district))
    assert "Missing: gaps. " in said and "gaps.parquet" in said


def test_a_page_that_cannot_be_made_of_all_tables_is_made_of_fewer(district, monkeypatch):
    def breaks(*_):
        raise IndexError("index 7 is out of bounds")

    monkeypatch.setattr(payload, "reasons", breaks)
    with pytest.raises(IndexError):
        district("map")
    monkeypatch.undo()
    assert district("partial", "--without", "maps/index.html") == 0
    said = banner(shown(district))
    assert "IndexError: index 7" in said and "why each area is one" in said and "defect" in said


def test_what_a_step_said_is_told_once_by_the_map_of_that_run(district):
    failures.keep(district.folder / "out", "gaps", "", "no room")
    district("partial", "--without", "out/tables/gaps.parquet", "out/tables/checks.parquet")
    assert "<code>gaps</code> no room" in banner(shown(district))
    assert "step:gaps,fail,failed,done,no room" in (district.folder / "out" / "checks.csv").read_text(
        encoding="utf-8"
    )
    district("partial", "--without", "out/tables/gaps.parquet")
    assert "no room" not in banner(shown(district))
    district("map")
    assert 'id="partial"' not in shown(district)


def test_nothing_is_written_where_only_the_hand_off_was_refused(district):
    assert district("partial", "--without") == 0
    assert not (district.folder / "maps").exists() and not (district.folder / "out" / "checks.csv").exists()
