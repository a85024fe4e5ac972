"""What users read of broken files: where, what, how many, the limit, what to do; nothing of libraries, their
code, or temporary folders.
"""

from __future__ import annotations

import errno
import re
import struct
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import xlrd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.config.faults import told
from pipeline.raw import scratch, wording
from tests.corpus.case import INSIDE
from tests.corpus.sheets import repacked, workbook


@pytest.mark.parametrize(
    ("error", "means", "remedy"),
    [
        ("Failed to read GeoJSON data; At line 205, character 82: Unterminated object", "ends in the middle of line 205", "copy it again"),
        ("Failed to read GeoJSON data; At line 3, character 7: Unexpected character (/)", "line 3, character 7 is no JSON", "mend it there"),
        ("Failed to read GeoJSON data; JSON parsing error: continue (at offset 100)", "near its character 100", "copy it again"),
        ("At line 1, character 10000228: Too many characters in number", "longer than 10 MB", "mend that feature"),
        ("GeoJSONSeq:/tmp/x/a.ndjson: No such file or directory", "no features, one each", "FeatureCollection"),
        ("sqlite3_prepare_v2(SELECT COUNT(*) FROM sqlite_master WHERE name IN ('gpkg_metadata')) failed: database disk image is malformed", "its database is damaged", "copy it again"),
        ("In GetNextRawFeature(): sqlite3_step() : database disk image is malformed", "its database is damaged", "copy it again"),
        ("ERROR parsing kml /tmp/x/a.kml :not well-formed (invalid token) on line 28 at offset 3", "line 28 is no XML", "copy it again"),
        ("ERROR parsing kml a.kml :no element found on line 3008 at offset 18", "ends too early, in line 3008", "copy it again"),
        ("'a.tab' not recognized as being in a supported file format.; It might help to specify the correct driver explicitly by prefixing the file path with '<DRIVER>:', e.g. 'CSV:path'.", "not what its name says", "export it again"),
        ("COLUMNS keyword not found or invalid number of columns read in a.mif.  File may be corrupt.", "its list of columns", "copy it again"),
        ("Could not open Parquet input source '/x/a.parquet': Parquet magic bytes not found in footer. Either the file is corrupted or this is not a parquet file.", "its end, where it says what is in it, is missing", "copy it again"),
        ("Couldn't deserialize thrift: TProtocolException: Invalid data\n", "part of it is damaged", "copy it again"),
        ("An error occurred during the parsing of data around byte 14877", "beyond byte 14877", "copy it again"),
        (IndexError("index 0 is out of bounds for axis 0 with size 0"), "it is damaged", "copy it again"),
        (AssertionError(), "it is damaged", "copy it again"),
        (KeyError("xl/worksheets/sheet1.xml"), "one of the pages inside it is damaged", "open it in Excel"),
        (struct.error("unpack requires a buffer of 512 bytes"), "it is damaged", "copy it again"),
        (zlib.error("Error -3 while decompressing data: invalid distance too far back"), "what is packed in it is damaged", "pack it again"),
        (zipfile.BadZipFile("File is not a zip file"), "no zip archive, or its end is missing", "pack it again"),
        (NotImplementedError("That compression method is not supported"), "packed in a way", "pack it again"),
        (xlrd.XLRDError("Unsupported format, or corrupt file: Expected BOF record"), "it is damaged", "copy it again"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "some of its text", "export it again"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "/tmp/raw-x/unpacked/a"), "too long for this disk", "shorter name"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "you may not read it", "ask whoever may"),
        (OSError(errno.ENOSPC, "No space left on device"), "no room is left", "make room"),
        ("/usr/src/gdal/ogr/x.cpp, 4242: something that nobody has met (code 7)", "it is damaged, or not what its name says", "copy it again"),
    ],
)  # fmt: skip
def test_what_libraries_say_is_said_in_other_words_with_what_to_do(
    error: Exception | str, means: str, remedy: str
) -> None:
    said = wording.said(error)
    assert means in said[0] and remedy in said[1]
    assert not INSIDE.search("; ".join(said))


