"""The map's page: what is in it, that nothing in it can act, and that the same tables give the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Declared
from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.encode import UNITS_PER_DEGREE, column, label_points, rings, to_json
from pipeline.publish.webmap.page import FOLDER, asset
from pipeline.publish.webmap.payload import payload
from pipeline.stages.reconcile import UNITS
from pipeline.tables import GAP_KINDS, MANAGER_KINDS, MATCH_METHODS, MODES, SERVICES, STATUSES, TABLES, USES, VERDICTS, empty
from tests.publish.little_district import CRS, DECLARED, DISTRICT, nowhere, poisoned, tables

HOSTILE = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>`${alert(3)}`{{7*7}}{% raw %}\u2028\u2029 javascript:alert(4) \"' &amp;"
)


def page(**changed: Any) -> str:
    return build_map(tables() | changed, district=DISTRICT, declared=DECLARED)


def block(html: str, name: str) -> Any:
    found = re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def values(column: Any) -> list[Any]:
    return column if isinstance(column, list) else [None if at is None else column["of"][at] for at in column["at"]]


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
        assert len(bodies) == len(re.findall(rf"<{tag}(?! type=.application/json)", html))
        assert len(set(re.findall(r"'sha256-[^']+'", policy[1].split(f"{tag}-src")[1].split(";")[0]))) == len(set(bodies))


def test_hostile_text_stays_inside_the_json() -> None:
    html = build_map(poisoned(HOSTILE), district=DISTRICT, declared=Declared(source=HOSTILE))
    assert "onerror=alert" not in re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)
    assert html.count("<script") == page().count("<script")
    assert html.count("</script") == page().count("</script")
    assert "\u2028" not in html
    data = block(html, "data")
    assert values(data["areas"]["name"])[0].endswith(HOSTILE)
    assert data["declared"]["source"] == HOSTILE


def test_hostile_district_name_is_escaped_in_the_title() -> None:
    html = build_map(tables(), district=replace(DISTRICT, name_zh="</title><script>alert(1)</script>"), declared=DECLARED)
    assert "<script>alert(1)" not in html


def test_synthetic_label_is_in_the_data_only_when_the_district_is_synthetic() -> None:
    assert block(page(), "data")["district"]["synthetic"] is True
    real = build_map(tables(), district=replace(DISTRICT, synthetic=False), declared=DECLARED)
    assert block(real, "data")["district"]["synthetic"] is False


def test_page_is_built_from_buildings_membership_areas_and_gaps_alone() -> None:
    four = {name: frame for name, frame in tables().items() if name in ("buildings", "membership", "areas", "gaps")}
    data = block(build_map(four, district=DISTRICT, declared=Declared()), "data")
    assert set(values(data["areas"]["status"])) == {"proposed"}
    assert data["subdistricts"]["rings"] == []


def test_page_is_built_from_empty_tables() -> None:
    nothing = {name: empty(TABLES[name], CRS) for name in ("buildings", "membership", "areas", "gaps")}
    assert block(build_map(nothing, district=DISTRICT, declared=Declared()), "data")["areas"]["rings"] == []


def test_areas_without_geometry_are_listed_all_the_same() -> None:
    data = block(page(areas=nowhere(tables()["areas"])), "data")
    assert len(values(data["areas"]["area_id"])) == 9
    assert data["areas"]["rings"] == [[]] * 9
    assert data["areas"]["label"] == [None] * 9


def test_missing_buildings_table_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="buildings"):
        build_map({}, district=DISTRICT, declared=DECLARED)


# ---- statuses


def test_status_of_a_building_is_its_areas_or_says_why_it_has_none() -> None:
    data = payload(tables(), district=DISTRICT, declared=DECLARED)
    area_status = dict(zip(values(data["areas"]["area_id"]), values(data["areas"]["status"]), strict=True))
    assert area_status["210203010001004"] == "unsigned"
    ids = sorted(tables()["buildings"]["building_id"])
    status = dict(zip(ids, values(data["buildings"]["status"]), strict=True))
    area = dict(zip(ids, values(data["buildings"]["area_id"]), strict=True))
    assert status["B0100"] == "gap"
    assert status["B0200"] == "other"
    assert status["C00"] == "elsewhere"
    assert all(status[b] == area_status[a] for b, a in area.items() if a is not None)


# ---- words


def test_both_languages_have_the_same_words_and_placeholders() -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    plural = {key for key in strings["en"] if key.endswith(".one")}
    assert strings["zh"].keys() == strings["en"].keys() - plural
    for key, text in strings["zh"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", strings["en"][key])), key


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("status", (*STATUSES, "gap", "elsewhere", "other")),
        ("gap", GAP_KINDS),
        ("use", USES),
        ("mode", MODES),
        ("manager_kind", MANAGER_KINDS),
        ("method", MATCH_METHODS),
        ("service", SERVICES),
        ("verdict", VERDICTS),
        ("figure", tuple(UNITS)),
        ("origin", TABLES["areas"].column("origin").values),
        ("contract_kind", TABLES["contracts"].column("kind").values),
    ],
)
def test_every_code_of_the_tables_has_a_word(group: str, codes: tuple[str, ...]) -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    assert {f"{group}.{code}" for code in codes} <= strings["zh"].keys()


def test_every_word_the_scripts_ask_for_exists() -> None:
    strings = json.loads((FOLDER / "strings.json").read_text(encoding="utf-8"))
    asked = {key for path in (FOLDER / "js").glob("*.js") for key in re.findall(r'\.t\("([^"]+)"', path.read_text(encoding="utf-8"))}
    assert len(asked) > 50
    assert asked <= strings["zh"].keys()


# ---- scripts


def test_scripts_never_set_markup_or_run_text() -> None:
    for path in (FOLDER / "js").glob("*.js"):
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|bindPopup|fetch\(|XMLHttp",
            path.read_text(encoding="utf-8"),
        )
        assert not found, f"{path.name}: {found}"


def test_every_script_is_in_the_page() -> None:
    html = page()
    for path in [*(FOLDER / "js").glob("*.js"), *(FOLDER / "css").glob("*.css")]:
        assert asset(str(path.relative_to(FOLDER))) in html, path.name


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


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pd.Series([1.5, np.nan, np.inf]), [1.5, None, None]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series(["a", None], dtype="str"), ["a", None]),
        (pd.Series(["b", "a", None, "b", "b"], dtype="str"), ["b", "a", None, "b", "b"]),
        (pd.Series([None, None], dtype="str"), [None, None]),
    ],
)
def test_columns_read_back_with_null_for_what_is_missing(series: pd.Series, expected: list[Any]) -> None:
    assert values(json.loads(to_json(column(series)))) == expected


def _read_back(flat: list[int]) -> np.ndarray:
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / UNITS_PER_DEGREE


def test_rings_of_polygons_with_holes_parts_lines_points_and_nothing() -> None:
    hole = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    two = shapely.MultiPolygon([shapely.box(10, 0, 11, 1), shapely.box(12, 0, 13, 1)])
    shapes = gpd.GeoSeries([hole, None, two, shapely.LineString([(5, 5), (6, 6), (7, 5)]), shapely.Point(8, 8)], crs=4326)
    drawn = rings(shapes)
    assert [len(r) for r in drawn] == [2, 0, 2, 1, 1]
    assert [len(r) // 2 for r in drawn[0]] == [4, 3]
    assert _read_back(drawn[3][0]).tolist() == [[5, 5], [6, 6], [7, 5]]
    assert _read_back(drawn[4][0]).tolist() == [[8, 8]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(121.5, 121.7), st.floats(38.8, 39.0), st.floats(1e-5, 1e-2)), min_size=1, max_size=8))
def test_footprints_read_back_within_a_millionth_of_a_degree(squares: list[tuple[float, float, float]]) -> None:
    shapes = gpd.GeoSeries([shapely.box(x, y, x + size, y + size) for x, y, size in squares], crs=4326)
    for shape, drawn in zip(shapes, rings(shapes), strict=True):
        np.testing.assert_allclose(_read_back(drawn[0]), shapely.get_coordinates(shape)[:-1], atol=0.51 / UNITS_PER_DEGREE)


def test_label_lies_inside_a_shape_that_is_bent_round_its_centre() -> None:
    ring = shapely.Point(500_000, 4_300_000).buffer(100).difference(shapely.Point(500_000, 4_300_000).buffer(60))
    place = label_points(gpd.GeoSeries([ring], crs=CRS))[0]
    assert place is not None
    point = gpd.GeoSeries([shapely.Point(np.array(place) / UNITS_PER_DEGREE)], crs=4326).to_crs(CRS)
    assert ring.contains(point.iloc[0])
