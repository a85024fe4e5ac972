"""Files: the bytes of GeoJSON, CSV, XLSX and JSON, the same on every run, and how they get into the
folder.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.styles import Font
from pyproj import Transformer

from pipeline.files import write_all
from pipeline.geometry.arrays import Coordinates, Geometries

LABEL = "合成样例 / synthetic"
CARD = "SAMPLE.json"
_EPOCH = datetime.datetime(2026, 9, 30)
_to_degrees = Transformer.from_crs("EPSG:4550", "EPSG:4326", always_xy=True)


def degrees(geometries: Sequence[shapely.Geometry]) -> Geometries:
    """Shapes in metres as longitude and latitude.

    Parameters
    ----------
    geometries : sequence of shapes, length n
        In EPSG:4550, metres.

    Returns
    -------
    object array of shapes, shape (n,)
        EPSG:4326, longitude first, 7 decimals, outer rings counter-clockwise.
    """

    def convert(xy: Coordinates) -> Coordinates:
        return np.column_stack([np.round(v, 7) for v in _to_degrees.transform(xy[:, 0], xy[:, 1])])

    shapes = shapely.transform(np.array(list(geometries), dtype=object), convert)
    # Where rounding made an outline touch itself, the nearest outline on the grid of 7 decimals that does
    # not.
    crossed = ~shapely.is_valid(shapes)
    mended = shapely.set_precision(shapely.make_valid(shapes[crossed]), 1e-7)
    shapes[crossed] = shapely.transform(mended, lambda xy: np.round(xy, 7))
    return np.asarray(shapely.orient_polygons(shapes))


def feature(
    properties: Mapping[str, object], geometry: shapely.Geometry | dict[str, object] | None
) -> dict[str, Any]:
    """A GeoJSON feature.

    Parameters
    ----------
    properties : mapping
        nan becomes null.
    geometry : shape in degrees, dict or None
        A dict is written as it is.

    Returns
    -------
    dict
    """
    shape = geometry if geometry is None or isinstance(geometry, dict) else shapely.geometry.mapping(geometry)
    return {"type": "Feature", "properties": {k: _plain(v) for k, v in properties.items()}, "geometry": shape}


def raw_geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    """A geometry as GeoJSON has it, valid or not.

    Parameters
    ----------
    kind : str
        Point, or a type whose coordinates are rings: Polygon.
    coordinates : (x, y), or rings of such
        In EPSG:4550, metres.

    Returns
    -------
    dict
        In degrees, 7 decimals.
    """
    if kind == "Point":
        return {"type": kind, "coordinates": _degrees_of([coordinates])[0]}
    return {"type": kind, "coordinates": [_degrees_of(ring) for ring in coordinates]}


def _degrees_of(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    x, y = _to_degrees.transform([p[0] for p in points], [p[1] for p in points])
    return [[round(a, 7), round(b, 7)] for a, b in zip(x, y, strict=True)]


def geojson(name: str, features: Iterable[dict[str, Any]]) -> bytes:
    """A FeatureCollection with one feature a line and the label of the sample.

    Parameters
    ----------
    name : str
    features : iterable of dict
        As `feature` gives them.

    Returns
    -------
    bytes
        UTF-8.
    """
    label = json.dumps(LABEL, ensure_ascii=False)
    head = f'{{"type":"FeatureCollection","name":{json.dumps(name)},"synthetic":{label},"features":[\n'
    lines = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return (head + ",\n".join(lines) + "\n]}\n").encode()


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV with a last column `source` that says it is the sample.

    Parameters
    ----------
    columns : sequence of str
    rows : iterable of mappings
        Column → value; one that is missing, None or nan is left empty.

    Returns
    -------
    bytes
        UTF-8 without a byte-order mark.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, "source"])
    for row in rows:
        writer.writerow([*("" if _plain(row.get(c)) is None else _plain(row[c]) for c in columns), LABEL])
    return text.getvalue().encode()


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A workbook of one sheet, with a last column `source` that says it is the sample.

    Parameters
    ----------
    title : str
        Of the sheet.
    columns : sequence of str
    rows : iterable of mappings
        Column → value; one that is missing, None or nan is left empty.

    Returns
    -------
    bytes
        The same every time: dates inside and in the archive are fixed, nothing is compressed.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append([*columns, "source"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([*(_plain(row.get(c)) for c in columns), LABEL])
    sheet.freeze_panes = "A2"
    for column, width in {"A": 17, "B": 20, "C": 12, "D": 14, "E": 26, "G": 16, "J": 44}.items():
        sheet.column_dimensions[column].width = width
    book.properties.creator = LABEL
    book.properties.created = _EPOCH
    draft = io.BytesIO()
    book.save(draft)
    out = io.BytesIO()
    with zipfile.ZipFile(draft) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as write:
        for name in sorted(read.namelist()):
            data = read.read(name)
            if name == "docProps/core.xml":
                stamp = f"{_EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            write.writestr(info, data)
    return out.getvalue()


def json_bytes(value: object) -> bytes:
    """Indented JSON, keys in the order given.

    Parameters
    ----------
    value : object
        Numbers of numpy become those of Python.

    Returns
    -------
    bytes
        UTF-8.
    """
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def put(folder: Path, files: Mapping[str, bytes], *, seed: int) -> list[str]:
    """Write the files and the card of the sample into the folder.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        Name → content.
    seed : int
        By which they were made, for the card.

    Returns
    -------
    list of str
        Names of files that were kept, sorted: a file that is there and is not what the card says the sample
        wrote belongs to a person.

    Raises
    ------
    WriteError
        Where the disk does not take a file.

    Notes
    -----
    The others are given one time and put there together, the card last, so that Make finds none older than
    the card.
    """
    kept = sorted(name for name, data in files.items() if _belongs_to_a_person(folder, name, data))
    card = {
        "synthetic": LABEL,
        "what": (
            "invented district at the place of Xigang, Dalian; only codes and names of subdistricts and"
            " communities are real"
        ),
        "seed": seed,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    moment = time.time_ns()
    for path in (folder / name for name in kept):
        # its content stays; a file older than the card would always look out of date to Make
        latest = max(path.stat().st_mtime_ns, moment)
        os.utime(path, ns=(latest, latest))
    write_all(
        folder,
        {name: data for name, data in files.items() if name not in kept} | {CARD: json_bytes(card)},
        time_ns=moment,
    )
    return kept


def remove(folder: Path) -> list[str]:
    """Remove the card and every file that is still what the card says the sample wrote.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of str
        Names of files kept; empty where there is no card.
    """
    try:
        written = json.loads((folder / CARD).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return []
    kept = []
    for name, digest in written.items():
        path = folder / name
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            kept.append(name)
        else:
            path.unlink(missing_ok=True)
    (folder / CARD).unlink()
    return kept


def _belongs_to_a_person(folder: Path, name: str, data: bytes) -> bool:
    path = folder / name
    if not path.exists():
        return False
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found == hashlib.sha256(data).hexdigest():
        return False
    try:
        written = json.loads((folder / CARD).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return bool(found != written.get(name))


def _plain(value: object) -> object:
    """Numbers and text as Python has them; missing values as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
