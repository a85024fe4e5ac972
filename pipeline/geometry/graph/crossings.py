"""Which lines lie between: what a segment crosses."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike

from pipeline.geometry.arrays import Geometries, Integers
from pipeline.geometry.grouped import best_rows

GRAZED_M = 0.002
"""A segment that comes this near to an obstacle may end at it, as at one along a wall: less than any drawing
is true to.
"""
INSIDE_M = 0.05
"""So deep in the two shapes a segment then begins and ends."""


def extend_into_shapes(
    segments: Geometries, one: Geometries, other: Geometries, obstacles: Geometries
) -> Geometries:
    """Lengthen segments that end at an obstacle into the shapes that they join.

    Parameters
    ----------
    segments : object array of LineString, shape (m,)
        The shortest line between the two shapes of each pair.
    one, other : object arrays of polygons, shape (m,)
        The shape that each segment begins at, and the one it ends at.
    obstacles : object array of lines or polygons, shape (o,)
        All in one projected CRS, metres.

    Returns
    -------
    object array of LineString, shape (m,)
        Segments that come within GRAZED_M of an obstacle begin and end INSIDE_M inside their shapes; the
        others are as given.

    Notes
    -----
    An obstacle along the wall of a shape is before it or behind it by no more than rounding; a segment from
    within always meets it.
    """
    out = np.array(segments, dtype=object)
    # a line without length is near to nothing
    asked = np.where(shapely.length(out) == 0, shapely.get_point(out, 0), out)
    near = np.unique(shapely.STRtree(obstacles).query(asked, predicate="dwithin", distance=GRAZED_M)[0])
    if len(near):
        ends = shapely.get_coordinates(out[near]).reshape(-1, 2, 2)
        middles = [shapely.get_coordinates(shapely.point_on_surface(shapes[near])) for shapes in (one, other)]
        inward = np.stack(middles, axis=1) - ends
        length = np.hypot(*np.moveaxis(inward, -1, 0))[..., None]
        out[near] = shapely.linestrings(ends + inward * (INSIDE_M / np.maximum(length, INSIDE_M)))
    return out


def costliest_crossing(segments: Geometries, obstacles: Geometries, costs: ArrayLike) -> Integers:
    """The obstacle that costs most among those each segment meets.

    Parameters
    ----------
    segments : object array of LineString, shape (m,)
    obstacles : object array of lines or polygons, shape (o,)
        In the CRS of the segments.
    costs : float array, shape (o,)
        Cost of crossing each obstacle, above 0 where it counts.

    Returns
    -------
    integer array, shape (m,)
        Position of the obstacle, the first of equal ones; −1 where a segment meets none.

    Notes
    -----
    The largest cost counts and not the sum, because one street is drawn as one line in one place and as two
    carriageways, a tramway and two footpaths in the next.
    """
    out = np.full(len(segments), -1, dtype=np.int64)
    if len(segments) and len(obstacles):
        costs = np.asarray(costs, dtype=float)
        segment, obstacle = shapely.STRtree(obstacles).query(segments, predicate="intersects")
        best = best_rows(segment, len(segments), -costs[obstacle], obstacle)
        out[best >= 0] = obstacle[best[best >= 0]]
    return out
