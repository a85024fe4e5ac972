"""Reading raw files: every row is given or refused, and a file that can't be read says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from pipeline.raw.errors import SourceError
from pipeline.readers import geojson, vector

from .conftest import Reader, collection, feature, polygon, ring

MEMBERS = [
    polygon(121.6, 38.9, name="good"),
    feature({"type": "Polygon", "coordinates": [ring(121.6, 38.9)[:-2]]}, name="open"),
    feature(None, name="null"),
    feature({"type": "Point", "coordinates": [121.6, 38.9]}, name="point"),
    feature(
        {"type": "Polygon", "coordinates": [[[121.6, 38.9], [121.7, "x"], [121.7, 39], [121.6, 38.9]]]},
        name="text",
    ),
    feature({"type": "Triangle", "coordinates": []}, name="unknown"),
    {"type": "Thing"},
    'junk, with [brackets] and "quotes"',
    None,
    polygon(121.61, 38.9, name='last "one", \\ [really]'),
]


def test_every_member_of_a_geojson_is_given_or_refused(read: Reader) -> None:
    raw = read("a.geojson", collection(*MEMBERS))
    assert raw.rows_read == len(MEMBERS) == len(raw.rows) + len(raw.refused)
    assert raw.rows.index.tolist() == [1, 3, 4, 10]
    assert raw.rows["name"].tolist() == ["good", "null", "point", 'last "one", \\ [really]']
    assert dict(zip(raw.refused["source_row"], raw.refused["reason"], strict=True)) == {
        2: "unclosed_ring",
        5: "unreadable_geometry",
        6: "unreadable_geometry",
        7: "not_a_feature",
        8: "not_a_feature",
        9: "not_a_feature",
    }


def test_a_refused_record_is_kept_as_it_was(read: Reader) -> None:
    raw = read("a.geojson", collection(*MEMBERS[:2]))
    kept = json.loads(raw.refused["raw"].iloc[0])
    assert kept == {"name": "open", "geometry": MEMBERS[1]["geometry"]}


@pytest.mark.parametrize("size", [*range(44, 60), 1 << 24])
def test_members_are_counted_whatever_the_size_of_the_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(collection(*MEMBERS), "utf-8")
    monkeypatch.setattr(geojson, "CHUNK", size)
    assert geojson.count_members(path) == len(MEMBERS)


def test_an_infinite_coordinate_costs_one_row(read: Reader) -> None:
    text = collection(polygon(121.6, 38.9), polygon(121.61, 38.9)).replace("121.61,", "1e999,")
    raw = read("a.geojson", text)
    assert len(raw.rows) == 2
    assert "row by row" in raw.notes[0]


def test_a_row_on_which_the_slow_reader_fails_costs_one_row(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fiona

    def failing(source: Any) -> Any:
        class Broken:
            def __init__(self) -> None:
                self.inner, self.count = original(source), 0

            def __iter__(self) -> Any:
                return self

            def __next__(self) -> Any:
                self.count += 1
                found = next(self.inner)
                if self.count == 2:
                    raise fiona.errors.FionaValueError("broken row")
                return found

        return Broken()

    original = fiona.Collection.__iter__
    monkeypatch.setattr(fiona.Collection, "__iter__", failing)
    monkeypatch.setattr(vector, "_bulk", lambda *_: (_ for _ in ()).throw(RuntimeError("refused")))
    raw = read("a.geojson", collection(*(polygon(121.6 + i / 1000, 38.9, name=str(i)) for i in range(3))))
    assert raw.rows["name"].tolist() == ["0", "2"]
    assert raw.refused[["source_row", "reason", "detail"]].to_numpy().tolist() == [
        [2, "unreadable_row", "it is damaged, or not what its name says"]
    ]


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.fgb", "a.geojson", "a.parquet"])
def test_formats_with_geometry_give_the_same(read: Reader, tmp_path: Path, name: str) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["胜利路", "石道街"], "floors": [6, 7]},
        geometry=[shapely.box(121.6, 38.9, 121.601, 38.901), shapely.box(121.61, 38.9, 121.611, 38.901)],
        crs=4326,
    )
    if name.endswith("parquet"):
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_file(tmp_path / name, engine="pyogrio", encoding="utf-8")
    raw = read(name)
    rows = raw.rows.sort_values("name")
    assert rows["name"].tolist() == ["石道街", "胜利路"]
    assert rows["floors"].tolist() == [7, 6]
    assert sorted(raw.rows.index) == [1, 2]
    assert rows.crs.to_epsg() == 4326
    assert shapely.equals(rows.geometry.to_numpy(), frame.geometry.to_numpy()[::-1]).all()


@pytest.mark.parametrize("stated", ["", "gbk"])
def test_a_shapefile_in_gbk_without_a_cpg(read: Reader, tmp_path: Path, stated: str) -> None:
    frame = gpd.GeoDataFrame(
        {"名称": ["学苑路", "胜利路", "石道街"]}, geometry=[shapely.Point(121.6, 38.9)] * 3, crs=4326
    )
    frame.to_file(tmp_path / "a.shp", engine="pyogrio", encoding="gb18030")
    (tmp_path / "a.cpg").unlink()
    raw = read("a.shp", encoding=stated)
    assert raw.rows["名称"].tolist() == ["学苑路", "胜利路", "石道街"]
    assert raw.encoding.startswith("gb18030")


def test_a_geopackage_with_two_layers_wants_a_name(read: Reader, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(121.6, 38.9)], crs=4326)
    for layer in ("houses", "roads"):
        frame.to_file(tmp_path / "a.gpkg", layer=layer, engine="pyogrio")
    with pytest.raises(SourceError, match=r"a\.gpkg: has 2 layers \(houses, .*; roads, "):
        read("a.gpkg")
    with pytest.raises(SourceError, match="did you mean 'houses'"):
        read("a.gpkg", layer="house")
    assert len(read("a.gpkg", layer="roads").rows) == 1


def test_esri_json(read: Reader) -> None:
    text = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {"NAME": "a"}, "geometry": {"rings": [ring(121.6, 38.9)]}}],
    }
    raw = read("a.json", json.dumps(text))
    assert raw.rows["NAME"].tolist() == ["a"]
    assert raw.rows_read == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "name,n\n胜利路,51栋\n\n石道街,\n".encode("gb18030")),
        ("a.csv", "\ufeffname;n\n胜利路;51栋\n石道街;\n".encode()),
        ("a.tsv", "name\tn\n胜利路\t51栋\n石道街\t\n".encode()),
    ],
)
def test_tables_as_text(read: Reader, name: str, content: bytes) -> None:
    raw = read(name, content)
    assert raw.rows.to_numpy().tolist() == [["胜利路", "51栋"], ["石道街", ""]]
    assert raw.rows.index.tolist() == [1, 2]
    assert raw.crs == ""


def test_a_line_with_too_many_fields_costs_one_row(read: Reader) -> None:
    raw = read("a.csv", "name,n\na,1\nb,2,3\nc\n")
    assert raw.rows.to_numpy().tolist() == [["a", "1"], ["c", ""]]
    assert raw.refused[["source_row", "reason", "raw"]].to_numpy().tolist() == [
        [2, "ragged_row", '["b", "2", "3"]']
    ]
    assert raw.rows_read == 3


def test_a_workbook(read: Reader, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "n", "day", "share", None])
    book.active.append(["胜利路", 51, pd.Timestamp("2019-06-01").to_pydatetime(), 0.5, None])
    book.active.append([None, None, None, None, None])
    book.active.append(["石道街", 12.0, None, True, None])
    book.create_sheet("other").append(["x"])
    book.save(tmp_path / "a.xlsx")
    raw = read("a.xlsx")
    assert raw.rows.to_numpy().tolist() == [
        ["胜利路", "51", "2019-06-01", "0.5"],
        ["石道街", "12", "", "true"],
    ]
    with pytest.raises(SourceError, match="no sheet 'othr'; did you mean 'other'"):
        read("a.xlsx", sheet="othr")
    with pytest.raises(SourceError, match="empty"):
        read("a.xlsx", sheet="other")


def test_coordinate_columns_become_points(read: Reader) -> None:
    raw = read("a.csv", "name,lon,lat\na,121.6,38.9\nb,,\nc,x,38.9\n", x="lon", y="lat")
    assert raw.rows.geometry.iloc[0].equals(shapely.Point(121.6, 38.9))
    assert raw.rows.geometry.isna().tolist() == [False, True, True]
    assert raw.rows.crs.to_epsg() == 4326
    assert "2 rows (2, 3) without a readable lon, lat" in raw.notes
    with pytest.raises(SourceError, match="no column 'lng' for coordinates; did you mean 'lon'"):
        read("a.csv", x="lng", y="lat")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.geojson", None, "no such file"),
        ("a.docx", b"x", "not a format read here"),
        ("a.geojson", b"", "empty: 0 bytes"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "empty: it has no rows"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"type"', "can't be read as GeoJSON"),
        ("a.geojson", '{"hello": 1}', "neither GeoJSON nor ESRI JSON"),
        ("a.geojson", "<OGRVRTDataSource></OGRVRTDataSource>", "is no GeoJSON"),
        (
            "a.geojson",
            '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read x"}',
            "neither GeoJSON nor ESRI JSON",
        ),
        ("a.gpkg", b"PK\x03\x04", "is no GeoPackage"),
        ("a.shp", b"<html>", "is no Shapefile, whatever its name says; it begins as a web page does"),
        ("a.parquet", b"PAR1 and nothing else", "can't be read as GeoParquet"),
        ("a.fgb", b"fgb\x03fgb\x00 cut", "can't be read as FlatGeobuf"),
        ("a.xlsx", b"no workbook", "not an Excel workbook"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"name,n\n", "empty"),
        ("a.csv", b"name,n\n\n,\n", "empty"),
        ("a.csv", b"name\n" + bytes(range(255, 127, -1)), "its text is not"),
        ("a.csv", 'name\n"' + "x" * 1_100_000, "quotation mark"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(read: Reader, name: str, content: Any, message: str) -> None:
    with pytest.raises(SourceError) as found:
        read(name, content)
    assert str(found.value).startswith(name)
    assert message in str(found.value)


def test_a_gdal_pipeline_dressed_as_geojson_is_not_run(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.geojson").write_text(collection(polygon(121.6, 38.9)))
    command = (
        f"gdal vector pipeline ! read {tmp_path / 'secret.geojson'} ! write --output-format=stream"
        " streamed_dataset"
    )
    text = json.dumps(
        {"type": "gdal_streamed_alg", "command_line": command, "note": {"type": "FeatureCollection"}}
    )
    with pytest.raises(SourceError, match="can't be read as GeoJSON"):
        read("a.geojson", text)


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/https://example.org/a.geojson",
        "https://example.org/a.geojson",
        "GPKG:a.gpkg",
        "/vsizip//a.zip/a.shp",
    ],
)
def test_remote_and_virtual_names_are_refused(read: Reader, name: str) -> None:
    with pytest.raises(SourceError, match="remote or virtual"):
        read(name)


def test_an_unknown_crs_is_refused(read: Reader) -> None:
    with pytest.raises(SourceError, match="EPSG:99999"):
        read("a.geojson", collection(polygon(121.6, 38.9)), crs="EPSG:99999")


def test_an_empty_folder_holds_no_data_set(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.shp").mkdir()
    with pytest.raises(SourceError, match="holds no data set"):
        read("a.shp")


@pytest.mark.parametrize(
    ("path", "entry", "rows", "encoding", "column", "value"),
    [
        ("laura76/poi.shp", {}, 3185, "gb18030", "name", "漠河市"),
        ("laura76/china.shp", {}, 2, "utf-8", "OBJECTID", 296),
        ("tianjin/河西站点.shp", {}, 1961, "gb18030", "name", "学苑路"),
        ("yanzhe/面84.shp", {}, 1, "gb18030", "NAME", "湖北省"),
        ("yanzhe/面albers.shp", {}, 21, "utf-8", "图斑编", "13/3"),
        ("wrong_crs/DERIVED_wuhan_buildings_esri.json", {}, 99, "utf-8", "OBJECTID", 1),
        ("wrong_crs/zeph_buildingGeoJSON.geojson", {}, 39, "utf-8", "name", "崇义楼"),
    ],
)
def test_real_messy_files(
    shared_data: Path, path: str, entry: dict[str, Any], rows: int, encoding: str, column: str, value: Any
) -> None:
    from pipeline.config import InputFile
    from pipeline.readers.read import read_file

    raw = read_file(shared_data / "messy" / path, InputFile(path, **entry), name=path)
    assert raw.rows_read == rows
    assert raw.encoding.startswith(encoding)
    assert next(raw.rows[c].iloc[0] for c in raw.rows.columns if c.startswith(column)) == value


def test_a_shapefile_without_its_index_gets_one_elsewhere(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "china.shp").write_bytes((shared_data / "messy/yanzhe/china.shp").read_bytes())
    from pipeline.config import InputFile
    from pipeline.readers.read import read_file

    raw = read_file(tmp_path / "china.shp", InputFile("china.shp"), name="china.shp")
    assert raw.rows_read == 2301
    assert "its .shx (index) is missing and was made again" in raw.notes
    assert [p.name for p in tmp_path.iterdir()] == ["china.shp"]
