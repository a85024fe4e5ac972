"""What a case of the corpus is: a function that makes a bad file, and what ingest has to say of it."""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from pipeline.config import Limits

#: What no clerk should have to read: names of libraries and of their errors, places in their code, temporary
#: folders.
INSIDE = re.compile(
    r"Traceback|Errno|\b\w+(?:Error|Exception)\b|\.(?:cpp|cc|py)\b|GDAL|pyogrio|[Ff]iona|[Aa]rrow|sqlite3_|axis"
    r" \d|prefixing|" + re.escape(tempfile.gettempdir()) + r"/(?!out)"
)
NAMES = ["胜利路一号楼", "石道街二号楼", "学苑路三号楼", "白云街四号楼"]
DEFAULT = Limits()
Make = Callable[[Path], "str | None"]


@dataclass(frozen=True)
class Case:
    """One bad input."""

    name: str
    make: Make
    """Writes it into the folder it is given, and gives back its path there; None: the name it was written
    under is `file`.
    """
    file: str = "a.geojson"
    table: str = "buildings"
    entry: Mapping[str, Any] = field(default_factory=dict)
    """What the configuration says of it."""
    limits: Limits = DEFAULT
    refused: str = ""
    """Pattern of the error that refuses it as a whole: what is wrong, and what to do; empty: it is taken."""
    taken: int | None = None
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Reason → rows, merged ones included."""
    repaired: Mapping[str, int] = field(default_factory=dict)
    noted: str = ""
    """Pattern that the log of the file has to have."""
    names: tuple[str | None, ...] = ()
    """What the column `name` says, in the order of the rows."""
    outlined: bool = False
    """A subdistrict is known, so that place and datum are held against it."""


def taken(name: str, make: Make, rows: int, **more: Any) -> Case:
    """A case of which so many rows end in the table."""
    return Case(name, make, taken=rows, **more)


def refused(name: str, make: Make, pattern: str, **more: Any) -> Case:
    """A case that is refused as a whole."""
    return Case(name, make, refused=pattern, **more)


def content(data: bytes | str, file: str = "a.geojson") -> Make:
    """Makes a file of this content."""

    def make(folder: Path) -> str:
        (folder / file).write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    return make


def square(i: float, size: float = 0.0002, y: float = 38.9) -> list[list[float]]:
    """A closed ring of the i-th house, in degrees."""
    x = 121.6 + i / 1000
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def house(i: int, **properties: Any) -> dict[str, Any]:
    return feature(polygon(square(i)), name=NAMES[i % 4], **properties)


GOOD = [house(i) for i in range(3)]


def collection(*members: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(members)}, ensure_ascii=False)


def with_good(*bad: Any, **more: Any) -> Make:
    """Three good houses, and these behind them."""
    return content(collection(*GOOD, *bad, **more))


def houses(count: int = 4, **columns: Any) -> gpd.GeoDataFrame:
    shapes = [shapely.Polygon(square(i)) for i in range(count)]
    given = columns or {"name": [NAMES[i % 4] for i in range(count)], "floors": [6 + i for i in range(count)]}
    return gpd.GeoDataFrame(given, geometry=shapes, crs="EPSG:4326")


DRIVERS = {
    ".kml": "LIBKML",
    ".kmz": "LIBKML",
    ".tab": "MapInfo File",
    ".mif": "MapInfo File",
    ".gdb": "OpenFileGDB",
    ".geojsonl": "GeoJSONSeq",
}


def write(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> str:
    """Writes a frame as the suffix says; gives back the file's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
        return path.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, driver=DRIVERS.get(path.suffix), engine="pyogrio", **options)
    return path.name


def written(
    file: str,
    frame: gpd.GeoDataFrame | None = None,
    damage: Callable[[bytes], bytes] | None = None,
    **options: Any,
) -> Make:
    """Makes a file of a frame, its bytes damaged."""

    def make(folder: Path) -> str:
        write(houses() if frame is None else frame, folder / file, **options)
        if damage is not None:
            (folder / file).write_bytes(damage((folder / file).read_bytes()))
        return file

    return make


def named(cases: list[Case], prefix: str) -> list[Case]:
    return [replace(case, name=f"{prefix}: {case.name}") for case in cases]
