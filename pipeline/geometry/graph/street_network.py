"""Streets as a network: which of them lead through and which end inside, and the ground between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers, Mask
from pipeline.geometry.coverage.topology import noded

GRID_M = 0.01
"""Streets are split, and their junctions told apart, on this grid."""
RIM_M = 60.0
"""Ends and junctions so near to the edge of the extent are taken to be joined outside: an extract cuts
streets off."""
MAIN_SHARE = 0.15
"""A part of the network with more than this share of all that lies on loops is a main part, too."""


def split_at_junctions(lines: Geometries, grid: float = GRID_M) -> tuple[Geometries, Integers, Integers]:
    """Split lines into segments where they meet, and tell which segment is of which lines.

    Parameters
    ----------
    lines : object array of lines or polygons, shape (n,)
        In a projected CRS, metres. A polygon counts as its outline.
    grid : float, default GRID_M
        Spacing of the grid that all nodes are rounded to, metres.

    Returns
    -------
    segments : object array of LineString, shape (s,)
        Each piece of ground that lines run along, once.
    segment, line : integer arrays, shape (p,)
        Positions: this segment is part of that line. Where lines run on top of each other, the segment is
        part of each.
    """
    parts, of = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    ground = shapely.get_dimensions(parts) == 2
    parts[ground] = shapely.boundary(parts[ground])
    keep = ~shapely.is_empty(parts) & (shapely.get_dimensions(parts) == 1)
    parts, of = parts[keep], of[keep]
    segments = noded(parts, grid) if len(parts) else parts
    segments = segments[shapely.length(segments) > 0]
    middle = shapely.line_interpolate_point(segments, 0.5, normalized=True)
    segment, part = shapely.STRtree(parts).query(middle, predicate="dwithin", distance=2 * grid)
    return segments, segment, of[part]


def bridges(n: int, a: Integers, b: Integers) -> Mask:
    """Which edges of a graph are on no loop: without one of them, its two ends are no longer connected.

    Parameters
    ----------
    n : int
        Number of nodes.
    a, b : integer arrays, shape (m,)
        The two nodes of each edge. There may be several edges between two nodes, and edges from a node to
        itself.

    Returns
    -------
    bool array, shape (m,)

    Notes
    -----
    In a depth-first tree every other edge leads from a node to one of its ancestors. Counting +1 at the node
    and −1 at the ancestor, the sum over what hangs below an edge of the tree is the number of ways around it.

    Examples
    --------
    >>> bridges(4, np.array([0, 1, 2, 2]), np.array([1, 2, 0, 3])).tolist()
    [False, False, False, True]
    """
    if n == 0:
        return np.zeros(0, dtype=bool)
    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    pairs, of, count = np.unique(low * n + high, return_inverse=True, return_counts=True)
    one, other = pairs // n, pairs % n
    links = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(n, n))
    parts = np.unique(connected_components(links, directed=False)[1], return_index=True)[1]
    # chained by edges of their own, all parts are one tree
    ends = np.r_[one, parts[:-1]], np.r_[other, parts[1:]]
    whole = coo_array(
        (np.ones(2 * len(ends[0])), (np.r_[ends[0], ends[1]], np.r_[ends[1], ends[0]])), shape=(n, n)
    )
    order, parent = depth_first_order(whole.tocsr(), 0, directed=True)
    at = np.empty(n, dtype=np.int64)
    at[order] = np.arange(n)
    up, down = np.minimum(at[one], at[other]), np.maximum(at[one], at[other])
    is_tree = parent[order[down]] == order[up]
    around = ~is_tree & (up != down)
    ways = np.bincount(down[around], minlength=n) - np.bincount(up[around], minlength=n)
    before = np.concatenate([[0], np.cumsum(ways)])
    below = before[_subtree_ends(order, parent, at)] - before[:-1]
    return np.asarray((is_tree & (count == 1) & (below[down] == 0))[of])


def _subtree_ends(order: Integers, parent: Integers, at: Integers) -> Integers:
    """Behind which place of a depth-first order what hangs below each place ends."""
    ends = np.empty(len(order), dtype=np.int64)
    open_: list[int] = []
    # what hangs below a place ends before the first later one whose parent came before that place
    for place, parent_of_next in enumerate([*at[parent[order[1:]]].tolist(), -1]):
        open_.append(place)
        while open_ and open_[-1] > parent_of_next:
            ends[open_.pop()] = place + 1
    return ends


def lead_through(segments: Geometries, extent: shapely.Polygon, rim: float = RIM_M) -> Mask:
    """Which segments of streets lead through; the others end inside.

    Parameters
    ----------
    segments : object array of LineString, shape (s,)
        Split where they meet (split_at_junctions), in a projected CRS, metres.
    extent : Polygon
        What is known of the ground; streets go on outside.
    rim : float, default RIM_M
        Metres. Ends and junctions nearer to the edge of the extent count as joined outside.

    Returns
    -------
    bool array, shape (s,)
        False for dead ends, for loops that hang on one stem, such as an estate's own street, and for small
        networks apart from the others.
    """
    if not len(segments):
        return np.zeros(0, dtype=bool)
    nodes, a, b = _nodes(segments)
    n = len(nodes)
    # where only two meet, a street was drawn in two pieces
    counts = np.flatnonzero(np.bincount(np.r_[a, b], minlength=n) != 2)
    near = shapely.distance(shapely.points(nodes[counts]), shapely.boundary(extent)) < rim
    joined = counts[near]
    # as a chain of double edges: each of them is joined to the next in two ways
    outside = np.tile(np.column_stack([joined[:-1], joined[1:]]), (2, 1))
    a, b = np.r_[a, outside[:, 0]], np.r_[b, outside[:, 1]]
    looped = ~bridges(n, a, b)
    graph = coo_array((np.ones(looped.sum(), dtype=bool), (a[looped], b[looped])), shape=(n, n))
    part = connected_components(graph, directed=False)[1]
    looped, mine = looped[: len(segments)], part[a[: len(segments)]]
    size = np.bincount(mine, shapely.length(segments) * looped, minlength=part.max() + 1)
    main = size > MAIN_SHARE * size.sum()
    main[np.argmax(size)] = True
    if len(joined):
        main[part[joined[0]]] = True
    return np.asarray(looped & main[mine])


def _nodes(segments: Geometries) -> tuple[Coordinates, Integers, Integers]:
    """Where segments begin and end, and which of these points each one joins."""
    xy, of = shapely.get_coordinates(segments, return_index=True)
    each = np.arange(len(segments))
    xy = xy[np.r_[np.searchsorted(of, each), np.searchsorted(of, each, side="right") - 1]]
    _, first, node = np.unique(_place_keys(xy, GRID_M), return_index=True, return_inverse=True)
    return xy[first], node[: len(segments)], node[len(segments) :]


def _place_keys(xy: Coordinates, grid: float, low: Coordinates | None = None) -> Integers:
    """One number for each point of a grid: equal for equal points, whatever the extent."""
    low = xy.min(axis=0, initial=np.inf) if low is None else low
    column, row = np.rint((xy - low) / grid).astype(np.int64).T
    return np.asarray((column << 32) + row)


@dataclass(frozen=True)
class Enclosed:
    """The faces that lines enclose, and which of them each of some points lies in."""

    face: Integers
    """Of each point: the face that it lies in; −1: in none, or on a line."""
    area: Floats
    """Area of that face, in square units of the coordinates; NaN: none."""
    count: Floats
    """How many of the points lie in it, this one too; NaN: none."""


@dataclass(frozen=True)
class Ground:
    """The pieces of ground that segments part, to be joined across those that do not count."""

    piece: Integers
    """Of each point: the piece that it lies in; −1: in none, or on a line."""
    area: Floats
    """Of each piece."""
    one: Integers
    """Of each segment: the piece on its one side …"""
    other: Integers
    """… and on its other; the number of pieces: what no segments enclose."""

    def faces(self, closed: Mask) -> Enclosed:
        """What some of the segments enclose.

        Parameters
        ----------
        closed : bool array, shape (s,)
            The segments that part the ground; it is one across the others.

        Returns
        -------
        Enclosed
        """
        n, open_ = len(self.area), ~closed
        graph = coo_array(
            (np.ones(open_.sum(), dtype=bool), (self.one[open_], self.other[open_])), shape=(n + 1, n + 1)
        )
        label = connected_components(graph, directed=False)[1]
        of_point = np.where(self.piece >= 0, label[self.piece], label[n])
        inside = of_point != label[n]
        area = np.bincount(label[:n], self.area, minlength=label.max() + 1)
        count = np.bincount(of_point[inside], minlength=label.max() + 1)
        return Enclosed(
            np.where(inside, of_point, -1),
            np.where(inside, area[of_point], np.nan),
            np.where(inside, count[of_point], np.nan),
        )


def ground_between(segments: Geometries, points: Geometries, grid: float = GRID_M) -> Ground:
    """Part the ground along segments.

    Parameters
    ----------
    segments : object array of LineString, shape (s,)
        Split where they meet, on the grid (split_at_junctions).
    points : object array of Point, shape (n,)
        In the CRS of the segments.
    grid : float, default GRID_M
        The grid of the segments, metres.

    Returns
    -------
    Ground

    Notes
    -----
    No two edges of a drawing without crossings have one middle, so a middle tells the edge: the pieces on
    both sides of a segment are those with its first edge in their outlines.
    """
    pieces = shapely.get_parts(shapely.polygonize(segments))
    piece = np.full(len(points), -1, dtype=np.int64)
    if not len(pieces):
        none = np.zeros(len(segments), dtype=np.int64)
        return Ground(piece, np.zeros(0), none, none)
    where, point = shapely.STRtree(points).query(pieces, predicate="contains")
    piece[point] = where
    rings, of_piece = shapely.get_rings(pieces, return_index=True)
    xy, of = shapely.get_coordinates(rings, return_index=True)
    edge = of[1:] == of[:-1]
    own, of_segment = shapely.get_coordinates(segments, return_index=True)
    first = np.searchsorted(of_segment, np.arange(len(segments)))
    low = 2 * own.min(axis=0)
    key = _place_keys((xy[1:] + xy[:-1])[edge], grid, low)
    order = np.argsort(key, kind="stable")
    key, side = key[order], of_piece[of[:-1][edge][order]]
    asked = _place_keys(own[first] + own[first + 1], grid, low)
    begin, end = (np.searchsorted(key, asked, side=s) for s in ("left", "right"))
    side = np.append(side, [len(pieces), len(pieces)])
    one, other = (np.where(begin + i < end, side[begin + i], len(pieces)) for i in (0, 1))
    return Ground(piece, shapely.area(pieces), one, other)
