"""Tables packed into bytes: every column as whole numbers, every number as bytes of one weight beside each
other.

A block is what `Block.text` gives: base64 of gzip of [length of the head, 4 bytes][head, JSON][body]. The
head says where in the body each column begins; js/data/decode.js reads it. A column of n numbers is n lowest
bytes, then n next higher ones, as many as the largest number needs: the noise of the low bytes and the order
of the high ones each pack better alone than mixed, and any number can be read where it stands, so columns
need no unpacking.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.conflation.ids import HEX_DIGITS
from pipeline.geometry.arrays import Floats, Geometries, Integers
from pipeline.publish.webmap.encode import to_json

#: Coordinates are whole pixels of zoom level 20 of web-mercator: 0.15 m at the equator, 0.12 m in Dalian.
UNITS = 1 << 28
EXACT = 1 << 53
_MERCATOR_M = 20037508.342789244

#: Numbers keep three decimals where the caller asks for no fewer.
DECIMALS = 3

_NUMBERED = re.compile(r"(.*?)(0|[1-9][0-9]{0,8})([^0-9]*)", re.DOTALL)

#: Ids made from a hash (pipeline.conflation.ids).
_HASHED = re.compile(rf"(.*?)([0-9a-f]{{{HEX_DIGITS}}})", re.DOTALL)
_BEGINNINGS = 16


class Block:
    """One block of columns under construction: the body so far, and what goes into its head."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        self._body: list[bytes] = []
        self._length = 0

    def numbers(self, values: Integers) -> list[int]:
        """Whole numbers, into the body.

        Parameters
        ----------
        values : integer array, shape (n,)
            From 0 on.

        Returns
        -------
        list of int
            [where they begin, how many there are, bytes of each].

        Raises
        ------
        ValueError
            For one beyond 2^53.
        """
        if values.max(initial=0) > EXACT:
            raise ValueError(f"{values.max()} is more than a page can hold exactly")
        width = (int(values.max(initial=0)).bit_length() + 7) // 8
        begins = self._length
        for byte in range(width):
            self._body.append(((values >> (8 * byte)) & 255).astype(np.uint8).tobytes())
        self._length += width * len(values)
        return [begins, len(values), width]

    def running(self, values: Integers) -> list[int]:
        """Whole numbers, into the body, as they are or as what each adds to the one before.

        Parameters
        ----------
        values : integer array, shape (n,)
            From 0 on, at most 2^53 as `numbers` takes them.

        Returns
        -------
        list of int
            Their place as `numbers` gives it, with a 1 behind it for the second, which is taken where numbers
            are large and it is less.
        """
        # their steps would not fit into the 32 bits that the page adds up
        if values.max(initial=0) >= 1 << 30:
            return self.numbers(values)
        steps = zigzag(np.diff(values, prepend=0))
        if values.max(initial=0) < 1 << 8 or np.log2(1 + steps).sum() >= np.log2(1 + values).sum():
            return self.numbers(values)
        return [*self.numbers(steps), 1]

    def values(self, value: object) -> list[int]:
        """Any JSON, into the body; it is only read when it is needed.

        Parameters
        ----------
        value : object
            Anything JSON can hold.

        Returns
        -------
        list of int
            [where it begins, how many bytes].
        """
        written = to_json(value).encode("utf-8")
        begins = self._length
        self._body.append(written)
        self._length += len(written)
        return [begins, len(written)]

    def text(self) -> str:
        """The block as text that can stand in a page; the same columns give the same text."""
        head = to_json(self.head).encode("utf-8")
        packed = gzip.compress(
            len(head).to_bytes(4, "little") + head + b"".join(self._body), compresslevel=9, mtime=0
        )
        return base64.b64encode(packed).decode("ascii")


def zigzag(values: Integers) -> Integers:
    """Signed numbers as unsigned ones, small ones staying small: 0, -1, 1, -2 … become 0, 1, 2, 3 …

    Parameters
    ----------
    values : int64 array

    Returns
    -------
    int64 array
    """
    return (values << 1) ^ (values >> 63)


