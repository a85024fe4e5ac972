"""Points of an outline that bound nothing: repeated ones, and the tips of spikes that run out and back on
one line.

Most outlines are convex, and one look at their corners shows that there is nothing to look for
(`convex_turns`).
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Coordinates, Geometries, Integers, Mask

SPIKE_DEG = 1.0
"""An outline that turns back on itself by less than this angle encloses nothing there; no wall does."""
BLOCK = 4_096
"""Outlines that are looked at together: few enough for their corners to stay in the processor's cache."""
ROUNDING = 1e-9
"""A sum of signed parts has a sure sign if it is more than this share of them."""


def without_spikes(polygons: Geometries, limit: float) -> tuple[Geometries, Mask, Mask]:
    """Take repeated points and spikes off the outlines of polygons.

    Parameters
    ----------
    polygons : object array of Polygon and MultiPolygon, shape (n,)
        In any CRS, valid or not, without None and empty ones.
    limit : float
        A polygon whose area would change by this share or more, or that would lose a ring, keeps its spikes:
        what changes so much is no slip of the pen.

    Returns
    -------
    polygons : object array, shape (n,)
    lost_spike : bool array, shape (n,)
        Polygons that lost a spike.
    lost_points : bool array, shape (n,)
        Other polygons that lost repeated points.

    Notes
    -----
    A spike, outward or inward, is a corner of less than SPIKE_DEG; it goes with everything that turns out to
    be a spike once its tip is gone.

    Examples
    --------
    >>> spiked = shapely.Polygon([(0, 0), (9, 0), (9, 9), (9, 40), (9, 9), (0, 9)])
    >>> shapes, lost_spike, _ = without_spikes(np.array([spiked]), 0.01)
    >>> shapes[0].bounds, lost_spike.tolist()
    ((0.0, 0.0, 9.0, 9.0), [True])
    """
    none = np.zeros(len(polygons), dtype=bool)
    some = _rough(polygons)
    if not len(some):
        return polygons, none, none
    unspiked, pointed = _thinned(polygons[some], spikes=True)
    before, after = np.abs(shapely.area(polygons[some])), np.abs(shapely.area(unspiked))
    spoiled = pointed & ~(np.abs(after - before) < limit * before)
    if spoiled.any():
        unspiked[spoiled], _ = _thinned(polygons[some[spoiled]], spikes=False)
    out, lost_spike, lost_points = polygons.copy(), none.copy(), none.copy()
    out[some] = unspiked
    lost_spike[some] = pointed & ~spoiled
    lost_points[some] = shapely.get_num_coordinates(unspiked) < shapely.get_num_coordinates(polygons[some])
    return out, lost_spike, lost_points & ~lost_spike


def convex_turns(polygons: Geometries) -> NDArray[np.int8]:
    """Which polygons are surely convex, and which way round their outlines run.

    Parameters
    ----------
    polygons : object array of Polygon and MultiPolygon, shape (n,)
        In any CRS, valid or not, without None and empty ones.

    Returns
    -------
    int8 array, shape (n,)
        1 for polygons of one ring that turns left at every corner and once in all, −1 for such to the right,
        0 for all others. What is not 0 is valid, counter-clockwise (1) or clockwise (−1), and has no idle
        points.
    """
    turns = np.zeros(len(polygons), dtype=np.int8)
    plain = np.flatnonzero(_one_ring(polygons))
    for start in range(0, len(plain), BLOCK):
        block = plain[start : start + BLOCK]
        turns[block] = _turns(polygons[block])
    return turns


