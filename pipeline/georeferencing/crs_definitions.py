"""What a file says of its CRS, looked at before GDAL: that opens every grid which a definition names,
wherever it lies.
"""

from __future__ import annotations

import json
import mmap
import re
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from pipeline.config import references
from pipeline.raw.errors import SourceError

#: Longer definitions are cut off there: GDAL does not take them either.
LONGEST = references.LONGEST
#: The members of GeoJSON and ESRI JSON that state a CRS, however their letters are written.
MEMBER = re.compile(rb'"((?:[a-zA-Z]|\\u00[0-9a-fA-F]{2}){3,60})"\s*:\s*')
PLAIN = re.compile(rb'"(?:crs|spatialReference)"\s*:\s*')
MEMBERS = ("crs", "spatialReference")
#: Tables of a geodatabase that describe the others.
CATALOGUES = "a0000000[1-9].gdbtable"


def check(path: Path, driver: str) -> None:
    """Check that the CRS which a file states opens nothing.

    Parameters
    ----------
    path : Path
        The file, or the folder of a geodatabase.
    driver : str
        One of `pipeline.raw.formats`.

    Raises
    ------
    SourceError
        For a file whose CRS names a grid, a file or steps (`pipeline.config.references`).
    """
    for text in _definitions(path, driver):
        if why := references.opens(text):
            away = ", or take its .prj away and set crs" if driver == "ESRI Shapefile" else ""
            raise SourceError(
                f"the CRS it states is not taken: {why}; export it in a CRS with a code, such as"
                f" EPSG:4550{away}"
            )


def _definitions(path: Path, driver: str) -> Iterator[str]:
    if driver in ("GeoJSON", "GeoJSONSeq", "ESRIJSON"):
        yield from _of_json(path)
    elif driver == "GPKG":
        yield from _of_geopackage(path)
    elif driver == "FlatGeobuf":
        with path.open("rb") as file:
            start = file.read(12)
            size = struct.unpack("<I", start[8:])[0] if len(start) == 12 else 0
            yield file.read(min(size, 1 << 24)).decode("latin-1")
    elif driver == "OpenFileGDB":
        for table in sorted(path.glob(CATALOGUES)):
            yield table.read_bytes().replace(b"\0", b"").decode("latin-1")
    elif driver in ("ESRI Shapefile", "MapInfo File"):
        for part in path.parent.iterdir():
            if part.name.casefold() == f"{path.stem}.prj".casefold():
                with part.open("rb") as file:
                    yield file.read(LONGEST).replace(b"\0", b"").decode("latin-1")


def _of_json(path: Path) -> Iterator[str]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield from _of_members(content)


def _of_members(content: mmap.mmap) -> Iterator[str]:
    escaped = content.find(b"\\u00") >= 0
    for member in (MEMBER if escaped else PLAIN).finditer(content):
        if escaped and json.loads(b'"' + member[1] + b'"') not in MEMBERS:
            continue
        text = content[member.end() : member.end() + LONGEST].decode("utf-8", "replace")
        try:
            value, _ = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            yield text  # GDAL may make something of it all the same
        else:
            yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    ahead = [value]
    while ahead:
        one = ahead.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (dict, list)):
            ahead += one.values() if isinstance(one, dict) else one


def _of_geopackage(path: Path) -> Iterator[str]:
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        ) as database:
            database.text_factory = bytes
            rows = database.execute("SELECT * FROM gpkg_spatial_ref_sys").fetchall()
    except sqlite3.Error:
        return  # it is damaged, or has no such table: reading it says so
    for row in rows:
        yield from (value.decode("utf-8", "replace") for value in row if isinstance(value, bytes))
