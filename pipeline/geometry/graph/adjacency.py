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
    """The adjacency graph of polygons: pairs that face each other and are at most `reach` apart.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
        In a projected CRS, metres. They may touch or overlap.
    reach : float
        Largest distance between the outlines of two neighbours, metres; inf: any.
    step : float, default OUTLINE_STEP_M
        Largest distance between two points that an outline is sampled at, metres. Two long facades are
        neighbours if points of theirs meet in the triangulation: a coarse step misses facades shorter than
        it.

    Returns
    -------
    Neighbours
        Each pair once, with its exact distance and the shortest line between the two.

    Notes
    -----
    Candidates are the edges of the Delaunay triangulation of the sampled outlines, plus pairs that touch,
    which share points and would hide each other. Each shape has a handful of neighbours however dense the
    place, so nothing grows with the square of n. Fewer than three points, or all on one line, have no
    triangulation: then each faces the next.

    Examples
    --------
    >>> row = np.array([shapely.box(x, 0, x + 10, 10) for x in (0, 15, 40)])
    >>> graph = neighbours(row, reach=30)
    >>> list(zip(graph.a.tolist(), graph.b.tolist(), graph.distance.tolist()))
    [(0, 1, 5.0), (1, 2, 15.0)]
    """
    shapes = np.asarray(shapes, dtype=object)
    a, b = _pairs(shapes, step)
    distance = shapely.distance(shapes[a], shapes[b])
    near = distance <= reach
    a, b, distance = a[near], b[near], distance[near]
    return Neighbours(a, b, distance, shapely.shortest_line(shapes[a], shapes[b]))


def sample_outlines(shapes: Geometries, step: float | Floats) -> tuple[Coordinates, Integers]:
    """Points along the outlines of shapes, without repeats.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
    step : float, or float array of shape (n,)
        Neighbouring points of one outline are at most this far apart, in the unit of the coordinates.

    Returns
    -------
    xy : float array, shape (p, 2)
        A point that several shapes share is there once.
    owner : integer array, shape (p,)
        Position of the shape that each point is of; the first of several.
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
