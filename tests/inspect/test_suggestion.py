"""What `inspect` suggests: which input, which columns, and what it says a person has to add; with the entry
pasted as it stands.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from tests.conftest import Inspect
from tests.test_inspect import ingested, suggested, write


def joined(report: str) -> str:
    """The report in one line, its comments too."""
    return " ".join(report.replace("\n#   ", " ").split())


def grid(size: float, count: int = 5, gap: float = 0.0) -> list[Any]:
    """Squares in rows, of so many degrees, with so much between them."""
    step = size + gap
    return [
        shapely.box(121.6 + i * step, 38.9 + j * step, 121.6 + i * step + size, 38.9 + j * step + size)
        for i in range(count)
        for j in range(count)
    ]


HOUSE, PLOT, BLOCK, TOWN = 2e-4, 3e-4, 2e-3, 2e-2  # about 20 m, 30 m, 200 m, 2 km
STREET = 1e-4
UNIQUE = [f"x{i}" for i in range(25)]


@pytest.mark.parametrize(
    ("file", "shapes", "columns", "table", "lines"),
    [
        ("a.gpkg", grid(HOUSE, gap=STREET), {"uID": range(25)}, "buildings", ['building_id = "uID"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"Id": 0}, "buildings", ["Id is no id"]),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"gml_id": UNIQUE, "bezgfk": ["Wohnhaus", "Garage", "Schule", "Büro", "Wohnhaus"] * 5, "aog": 4}, "buildings", ['building_id = "gml_id"', 'use = "bezgfk"', 'auxiliary = ["Garage"]', 'floors = "aog"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"osm_id": UNIQUE, "fclass": "building", "type": ["apartments", "garage", "retail", "school", None] * 5}, "buildings", ['use = "type"', 'residential = ["apartments", "*"]']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"kind_of": ["residential", "non-residential", "нежилое", "жилой дом", "非住宅"] * 5}, "buildings", ['commercial = ["non-residential", "нежилое", "非住宅"]']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"용도": ["공동주택", "학교"] * 12 + ["창고"], "지상층수": 5, "연면적": 900.0}, "buildings", ['floors = "지상층수"', 'public = ["학교"]', 'floor_area_m2 = "연면적"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"Layer": "0", "Shape_Area": 380.5, "MJ": 387.0}, "buildings", ["not used: Layer, Shape_Area, MJ"]),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"addr:street": "Main Street", "addr:housenumber": "5"}, "buildings", ['road = "addr:street"', 'door_number = "addr:housenumber"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"building": ["yes", None, None, None, None] * 5, "landuse": [None, "grass", None, None, None] * 5}, "buildings", ['where = { building = ["*"] }', "list the file once more, under land"]),
        ("a.gpkg", grid(0.9), {"name": UNIQUE}, "", ["NO ENTRY", "provinces or countries"]),
        ("tessellation.gpkg", grid(PLOT), {"uID": range(25)}, "", ["NO ENTRY", "cells that cover the ground"]),
        ("parcelles.gpkg", grid(PLOT), {"id": UNIQUE, "contenance": 900}, "land", ['constants = { kind = "residential" }', "look at this: no column says kind"]),
        ("a.gpkg", grid(BLOCK, gap=STREET), {"kind": ["green", "water", "other", "road", "public"] * 5}, "land", ['kind = "kind"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"kind": ["green", "water", "other", "road", "public"] * 5}, "land", ['kind = "kind"']),
        ("a.gpkg", grid(BLOCK, gap=STREET), {"class_2018": ["Green urban areas", "Continuous urban fabric"] * 12 + ["Sports"]}, "land", ['residential = ["Continuous urban fabric"]']),
        ("a.gpkg", grid(BLOCK, gap=STREET), {"Label": ["Urban fabric", "Industrial units", "Forest", "Sea", "Airports"] * 5}, "", ["NO ENTRY", "land, which need kind"]),
        ("a.gpkg", grid(BLOCK, gap=STREET), {"Label": [f"Estate {i}" for i in range(25)]}, "compounds", ['name = "Label"']),
        ("a.gpkg", grid(HOUSE, gap=STREET), {"BD_MGT_SN": UNIQUE, "BULD_NM": ["은마아파트", "학교", "현대빌라", "빌딩", "상가"] * 5, "GRO_FLO_CO": 5}, "buildings", ['building_id = "BD_MGT_SN"', 'name = "BULD_NM"', 'floors = "GRO_FLO_CO"']),
        ("a.gpkg", grid(BLOCK, gap=STREET), {"n": 1}, "", ["NO ENTRY", "no column says what they are", "compounds, which need nothing else"]),
        ("a.gpkg", grid(TOWN), {"n": 1}, "", ["NO ENTRY", "subdistricts, which need subdistrict_code"]),
        ("a.gpkg", grid(TOWN), {"名称": [f"某{i}街道" for i in range(25)]}, "subdistricts", ['subdistrict_code = "名称"']),
        ("a.gpkg", grid(TOWN), {"WARD_NO": range(25), "WARD_NAME": [f"Ward {i}" for i in range(25)]}, "subdistricts", ['subdistrict_code = "WARD_NO"', 'name = "WARD_NAME"']),
        ("a.gpkg", grid(TOWN), {"adcode": [210200 + i for i in range(25)], "name": [f"某{i}区" for i in range(25)]}, "", ["NO ENTRY"]),
        ("districts.gpkg", grid(TOWN), {"adcode": [210200 + i for i in range(25)]}, "subdistricts", ["six digits are those of whole districts"]),
    ],
)  # fmt: skip
def test_what_polygons_are_is_told_by_their_shapes_names_and_values_or_said_not_to_be(
    inspect: Inspect,
    tmp_path: Path,
    file: str,
    shapes: list[Any],
    columns: dict[str, Any],
    table: str,
    lines: list[str],
) -> None:
    write(
        gpd.GeoDataFrame(columns, index=range(25), geometry=shapes, crs="EPSG:4326"), tmp_path / "raw" / file
    )
    report = inspect(file)[1]
    assert re.findall(r"^\[\[inputs\.(\w+)\]\]", report, re.MULTILINE) == ([table] if table else [])
    assert [line for line in lines if line not in joined(report)] == []
    assert not table or re.search(r"# as it stands it takes (25|5) of 25 rows", report)


def test_lines_are_taken_by_tag_with_what_says_that_they_run_in_a_tunnel(
    inspect: Inspect, tmp_path: Path
) -> None:
    lines = [shapely.LineString([(121.6, 38.9 + i / 1000), (121.61, 38.9 + i / 1000)]) for i in range(4)]
    tags = {
        "highway": ["primary", "steps", None, None],
        "railway": [None, None, "rail", "platform"],
        "tunnel": [None, "yes", "no", None],
    }
    write(gpd.GeoDataFrame(tags, geometry=lines, crs="EPSG:4326"), tmp_path / "raw" / "lines.geojson")
    report = inspect("lines.geojson")[1]
    assert 'where = { highway = ["*"] }' in report and 'where = { railway = ["rail"] }' in report
    assert "as it stands it takes 3 of 4 rows" in report and report.count('tunnel = "tunnel"') == 2


def test_a_column_of_our_own_words_in_every_row_goes_before_a_tag_that_some_rows_lack(
    inspect: Inspect, tmp_path: Path
) -> None:
    rows = {"class": ["lane", "wall", "railway"], "highway": ["service", None, None]}
    lines = [shapely.LineString([(121.6, 38.9 + i * 1e-3), (121.61, 38.9 + i * 1e-3)]) for i in range(3)]
    write(gpd.GeoDataFrame(rows, geometry=lines, crs="EPSG:4326"), tmp_path / "raw" / "roads.geojson")
    code, report, _ = inspect("roads.geojson")
    assert (
        code == 0 and "takes 3 of 3 rows" in report and 'class = "class"' in report and "where" not in report
    )


def test_what_is_no_input_is_not_called_a_guess_to_paste(inspect: Inspect, tmp_path: Path) -> None:
    province = gpd.GeoDataFrame(
        {"NAME": ["湖北省"]}, geometry=[shapely.box(110, 30, 113, 33)], crs="EPSG:4326"
    )
    write(province, tmp_path / "raw" / "a.geojson")
    report = joined(inspect("a.geojson")[1])
    assert "nothing: it has polygons of typically" in report and " km², and columns such as NAME #" in report
    assert "paste it" not in report


def test_a_register_of_several_portals_and_datums_says_which_it_takes(
    inspect: Inspect, tmp_path: Path
) -> None:
    rows = "".join(
        f"{portal},园{i},路{i}号,{121.61 + i / 1000},{38.91},{121.6 + i / 1000},{38.9},5\n"
        for portal, n in (("a", 3), ("b", 2))
        for i in range(n)
    )
    report = inspect(
        "estates.csv", f"portal,name,address,bd09_lng,bd09_lat,wgs84_lng,wgs84_lat,households\n{rows}"
    )[1]
    assert (
        'where = { portal = ["a"] }' in report
        and 'x = "wgs84_lng"' in report
        and "datum" not in suggested(report)
    )
    assert (
        "2 names are listed by several of portal (a 3, b 2)" in report
        and "other coordinates too, which are not used: bd09_lng, bd09_lat (bd09)" in report
    )
    assert ingested(tmp_path, report, "register")["rows_taken"] == 3
    report = inspect("gcj.csv", rows and "name,gcj_lng,gcj_lat,households\n园,121.6,38.9,5\n")[1]
    assert 'datum = "gcj02"' in report


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "a,b\n1,2\n3,4\n", "NO ENTRY: no column has a name that is known here"),
        ("a.csv", 'id,geometry\n1,"POLYGON ((0 0,1 0,1 1,0 0))"\n', "NO ENTRY: its column geometry holds shapes as text"),
        ("a.csv", "code,name\n210203001,香炉礁街道\n210203004,日新街道\n", "TO ADD before it can be read: subdistricts need shapes"),
        ("合同.csv", "合同号,物业公司,到期日期\nh1,某物业,2025-01-01\n", "TO ADD before it can be read: area_id (the area served)"),
        ("楼栋.csv", "楼栋编号,层数,用途\nb1,6,住宅\n", "NO ENTRY: a list of buildings without their footprints"),
        ("台账.csv", "小区名称,X,Y,户数\n某园,500000,4300000,5\n", 'TO ADD before it can be read: crs = "EPSG:…"'),
        ("台账.csv", '小区名称,location,户数\n某园,"121.6,38.9",5\n', "location holds two coordinates in one"),
        ("台账.csv", "小区名称,户数\n某园,5\n某园,6\n某园,7\n某园,8\n", "AS IT STANDS IT IS REFUSED"),
    ],
)  # fmt: skip
def test_what_has_to_be_added_is_said_above_the_entry(
    inspect: Inspect, name: str, text: str, said: str
) -> None:
    code, report, _ = inspect(name, text)
    assert code == 0
    assert said in joined(report.split("suggested  ")[1].split("[[inputs.")[0])


def test_of_a_drawing_the_layers_of_houses_are_taken(inspect: Inspect, tmp_path: Path) -> None:
    shapes = [shapely.box(500000 + 30 * i, 4300000, 500010 + 30 * i, 4300010) for i in range(4)]
    write(
        gpd.GeoDataFrame({"Layer": ["JMD", "JMD", "TREE", "JMD"]}, geometry=shapes),
        tmp_path / "raw" / "a.dxf",
        driver="DXF",
        metadata=None,
    )
    report = joined(inspect("a.dxf")[1])
    assert (
        'where = { Layer = ["JMD"] }' in report
        and "several layers (JMD 3, TREE 1)" in report
        and 'TO ADD before it can be read: crs = "EPSG:…"' in report
    )


def test_areas_are_told_in_the_unit_of_their_coordinates(inspect: Inspect, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=grid(HOUSE, gap=STREET), crs="EPSG:4326")
    write(
        frame.set_geometry(frame.translate(-195.5, 1.8)).set_crs("EPSG:4326").to_crs("EPSG:2263"),
        tmp_path / "raw" / "feet.gpkg",
    )
    assert re.search(r"polygons of typically 3\d\d m²", joined(inspect("feet.gpkg")[1]))
