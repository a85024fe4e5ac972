"""The ground near shapes: within reach of them, with bays and courtyards, without ragged edges."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.overlay import union_by
from pipeline.geometry.rings import rings_of


def vicinity(
    shapes: np.ndarray, group: np.ndarray, n_groups: int, *, reach: float, hole_max: float
) -> np.ndarray:
    """The ground near the shapes of each group, with bays and courtyards, without ragged edges.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
        In a projected CRS, metres.
    group : integer array, shape (n,)
        Group of each shape, 0 … n_groups − 1.
    n_groups : int
    reach : float
        Ground within this of the shapes is near, metres; bays narrower than this are closed.
    hole_max : float
        Holes of at most this are closed, square metres.

    Returns
    -------
    object array of polygons, shape (n_groups,)

    Notes
    -----
    A morphological closing: buffered by 1.5 times the reach about the hull of each part, and back by half of
    it.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    wide = shapely.buffer(shapely.convex_hull(parts), reach * 1.5, join_style="mitre", mitre_limit=1.5)
    near = shapely.buffer(
        union_by(wide, group[of], n_groups), -reach * 0.5, join_style="mitre", mitre_limit=1.5
    )
    pieces, owner = shapely.get_parts(near, return_index=True)
    there = ~shapely.is_empty(pieces)
    return union_by(without_holes(pieces[there], hole_max), owner[there], n_groups)


def without_holes(polygons: np.ndarray, hole_max: float) -> np.ndarray:
    """The polygons without their small holes.

    Parameters
    ----------
    polygons : object array of Polygon, shape (n,)
    hole_max : float
        Holes of at most this area are closed, in square units of the coordinates.

    Returns
    -------
    object array of polygons, shape (n,)
    """
    rings, polygon, is_shell = rings_of(polygons)
    filled = shapely.polygons(rings)
    large = ~is_shell & (shapely.area(filled) > hole_max)
    holes = union_by(filled[large], polygon[large], len(polygons))
    return np.asarray(shapely.difference(filled[is_shell], holes), dtype=object)