def test_the_name_of_a_file_says_nothing_of_what_is_wrong_with_it() -> None:
    path = Path("/tmp/database is locked/No such file or directory.gpkg")
    assert wording.said(f"{path}: what nobody has met", path)[0] == "it is damaged, or not what its name says"


@given(st.text() | st.from_regex(r"(/[a-z]+){2,4}/[a-z]+\.cpp:\d+: [A-Z][a-z]+Error .*"))
def test_whatever_a_library_says_nothing_of_its_inside_gets_out(text: str) -> None:
    said = "; ".join(wording.said(text))
    assert "\x1b" not in said and ".cpp" not in said and len(said) < 400


def test_a_temporary_folder_is_never_named() -> None:
    inside = f"{tempfile.gettempdir()}/{scratch.PREFIX}ab12/unpacked/all/x/a.shp"
    assert wording.without_scratch(f"no {inside} there") == "no x/a.shp there"
    assert wording.told(OSError(errno.ENAMETOOLONG, "File name too long", inside)).startswith(
        "x/a.shp: its name"
    )
    assert (
        wording.told(OSError(errno.EACCES, "Permission denied", "data/raw/a.shp"))
        == "data/raw/a.shp: you may not read it; ask whoever may, or copy it"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name_zh = "西岗', "at its end: a text without its closing quotation mark"),
        ("a = 1\nname_zh = 西岗", "line 2: a value that can't be read: text stands in"),
        ("a = 1\na = 2\n", "line 2: a name or a [table] that was there already"),
        ("a = 1\ninspect    x.csv: 5 rows", "line 2: a name without `= value` behind it"),
        ('a = "C:\\data"', "line 1: a backslash: write it twice"),
        ("a = [1, 2\nb = 3", "a bracket that is not closed"),
        ("a = 1 b = 2", "line 1: something stands behind the end of the value"),
        ("楼 = 1", "a name of other than letters"),
    ],
)
def test_a_slip_in_the_configuration_is_told_by_its_line(text: str, said: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)
    assert said in told(error.value)


DISTRICT = (
    '[district]\ncode = "210203"\nname_zh = "测试区"\nname_en = "Test"\ncrs = "{crs}"\nas_of = 2026-11-30\n'
)
Say = Callable[..., str]


@pytest.fixture
def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """What `ingest buildings` says of the file that it is given, which it refuses."""

    def say(file: str, entry: str = "", *, crs: str = "EPSG:4550", table: str = "buildings") -> str:
        buildings = "" if table == "buildings" else '[[inputs.buildings]]\npath = "b.geojson"\n'
        (tmp_path / "d.toml").write_text(
            f'{DISTRICT.format(crs=crs)}[[inputs.{table}]]\npath = "{file}"\n{entry}\n{buildings}',
            encoding="utf-8",
        )
        assert (
            main(
                [
                    "ingest",
                    table,
                    "--config",
                    str(tmp_path / "d.toml"),
                    "--raw",
                    str(tmp_path),
                    "--out",
                    str(tmp_path / "out"),
                ]
            )
            == 1
        )
        said = capsys.readouterr().err
        assert not INSIDE.search(said)
        return said

    return say


def squares(sizes: list[float], crs: str | None = "EPSG:4326", **columns: Any) -> gpd.GeoDataFrame:
    shapes = [
        shapely.box(121.6 + i / 50, 38.9, 121.6 + i / 50 + size, 38.9 + size) for i, size in enumerate(sizes)
    ]
    return gpd.GeoDataFrame(columns, index=range(len(sizes)), geometry=shapes, crs=crs)