def column(block: Block, values: pd.Series, *, decimals: int = DECIMALS) -> dict[str, Any]:
    """One column of a table, into the block.

    Parameters
    ----------
    block : Block
    values : Series
        Flags, whole numbers, numbers or text; null and infinity are missing.
    decimals : int, default DECIMALS
        Numbers are rounded to so many.

    Returns
    -------
    dict
        Its place in the block and how to read it. Numbers and flags: {"n", "least", "over"}: 0 is missing, n
        stands for (least + n - 1) / over. Text: {"t", "n", "of", "then"}: t is 0 where it is missing, else 1
        + the position of what stands before its last number (of) and after it (then; null where the text has
        no number), and n is that number. hex, where it is said: the numbers are hexadecimal, and written with
        so many digits.

    Notes
    -----
    So door numbers and ids cost a number, not a text.
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return _whole(block, values.astype("Int64")) | {"flag": True}
    if pd.api.types.is_integer_dtype(values.dtype):
        return _whole(block, values)
    if pd.api.types.is_float_dtype(values.dtype):
        finite = values.where(np.isfinite(values.to_numpy(np.float64, na_value=np.nan)))
        return _whole(block, (finite * 10**decimals).round().astype("Int64"), over=10**decimals)
    return _texts(block, values)


def _whole(block: Block, values: pd.Series, over: int = 1) -> dict[str, Any]:
    least = 0 if values.isna().all() else int(values.min())
    return {
        "n": block.running((values - least + 1).fillna(0).to_numpy(np.int64)),
        "least": least,
        "over": over,
    }


def _texts(block: Block, values: pd.Series) -> dict[str, Any]:
    codes, distinct = pd.factorize(values.to_numpy(object))  # missing: -1
    is_hashed = hashed(distinct)
    split = [_split(str(text), is_hashed) for text in distinct]
    frames = sorted(
        {(before, after) for before, _, after in split},
        key=lambda frame: (frame[0], frame[1] is None, frame[1] or ""),
    )
    place = {frame: i for i, frame in enumerate(frames, start=1)}
    frame = np.array([*(place[before, after] for before, _, after in split), 0], dtype=np.int64)
    number = np.array([*(number for _, number, _ in split), 0], dtype=np.int64)
    return {
        "t": block.numbers(frame[codes]),
        "n": block.running(number[codes]),
        "of": block.values([before for before, _ in frames]),
        "then": block.values([after for _, after in frames]),
    } | ({"hex": HEX_DIGITS} if is_hashed else {})


def last_numbers(texts: pd.Series) -> Integers:
    """The number that `column` keeps apart from each text.

    Parameters
    ----------
    texts : Series of text, shape (n,)

    Returns
    -------
    integer array, shape (n,)
        0 where there is none.
    """
    codes, distinct = pd.factorize(texts.to_numpy(object))
    numbers: Integers = np.array([*(_split(str(text))[1] for text in distinct), 0], dtype=np.int64)[codes]
    return numbers


def hashed(texts: Iterable[object]) -> bool:
    """Whether ids are made from a hash.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    bool
        Whether all end with HEX_DIGITS digits, of few beginnings, as a page tells their numbers apart
        exactly, and mostly with a letter.
    """
    found = [_HASHED.fullmatch(str(text)) for text in texts]
    ids = [each for each in found if each]
    few = len({each[1] for each in ids}) <= _BEGINNINGS
    return len(ids) == len(found) > 0 and few and 2 * sum(not each[2].isdecimal() for each in ids) > len(ids)


def _split(text: str, is_hashed: bool = False) -> tuple[str, int, str | None]:
    if is_hashed:
        return text[:-HEX_DIGITS], int(text[-HEX_DIGITS:], 16), ""
    found = _NUMBERED.fullmatch(text)
    return (text, 0, None) if found is None else (found[1], int(found[2]), found[3])


def link(block: Block, values: pd.Series, ids: pd.Series, table: str, key: str) -> dict[str, Any]:
    """A column that names rows of another table by its key, into the block.

    Parameters
    ----------
    block : Block
    values : Series
        Keys of the other table; null: of no row.
    ids : Series
        The key of the other table, in the order of its rows.
    table, key : str
        The other table, and the column that is its key.

    Returns
    -------
    dict
        row: the place of their positions there plus one, 0 where it is missing. Positions beyond the other
        table's last row are those of ids it does not have (extra). table and key as given.
    """
    given = values.to_numpy(object)
    there = values.notna().to_numpy()
    extra = sorted(set(given[there]) - set(ids))
    at = pd.Index([*ids, *extra], dtype=object).get_indexer(pd.Index(given, dtype=object))
    return {
        "row": block.running(np.where(there, at + 1, 0).astype(np.int64)),
        "extra": block.values(extra),
        "table": table,
        "key": key,
    }


def web_mercator(geometry: gpd.GeoSeries) -> Geometries:
    """The shapes in units: x to the east and y to the south, from the north-west corner of the world.

    Parameters
    ----------
    geometry : GeoSeries, shape (n,)
        In any CRS.

    Returns
    -------
    object array of shapes, shape (n,)
        Web-mercator (EPSG:3857) in parts of the world's width, of which there are UNITS; not rounded.
    """
    world = geometry.to_crs(3857).to_numpy()

    def units(xy: Floats) -> Floats:
        return (xy * (1, -1) + _MERCATOR_M) * (UNITS / (2 * _MERCATOR_M))

    drawn: Geometries = shapely.transform(world, units)
    return drawn


def shapes(
    block: Block, drawn: Geometries, *, walls: Block | None = None, corners: Integers | None = None
) -> dict[str, Any]:
    """Shapes as their rings (or lines, or points), rounded to whole units, into the block.

    Parameters
    ----------
    block : Block
    drawn : object array of shapes, shape (n,)
        In units (web_mercator).
    walls : Block, default None
        Given: these are buildings, and points and steps go into that block and its head, the steps told as
        `turns` tells them.
    corners : integer array, default None
        The points that are kept (outlines.corners); without: all.

    Returns
    -------
    dict
        rings: how many each shape has, 0 for a missing one. points: how many each ring has, without the one
        that closes it. firsts: x, y of the first point of each ring, from that of the ring before. steps: x,
        y of each other point, from the one before. reach: the farthest, along x or y, that a point is from
        the first one of its ring.

    Notes
    -----
    Holes and parts are rings like any other: outer rings turn one way and holes the other, so drawn by the
    even-odd or the nonzero rule they come out right.
    """
    parts, owner = shapely.get_parts(drawn, return_index=True)
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    outlines, outline_part = shapely.get_rings(shapely.orient_polygons(parts[polygons]), return_index=True)
    others = ~polygons & ~shapely.is_empty(parts)
    paths = np.concatenate([parts[others], outlines])
    path_owner = np.concatenate([owner[others], owner[polygons][outline_part]])
    order = np.argsort(path_owner, kind="stable")
    paths, path_owner = paths[order], path_owner[order]

    points, path = shapely.get_coordinates(paths, return_index=True)
    units = np.rint(points).astype(np.int64)
    rings = (shapely.get_type_id(paths) == shapely.GeometryType.LINEARRING)[path]
    first, last = (np.diff(path, **{at: -1}) != 0 for at in ("prepend", "append"))
    kept = ~(rings & last)
    if corners is not None:
        kept &= np.isin(point_numbers(units), corners) | (~rings & (first | last))
    units, path = units[kept], path[kept]
    count = np.bincount(path, minlength=len(paths))
    begins = np.cumsum(count) - count
    steps = np.diff(units, axis=0, prepend=units[:1])
    nth = np.arange(len(units)) - begins[path]
    firsts = np.diff(units[begins], axis=0, prepend=0)
    spec = {
        "rings": block.numbers(np.bincount(path_owner, minlength=len(drawn)).astype(np.int64)),
        "firsts": block.numbers(zigzag(firsts.ravel())),
        "reach": int(np.abs(units - units[begins][path]).max(initial=0)),
    }
    if walls is None:
        return spec | {
            "points": block.numbers(count.astype(np.int64)),
            "steps": block.numbers(zigzag(steps[nth > 0].ravel())),
        }
    along, across = turns(steps, nth)
    walls.head |= {
        "points": walls.numbers(count.astype(np.int64)),
        "steps": walls.numbers(zigzag(steps[nth == 1].ravel())),
        "along": walls.numbers(zigzag(along)),
        "across": walls.numbers(zigzag(across)),
    }
    return spec


def turns(steps: Integers, nth: Integers) -> tuple[Integers, Integers]:
    """Steps of buildings, from the second of each ring on, as small numbers: most turn by a right angle.

    Parameters
    ----------
    steps : int64 array, shape (n, 2)
        From point to point, in units.
    nth : int64 array, shape (n,)
        The position of each in its ring, 0 for the ring's first point.

    Returns
    -------
    along, across : int64 arrays
        One value for each step with nth >= 2.

    Notes
    -----
    Of a step the longer part (that along the axis which the step before is short on) is told by what it adds
    to that of the step before last, turned round: along, nothing for a rectangle. The other part follows from
    it if the corner is square; across is what it is more. The arithmetic is that of js/data/shapes.js, in
    floating point, to the last bit.
    """
    second = np.nonzero(nth >= 2)[0]
    x, y = steps[second].T
    before_x, before_y = steps[second - 1].astype(np.float64).T
    last_x, last_y = np.where((nth[second] >= 3)[:, None], steps[second - 2], 0).T
    upright = np.abs(before_x) >= np.abs(before_y)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = np.floor(np.where(upright, -(y * before_y) / before_x, -(x * before_x) / before_y) + 0.5)
    square = np.nan_to_num(square).astype(np.int64)
    return np.where(upright, y + last_y, x + last_x), np.where(upright, x, y) - square


def point_numbers(units: Integers) -> Integers:
    """Points as one number each.

    Parameters
    ----------
    units : int64 array, shape (n, 2)
        x and y in whole units.

    Returns
    -------
    int64 array, shape (n,)
        x · 2^32 + y.
    """
    numbers: Integers = units @ np.array([1 << 32, 1])
    return numbers


def by_place(drawn: Geometries) -> Integers:
    """An order in which neighbours follow each other: that of a Z-curve through the middles of the shapes.

    Parameters
    ----------
    drawn : object array of shapes, shape (n,)
        In units (web_mercator); missing ones count as at 0, 0.

    Returns
    -------
    integer array, shape (n,)
        Positions.
    """
    boxes = np.nan_to_num(shapely.bounds(drawn))
    x, y = ((boxes[:, [0, 1]] + boxes[:, [2, 3]]) / 2).astype(np.int64).T
    curve = np.zeros(len(drawn), dtype=np.int64)
    for bit in range(UNITS.bit_length()):
        curve |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return np.argsort(curve, kind="stable")
