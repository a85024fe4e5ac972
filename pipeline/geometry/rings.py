"""Rings of polygons: which of them are shells and which are holes."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Geometries, Integers, Mask


def rings_of(polygons: Geometries) -> tuple[Geometries, Integers, Mask]:
    """Take polygons apart into their rings.

    Parameters
    ----------
    polygons : object array of Polygon, shape (n,)
        In any CRS; no MultiPolygons (`shapely.get_parts` first).

    Returns
    -------
    rings : object array of LinearRing, shape (r,)
        Those of one polygon follow each other, its shell first (the order of GEOS).
    polygon : integer array, shape (r,)
        Position of the polygon that each ring is of.
    is_shell : bool array, shape (r,)
        Whether the ring is the outline of its polygon; the others are holes.

    Examples
    --------
    >>> ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)]])
    >>> _, polygon, is_shell = rings_of(np.array([ring, shapely.box(0, 0, 1, 1)]))
    >>> polygon.tolist(), is_shell.tolist()
    ([0, 0, 1], [True, False, True])
    """
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    return rings, polygon, np.diff(polygon, prepend=-1) != 0
