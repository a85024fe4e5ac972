"""GeoJSON that GDAL leaves out without a message, and geometry that shapely refuses, as plain coordinates."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.geometry.arrays import Integers

FEATURES = re.compile(rb'"features"\s*:\s*\[')
#: Of several features on one line GDAL takes the first.
FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
ESCAPE = re.compile(rb"\\.", re.DOTALL)
#: Bytes that are read at a time.
CHUNK = 1 << 24
#: All bytes but those that nest and divide JSON.
NOT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{},'))
#: By how much a byte changes the depth of nesting.
STEP = np.zeros(256, dtype=np.int32)
STEP[[ord("["), ord("{")]] = 1
STEP[[ord("]"), ord("}")]] = -1

#: WKB types by number.
WKB_NAMES = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
WKB_TYPES = {name: number for number, name in WKB_NAMES.items()}


def dropped(path: Path, driver: str, taken: int) -> dict[int, str]:
    """What GDAL leaves out of a file because it is no Feature.

    Parameters
    ----------
    path : Path
    driver : str
        One of `pipeline.raw.formats`; those that are no GeoJSON have nothing of the kind.
    taken : int
        How many features GDAL gave; only where another number was to be expected is the file parsed a second
        time.

    Returns
    -------
    dict of int to str
        1-based number of the member or line → its text.
    """
    if driver == "GeoJSON":
        return _dropped_members(path, taken)
    return _dropped_lines(path, taken) if driver == "GeoJSONSeq" else {}


def not_understood(path: Path, driver: str, rows: Integers) -> dict[int, Any]:
    """Geometry that is in the file though GDAL gave none.

    Parameters
    ----------
    path : Path
    driver : str
        One of `pipeline.raw.formats`.
    rows : integer array, shape (m,)
        1-based numbers of rows without geometry. The file is parsed a second time, if there are any.

    Returns
    -------
    dict of int to value
        Number of the row → what stands there: a type there is not, coordinates written as text, curves of
        ESRI JSON.
    """
    if not len(rows) or driver not in ("GeoJSON", "GeoJSONSeq", "ESRIJSON"):
        return {}
    try:
        read = partial(json.loads, parse_constant=str)  # NaN is no JSON, which a record must be
        members = (
            [read(line) for line in _lines(path)]
            if driver == "GeoJSONSeq"
            else read(path.read_bytes())["features"]
        )
        shapes = {int(row): members[row - 1].get("geometry") for row in rows}
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return {}
    return {row: shape for row, shape in shapes.items() if shape}


def count_lines(path: Path) -> int:
    """How many records a newline-delimited file has.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
    """
    return len(_lines(path))


def _dropped_lines(path: Path, taken: int) -> dict[int, str]:
    lines = _lines(path)
    if len(lines) == taken and sum(len(FEATURE.findall(line)) for line in lines) <= taken:
        return {}
    return {
        number: line.decode("utf-8", "replace")
        for number, line in enumerate(lines, start=1)
        if not _is_feature(line)
    }


def _lines(path: Path) -> list[bytes]:
    """Records of a newline-delimited file: lines, or with record separators what is between them; empty ones
    do not count.
    """
    content = path.read_bytes()
    lines = (line.strip() for line in content.split(b"\x1e" if b"\x1e" in content[:16] else b"\n"))
    return [line for line in lines if line]


def _is_feature(line: bytes) -> bool:
    """Whether GDAL takes a line: a feature, or a geometry alone."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("type") in ("Feature", *WKB_TYPES)


def _dropped_members(path: Path, taken: int) -> dict[int, str]:
    """Members of `features`; they are counted independently, from the brackets of the text."""
    counted = count_members(path)
    if counted is None or counted == taken:
        return {}
    try:
        members = json.loads(path.read_bytes())["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {
        number: json.dumps(member, ensure_ascii=False)
        for number, member in enumerate(members, start=1)
        if not (isinstance(member, dict) and member.get("type") == "Feature")
    }


