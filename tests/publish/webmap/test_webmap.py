"""The map's page: what is in it, that nothing in it can act, and that the same tables give the same bytes."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Declared
from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.decided import DECISIONS
from pipeline.publish.webmap.declared import declared as for_page
from pipeline.publish.webmap.encode import label_points, to_json
from pipeline.publish.webmap.page import FOLDER, asset
from pipeline.publish.webmap.partial import Missing
from pipeline.publish.webmap.payload import payload
from pipeline.stages.reconcile import UNITS
from pipeline.tables import (
    GAP_KINDS,
    SERVICES,
    TABLES,
    empty,
)
from tests.publish.webmap.little_district import CRS, DECLARED, DISTRICT, nowhere, poisoned, tables
from tests.publish.webmap.unpacked import Unpacked, columns, read, told, unpack

HOSTILE = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>`${alert(3)}`{{7*7}}{% raw %}\u2028\u2029"
    " javascript:alert(4) \"' &amp;"
)


def page(**changed: Any) -> str:
    return build_map(tables() | changed, district=DISTRICT, declared=DECLARED)


def block(html: str, name: str) -> Unpacked:
    found = re.findall(rf'<script type="application/gzip" id="{name}">([A-Za-z0-9+/=]*)</script>', html)
    assert len(found) == 1
    return unpack(found[0])


def given_columns(html: str, table: str) -> dict[str, list[Any]]:
    return columns(block(html, "picture"), block(html, "facts"), table)


# ---- the page as a whole


def test_same_tables_give_the_same_bytes_whatever_the_order_of_their_rows() -> None:
    shuffled = {name: frame.sample(frac=1, random_state=7) for name, frame in tables().items()}
    assert page() == page() == build_map(shuffled, district=DISTRICT, declared=DECLARED)


def test_tables_are_not_changed() -> None:
    given_tables, before = tables(), tables()
    build_map(given_tables, district=DISTRICT, declared=DECLARED)
    for name, frame in given_tables.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_page_refers_to_nothing_outside_itself() -> None:
    html = page()
    assert not re.search(r"<(script|img|iframe)[^>]*\ssrc=", html)
    assert not re.search(r'<link(?! rel="icon" href="data:,")', html)
    assert not re.search(r"@import|url\((?!data:)", html)
    assert "sourceMappingURL" not in html


def test_policy_admits_every_script_and_style_of_the_page_and_no_other() -> None:
    html = page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "connect-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert html.index("Content-Security-Policy") < html.index("<script")
    for tag in ("script", "style"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(bodies) == len(re.findall(rf"<{tag}(?! type=.application)", html))
        assert len(set(re.findall(r"'sha256-[^']+'", policy[1].split(f"{tag}-src")[1].split(";")[0]))) == len(
            set(bodies)
        )


def test_hostile_text_stays_inside_the_json() -> None:
    html = build_map(poisoned(HOSTILE), district=DISTRICT, declared=Declared(source=HOSTILE))
    assert "onerror=alert" not in re.sub(
        r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL
    )
    assert html.count("<script") == page().count("<script")
    assert html.count("</script") == page().count("</script")
    assert "\u2028" not in html
    assert given_columns(html, "areas")["name"][0].endswith(HOSTILE)
    assert block(html, "picture").head["declared"]["source"] == HOSTILE


def test_hostile_district_name_is_escaped_in_the_title() -> None:
    html = build_map(
        tables(), district=replace(DISTRICT, name_zh="</title><script>alert(1)</script>"), declared=DECLARED
    )
    assert "<script>alert(1)" not in html


def test_synthetic_label_is_in_the_data_only_when_the_district_is_synthetic() -> None:
    assert block(page(), "picture").head["district"]["synthetic"] is True
    real = build_map(tables(), district=replace(DISTRICT, synthetic=False), declared=DECLARED)
    assert block(real, "picture").head["district"]["synthetic"] is False


def test_page_is_built_from_buildings_membership_areas_and_gaps_alone() -> None:
    four = {
        name: frame
        for name, frame in tables().items()
        if name in ("buildings", "membership", "areas", "gaps")
    }
    html = build_map(four, district=DISTRICT, declared=Declared())
    assert set(given_columns(html, "areas")["status"]) == {"proposed"}
    assert block(html, "picture").head["tables"]["subdistricts"]["rows"] == 0


def test_page_is_built_from_empty_tables() -> None:
    nothing = {name: empty(TABLES[name], CRS) for name in ("buildings", "membership", "areas", "gaps")}
    html = build_map(nothing, district=DISTRICT, declared=Declared())
    assert {table["rows"] for table in block(html, "picture").head["tables"].values()} == {0}


def test_areas_without_geometry_are_listed_all_the_same() -> None:
    html = page(areas=nowhere(tables()["areas"]))
    picture = block(html, "picture")
    assert len(given_columns(html, "areas")["area_id"]) == 9
    assert picture.rings(picture.head["tables"]["areas"]["shapes"]) == [[]] * 9
    assert picture.column(picture.head["tables"]["areas"]["columns"]["label_x"]) == [None] * 9


def test_missing_buildings_table_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="buildings"):
        build_map({}, district=DISTRICT, declared=DECLARED)


# ---- tables


def test_buildings_come_with_their_membership() -> None:
    given_tables = tables()
    rows = pd.DataFrame(given_columns(page(), "buildings")).set_index("building_id").sort_index()
    assert rows.index.tolist() == sorted(given_tables["buildings"]["building_id"])
    membership = given_tables["membership"].set_index("building_id")
    for name in ("area_id", "compound_id", "method", "runner_up_area_id"):
        expected = membership[name].reindex(rows.index)
        assert rows[name].isna().tolist() == expected.isna().tolist()
        assert rows[name].dropna().tolist() == expected.dropna().tolist()


def test_door_numbers_are_the_last_number_of_the_address_and_what_is_beyond_it() -> None:
    buildings = tables()["buildings"]
    buildings.loc[0, "address"] = "胜利路10号3单元"
    html = page(buildings=buildings)
    rows = pd.DataFrame(given_columns(html, "buildings")).set_index("building_id")["door_beyond_address"]
    assert rows["B0000"] == 7
    assert set(rows.drop("B0000").dropna()) == {0}
    assert set(rows[rows.isna()].index) == {f"C0{j}" for j in range(9)}, "without a door number"


def test_shape_of_a_gap_that_is_its_buildings_or_areas_is_not_written_again() -> None:
    gaps, areas = tables()["gaps"], tables()["areas"].set_index("area_id")
    on_paper = gaps["kind"].eq("paper_only")
    gaps.loc[on_paper, "geometry"] = areas.geometry.loc[gaps.loc[on_paper, "area_id"]].to_numpy()
    html = page(gaps=gaps)
    picture = block(html, "picture")
    spec = picture.head["tables"]["gaps"]
    kinds = given_columns(html, "gaps")["kind"]
    whose = dict(zip(kinds, picture.numbers(spec["shape_of"]).tolist(), strict=True))
    own = {kind for kind, rings in zip(kinds, picture.rings(spec["shapes"]), strict=True) if rings}
    assert whose == {
        "uncovered_building": 0,
        "uncovered_ground": 0,
        "contested": 1,
        "paper_only": 2,
        "unlocated": 0,
    }
    assert own == {
        "uncovered_building",
        "uncovered_ground",
    }, "a point and ground of their own; the unlocated one has no place"


def test_buildings_of_an_area_follow_each_other_by_their_ids() -> None:
    given_buildings = given_columns(page(), "buildings")
    owned = [
        pair
        for pair in zip(given_buildings["area_id"], given_buildings["building_id"], strict=True)
        if pair[0] is not None
    ]
    runs = [
        [building for _, building in run] for _, run in itertools.groupby(owned, key=lambda pair: pair[0])
    ]
    assert len(runs) == len({area for area, _ in owned}) == 9
    assert runs == [sorted(run) for run in runs]


def test_land_that_looks_like_the_block_it_lies_in_is_not_written() -> None:
    given_land = tables()["land"]
    more = given_land.iloc[[0, 0, 0]].reset_index(drop=True)
    more = more.assign(land_id=["L7", "L8", "L9"], kind=["residential", "other", "residential"], name=None)
    more.loc[more["land_id"] == "L9", "geometry"] = more.geometry.translate(5000, 0)
    html = page(land=pd.concat([given_land, more], ignore_index=True))
    assert given_columns(html, "land")["kind"] == [
        *given_land["kind"],
        "residential",
    ], "beyond the subdistricts it is seen"


def test_subdistricts_and_communities_have_names_for_readers_of_english_where_theirs_are_chinese() -> None:
    communities = tables()["communities"]
    communities["name"] = ["Old Town", None]
    html = page(communities=communities)
    assert given_columns(html, "subdistricts")["name_en"] == ["Rixin Subdistrict", "Bayi Road Subdistrict"]
    assert "name_en" not in given_columns(html, "communities")


# ---- reasons


def test_every_area_is_given_what_holds_it_and_what_cuts_it_off_from_its_four_longest_neighbours() -> None:
    reasons = block(page(), "reasons")
    (own, *borders), first, *_ = told(reasons)
    assert own[:2] == (None, 90)
    assert [zh for zh, _ in own[2]] == ["楼栋之间没有道路", "只有一栋楼"]
    assert [(neighbour, sure) for neighbour, sure, _ in borders] == [(1, 75), (5, 65), (6, 55), (2, 45)]
    border = next(texts for neighbour, _, texts in first if neighbour is not None)
    assert [en for _, en in border] == ["road 1 lies between them"]
    sentences = reasons.column(reasons.head["zh"])
    assert len(set(sentences)) == len(sentences), "a sentence is written once"


def test_areas_without_reasons_are_given_none() -> None:
    without = {name: frame for name, frame in tables().items() if name != "area_reasons"}
    assert told(read(payload(without, district=DISTRICT, declared=DECLARED).reasons)) == [[]] * 9


MODULES = sorted((FOLDER / "js").rglob("*.js"), key=lambda path: path.relative_to(FOLDER).as_posix())

# ---- words


def test_both_languages_have_the_same_words_and_placeholders() -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    plural = {key for key in strings["en"] if key.endswith(".one")}
    assert strings["zh"].keys() == strings["en"].keys() - plural
    for key, text in strings["zh"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", strings["en"][key])), key


#: Enumerations that the page says in words, by the group of keys in strings.json that has them.
SAID = {
    "buildings.use": "use",
    "membership.method": "method",
    "areas.origin": "origin",
    "service.status": "status",
    "service.mode": "mode",
    "service.mode_eligible": "mode",
    "service.manager_kind": "manager_kind",
    "service.contract_kind": "contract_kind",
    "gaps.kind": "gap",
    "changes.change": "change",
    "checks.verdict": "verdict",
    "reconciliation.verdict": "verdict",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_of_every_enumeration_has_its_words(language: str) -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))[language]
    values = for_page(deciding=True, release=True, tiles=None)["values"]
    asked = {f"{group}.{value}" for column, group in SAID.items() for value in values[column]}
    asked |= {f"service.{service}" for service in SERVICES} | {f"figure.{figure}" for figure in UNITS}
    asked |= {f"status.{status}" for status in ("gap", "elsewhere", "other")}
    assert not asked - strings.keys()


def test_the_page_is_given_every_enumeration_of_the_tables_and_has_no_copy() -> None:
    html = build_map(tables(), district=DISTRICT, declared=DECLARED)
    given = json.loads(re.search(r'id="declared">(.*?)</script>', html)[1])  # type: ignore[index]
    assert given["values"]["gaps.kind"] == list(GAP_KINDS)
    assert given["columns"]["decisions"] == DECISIONS
    scripts = "".join(path.read_text(encoding="utf-8") for path in MODULES)
    for name, values in given["values"].items():
        if len(values) > 2:
            listed = ", ".join(f'"{value}"' for value in values)
            assert listed not in re.sub(r"\s+", " ", scripts), f"{name} stands in a script"


def test_every_word_the_scripts_ask_for_exists() -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    scripts = [path.read_text(encoding="utf-8") for path in MODULES]
    asked = {key for script in scripts for key in re.findall(r'\.t\(\s*"([^"]+)"', script)}
    asked |= {
        f"decide.{key}" for script in scripts for key in re.findall(r'this\.word\(\s*"([^"]+)"', script)
    }
    assert len(asked) > 50
    assert asked <= strings["zh"].keys()


# ---- scripts


def test_scripts_never_set_markup_or_run_text() -> None:
    for path in MODULES:
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new"
            r" Function|bindPopup|fetch\(|XMLHttp",
            path.read_text(encoding="utf-8"),
        )
        assert not found, f"{path.name}: {found}"


def test_the_bundle_is_that_of_its_modules() -> None:
    """As `make bundle` writes it, told without node by the hash in its first line."""
    sha = hashlib.sha256()
    for path in MODULES:
        sha.update(f"{path.relative_to(FOLDER).as_posix()}\n".encode() + path.read_bytes() + b"\n")
    first = asset("bundle/map.js").splitlines()[0]
    assert first.endswith(f"Modules: {sha.hexdigest()}"), "make bundle"


def test_the_bundle_and_every_style_are_in_the_page() -> None:
    html = build_map(tables(), district=DISTRICT, declared=DECLARED, missing=Missing(("bounds",), ()))
    for path in [FOLDER / "bundle" / "map.js", *(FOLDER / "css").glob("*.css")]:
        assert asset(path.relative_to(FOLDER).as_posix()) in html, path.name
    assert "</script" not in asset("bundle/map.js")


def test_vendored_files_are_what_their_readme_says() -> None:
    readme = (FOLDER / "vendor" / "README.md").read_text(encoding="utf-8")
    for path in (FOLDER / "vendor").iterdir():
        if path.name != "README.md":
            assert f"| `{path.name}` |" in readme
            assert hashlib.sha256(path.read_bytes()).hexdigest() in readme


# ---- encoding


@given(st.text())
def test_json_reads_back_and_cannot_end_a_script(text: str) -> None:
    written = to_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set("<>&\u2028\u2029") & set(written)


def test_label_lies_inside_a_shape_that_is_bent_round_its_centre() -> None:
    ring = (
        shapely.Point(500_000, 4_300_000).buffer(100).difference(shapely.Point(500_000, 4_300_000).buffer(60))
    )
    far = shapely.box(0, 0, 10, 10)
    places = label_points(
        gpd.GeoSeries([ring, None, shapely.MultiPolygon([far, shapely.box(20, 0, 90, 70)])], crs=CRS)
    )
    assert ring.contains(places[0])
    assert places[1] is None
    assert not far.intersects(places[2]), "in the largest part"
