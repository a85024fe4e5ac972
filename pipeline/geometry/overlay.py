"""Overlay of many polygons with many others, in bulk."""

from __future__ import annotations

import itertools

import numpy as np
import shapely


def polygons_of(geometry: np.ndarray) -> np.ndarray:
    """The polygonal part of each geometry; lines and points, as an overlay leaves them along shared edges,
    are dropped.

    Parameters
    ----------
    geometry : object array, shape (n,)

    Returns
    -------
    object array of Polygon and MultiPolygon, shape (n,)
        Empty where nothing of the geometry is polygonal.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return union_by(parts[polygonal], owner[polygonal], len(geometry))


def union_by(geometry: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """The union of the geometries of each group.

    Parameters
    ----------
    geometry : object array, shape (m,)
    group : integer array, shape (m,)
        The group of each geometry, 0 … n_groups − 1.
    n_groups : int

    Returns
    -------
    object array, shape (n_groups,)
        An empty collection where a group has no geometry.
    """
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(n_groups + 1))
    ordered = geometry[order]
    return np.array([shapely.union_all(ordered[a:b]) for a, b in itertools.pairwise(starts)], dtype=object)


def difference_of(geometry: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Each geometry less all of `taken` that touches it.

    Parameters
    ----------
    geometry : object array, shape (n,)
    taken : object array, shape (m,)
        In the same CRS; these may overlap each other.

    Returns
    -------
    object array, shape (n,)
    """
    owner, other = shapely.STRtree(taken).query(geometry, predicate="intersects")
    rest: np.ndarray = shapely.difference(geometry, union_by(taken[other], owner, len(geometry)))
    return rest
