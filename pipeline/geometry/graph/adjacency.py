"""Who stands beside whom: a sparse graph over polygons, weighted by the distance between their outlines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Delaunay, QhullError

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers

OUTLINE_STEP_M = 8.0
"""Outlines are sampled this densely, so that long facades that face each other meet in the triangulation."""


@dataclass(frozen=True)
class Neighbours:
    """Edges of an undirected graph: `a[i] < b[i]` are positions in the array of shapes; sorted by (a, b)."""

    a: Integers
    b: Integers
    distance: Floats
    """Shortest distance between the two outlines, in the unit of the coordinates; 0 where they touch."""
    gap: Geometries
    """The shortest line between the two outlines."""

    def __len__(self) -> int:
        return len(self.a)


def neighbours(shapes: Geometries, reach: float, step: float = OUTLINE_STEP_M) -> Neighbours:
    """The neighbour graph of an array of polygons: pairs that face each other, at most `reach` apart.

    Candidates come from the Delaunay triangulation of points sampled along all outlines (each shape has a
    handful of neighbours, however dense the place, so nothing grows with the square of n), plus pairs that
    touch, which share points and would hide each other. The distances are exact.
    """
    shapes = np.asarray(shapes, dtype=object)
    a, b = _pairs(shapes, step)
    distance = shapely.distance(shapes[a], shapes[b])
    near = distance <= reach
    a, b, distance = a[near], b[near], distance[near]
    return Neighbours(a, b, distance, shapely.shortest_line(shapes[a], shapes[b]))


def sample_outlines(shapes: Geometries, step: float | Floats) -> tuple[Coordinates, Integers]:
    """Points along the outlines without repeats, and the position of the shape each is of.

    step: they are at most this far apart; one number, or one a shape.
    """
    xy, owner = shapely.get_coordinates(shapely.segmentize(shapes, step), return_index=True)
    xy, first = np.unique(xy, axis=0, return_index=True)
    return xy, owner[first]


def _pairs(shapes: Geometries, step: float) -> tuple[Integers, Integers]:
    touching = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [touching.T]
    xy, owner = sample_outlines(shapes, step)
    if len(xy) >= 3:
        try:
            # centred: the triangulation is decided by small differences of large coordinates
            corners = Delaunay(xy - xy.mean(axis=0)).simplices
            pairs += [owner[corners[:, [i, j]]] for i, j in ((0, 1), (1, 2), (2, 0))]
        except QhullError:  # all points on one line: then each faces the next
            pairs.append(np.column_stack([owner[:-1], owner[1:]]))
    both = np.sort(np.concatenate(pairs).astype(np.int64), axis=1)
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    return both[:, 0], both[:, 1]
