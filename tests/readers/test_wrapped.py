"""What a program puts around or into a text that is none of it: wrappings of ids, NUL, UTF-16."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import xlwt
from shapely.geometry import Point

from pipeline.readers.formulas import read_back

from .conftest import Reader, collection, feature

ID = "210203001001002"
FEATURE = feature({"type": "Point", "coordinates": [121.6, 38.9]}, name="胜利小区")
WRAPPED = [f'="{ID}"', f"'{ID}", f"\u2019{ID}", f"`{ID}", f"{ID}\t"]


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx", "a.xls"])
def test_what_keeps_the_digits_of_an_id_is_no_part_of_it(
    read: Reader, tmp_path: Path, name: str, wrapped: str
) -> None:
    if name == "a.xlsx":
        book = openpyxl.Workbook()
        book.active.append(["area_id", "name"])
        book.active.append(["x", "y"])
        for cell in book.active[2]:
            cell.value, cell.data_type = wrapped, "s"
        book.save(tmp_path / name)
    elif name == "a.xls":
        old = xlwt.Workbook()
        page = old.add_sheet("a")
        for j, title in enumerate(("area_id", "name")):
            page.write(0, j, title)
            page.write(1, j, wrapped)
        old.save(str(tmp_path / name))
    else:
        mark = "," if name == "a.csv" else "\t"
        quoted = '"' + wrapped.replace('"', '""') + '"'
        (tmp_path / name).write_text(f"area_id{mark}name\n{quoted}{mark}{quoted}\n", encoding="utf-8")
    rows = read(name).rows
    assert [value.strip() for value in rows.iloc[0]] == [ID, ID]


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
def test_nor_is_it_in_a_layer_that_was_joined_to_a_spreadsheet_whose_other_texts_stay(
    read: Reader, tmp_path: Path, name: str, wrapped: str
) -> None:
    layer = {"code": [wrapped, None], "area_id": [wrapped, "x"], "name": [wrapped, "y"]}
    gpd.GeoDataFrame(layer, geometry=[Point(121.6, 38.9)] * 2, crs="EPSG:4326").to_file(tmp_path / name)
    rows = read(name, columns={"subdistrict_code": "code"}).rows
    assert [str(value).strip() for value in rows.iloc[0][["code", "area_id"]]] == [ID, ID]
    assert rows["name"].iloc[0].strip() == wrapped.strip() and rows["code"].isna().tolist() == [False, True]


@pytest.mark.parametrize("own", ["'=5", "'s-1", "=5", "''5", "-3", "'5 a"])
def test_an_id_of_a_layer_that_only_begins_so_stays(read: Reader, own: str) -> None:
    point = feature({"type": "Point", "coordinates": [121.6, 38.9]}, area_id=own)
    assert read("a.geojson", collection(point)).rows["area_id"].tolist() == [own]


@pytest.mark.parametrize("text", ["'s-Gravenhage", "'t Zand", "=5", "`a`", "’n", "胜利'小区", "it's 5"])
def test_an_apostrophe_that_is_part_of_a_name_stays(text: str) -> None:
    assert read_back(text) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.geojson", collection(FEATURE)),
        ("a.geojsonl", json.dumps(FEATURE, ensure_ascii=False) + "\n" + json.dumps(FEATURE)),
        (
            "a.json",
            json.dumps(
                {
                    "geometryType": "esriGeometryPoint",
                    "spatialReference": {"wkid": 4326},
                    "features": [{"attributes": {"name": "胜利小区"}, "geometry": {"x": 121.6, "y": 38.9}}],
                },
                ensure_ascii=False,
            ),
        ),
        ("a.csv", "name,n\n胜利小区,1\n石道街,2\n"),
        (
            "a.kml",
            '<?xml version="1.0" encoding="UTF-16"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>胜利小区</name>'
            "<Point><coordinates>121.6,38.9</coordinates></Point></Placemark></Document></kml>",
        ),
    ],
)
def test_text_of_two_or_four_bytes_a_character(read: Reader, name: str, text: str, encoding: str) -> None:
    if name == "a.kml" and encoding == "utf-8-sig":
        text = text.replace("UTF-16", "UTF-8")
    raw = read(name, text.encode(encoding))
    assert raw.rows[next(c for c in ("name", "Name") if c in raw.rows)].iloc[0] == "胜利小区"


def test_a_kml_in_gbk(read: Reader) -> None:
    text = (
        '<?xml version="1.0" encoding="GBK"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>胜利小区</name>'
        "<Point><coordinates>121.6,38.9</coordinates></Point></Placemark></Document></kml>"
    )
    raw = read("a.kml", text.encode("gbk"))
    assert raw.rows["Name"].tolist() == ["胜利小区"]
    assert raw.notes == ("its text is in gb18030, and was read as that",)


def test_a_doctype_does_not_hide_in_utf_16(read: Reader) -> None:
    text = (
        '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "b">]><kml xmlns="http://www.opengis.net/kml/2.2"/>'
    )
    with pytest.raises(ValueError, match="DOCTYPE, which is not read"):
        read("a.kml", text.encode("utf-16"))


def whole(folder: Path, name: str) -> None:
    """A file with the text aNULb in its first row, as its format holds it."""
    frame = gpd.GeoDataFrame({"name": ["a\x01b", "c"]}, geometry=[Point(121.6, 38.9)] * 2, crs=4326)
    path = folder / name
    if name.endswith(".parquet"):
        frame.assign(name=["a\0b", "c"]).to_parquet(path)
    elif name.endswith(".csv"):
        path.write_bytes(b"name,n\na\0b,1\nc,2\n")
    elif "json" in name:
        path.write_text(
            frame.to_json().replace("\\u0001", "\\\\u0000\\u0000")
            if name == "a.json"
            else frame.to_json().replace("\\u0001", "\\u0000")
        )
    else:
        frame.to_file(path, engine="pyogrio")
        for file in folder.iterdir():
            if file.suffix in (".dbf", ".fgb"):
                file.write_bytes(file.read_bytes().replace(b"a\x01b", b"a\0b"))
    if name.endswith(".gpkg"):
        with sqlite3.connect(path) as database:
            for (trigger,) in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            ).fetchall():
                database.execute(f'DROP TRIGGER "{trigger}"')
            database.execute("UPDATE a SET name = 'a' || char(0) || 'b' WHERE name <> 'c'")


@pytest.mark.parametrize("name", ["a.csv", "a.geojson", "a.json", "a.parquet", "a.fgb", "a.gpkg", "a.shp"])
def test_a_nul_in_a_text_is_said(read: Reader, tmp_path: Path, name: str) -> None:
    whole(tmp_path, name)
    raw = read(name)
    assert raw.rows["name"].tolist() == [
        {"a.gpkg": "a", "a.shp": "a", "a.json": "a\\u0000b"}.get(name, "ab"),
        "c",
    ]
    assert any("NUL" in note and "1 row" in note for note in raw.notes)
