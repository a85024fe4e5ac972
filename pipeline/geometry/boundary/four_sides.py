"""Bounds: which of the four sides of a polygon each segment of its boundary is on, and what one meets coming
from each side.
"""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers, Mask
from pipeline.geometry.boundary.segments import BoundarySegments
from pipeline.geometry.grouped import best_rows

SIDES = ("east", "south", "west", "north")
SQUARENESS = 0.4
"""How much of a boundary has to run one way, or at a right angle to it, for the polygon to count as turned: 0
none, 1 all of it. A rectangle has 1, a lozenge of 60° half of that, most triangles less: those go by the
compass."""
SLANT = np.cos(np.radians(50))
"""A piece as a whole slanted like this, or less, bounds the polygon on both of the sides that it lies
between.
"""
RAYS = 61
"""So many looks are taken from each side, in even distances across the polygon."""


def assign_sides(segments: BoundarySegments, outward: Coordinates, shapes: Geometries) -> Integers:
    """Which of the four sides of its polygon each boundary segment is on.

    Parameters
    ----------
    segments : BoundarySegments
    outward : float array, shape (m, 2)
        Direction out of the polygon at each segment, of length 1.
    shapes : object array of polygons, shape (n,)
        The polygons that the segments are of, in a projected CRS, metres.

    Returns
    -------
    integer array, shape (m,)
        Position in SIDES; −1: on no side.

    Notes
    -----
    Sides go by the polygon's own two main directions, so those of a rectangle are its four sides however it
    is turned. A segment from which a ray outwards meets the polygon itself, at any distance, lies in a notch,
    in a hole or between two parts, and is on no side.
    """
    if not len(outward):
        return np.zeros(0, dtype=np.int64)
    turned = _turn(segments.shape, segments.end - segments.start, len(shapes))[segments.shape]
    angle = np.arctan2(outward[:, 1], outward[:, 0]) - turned
    side = np.round(-angle / (np.pi / 2)).astype(np.int64) % len(SIDES)
    bounds = shapely.bounds(shapes)[segments.shape]
    across = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])[:, None]
    view = shapely.linestrings(
        np.stack([segments.middle + 0.01 * outward, segments.middle + across * outward], axis=1)
    )
    shapely.prepare(shapes)
    return np.where(shapely.intersects(np.asarray(shapes, dtype=object)[segments.shape], view), -1, side)


def visible_from_sides(
    lines: Geometries, side: Integers, shape: Integers, n: int
) -> tuple[Integers, Integers, Floats, Mask]:
    """What rays into a polygon from each of its four sides meet first.

    Parameters
    ----------
    lines : object array of LineString, shape (m,)
        The pieces of the outlines, with their polygon to the left, in a projected CRS.
    side : integer array, shape (m,)
        Position in SIDES of the side that each piece is on; −1: none.
    shape : integer array, shape (m,)
        Polygon of each piece, 0 … n − 1.
    n : int
        Number of polygons.

    Returns
    -------
    piece : integer array, shape (k,)
        Pieces that are met.
    side : integer array, shape (k,)
        Position in SIDES of the side that they are met from.
    share : float array, shape (k,)
        Share of the RAYS rays from that side that meet the piece first.
    bounding : bool array, shape (k,)
        Whether the piece bounds the polygon on that side.

    Notes
    -----
    A side runs across the whole polygon, by the polygon's own two main directions. A piece bounds the polygon
    on the side it is on, and if it slants on the next one too: the long side of a triangle closes it off both
    ways. What else is met, such as the flanks of a tip, does not bound it.
    """
    xy, piece = shapely.get_coordinates(lines, return_index=True)
    same = piece[1:] == piece[:-1]
    start, end, piece = xy[:-1][same], xy[1:][same], piece[:-1][same]
    turn = _turn(shape[piece], end - start, n)
    low = np.full((n, 2), np.inf)
    np.minimum.at(low, shape[piece], start)
    bounds = _bounding(lines, side, turn[shape])
    found = []
    for k in range(len(SIDES)):
        look = turn - k * np.pi / 2
        out, along = (
            np.column_stack([np.cos(look), np.sin(look)]),
            np.column_stack([-np.sin(look), np.cos(look)]),
        )
        of = shape[piece]
        a, b = (((points - low[of]) * along[of]).sum(axis=1) for points in (start, end))
        far_a, far_b = (((points - low[of]) * out[of]).sum(axis=1) for points in (start, end))
        first, last = np.full(n, np.inf), np.full(n, -np.inf)
        np.minimum.at(first, of, np.minimum(a, b))
        np.maximum.at(last, of, np.maximum(a, b))
        gap = ((last - first) / RAYS)[of]
        # looks at the middles of RAYS equal parts; those that each edge lies across
        from_, to = ((np.minimum(a, b) - first[of]) / gap, (np.maximum(a, b) - first[of]) / gap)
        from_, to = np.ceil(from_ - 0.5).astype(np.int64), np.floor(to - 0.5).astype(np.int64)
        count = np.maximum(to - from_ + 1, 0)
        edge = np.repeat(np.arange(len(a)), count)
        ray = from_[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        at = first[of[edge]] + (ray + 0.5) * gap[edge]
        span = np.where(b == a, 1.0, b - a)[edge]
        far = far_a[edge] + (far_b - far_a)[edge] * np.clip((at - a[edge]) / span, 0, 1)
        # what is farthest out on each look; of equals the longer edge, as both of a corner are
        slot = of[edge] * RAYS + ray
        longer, last = -np.abs(b - a)[edge], -np.arange(len(edge))
        seen = best_rows(slot, n * RAYS, -np.round(far, 6), longer, last)
        seen = seen[seen >= 0]
        pieces, looks = np.unique(piece[edge[seen]], return_counts=True)
        found.append((pieces, np.full(len(pieces), k), looks / RAYS, bounds[pieces, k]))
    pieces, sides_, share, bounding = (np.concatenate(values) for values in zip(*found, strict=True))
    return pieces, sides_, share, bounding


def _bounding(lines: Geometries, side: Integers, turn: Floats) -> Mask:
    """For each piece and each of SIDES whether the piece bounds its polygon there."""
    ends = shapely.get_coordinates([shapely.get_point(lines, -1), shapely.get_point(lines, 0)]).reshape(
        2, -1, 2
    )
    chord = ends[0] - ends[1]
    facing = np.arctan2(-chord[:, 0], chord[:, 1]) - turn
    slants = np.cos(facing[:, None] + np.arange(len(SIDES)) * np.pi / 2) >= SLANT
    own = side[:, None] == np.arange(len(SIDES))
    return np.asarray(own | (slants & (side >= 0)[:, None] & (np.hypot(*chord.T) > 0)[:, None]))


def _turn(shape: Integers, along: Coordinates, n: int) -> Floats:
    """How far each polygon 0 … n − 1 is turned from the axes, in radians from −π/4 to π/4; `along`: the edges
    of their outlines.
    """
    heading, length = np.arctan2(along[:, 1], along[:, 0]), np.hypot(*along.T)
    # Four times the angle is the same for a line, its reverse, and lines square to it.
    x, y, whole = (
        np.bincount(shape, weights=length * w, minlength=n)
        for w in (np.cos(4 * heading), np.sin(4 * heading), 1.0)
    )
    return np.where(np.hypot(x, y) > SQUARENESS * whole, np.arctan2(y, x) / 4, 0.0)
