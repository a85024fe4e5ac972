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
    """The segments from the one shape to the other; those that come within GRAZED_M of an obstacle run from
    inside of both.

    An obstacle along the wall of a shape is before it or behind it by no more than rounding; from within it
    is always met.
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
    """For each segment the position of the dearest obstacle it meets (the first of equals); −1 where it meets
    none.

    obstacles: lines or polygons; costs: one number for each, above 0 where it counts. The dearest counts and
    not the sum, because one street is drawn as one line in one place and as two carriageways, a tramway and
    two footpaths in the next.
    """
    out = np.full(len(segments), -1, dtype=np.int64)
    if len(segments) and len(obstacles):
        costs = np.asarray(costs, dtype=float)
        segment, obstacle = shapely.STRtree(obstacles).query(segments, predicate="intersects")
        best = best_rows(segment, len(segments), -costs[obstacle], obstacle)
        out[best >= 0] = obstacle[best[best >= 0]]
    return out
