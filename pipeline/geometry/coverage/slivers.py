"""What territories that should fit together leave open between them, and what they cover twice."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Geometries, Integers
from pipeline.geometry.overlay import polygons_of

THINNEST_M = 0.05
"""What is nowhere as wide as this is rounding: of 7 decimals of a degree, and of lines that meet between two
corners.
"""


def gaps(polygons: Geometries, width_m: float) -> Geometries:
    """Holes of the union of polygons, and slivers between two of them.

    Parameters
    ----------
    polygons : object array of valid Polygons and MultiPolygons, shape (n,)
        In a projected CRS, metres.
    width_m : float
        Open ground between two polygons narrower than this is a sliver; a narrow bay of one polygon is not.

    Returns
    -------
    object array of Polygon, shape (m,)
        Nothing that is nowhere as wide as THINNEST_M.
    """
    parts = shapely.get_parts(polygons)
    union = shapely.union_all(parts)
    shells = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union)))
    closed = shapely.buffer(
        shapely.buffer(union, width_m / 2, join_style="mitre"), -width_m / 2, join_style="mitre"
    )
    open_ = _wide(shapely.get_parts(shapely.difference(shapely.union_all([closed, *shells]), union)))
    gap, _ = shapely.STRtree(parts).query(open_, predicate="dwithin", distance=THINNEST_M)
    between = np.bincount(gap, minlength=len(open_)) > 1
    inside = shapely.covers(shapely.union_all(shells), open_)
    return np.asarray(open_[between | inside])


def overlaps(polygons: Geometries) -> tuple[Geometries, Integers, Integers]:
    """What two of the polygons both cover.

    Parameters
    ----------
    polygons : object array of valid Polygons and MultiPolygons, shape (n,)
        In a projected CRS, metres.

    Returns
    -------
    shared : object array of polygons, shape (m,)
        Nothing that is nowhere as wide as THINNEST_M.
    one, other : integer arrays, shape (m,)
        Positions of the two polygons; one < other.
    """
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = polygons_of(shapely.intersection(polygons[one], polygons[other]))
    wide = ~shapely.is_empty(shapely.buffer(shared, -THINNEST_M / 2))
    return shared[wide], one[wide], other[wide]


def width(polygon: shapely.Geometry) -> float:
    """About how wide a long thin polygon is: twice its area over its perimeter.

    Parameters
    ----------
    polygon : Polygon

    Returns
    -------
    float
        In the unit of the coordinates.

    Examples
    --------
    >>> round(width(shapely.box(0, 0, 1000, 2)), 1)
    2.0
    """
    return float(2 * shapely.area(polygon) / shapely.length(polygon))


def _wide(polygons: Geometries) -> Geometries:
    thin = shapely.is_empty(shapely.buffer(polygons, -THINNEST_M / 2))
    return np.asarray(polygons[~thin])
