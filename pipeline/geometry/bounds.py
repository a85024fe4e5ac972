"""Bounds: which of the four sides of a polygon each step of its boundary is on."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from pipeline.geometry.walk import Walk

SIDES = ("east", "south", "west", "north")
SQUARENESS = 0.2
"""How much of a boundary has to run one way, or at a right angle to it, for the polygon to count as turned: 0 none, 1 all of it."""


def sides(walk: Walk, outward: Any, shapes: Any) -> Any:
    """For each step the position in SIDES of the side it is on; −1: none.

    `outward` is the direction out of the polygon at each step, of length 1. Sides go by the polygon's own two main
    directions, so those of a rectangle are its four sides however it is turned. A step that has the polygon itself
    ahead of it, at any distance, lies in a notch, a hole or between two parts, and is on no side.
    """
    if not len(outward):
        return np.zeros(0, dtype=np.int64)
    turned = _turn(walk, len(shapes))[walk.shape]
    angle = np.arctan2(outward[:, 1], outward[:, 0]) - turned
    side = np.round(-angle / (np.pi / 2)).astype(np.int64) % len(SIDES)
    bounds = shapely.bounds(shapes)[walk.shape]
    across = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])[:, None]
    view = shapely.linestrings(np.stack([walk.middle + 0.01 * outward, walk.middle + across * outward], axis=1))
    shapely.prepare(shapes)
    return np.where(shapely.intersects(np.asarray(shapes, dtype=object)[walk.shape], view), -1, side)


def _turn(walk: Walk, n: int) -> Any:
    """How far each polygon is turned from the axes, in radians from −π/4 to π/4."""
    heading = np.arctan2(walk.forward[:, 1], walk.forward[:, 0])
    # Four times the angle is the same for a line, its reverse, and lines square to it.
    x, y, whole = (np.bincount(walk.shape, weights=walk.length * w, minlength=n) for w in (np.cos(4 * heading), np.sin(4 * heading), 1.0))
    return np.where(np.hypot(x, y) > SQUARENESS * whole, np.arctan2(y, x) / 4, 0.0)
