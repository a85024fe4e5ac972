"""Streets as a network: which of them lead through, and which end inside."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from pipeline.geometry.arrays import Coordinates, Geometries, Integers, Mask
from pipeline.geometry.coverage.topology import noded

GRID_M = 0.01
"""Streets are split, and their junctions told apart, on this grid."""
RIM_M = 60.0
"""Ends and junctions so near to the edge of the extent are taken to be joined outside: an extract cuts
streets off."""
MAIN_SHARE = 0.15
"""A part of the network with more than this share of all that lies on loops is a main part, too."""


def split_at_junctions(lines: Geometries, grid: float = GRID_M) -> Geometries:
    """Split lines into segments where they meet.

    Parameters
    ----------
    lines : object array of lines or polygons, shape (n,)
        In a projected CRS, metres. A polygon counts as its outline.
    grid : float, default GRID_M
        Spacing of the grid that all nodes are rounded to, metres.

    Returns
    -------
    object array of LineString, shape (s,)
        Each piece of ground that lines run along, once.
    """
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    ground = shapely.get_dimensions(parts) == 2
    parts[ground] = shapely.boundary(parts[ground])
    parts = parts[~shapely.is_empty(parts) & (shapely.get_dimensions(parts) == 1)]
    segments = noded(parts, grid) if len(parts) else parts
    return np.asarray(segments[shapely.length(segments) > 0])


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


def _place_keys(xy: Coordinates, grid: float) -> Integers:
    """One number for each point of a grid: equal for equal points, whatever the extent."""
    column, row = np.rint((xy - xy.min(axis=0, initial=np.inf)) / grid).astype(np.int64).T
    return np.asarray((column << 32) + row)
