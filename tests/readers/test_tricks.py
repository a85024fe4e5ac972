"""Files that would be opened, run or unpacked without end: refused by what they say, before anything makes
sense of it; and the unusual that is read right."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from pipeline.config import ConfigError, Limits, references
from pipeline.config.checked import build_district
from pipeline.georeferencing import crs
from pipeline.raw.errors import SourceError
from pipeline.readers import nesting, shapes

from .conftest import Reader, collection, polygon

HOUSE = polygon(121.6, 38.9, name="a")
HOUSES = gpd.GeoDataFrame(
    {"name": ["a", "b"]}, geometry=[shapely.box(121.6, 38.9, 121.61, 38.91)] * 2, crs=4326
)
GEODETIC = 'GEOGCRS["g",DATUM["d",ELLIPSOID["s",6378137,298]],CS[ellipsoidal,2],AXIS["lat",north],AXIS["lon",east],ANGLEUNIT["degree",0.0174]]'
BOUND = f'BOUNDCRS[SOURCECRS[{GEODETIC}],TARGETCRS[{GEODETIC}],ABRIDGEDTRANSFORMATION["x",{{}}]]'
#: What PROJ or GDAL would open FILE for.
OPENING = [
    "+proj=pipeline +step +proj=hgridshift +grids=FILE",
    "proj=pipeline step proj=hgridshift grids=FILE",
    "+proj=hgridshift +grids=FILE +type=crs",
    "+proj=longlat +nadgrids=FILE",
    "+proj=longlat +nadgrids=@null,FILE",
    "+proj=longlat +ellps=WGS84 +geoidgrids=FILE",
    "+init=FILE:x",
    "init=FILE:x",
    "+proj=longlat +catalog=FILE",
    "+proj=tinshift +file=FILE",
    'GEOGCS["g",DATUM["d",SPHEROID["s",6378137,298],EXTENSION["PROJ4_GRIDS","FILE"]],PRIMEM["G",0],UNIT["degree",0.0174]]',
    (
        'PROJCS["p",GEOGCS["g",DATUM["d",SPHEROID["s",6378137,298]],PRIMEM["G",0],UNIT["degree",0.0174]],PROJECTION["Mercator_1SP"],UNIT["metre",1],EXTENSION["PROJ4","+proj=merc'
        ' +nadgrids=FILE +wktext"]]'
    ),
    BOUND.format(
        'METHOD["NTv2",ID["EPSG",9615]],ParameterFile ["Latitude and longitude difference file","FILE"]'
    ),
    BOUND.format('METHOD["PROJ-based operation method: +proj=pipeline +step +proj=hgridshift +grids=FILE"]'),
    (
        '{"type": "BoundCRS", "transformation": {"parameters": [{"name": "Latitude and longitude difference'
        ' file", "\\u0076alue": "FILE"}]}}'
    ),
]


@pytest.fixture
def pipe(tmp_path: Path) -> str:
    """A pipe beside the raw files: whoever opens it waits for ever."""
    os.mkfifo(tmp_path / "pipe")
    return str(tmp_path / "pipe")


def geoparquet(path: Path, geometry: Any, encoding: str = "WKB", **columns: Any) -> None:
    stated = {
        "encoding": encoding,
        "geometry_types": [],
        **({"crs": columns.pop("crs")} if "crs" in columns else {}),
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": stated}}
    pq.write_table(
        pa.table({**columns, "geometry": geometry}).replace_schema_metadata(
            {b"geo": json.dumps(geo).encode()}
        ),
        path,
    )


@pytest.mark.parametrize("definition", OPENING)
def test_a_crs_that_names_a_file_or_steps_is_refused_wherever_it_stands(
    read: Reader, tmp_path: Path, pipe: str, definition: str
) -> None:
    text = definition.replace("FILE", pipe)
    assert references.fault(text)
    with pytest.raises(ConfigError, match=r"district\.crs"):
        build_district(
            {
                "code": "1",
                "name_zh": "a",
                "name_en": "a",
                "crs": text,
                "as_of": __import__("datetime").date(2026, 1, 1),
            }
        )
    (tmp_path / "a.geojson").write_text(
        collection(HOUSE, crs={"type": "name", "properties": {"name": text}}).replace('"crs"', '"\\u0063rs"')
    )
    HOUSES.to_file(tmp_path / "b.shp", engine="pyogrio")
    (tmp_path / "b.prj").write_text(text)
    HOUSES.to_file(tmp_path / "c.gpkg", engine="pyogrio")
    with sqlite3.connect(tmp_path / "c.gpkg") as database:
        database.execute(
            "UPDATE gpkg_spatial_ref_sys SET organization = 'NONE', definition = ? WHERE srs_id = 4326",
            (text,),
        )
    database.close()
    geoparquet(tmp_path / "d.parquet", pa.array(shapely.to_wkb(HOUSES.geometry.to_numpy())), crs=text)
    for name in ("a.geojson", "b.shp", "c.gpkg", "d.parquet"):
        with pytest.raises(SourceError, match=f"{name}: (the CRS it states is not taken|states a CRS)"):
            read(name)


@pytest.mark.parametrize(
    "code", ["EPSG:4550", "EPSG:3857", "EPSG:4490", "ESRI:102025", "EPSG:27700", "OGC:CRS84", "EPSG:2000"]
)
def test_codes_and_definitions_in_numbers_are_taken_however_they_are_written(code: str) -> None:
    known = pyproj.CRS(code)
    for text in (
        code,
        known.to_wkt(),
        known.to_wkt("WKT1_GDAL") if code != "OGC:CRS84" else "",
        known.to_json(),
    ):
        assert crs.known(text).name == known.name if text else crs.known(text) is None
    assert (
        references.fault(
            "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=5e5 +y_0=0 +ellps=krass +towgs84=1,2,3,0,0,0,0"
            " +units=m +no_defs"
        )
        == ""
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "/etc/passwd",
        "WGS 84",
        "EPSG:999999",
        "file:a",
        "http://x/crs",
        "[" * 50_000,
        "+",
        "{" * 9,
    ],
)
def test_what_is_no_crs_is_no_crs(text: str) -> None:
    with pytest.raises(SourceError):
        crs.check_district(text or "x")
    with pytest.raises(SourceError, match="not a projected CRS in metres"):
        crs.check_district("EPSG:4326")


@pytest.mark.parametrize(
    "prj",
    [
        'LOCAL_CS["x",UNIT["m",1]]',
        'ENGCRS["s",EDATUM["s"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north]]',
        "?",
    ],
)
def test_a_prj_of_local_coordinates_says_no_place(read: Reader, tmp_path: Path, prj: str) -> None:
    HOUSES.to_file(tmp_path / "a.shp", engine="pyogrio")
    (tmp_path / "a.prj").write_text(prj)
    assert read("a.shp").rows.crs is None
    assert read("a.shp", crs="EPSG:4326").rows.crs == 4326


PARTS = [("a.shp", part) for part in ("dbf", "prj", "cpg", "shx", "sbn", "DBF")]
PARTS += [("a.gpkg", "gpkg-wal"), ("a.gpkg", "gpkg-journal"), ("a.tab", "dat")]


@pytest.mark.parametrize(("file", "part"), PARTS)
def test_a_pipe_or_socket_as_a_part_is_refused_and_not_waited_for(
    read: Reader, tmp_path: Path, file: str, part: str
) -> None:
    HOUSES.to_file(tmp_path / file, engine="pyogrio")
    (tmp_path / f"a.{part}").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        if part == "prj":
            listening.bind(os.path.relpath(tmp_path / "a.prj"))
        else:
            os.mkfifo(tmp_path / f"a.{part}")
        with pytest.raises(SourceError, match=f"a.{part} is no file but a pipe, a socket or a device"):
            read(file)


def test_a_pipe_among_the_files_of_a_folder_is_refused(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "a.geojson").write_text(collection(HOUSE))
    os.mkfifo(tmp_path / "all" / "b.geojson")
    with pytest.raises(SourceError, match=r"b\.geojson is no file"):
        read("all")


REGISTERED = (
    (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('geometry_columns',"
        " 'features', 'g', 4326)"
    ),
    "INSERT INTO gpkg_geometry_columns VALUES ('geometry_columns', 'geom', 'POLYGON', 4326, 0, 0)",
)
SPATIAL_REF_SYS = (
    "CREATE VIEW spatial_ref_sys AS SELECT srs_id AS srid, definition AS srtext FROM gpkg_spatial_ref_sys"
)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (
            ["ALTER TABLE a ADD COLUMN x TEXT GENERATED ALWAYS AS (hex(zeroblob(450000000))) VIRTUAL"],
            r"'a\.x', a column that is worked out",
        ),
        (
            ["CREATE VIEW geometry_columns AS SELECT a.fid, a.geom FROM a, a b, a c", *REGISTERED],
            "'geometry_columns', a view",
        ),
        (
            ["CREATE VIEW geometry_columns AS SELECT fid, geom FROM gpkg_spatial_ref_sys", *REGISTERED],
            "'geometry_columns', a view",
        ),
        (
            [
                "CREATE VIEW spatial_ref_sys AS WITH RECURSIVE c(x) AS (SELECT 1 UNION SELECT x + 1 FROM c)"
                " SELECT x FROM c"
            ],
            "a view",
        ),
        (["CREATE VIEW v AS SELECT * FROM json_each('[1]')"], "'v', a view"),
        (["CREATE VIRTUAL TABLE t USING fts4(x)"], "'t', a virtual table"),
        ([SPATIAL_REF_SYS], ""),
    ],
)
def test_a_geopackage_that_would_be_worked_out_as_it_is_read_is_refused(
    read: Reader, tmp_path: Path, statements: list[str], message: str
) -> None:
    HOUSES.to_file(tmp_path / "a.gpkg", layer="a", engine="pyogrio")
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    if not message:
        assert len(read("a.gpkg").rows) == 2
        return
    with pytest.raises(SourceError, match=message):
        read("a.gpkg")


def test_what_another_program_has_not_yet_written_into_a_geopackage_is_read_and_looked_at(
    read: Reader, tmp_path: Path
) -> None:
    HOUSES.to_file(tmp_path / "a.gpkg", layer="a", engine="pyogrio", SPATIAL_INDEX="NO")
    database = sqlite3.connect(tmp_path / "a.gpkg")
    database.execute("PRAGMA journal_mode = WAL")
    for trigger in ("trigger_insert_feature_count_a", "trigger_delete_feature_count_a"):
        database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    database.execute("UPDATE a SET name = 'new'")
    database.commit()
    before = sorted(
        (path.name, path.stat().st_mtime_ns) for path in tmp_path.iterdir() if not path.name.endswith("-shm")
    )
    assert read("a.gpkg").rows["name"].tolist() == ["new", "new"]
    assert (
        sorted(
            (path.name, path.stat().st_mtime_ns)
            for path in tmp_path.iterdir()
            if not path.name.endswith("-shm")
        )
        == before
    )
    database.execute("CREATE VIEW v AS SELECT 1")
    database.commit()
    with pytest.raises(SourceError, match="'v', a view"):
        read("a.gpkg")
    database.close()


def test_an_archive_of_many_members_is_held_to_the_ratio_as_a_whole(read: Reader, tmp_path: Path) -> None:
    for name in ("a.zip", "a.xlsx"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a.geojson", collection(HOUSE))
            for i in range(12):
                file.writestr(f"{i}.txt", bytes(2_000_000))
        with pytest.raises(
            SourceError,
            match=r"its 13 files unpack to more than limits\.unpack_ratio_max = 200 times its size",
        ):
            read(name)


def nested(depth: int, kind: int = 7, order: str = "<", before: bytes = b"") -> bytes:
    head = struct.pack(f"{order}BII", order == "<", kind, 1)
    return before + head * depth + struct.pack("<BIdd", 1, 1, 121.6, 38.9)


@pytest.mark.parametrize(
    "deep",
    [
        nested(15_000),
        nested(15_000, order=">"),
        nested(15_000, kind=6),
        nested(15_000, kind=1007),
        nested(15_000, kind=0x80000007),
        nested(15_000, before=struct.pack("<BIIBIdd", 1, 7, 2, 1, 1, 0.0, 0.0)),
    ],
)
def test_a_shape_nested_without_end_costs_its_row(read: Reader, tmp_path: Path, deep: bytes) -> None:
    house = shapely.to_wkb(HOUSES.geometry.iloc[0])
    geoparquet(tmp_path / "a.parquet", pa.array([house, deep, nested(400)]), name=["a", "b", "c"])
    raw = read("a.parquet")
    assert raw.rows["name"].tolist() == ["a", "c"]
    assert raw.refused[["source_row", "reason", "detail"]].to_numpy().tolist() == [
        [2, "unreadable_geometry", "shapes within shapes, more than 500 deep"]
    ]
    assert not nesting.too_deep(np.array([nested(499), nested(500)[:600], None, b""], dtype=object)).any()


def test_parts_and_holes_without_points_are_left_out() -> None:
    square = "((0 0,9 0,9 9,0 9,0 0)"
    given = [
        f"MULTIPOLYGON({square}),EMPTY)",
        f"MULTIPOLYGON(EMPTY,{square},EMPTY))",
        f"POLYGON{square},EMPTY)",
        "MULTIPOLYGON(((0 1,2 3,4 5,0 1)),EMPTY)",
        (
            f"GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POLYGON{square}),POINT"
            " EMPTY),MULTIPOLYGON(EMPTY)))"
        ),
    ]
    clean = shapes.clean(shapely.from_wkt(given), ("Polygon", "MultiPolygon"), required=True, spikes=True)
    assert clean.reason.tolist() == ["", "", "", "zero_area", ""]
    assert shapely.area(clean.geometry[[0, 1, 2, 4]]).tolist() == [81.0] * 4


@pytest.mark.parametrize("merged", ["A5:A6", "A2:A9", "F1:G1", "E2:H3", "A6:XFD1048576", "A1:C1"])
def test_ranges_merged_beyond_the_cells_are_no_part_of_the_table(
    read: Reader, tmp_path: Path, merged: str
) -> None:
    book = openpyxl.Workbook()
    for row in (("name", "x", "y"), ("a", "121.6", "38.9"), ("b", "121.7", "38.9")):
        book.active.append(row)
    book.active.merged_cells.ranges.add(openpyxl.worksheet.cell_range.CellRange(merged))
    book.save(tmp_path / "a.xlsx")
    assert len(read("a.xlsx").rows) == 2


COLUMNS: list[tuple[Any, Callable[[Any], bool]]] = [
    (pa.array([1, None], pa.time64("ns")), lambda v: v == ["00:00:00.000000001", None]),
    (pa.array([1, None], pa.time32("s")), lambda v: v == ["00:00:01.000", None]),
    (pa.array([1, None], pa.duration("ns")), lambda v: v[1] is None),
    (pa.array([2**64 - 1, None], pa.uint64()), lambda v: v == [str(2**64 - 1), None]),
    (pa.array([1, None], pa.timestamp("ms", tz="No/Where")), lambda v: str(v[0]).startswith("1970-01-01")),
    (pa.array([{"a": [1]}, None]), lambda v: v == ['{"a": [1]}', None]),
    (pa.array([["好"], None]), lambda v: v == ['["好"]', None]),
    (pa.array(["a", None]).dictionary_encode(), lambda v: v == ["a", None]),
    (pa.array([b"a", None]), lambda v: v is None),
]


@pytest.mark.parametrize(("column", "fits"), COLUMNS, ids=[str(column.type) for column, _ in COLUMNS])
def test_a_column_of_any_type_is_read_or_left_out(
    read: Reader, tmp_path: Path, column: Any, fits: Callable[[Any], bool]
) -> None:
    geoparquet(tmp_path / "a.parquet", pa.array(shapely.to_wkb(HOUSES.geometry.to_numpy())), extra=column)
    rows = read("a.parquet").rows
    assert fits(
        [None if value is None or value != value else value for value in rows["extra"]]
        if "extra" in rows
        else None
    )


@pytest.mark.parametrize("encoding", ["native", "WKT", "separated", "WKT by another name"])
def test_geometry_of_a_geoparquet_is_read_in_every_encoding(
    read: Reader, tmp_path: Path, encoding: str
) -> None:
    if encoding == "native":
        HOUSES.to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow")
    elif encoding == "separated":
        column = (
            pa.table(HOUSES.to_arrow(geometry_encoding="geoarrow", interleaved=False))
            .column("geometry")
            .combine_chunks()
        )
        geoparquet(tmp_path / "a.parquet", column, "polygon")
    else:
        geoparquet(
            tmp_path / "a.parquet",
            pa.array([shape.wkt for shape in HOUSES.geometry]),
            "WKT" if encoding == "WKT" else "wkb",
        )
    assert shapely.equals_exact(read("a.parquet").rows.geometry.to_numpy(), HOUSES.geometry.to_numpy()).all()


def test_a_wkt_that_is_none_costs_its_row_and_an_unknown_encoding_the_file(
    read: Reader, tmp_path: Path
) -> None:
    texts = [
        "POINT(121.6 38.9)",
        "POLYGON((0 0,1",
        None,
        "GEOMETRYCOLLECTION(" * 30_000 + "POINT(1 1)" + ")" * 30_000,
    ]
    geoparquet(tmp_path / "a.parquet", pa.array(texts), "WKT")
    raw = read("a.parquet")
    assert raw.rows.index.tolist() == [1, 3] and raw.refused["source_row"].tolist() == [2, 4]
    geoparquet(tmp_path / "b.parquet", pa.array([1]), "H3")
    with pytest.raises(SourceError, match="in the encoding 'h3', which is not read here; export it as WKB"):
        read("b.parquet")


@pytest.mark.parametrize(
    "inside", ["[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, "9" * 5_000, '"\\ud800']
)
def test_metadata_that_makes_no_sense_is_an_error_of_the_file(
    read: Reader, tmp_path: Path, inside: str
) -> None:
    table = pa.table({"geometry": pa.array(shapely.to_wkb(HOUSES.geometry.to_numpy()))})
    for geo in (
        inside,
        (
            '{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "crs":'
            f" {inside}}}}}}}"
        ),
    ):
        pq.write_table(table.replace_schema_metadata({b"geo": geo.encode()}), tmp_path / "a.parquet")
        with pytest.raises(SourceError, match=r"can't be read as GeoParquet|states a CRS|the CRS it states"):
            read("a.parquet")


def test_fiona_prints_nothing_of_bytes_it_cannot_decode(
    read: Reader, capfd: pytest.CaptureFixture[str]
) -> None:
    hooks = sys.unraisablehook, sys.excepthook
    text = collection(HOUSE).encode().replace(b'{"type": "Feature"', b'{"t\xffype\xef": "Feature", \xff', 1)
    with pytest.raises(SourceError, match=re.escape("a.geojson: can't be read as GeoJSON")):
        read("a.geojson", text)
    assert capfd.readouterr() == ("", "")
    assert (sys.unraisablehook, sys.excepthook) == hooks


def test_a_few_values_that_stand_for_many_rows_of_a_geoparquet_are_not_spelled_out(
    read: Reader, tmp_path: Path
) -> None:
    house = shapely.to_wkb(HOUSES.geometry.iloc[0])
    for long, geometry in (
        ("x" * 1_000_000, house),
        ("x", shapely.to_wkb(shapely.LineString(np.zeros((60_000, 2))))),
    ):
        few = {"name": pa.array([long] * 20), "geometry": pa.array([geometry] * 20)}
        geoparquet(tmp_path / "a.parquet", few["geometry"], name=few["name"])
        with pytest.raises(SourceError, match=r"20 rows unpack to more than limits\.unpack_ratio_max"):
            read("a.parquet")
    geoparquet(tmp_path / "b.parquet", pa.array([house] * 20_000), name=pa.array(["a", "b"] * 10_000))
    assert read("b.parquet").rows["name"].tolist() == ["a", "b"] * 10_000


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet"])
def test_more_rows_than_the_limit_are_refused(read: Reader, tmp_path: Path, name: str) -> None:
    HOUSES.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    HOUSES.to_parquet(tmp_path / "a.parquet")
    assert len(read(name, limits=Limits(rows_max=2)).rows) == 2
    with pytest.raises(SourceError, match=r"limits\.rows_max = 1"):
        read(name, limits=Limits(rows_max=1))