def count_members(path: Path) -> int | None:
    """How many members the `features` array has, from commas outside strings at its own depth.

    Parameters
    ----------
    path : Path
        Read in pieces, so that memory does not grow with it.

    Returns
    -------
    int or None
        None: there is no such array.
    """
    with path.open("rb") as file:
        piece = file.read(CHUNK)
        start = FEATURES.search(piece)
        if start is None:
            return None
        piece = piece[start.end() :].lstrip() or file.read(CHUNK).lstrip()
        if piece.startswith(b"]"):
            return 0
        depth, quoted, commas = 0, 0, 0
        while piece:
            if (len(piece) - len(piece.rstrip(b"\\"))) % 2:
                piece += file.read(1)
            if b"\\" in piece:
                piece = ESCAPE.sub(b"", piece)
            codes = np.frombuffer(piece.translate(None, NOT_STRUCTURE), dtype=np.uint8)
            inside = (np.cumsum(codes == ord('"'), dtype=np.uint8) + np.uint8(quoted)) & 1
            plain = codes[inside == 0]
            depths = np.cumsum(STEP[plain], dtype=np.int32) + np.int32(depth)
            end = np.flatnonzero(depths < 0)
            stop = int(end[0]) if len(end) else len(plain)
            commas += int(np.count_nonzero((plain[:stop] == ord(",")) & (depths[:stop] == 0)))
            if len(end):
                break
            quoted = int(inside[-1]) if len(inside) else quoted
            depth = int(depths[-1]) if len(depths) else depth
            piece = file.read(CHUNK)
    return commas + 1


def to_wkb(geometry: Mapping[str, Any]) -> bytes | None:
    """WKB of a GeoJSON geometry, as it is: unclosed rings stay unclosed.

    Parameters
    ----------
    geometry : mapping
        As JSON has it.

    Returns
    -------
    bytes or None
        Two-dimensional; None for a geometry that is not understood.
    """
    kind = WKB_TYPES.get(geometry.get("type", ""))
    if kind is None:
        return None
    head = struct.pack("<BI", 1, kind)
    try:
        if kind == 7:
            parts = [to_wkb(part) for part in geometry["geometries"]]
            return head + struct.pack("<I", len(parts)) + b"".join(part for part in parts if part is not None)
        coordinates = geometry["coordinates"]
        if kind == 1:
            return head + struct.pack("<2d", *coordinates[:2])
        if kind == 2:
            return head + _line(coordinates)
        if kind == 3:
            return head + struct.pack("<I", len(coordinates)) + b"".join(_line(ring) for ring in coordinates)
        parts = [to_wkb({"type": WKB_NAMES[kind - 3], "coordinates": part}) for part in coordinates]
        return head + struct.pack("<I", len(parts)) + b"".join(part for part in parts if part is not None)
    except (TypeError, KeyError, struct.error):
        return None


def from_wkb(wkb: bytes) -> dict[str, Any] | None:
    """A GeoJSON geometry of WKB, as it is: unlike shapely it takes rings that are not closed.

    Parameters
    ----------
    wkb : bytes

    Returns
    -------
    dict or None
        A coordinate that is not finite is None. None: it is no WKB.
    """
    try:
        geometry, _ = _parse(wkb, 0)
    except (struct.error, ValueError, IndexError, RecursionError):
        return None
    return geometry


def _line(points: Sequence[Sequence[float]]) -> bytes:
    return struct.pack("<I", len(points)) + b"".join(struct.pack("<2d", *point[:2]) for point in points)


def _parse(wkb: bytes, at: int) -> tuple[dict[str, Any], int]:
    order = "<" if wkb[at] == 1 else ">"
    code = struct.unpack_from(order + "I", wkb, at + 1)[0]
    at += 5
    high_z, high_m = bool(code & 0x80000000), bool(code & 0x40000000)
    if code & 0x20000000:
        at += 4
    code &= 0x0FFFFFFF
    extra = {0: high_z + high_m, 1: 1, 2: 1, 3: 2}.get(code // 1000, 0)
    kind, size = code % 1000, 2 + extra
    if kind == 1:
        return {
            "type": "Point",
            "coordinates": list(struct.unpack_from(f"{order}{size}d", wkb, at)),
        }, at + 8 * size
    count = struct.unpack_from(order + "I", wkb, at)[0]
    at += 4
    if kind == 2:
        points, at = _points(wkb, at, count, size, order)
        return {"type": "LineString", "coordinates": points}, at
    if kind == 3:
        rings = []
        for _ in range(count):
            length = struct.unpack_from(order + "I", wkb, at)[0]
            ring, at = _points(wkb, at + 4, length, size, order)
            rings.append(ring)
        return {"type": "Polygon", "coordinates": rings}, at
    parts = []
    for _ in range(count):
        part, at = _parse(wkb, at)
        parts.append(part)
    if kind == 7:
        return {"type": "GeometryCollection", "geometries": parts}, at
    return {
        "type": WKB_NAMES.get(kind, str(kind)),
        "coordinates": [part["coordinates"] for part in parts],
    }, at


def _points(wkb: bytes, at: int, count: int, size: int, order: str) -> tuple[list[list[float | None]], int]:
    values = np.frombuffer(wkb, dtype=f"{order}f8", count=count * size, offset=at).reshape(count, size)
    finite = [[float(v) if np.isfinite(v) else None for v in point] for point in values]
    return finite, at + 8 * count * size
