"""Sides: where shapes stand about lines that must not be crossed, and whether a group of shapes stands on one
side.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.arrays import Geometries, Integers
from pipeline.geometry.graph.adjacency import neighbours
from pipeline.geometry.grouped import best_rows, positions
from pipeline.geometry.overlay import union_by

KERF_M = 0.001
"""A line takes this much to each side away from what it cuts: less than any drawing is true to."""


def main_parts(shapes: Geometries, obstacles: Geometries, reach: float) -> Geometries:
    """The largest connected part of each shape that obstacles cut or whose parts stand apart.

    Parameters
    ----------
    shapes : object array of Polygon and MultiPolygon, shape (n,)
        In a projected CRS, metres.
    obstacles : object array of lines or polygons, shape (o,)
        One that runs right through a shape parts it; one that ends in it does not.
    reach : float
        Parts belong together if a chain of them joins them, none farther than this from the next, metres,
        with no obstacle between.

    Returns
    -------
    object array, shape (n,)
        Of equal parts the one that reaches farther west, then south. A shape that lies in an obstacle
        altogether is as given.
    """
    out = np.array(shapes, dtype=object)
    shape, obstacle = shapely.STRtree(obstacles).query(out, predicate="intersects")
    doubtful = np.union1d(shape, np.flatnonzero(shapely.get_num_geometries(out) > 1))
    cut = shapely.difference(
        out[doubtful], _kerfs(obstacles, obstacle, np.searchsorted(doubtful, shape), len(doubtful))
    )
    pieces, of = shapely.get_parts(cut, return_index=True)
    there = shapely.area(pieces) > 0
    pieces, of = pieces[there], of[there]
    place = _places(pieces, of, obstacles, reach)

    area = np.bincount(place, shapely.area(pieces))
    west, south = np.full((2, len(area)), np.inf)
    for corner, values in zip((west, south), shapely.bounds(pieces).T[:2], strict=True):
        np.minimum.at(corner, place, values)
    best = best_rows(of, len(doubtful), -area[place], west[place], south[place])
    for name, mine in positions(of).items():
        chosen = mine[place[mine] == place[best[name]]]
        if len(chosen) < len(mine):
            out[doubtful[name]] = (
                pieces[chosen[0]] if len(chosen) == 1 else shapely.multipolygons(pieces[chosen])
            )
    return out


def count_sides(shapes: Geometries, group: Integers, k: int, obstacles: Geometries, reach: float) -> Integers:
    """On how many sides of the obstacles the shapes of each group stand.

    Parameters
    ----------
    shapes : object array of Polygon and MultiPolygon, shape (n,)
        In a projected CRS, metres. Each stands where its main part does (`main_parts`).
    group : integer array, shape (n,)
        Group of each shape, 0 … k − 1.
    k : int
        Number of groups.
    obstacles : object array of lines or polygons, shape (o,)
    reach : float
        Ground within this of the hull of a group is looked at, metres: an obstacle that ends in it can be
        gone round.

    Returns
    -------
    integer array, shape (k,)
        1, or more where no way about the ends of obstacles joins the shapes; 0 for a group without shapes.
    """
    out = np.minimum(np.bincount(group, minlength=k), 1)
    hulls = shapely.convex_hull(union_by(np.asarray(shapes, dtype=object), group, k))
    parted = np.unique(shapely.STRtree(hulls).query(obstacles, predicate="intersects")[1])
    members = np.flatnonzero(np.isin(group, parted))
    windows = shapely.buffer(hulls[parted], reach)
    window, obstacle = shapely.STRtree(obstacles).query(windows, predicate="intersects")
    pieces, of = shapely.get_parts(
        shapely.difference(windows, _kerfs(obstacles, obstacle, window, len(windows))), return_index=True
    )
    where = shapely.point_on_surface(main_parts(np.asarray(shapes, dtype=object)[members], obstacles, reach))
    member, piece = shapely.STRtree(pieces).query(where, predicate="within")
    mine = parted[of[piece]] == group[members[member]]
    stands = np.unique(piece[mine])
    n = np.bincount(parted[of[stands]], minlength=k)
    return np.maximum(out, n)


def _kerfs(obstacles: Geometries, obstacle: Integers, of: Integers, n: int) -> Geometries:
    """What the obstacles given by their positions take away from each of n things."""
    met, which = np.unique(obstacle, return_inverse=True)
    return union_by(
        shapely.buffer(np.asarray(obstacles, dtype=object)[met], KERF_M, quad_segs=1)[which], of, n
    )


def _places(pieces: Geometries, of: Integers, obstacles: Geometries, reach: float) -> Integers:
    """A number for each piece, the same for pieces of one thing that are in one place."""
    links = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object))]
    for mine in positions(of).values():
        if len(mine) > 1:
            near = neighbours(pieces[mine], reach)
            links.append((mine[near.a], mine[near.b], near.gap))
    a, b, gap = (np.concatenate(column) for column in zip(*links, strict=True))
    open_ = np.ones(len(gap), dtype=bool)
    open_[shapely.STRtree(obstacles).query(gap, predicate="intersects")[0]] = False
    graph = coo_array((np.ones(open_.sum(), dtype=bool), (a[open_], b[open_])), shape=(len(pieces),) * 2)
    place: Integers = connected_components(graph, directed=False)[1]
    return place