def test_districts_given_as_buildings_are_told_to_be_listed_under_another_input(
    refusal: Say, tmp_path: Path
) -> None:
    squares([1e-2]).to_file(tmp_path / "a.geojson")
    one = refusal("a.geojson")
    assert (
        "row 1" not in one and "1 row (1) rejected as too_large, the first because: a footprint of 9" in one
    )
    assert (
        "m², more than the 200,000 m² that a building may have" in one
        and "list the file under another input (subdistricts" in one
    )
    squares([1e-2] * 5 + [1e-4]).to_file(tmp_path / "a.geojson")
    assert (
        "5 rows (1, 2, 3, 4, 5) of 6 rejected as too_large" in (several := refusal("a.geojson"))
        and "under another input" in several
    )


def test_of_many_crs_that_would_fit_a_few_are_named_and_how_to_choose(refusal: Say, tmp_path: Path) -> None:
    squares([1e-4] * 4).to_crs("EPSG:4549").to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    said = refusal("a.shp", crs="EPSG:3857")
    assert 1 <= len(re.findall(r"EPSG:\d+", said.split("would fit")[1])) <= 3
    assert "more: ask whoever made the file for its zone, or list subdistricts" in said


def test_a_file_with_many_layers_names_them_with_rows_and_shapes(refusal: Say, tmp_path: Path) -> None:
    for i in range(14):
        squares([1e-4] * (i + 1)).to_file(tmp_path / "a.gpkg", layer=f"层{i:02}", engine="pyogrio")
    said = refusal("a.gpkg")
    assert (
        "has 14 layers (层00, 1 row, Polygon; 层01, 2 rows, Polygon; " in said
        and '; and 2 more); say which with layer = "层00"' in said
    )


@pytest.mark.parametrize(
    ("sheet", "parts"),
    [
        (repacked(lambda name, data: data[: len(data) // 2] if "sheet1" in name else data), ("that can be read: ", "open it in Excel")),
        (repacked(lambda name, data: b"<x/>" if name == "xl/workbook.xml" else data), ("save",)),
        (repacked(lambda name, data: b"" if "rels" in name else data), ("save",)),
    ],
    ids=["a sheet cut in half", "an empty workbook", "no relations"],
)  # fmt: skip
def test_a_broken_workbook_says_what_to_do(
    refusal: Say, tmp_path: Path, sheet: Callable[[Path], str], parts: tuple[str, ...]
) -> None:
    said = refusal(sheet(tmp_path), '[inputs.register.columns]\nname = "小区名称"', table="register")
    assert all(part in said for part in parts)


def test_a_damaged_index_of_a_shapefile_is_told_to_be_deleted(refusal: Say, tmp_path: Path) -> None:
    squares([1e-4] * 4).to_file(tmp_path / "a.shp")
    (tmp_path / "a.shx").write_bytes(b"\0" * 3)
    assert "its index (.shx) is cut off: 3 bytes; copy it again, or delete it" in refusal("a.shp")


def test_a_name_in_an_archive_that_is_too_long_is_told_without_a_temporary_folder(
    refusal: Say, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"{'长' * 100}.geojson", "{}")
    assert "a.zip: can't be read: its name, or one packed in it, is too long" in refusal("a.zip")


def test_a_condition_that_no_row_meets_shows_what_there_is(refusal: Say, tmp_path: Path) -> None:
    squares([1e-4] * 3, kind=["house", "house", "shed"]).to_file(tmp_path / "a.geojson")
    assert "where asks for kind = villa, and none of its 3 rows is so; kind has house, shed" in refusal(
        "a.geojson", 'where = {kind = ["villa"]}'
    )


def test_a_file_that_is_another_says_which(refusal: Say, tmp_path: Path) -> None:
    workbook()(tmp_path)
    (tmp_path / "a.xlsx").rename(tmp_path / "a.gpkg")
    assert (
        "is no GeoPackage, whatever its name says; it begins as a zip archive or an Excel workbook does"
        in refusal("a.gpkg")
    )
