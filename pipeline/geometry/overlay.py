"""Overlay of many polygons with many others, in bulk."""

from __future__ import annotations

import itertools

import numpy as np
import shapely


def polygons_of(geometry: np.ndarray) -> np.ndarray:
    """Each geometry's polygonal part; lines and points, as an overlay leaves them along shared edges, are
    dropped.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return union_by(parts[polygonal], owner[polygonal], len(geometry))


def union_by(geometry: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """The union of the geometries of each group 0 … n_groups − 1; a group without any is an empty
    collection.
    """
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(n_groups + 1))
    ordered = geometry[order]
    return np.array([shapely.union_all(ordered[a:b]) for a, b in itertools.pairwise(starts)], dtype=object)


def difference_of(geometry: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Each geometry less all of `taken` that touches it."""
    owner, other = shapely.STRtree(taken).query(geometry, predicate="intersects")
    rest: np.ndarray = shapely.difference(geometry, union_by(taken[other], owner, len(geometry)))
    return rest
