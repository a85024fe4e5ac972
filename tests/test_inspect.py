"""`inspect` at the command line: what is in a file, and an entry that can be pasted into the
configuration.
"""

from __future__ import annotations

import json
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely

from pipeline.cli import main
from pipeline.config import Config
from pipeline.georeferencing.location import looks_like
from pipeline.raw.display import cut, quoted, width
from tests.conftest import Inspect

DISTRICT = """
[district]
code = "210203"
name_zh = "小区"
name_en = "Little District"
crs = "EPSG:4550"
as_of = 2026-09-30
"""
BUILDINGS = '[[inputs.buildings]]\npath = "other.geojson"\n'


def suggested(report: str) -> str:
    """The entries in a report."""
    end = r"(?=^(?:layer {6}|sheet {6}|not shown|inspect {4})|\Z)"
    return "".join(re.findall(rf"^\[\[inputs\..*?{end}", report, re.MULTILINE | re.DOTALL))


def ingested(tmp_path: Path, report: str, table: str) -> dict[str, Any]:
    """What became of the file when its suggested entry is pasted into a minimal configuration."""
    toml = DISTRICT + suggested(report) + ("" if table == "buildings" else BUILDINGS)
    (tmp_path / "d.toml").write_text(toml, encoding="utf-8")
    assert {name for name, files in Config.load(tmp_path / "d.toml").inputs.items() if files} == {
        table,
        "buildings",
    }
    places = [
        "--config",
        str(tmp_path / "d.toml"),
        "--raw",
        str(tmp_path / "raw"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(["ingest", table, *places]) == 0
    return json.loads((tmp_path / "out" / "tables" / f"{table}.intake.json").read_text(encoding="utf-8"))[
        "files"
    ][0]


def houses(count: int = 4, crs: str = "EPSG:4326", **columns: list[Any]) -> gpd.GeoDataFrame:
    shapes = [shapely.box(121.6 + i / 1000, 38.9, 121.6003 + i / 1000, 38.9002) for i in range(count)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_crs(crs)


def write(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, engine="pyogrio", **options)
    return path


FOUR = {
    "楼栋编号": ["b1", "b2", "b3", "b4"],
    "总层数": ["6层", "7层", "6层", "18层"],
    "用途": ["住宅", "商业", "车库", "小学"],
    "地址": ["胜利路1号", None, None, None],
}


def test_a_shapefile_of_an_office_gives_an_entry_that_ingest_takes(inspect: Inspect, tmp_path: Path) -> None:
    write(houses(**FOUR), tmp_path / "raw" / "楼栋.shp", encoding="gb18030")
    for suffix in (".cpg", ".prj"):
        (tmp_path / "raw" / f"楼栋{suffix}").unlink()
    code, report, _ = inspect("楼栋.shp")
    assert code == 0
    assert "no CRS is stated; they look like longitude and latitude" in report
    for line in (
        'encoding = "gb18030"',
        'crs = "EPSG:4326"',
        'floors = "总层数"',
        'use = "用途"',
        'residential = ["住宅"',
        'auxiliary = ["车库"]',
    ):
        assert line in report
    log = ingested(tmp_path, report, "buildings")
    assert (log["rows_read"], log["rows_taken"]) == (4, 4)


@pytest.mark.parametrize(
    ("table", "name", "text", "taken"),
    [
        ("register", "台账.csv", "小区名称,地址,栋数,物业公司,经度,纬度\n香海花园,胜利路1号,3栋,某物业,121.6,38.9\n", 1),
        ("contracts", "合同.csv", "合同编号,area_id,物业服务企业,签订日期,到期日期\nh1,a1,某物业,2020-01-01,2023-12-31\n", 1),
        ("assessments", "考核.csv", "area_id,季度,维修,秩序,保洁,绿化,档案\na1,2026Q1,20,20,15,8,9\n", 1),
        ("decisions", "decisions.csv", "building_id,area_id,decided_by,decided_on,note\nb1,a1,某人,2026-01-01,x\n", 1),
        ("entries", "条目明细.csv", "序号,区域编号,地址,building_ids\n1,a1,胜利路1-9号,b1;b2\n", 1),
    ],
)  # fmt: skip
def test_a_table_without_geometry_gives_an_entry_that_ingest_takes(
    inspect: Inspect, tmp_path: Path, table: str, name: str, text: str, taken: int
) -> None:
    code, report, _ = inspect(name, text)
    assert code == 0 and f"[[inputs.{table}]]" in report
    assert ingested(tmp_path, report, table)["rows_taken"] == taken


@pytest.mark.parametrize(
    ("table", "name", "geometry", "columns"),
    [
        ("barriers", "roads.geojson", shapely.LineString([(121.6, 38.9), (121.61, 38.9)]), {"highway": "primary", "name": "中山路"}),
        ("barriers", "lines.geojson", shapely.LineString([(121.6, 38.9), (121.61, 38.9)]), {"n": 1}),
        ("land", "地块.geojson", shapely.box(121.6, 38.9, 121.602, 38.902), {"用地性质": "公园绿地"}),
        ("subdistricts", "街道.geojson", shapely.box(121.6, 38.9, 121.63, 38.93), {"代码": "210203001", "名称": "香炉礁街道"}),
        ("communities", "社区.geojson", shapely.box(121.6, 38.9, 121.61, 38.91), {"代码": "210203001001", "名称": "工人村社区"}),
        ("compounds", "compounds.geojson", shapely.box(121.6, 38.9, 121.602, 38.902).exterior, {"name": "某花园"}),
        ("register", "places.geojson", shapely.Point(121.6, 38.9), {"mc": "某小区"}),
    ],
)  # fmt: skip
def test_shapes_of_each_kind_give_an_entry_that_ingest_takes(
    inspect: Inspect, tmp_path: Path, table: str, name: str, geometry: Any, columns: dict[str, Any]
) -> None:
    write(gpd.GeoDataFrame([columns], geometry=[geometry], crs="EPSG:4326"), tmp_path / "raw" / name)
    code, report, _ = inspect(name)
    assert code == 0 and f"[[inputs.{table}]]" in report
    assert ingested(tmp_path, report, table)["rows_taken"] == 1


def test_each_layer_sheet_or_data_set_gives_an_entry_of_its_own(inspect: Inspect, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write(houses(2, floors=[1, 2]), raw / "a.gpkg", layer="houses")
    write(houses(3, floors=[1, 2, 3]), raw / "a.gpkg", layer="more")
    write(houses(1, floors=[1]), tmp_path / "b.geojson")
    with zipfile.ZipFile(raw / "all.zip", "w") as archive:
        archive.write(raw / "a.gpkg", "x/a.gpkg")
        archive.write(tmp_path / "b.geojson", "b.geojson")
    code, report, _ = inspect("a.gpkg")
    assert (
        code == 0
        and 'layer = "houses"' in report
        and 'layer = "more"' in report
        and "more: 3 rows, Polygon, 1 column, CRS EPSG:4326" in report
    )
    code, report, _ = inspect("all.zip")
    assert code == 0 and all(
        f'layer = "{name}"' in report for name in ("x/a.gpkg/houses", "x/a.gpkg/more", "b.geojson")
    )
    code, report, _ = inspect("all.zip", None, "--layer", "x/a.gpkg/more")
    assert code == 0 and "rows       3" in report and report.count("[[inputs.") == 1
    assert ingested(tmp_path, report, "buildings")["rows_taken"] == 3
    book = openpyxl.Workbook()
    for title in ("说明", "登记"):
        page = book.create_sheet(title)
        page.append(["小区名称", "户数"])
        page.append(["某园", 5])
    del book["Sheet"]
    book.save(raw / "台账.xlsx")
    code, report, _ = inspect("台账.xlsx")
    assert code == 0 and 'sheet = "说明"' in report and 'sheet = "登记"' in report


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("a.dwg", b"AC1032", "save it as DXF"),
        ("a.gpkg", b"not a database", "is no GeoPackage"),
        ("a.zip", b"PK\x03\x04broken", "can't be unpacked"),
        ("a.csv", "name\n", "it has a header but no rows"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "empty"),
        ("a.kml", "<OGRVRTDataSource/>", "is no KML"),
        ("missing.csv", None, "no such file"),
    ],
)
def test_a_file_that_ingest_refuses_says_why(
    inspect: Inspect, name: str, content: str | bytes | None, seen: str
) -> None:
    code, _, said = inspect(name, content)
    assert code == 1
    assert re.search(rf"refused .*{seen}", " ".join(said.split()))


def test_of_a_file_that_is_refused_what_can_be_seen_is_shown(inspect: Inspect, tmp_path: Path) -> None:
    write(houses(2, floors=[1, 2]), tmp_path / "raw" / "a.gpkg", layer="houses")
    write(houses(0, floors=[]), tmp_path / "raw" / "a.gpkg", layer="nothing")
    code, report, _ = inspect("a.gpkg")
    assert (
        code == 0
        and "nothing: 0 rows" in report
        and "refused    a.gpkg: empty" in report
        and "[[inputs.buildings]]" in report
    )


def test_a_district_tells_whether_coordinates_lie_in_it(inspect: Inspect, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    office = gpd.GeoDataFrame(
        {"subdistrict_code": ["210203001"]},
        geometry=[shapely.box(121.59, 38.89, 121.65, 38.95)],
        crs="EPSG:4326",
    )
    write(office, raw / "s.geojson")
    (tmp_path / "d.toml").write_text(
        DISTRICT + BUILDINGS + '[[inputs.subdistricts]]\npath = "s.geojson"\n', encoding="utf-8"
    )
    config = ("--config", str(tmp_path / "d.toml"))
    write(houses(3, floors=[1, 2, 3]), raw / "in.geojson")
    assert "100% of the rows lie in its subdistricts" in " ".join(
        inspect("in.geojson", None, *config)[1].split()
    )
    write(
        houses(3, crs="EPSG:4550", floors=[1, 2, 3]).set_crs("EPSG:4326", allow_override=True),
        raw / "zone.gpkg",
    )
    report = inspect("zone.gpkg", None, *config)[1]
    assert "do not agree with its CRS" in " ".join(report.split()) and 'crs = "EPSG:4550"' in report.replace(
        "'", '"'
    )
    far = houses(3, floors=[1, 2, 3])
    write(far.assign(geometry=far.translate(0.4, 0.3)), raw / "far.geojson")
    assert "none in its subdistricts" in " ".join(inspect("far.geojson", None, *config)[1].split())
    (tmp_path / "d.toml").write_text(
        DISTRICT + BUILDINGS + "[limits]\nfile_max_bytes = 10\n", encoding="utf-8"
    )
    code, _, said = inspect("in.geojson", None, *config)
    assert code == 1 and "limits.file_max_bytes" in said


@pytest.mark.parametrize(
    ("box", "crs", "words"),
    [
        ((121.6, 38.9, 121.7, 39), "EPSG:4326", "longitude and latitude"),
        ((38.9, 121.6, 39, 121.7), "", "wrong order"),
        ((13537000, 4700000, 13538000, 4701000), "EPSG:3857", "web mercator"),
        ((41509000, 4307000, 41510000, 4308000), "EPSG:4529", "zone 41"),
        ((21509000, 4307000, 21510000, 4308000), "EPSG:4499", "zone 21"),
        ((509000, 4307000, 510000, 4308000), "", "nothing says of which"),
        ((0, 0, 1867, 2768), "", "local coordinates"),
    ],
)
def test_coordinates_look_like_what_they_are_by_their_size(
    box: tuple[float, ...], crs: str, words: str
) -> None:
    code, said = looks_like(*box)
    assert code == crs and words in said


def test_hostile_text_neither_acts_in_a_terminal_nor_breaks_the_entry(
    inspect: Inspect, tmp_path: Path
) -> None:
    name = 'a"\\\x1b[2J\u202e\n]\x7fname'
    properties = {name: "\x1b]0;x\x07\r\n[district]", "层数": 3, "长": "长" * 5000}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(houses(1).geometry[0]),
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    code, report, _ = inspect("a.geojson", text)
    assert code == 0
    assert not set(report) & {"\x1b", "\x07", "\x7f", "\u202e", "\r"}
    assert ingested(tmp_path, report, "buildings")["rows_taken"] == 1


def test_the_report_fits_into_a_hundred_columns_however_wide_its_characters(inspect: Inspect) -> None:
    header = ",".join(
        ["小区名称", "一个非常非常非常长的列名称一个非常非常非常长的列名称", *(f"列{i}" for i in range(80))]
    )
    row = ",".join(["某某花园" * 20, "值" * 60, *("甲乙丙丁" * 10 for _ in range(80))])
    code, report, _ = inspect("宽.csv", f"{header}\n{row}\n")
    assert code == 0 and "… and 22 more columns" in report
    above = report.split("[[inputs.")[0]
    assert max(width(line) for line in above.split("\n")) <= 100


def test_text_is_cut_to_columns_and_quoted_for_toml() -> None:
    assert [cut("中文名称", most) for most in (8, 7, 5)] == ["中文名称", "中文名…", "中文…"]
    assert cut("\x1b[0m", 20) == r"\x1b[0m"
    assert quoted('a"\\\n') == '"a\\"\\\\\\U0000000a"'


def test_openstreetmap_gives_an_entry_for_what_is_meant(inspect: Inspect, tmp_path: Path) -> None:
    corners = [(0, 0), (2e-4, 0), (2e-4, 2e-4), (0, 2e-4)]
    nodes = "".join(
        f'<node id="{i}" version="1" lat="{38.9 + y}" lon="{121.6 + x}"/>'
        for i, (x, y) in enumerate(corners, 1)
    )
    way = '<way id="9" version="1">{}{}</way>'
    refs = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
    house = way.format(
        refs,
        '<tag k="building" v="apartments"/><tag k="building:levels" v="6"/><tag k="addr:street" v="胜利路"/>',
    )
    road = way.format('<nd ref="1"/><nd ref="2"/>', '<tag k="highway" v="service"/>').replace('"9"', '"8"')
    code, report, _ = inspect("d.osm", f'<?xml version="1.0"?><osm version="0.6">{nodes}{road}{house}</osm>')
    assert code == 0
    assert (
        'layer = "multipolygons"' in report
        and 'where = { building = ["*"] }' in report
        and 'where = { highway = ["*"] }' in report
    )
    assert 'building_id = "osm"' in report and 'floors = "building:levels"' in report
    only = inspect("d.osm", None, "--layer", "multipolygons")[1]
    assert ingested(tmp_path, only, "buildings")["rows_taken"] == 1
