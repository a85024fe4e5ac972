"""Ids made from content, for sources that have none: the same thing gets the same id, whatever its place in
the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Geometries

#: Ids that are made from the shape where the file gives none, with their prefix.
SHAPE_IDS = {"buildings": "b", "barriers": "w", "land": "l", "compounds": "c"}
#: Ids that are made from these columns where the file gives none.
TEXT_IDS = {"register": ("name", "address"), "entries": ("area_id", "address", "building_ids")}

#: 1e-7° is about a centimetre: what RFC 7946 files carry, and less than any footprint moves in a conversion.
GRID_PER_DEG = 10_000_000
HEX_DIGITS = 12


def from_shapes(lonlat: Geometries, prefix: str) -> NDArray[np.object_]:
    """Ids of geometries, made from their coordinates.

    Parameters
    ----------
    lonlat : object array, shape (n,)
        In WGS 84 degrees.
    prefix : str
        One of SHAPE_IDS.

    Returns
    -------
    object array of str, shape (n,)
        prefix and HEX_DIGITS hex digits of SHA-256 over the coordinates in 1 / GRID_PER_DEG degrees, in
        normal order.
    """
    rounded = shapely.transform(lonlat, lambda xy: np.round(xy * GRID_PER_DEG))
    coordinates, index = shapely.get_coordinates(shapely.normalize(rounded), return_index=True)
    data = coordinates.astype("<i8").tobytes()
    bounds = np.searchsorted(index, np.arange(len(lonlat) + 1)) * 16
    view = memoryview(data)
    return np.array(
        [prefix + hashlib.sha256(view[a:b]).hexdigest()[:HEX_DIGITS] for a, b in pairwise(bounds)],
        dtype=object,
    )


def from_texts(texts: Iterable[str], prefix: str, digits: int = HEX_DIGITS) -> NDArray[np.object_]:
    """Ids of texts.

    Parameters
    ----------
    texts : iterable of str
    prefix : str
    digits : int, default HEX_DIGITS

    Returns
    -------
    object array of str
        prefix and the first hex digits of SHA-256 over the UTF-8 of each text.
    """
    return np.array(
        [prefix + hashlib.sha256(text.encode()).hexdigest()[:digits] for text in texts], dtype=object
    )
