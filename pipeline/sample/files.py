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

LABEL = "合成样例 / synthetic"
CARD = "SAMPLE.json"
_EPOCH = datetime.datetime(2026, 9, 30)
_to_degrees = Transformer.from_crs("EPSG:4550", "EPSG:4326", always_xy=True)


def degrees(geometries: Sequence[Any]) -> np.ndarray:
    """Shapes in metres of EPSG:4550 as longitude and latitude, 7 decimals, outer rings counter-clockwise."""

    def convert(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([np.round(v, 7) for v in _to_degrees.transform(xy[:, 0], xy[:, 1])])

    shapes = shapely.transform(np.array(list(geometries), dtype=object), convert)
    # Where rounding made an outline touch itself, the nearest outline on the grid of 7 decimals that does
    # not.
    crossed = ~shapely.is_valid(shapes)
    mended = shapely.set_precision(shapely.make_valid(shapes[crossed]), 1e-7)
    shapes[crossed] = shapely.transform(mended, lambda xy: np.round(xy, 7))
    return np.asarray(shapely.orient_polygons(shapes))


def feature(properties: Mapping[str, Any], geometry: Any) -> dict[str, Any]:
    """A GeoJSON feature; geometry is a shape in degrees, a dict as it shall be written, or None."""
    shape = geometry if geometry is None or isinstance(geometry, dict) else shapely.geometry.mapping(geometry)
    return {"type": "Feature", "properties": {k: _plain(v) for k, v in properties.items()}, "geometry": shape}


def raw_geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    """A geometry in metres written as it is, valid or not."""
    if kind == "Point":
        return {"type": kind, "coordinates": _degrees_of([coordinates])[0]}
    return {"type": kind, "coordinates": [_degrees_of(ring) for ring in coordinates]}


def _degrees_of(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    x, y = _to_degrees.transform([p[0] for p in points], [p[1] for p in points])
    return [[round(a, 7), round(b, 7)] for a, b in zip(x, y, strict=True)]


def geojson(name: str, features: Iterable[dict[str, Any]]) -> bytes:
    """A FeatureCollection with one feature a line and the label of the sample."""
    label = json.dumps(LABEL, ensure_ascii=False)
    head = f'{{"type":"FeatureCollection","name":{json.dumps(name)},"synthetic":{label},"features":[\n'
    lines = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return (head + ",\n".join(lines) + "\n]}\n").encode()


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A UTF-8 CSV with a last column `source` that says it is the sample."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, "source"])
    for row in rows:
        writer.writerow([*("" if _plain(row.get(c)) is None else _plain(row[c]) for c in columns), LABEL])
    return text.getvalue().encode()


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A workbook of one sheet; dates inside and in the archive are fixed, nothing is compressed."""
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


def json_bytes(value: Any) -> bytes:
    """Indented JSON, keys in the order given."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def put(folder: Path, files: Mapping[str, bytes], *, seed: int) -> list[str]:
    """Write the files and the card of the sample into the folder; returns the names of files that were kept.

    A file that is there and is not what the card says the sample wrote belongs to a person: it stays. The
    others are given one time and put there together, the card last, so that Make finds none older than the
    card. Raises WriteError.
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
        # Not its content: but a file older than the card would look out of date to Make for ever.
        latest = max(path.stat().st_mtime_ns, moment)
        os.utime(path, ns=(latest, latest))
    write_all(
        folder,
        {name: data for name, data in files.items() if name not in kept} | {CARD: json_bytes(card)},
        time_ns=moment,
    )
    return kept


def remove(folder: Path) -> list[str]:
    """Remove the card and every file that is still what the card says the sample wrote; returns the names of
    files kept.
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


def _plain(value: Any) -> Any:
    """Numbers and text as Python has them; missing values as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
