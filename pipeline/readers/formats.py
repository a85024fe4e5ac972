"""Which driver reads a file: by its suffix, and only if its content begins as that format does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pipeline.raw.errors import SourceError
from pipeline.raw.formats import BY_DRIVER, TABULAR, VECTOR
from pipeline.readers import transcoding

#: What to do with a format that is not read here.
INSTEAD = {
    ".dwg": "save it as DXF (text)",
    ".dgn": "save it as DXF (text)",
    ".mdb": "export it as GeoPackage or File Geodatabase (.gdb)",
    ".gml": "export it as GeoPackage",
    ".dbf": "give the .shp it belongs to",
    ".shx": "give the .shp it belongs to",
    ".rar": "unpack it, or pack it as .zip",
    ".7z": "unpack it, or pack it as .zip",
    ".gz": "unpack it",
    ".bz2": "unpack it",
}

#: What other files begin with, in lower case.
BEGINNINGS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
    (b"<", "XML"),
    (b"pk\x03\x04", "a zip archive or an Excel workbook"),
    (b"\x1f\x8b", "a file packed by gzip"),
    (b"rar!", "a .rar archive"),
    (b"7z\xbc\xaf", "a .7z archive"),
    (b"sqlite format 3", "a GeoPackage or another database"),
    (b"par1", "a Parquet file"),
    (b"fgb", "a FlatGeobuf"),
    (b"%pdf", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x00\x00\x27\x0a", "a Shapefile"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
#: What is read, in words.
READ_HERE = "what is read is listed in docs/formats.md"
#: A geodatabase is a folder that holds its system catalogue.
GDB_CATALOGUE = "a00000001.gdbtable"
#: So many bytes at the beginning of a file are looked at.
HEAD = 1 << 20
#: What a map server of Esri writes behind or before the rows where it has more of them.
CUT_BY_SERVER = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
ESRI_JSON = re.compile(rb'"(geometryType"\s*:\s*"esri|spatialReference"|attributes"\s*:\s*\{)')
GEOJSON = re.compile(
    rb'"type"\s*:\s*"(FeatureCollection|Feature|Point|LineString|Polygon|MultiPoint|MultiLineString|MultiPolygon|GeometryCollection)"'
)
#: A MapInfo table that holds its own rows; the other types (linked, view, seamless) name further files.
TAB_OWN_ROWS = re.compile(rb"^\s*Type\s+(NATIVE|DBF)\b", re.IGNORECASE | re.MULTILINE)
TAB_SEAMLESS = re.compile(rb'"\\IsSeamless"\s*=\s*"TRUE"', re.IGNORECASE)


def driver_of(path: Path) -> str:
    """The driver for a file or .gdb folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        One of `pipeline.raw.formats`, for JSON by its content.

    Raises
    ------
    SourceError
        For a format that is not read here, an empty file, or content that is not what the suffix says.
    """
    suffix = path.suffix.lower()
    driver = TABULAR.get(suffix) or VECTOR.get(suffix)
    if driver is None:
        what = (
            f"{suffix} is not a format read here"
            if suffix
            else "its name has no suffix, which would say its format"
        )
        raise SourceError(
            f"{what};"
            f" {INSTEAD.get(suffix, f'export it as GeoPackage, or a table as .xlsx or .csv; {READ_HERE}')}"
        )
    if suffix in TABULAR:
        return driver
    if driver == "OpenFileGDB":
        if not (path / GDB_CATALOGUE).is_file():
            raise SourceError(
                f"not a File Geodatabase: a folder with {GDB_CATALOGUE} in it; copy it whole, or"
                " export a GeoPackage"
            )
        return driver
    with path.open("rb") as file:
        head = file.read(HEAD)
    if driver in (*transcoding.JSON, *transcoding.XML) and suffix != ".pbf":
        head = transcoding.plain(head)
    if not head:
        raise SourceError("empty: 0 bytes; was the copy interrupted?")
    if driver == "GeoJSON" and _begins(head, driver, suffix):
        return _json_driver(head)
    if not _begins(head, driver, suffix):
        raise SourceError(f"is no {BY_DRIVER[driver].title}, whatever its name says; {_remedy(head, driver)}")
    if (
        driver == "MapInfo File"
        and suffix == ".tab"
        and (TAB_SEAMLESS.search(head) or not TAB_OWN_ROWS.search(head))
    ):
        raise SourceError("a MapInfo table that refers to other tables; export the rows themselves")
    return driver


def _begins(head: bytes, driver: str, suffix: str) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if magic := BY_DRIVER[driver].magic:
        return head.startswith(magic)
    if driver in ("GeoJSON", "GeoJSONSeq"):
        return text.lstrip(b"\x1e")[:1] in (b"{", b"[")
    if driver == "LIBKML":
        return re.match(rb"<(\w+:)?kml[\s>]", _root(text)) is not None
    if driver == "OSM":
        return (
            b"OSMHeader" in head[:64]
            if suffix == ".pbf"
            else re.match(rb"<osm[\s>]", _root(text)) is not None
        )
    if driver == "DXF":
        return re.match(rb"(999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", text) is not None
    return text[:8].lower().startswith((b"!table", b"version"))


def _root(text: bytes) -> bytes:
    """XML from its first element on; nothing where a DOCTYPE comes before it, because that can define
    entities that explode or fetch.
    """
    at = 0
    while text.startswith((b"<?", b"<!--"), at):
        end = b"?>" if text.startswith(b"<?", at) else b"-->"
        found = text.find(end, at)
        if found < 0:
            return b""
        at = found + len(end)
        at += len(text[at:]) - len(text[at:].lstrip())
    return text[at : at + 64]


def _remedy(head: bytes, driver: str) -> str:
    if driver in ("LIBKML", "OSM") and b"<!DOCTYPE" in head:
        return "it defines a DOCTYPE, which is not read: export it without"
    if driver == "DXF" and head.startswith(b"AutoCAD Binary DXF"):
        return "it is a binary DXF: save it as a text one"
    what = next(
        (
            f"it begins as {what} does"
            for begins, what in BEGINNINGS
            if head.lstrip().lower().startswith(begins)
        ),
        "",
    )
    return (
        f"{what}: give it its right name, or export it again"
        if what
        else "it may be damaged: copy it again, or export it again"
    )


def _json_driver(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"\x1e") or _is_feature(text.split(b"\n", 1)[0]):
        return "GeoJSONSeq"
    if GEOJSON.search(head):
        return "GeoJSON"
    if ESRI_JSON.search(head):
        return "ESRIJSON"
    raise SourceError("JSON, but neither GeoJSON nor ESRI JSON (no FeatureCollection in it)")


def cut_by_server(path: Path) -> bool:
    """Whether a JSON file of a map server says that it holds only as many rows as the server gives at once.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        By CUT_BY_SERVER in the first or last HEAD bytes.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(path.stat().st_size - HEAD, 0))
        return any(CUT_BY_SERVER.search(part) for part in (head, file.read(HEAD)))


def _is_feature(line: bytes) -> bool:
    """Whether a line is a whole feature by itself, as in newline-delimited GeoJSON."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("type") == "Feature"