def _turns(rings: Geometries) -> NDArray[np.int8]:
    x, y = np.ascontiguousarray(shapely.get_coordinates(rings).T)
    ends = np.cumsum(shapely.get_num_coordinates(rings))
    starts, between = np.append(0, ends[:-1]), ends - 1
    edge_x, edge_y = np.append(np.diff(x), 0.0), np.append(np.diff(y), 0.0)
    next_x, next_y = np.roll(edge_x, -1), np.roll(edge_y, -1)
    next_x[ends - 2], next_y[ends - 2] = edge_x[starts], edge_y[starts]
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large to be multiplied is not sure
        one, other = edge_x * next_y, edge_y * next_x
        back = -np.tan(np.radians(SPIKE_DEG)) * (edge_x * next_x + edge_y * next_y)
        cross, unsure = one - other, np.maximum(ROUNDING * (np.abs(one) + np.abs(other)), back)
        left, right = cross > unsure, -cross > unsure
    # Where all turns go the same way, the edges come round once if they change over between rising and
    # falling twice.
    rising = (edge_y > 0) | ((edge_y == 0) & (edge_x > 0))
    change = rising != ((next_y > 0) | ((next_y == 0) & (next_x > 0)))
    left[between] = right[between] = True  # from the end of one ring to the start of the next is no edge
    change[between] = False
    once = np.add.reduceat(change, starts, dtype=np.int64) == 2
    return np.where(
        once,
        np.logical_and.reduceat(left, starts).astype(np.int8) - np.logical_and.reduceat(right, starts),
        0,
    )


def _one_ring(polygons: Geometries) -> Mask:
    polygon = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    return np.asarray(polygon & (shapely.get_num_interior_rings(polygons) == 0))


def _rough(polygons: Geometries) -> Integers:
    """The positions of polygons with idle points. Those of a single ring, nearly all, are asked without
    taking them to pieces.
    """
    one_ring = _one_ring(polygons)
    plain, other = np.flatnonzero(one_ring), np.flatnonzero(~one_ring)
    parts, part_of = shapely.get_parts(polygons[other], return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    found = []
    for shapes, owner in ((polygons[plain], plain), (rings, other[part_of[ring_part]])):
        if not len(shapes):
            continue
        xy, at = _open_rings(shapes)
        repeated, spike = _idle(xy, at)
        found.append(owner[at[repeated | spike]])
    return np.unique(np.concatenate([np.empty(0, dtype=np.intp), *found]))


def _thinned(polygons: Geometries, *, spikes: bool) -> tuple[Geometries, Mask]:
    """The polygons with idle points taken out until there are none, and which of them lost a spike; a ring
    that would collapse stays.
    """
    parts, part_of = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, at = _open_rings(rings)
    pointed = np.zeros(len(polygons), dtype=bool)
    while True:
        repeated, spike = _idle(xy, at)
        if not spikes:
            spike = np.zeros_like(spike)
        kept = ~(repeated | spike)
        kept |= (np.bincount(at[kept], minlength=len(rings)) < 3)[at]
        if kept.all():
            break
        pointed[part_of[ring_part[at[spike & ~kept]]]] = True
        xy, at = xy[kept], at[kept]
    closed_at = np.concatenate([at, np.arange(len(rings))])
    order = np.argsort(closed_at, kind="stable")
    first = np.searchsorted(at, np.arange(len(rings)))
    outlines = shapely.linearrings(np.concatenate([xy, xy[first]])[order], indices=closed_at[order])
    new_parts = shapely.polygons(outlines, indices=ring_part)
    single = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    out = np.empty(len(polygons), dtype=object)
    out[part_of[single[part_of]]] = new_parts[single[part_of]]
    if not single.all():
        shapely.multipolygons(new_parts[~single[part_of]], indices=part_of[~single[part_of]], out=out)
    return out, pointed


def _open_rings(rings: Geometries) -> tuple[Coordinates, Integers]:
    """Coordinates of the rings without their closing point, and the ring of each."""
    xy, at = shapely.get_coordinates(rings, return_index=True)
    last = np.append(at[1:] != at[:-1], np.ones(min(len(at), 1), dtype=bool))
    return xy[~last], at[~last]


def _idle(xy: Coordinates, at: Integers) -> tuple[Mask, Mask]:
    """Masks of points that repeat the one before them in their ring, and of the tips of spikes."""
    n = len(at)
    starts = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
    ends = np.append(starts[1:], n) - 1
    before, after = np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0)
    before[starts], after[ends] = xy[ends], xy[starts]
    back, forth = before - xy, after - xy
    repeated = (back == 0).all(axis=1)
    cross = np.abs(back[:, 0] * forth[:, 1] - back[:, 1] * forth[:, 0])
    dot = back[:, 0] * forth[:, 0] + back[:, 1] * forth[:, 1]
    return repeated, (dot > 0) & (cross <= np.tan(np.radians(SPIKE_DEG)) * dot)
