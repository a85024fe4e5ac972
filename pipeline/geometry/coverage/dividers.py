"""Dividers: lines that cut polygons into cells, with short gaps closed, so that a gate does not undo a
wall.
"""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Geometries, Integers, Mask
from pipeline.geometry.coverage.topology import faces, noded
from pipeline.geometry.grouped import best_rows

GATE_M = 12.0
"""A line that ends this near another one, an outline or a shape goes on to it."""


def divide(
    ground: Geometries, open_: Mask, lines: Geometries, shapes: Geometries
) -> tuple[Geometries, Integers]:
    """Divide polygons by lines into cells.

    Parameters
    ----------
    ground : object array of polygons, shape (n,)
        In a projected CRS, metres; they do not overlap.
    open_ : bool array, shape (n,)
        Polygons that may be divided.
    lines : object array of lines, shape (m,)
        Dividers; one that merely ends in a polygon divides nothing.
    shapes : object array of polygons, shape (s,)
        A line that ends within GATE_M of one goes on to its middle: two walls that end at one building part
        the ground in front of it from that behind it.

    Returns
    -------
    cells : object array of Polygon, shape (c,)
        On the grid of coverages.
    polygon : integer array, shape (c,)
        Position of the polygon that each cell lies in.
    """
    polygon, line = shapely.STRtree(lines).query(ground, predicate="intersects")
    polygon, line = polygon[open_[polygon]], line[open_[polygon]]
    inner = shapely.get_parts(shapely.intersection(lines[line], ground[polygon]))
    edges = np.concatenate([shapely.boundary(ground), inner[shapely.get_dimensions(inner) == 1]])
    if len(edges) > len(ground):
        edges = np.concatenate([edges, _gap_closures(edges, shapes)])
    cells = faces(edges)
    cell, polygon = shapely.STRtree(ground).query(shapely.point_on_surface(cells), predicate="within")
    return cells[cell], polygon


def _gap_closures(edges: Geometries, shapes: Geometries) -> Geometries:
    """A line from each loose end to what is nearest, where that is near."""
    edges = noded(edges)
    ends = shapely.get_coordinates([shapely.get_point(edges, 0), shapely.get_point(edges, -1)]).reshape(
        2, -1, 2
    )
    _, node, count = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True, return_counts=True)
    node = node.reshape(2, -1)
    side, edge = np.nonzero(count[node] == 1)
    start, foot = shapely.points(ends[side, edge]), node[1 - side, edge]
    end, other = shapely.STRtree(edges).query(start, predicate="dwithin", distance=GATE_M)
    # back to where the line came from is no way on
    ahead = (edge[end] != other) & (node[:, other] != foot[end]).all(axis=0)
    end, other = end[ahead], other[ahead]
    at, shape = shapely.STRtree(shapes).query(start, predicate="dwithin", distance=GATE_M)
    to_line = shapely.shortest_line(start[end], edges[other])
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes[shape]))
    to_shape = (
        shapely.linestrings(np.stack([shapely.get_coordinates(start[at]), middle], axis=1))
        if len(at)
        else to_line[:0]
    )
    gap = np.concatenate([shapely.length(to_line), shapely.distance(start[at], shapes[shape])])
    end = np.concatenate([end, at])
    best = best_rows(end, len(start), gap)
    return np.concatenate([to_line, to_shape])[best[best >= 0]]
