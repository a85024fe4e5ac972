"""The smallest turned box around each shape: how deep a building is and which way it faces."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike

from pipeline.geometry.arrays import Floats, Geometries

THIN_M = 1.0
"""No box counts as thinner than this, so that a sliver does not make every gap look endless."""


def oriented_boxes(shapes: Geometries) -> tuple[Floats, Floats]:
    """Width (the shorter side, in the unit of the coordinates, at least THIN_M) and direction of each
    polygon's box.

    The direction is an angle in degrees from 0 up to 90: a box looks the same after a quarter turn.
    """
    envelope = shapely.oriented_envelope(np.asarray(shapes, dtype=object))
    width, angle = np.full(len(envelope), THIN_M), np.zeros(len(envelope))
    whole = np.flatnonzero(shapely.get_num_coordinates(envelope) == 5)  # less: a shape without area
    if len(whole):
        corner = shapely.get_coordinates(envelope[whole]).reshape(-1, 5, 2)
        side = corner[:, 1:3] - corner[:, 0:2]
        width[whole] = np.maximum(np.hypot(side[..., 0], side[..., 1]).min(axis=1), THIN_M)
        angle[whole] = np.degrees(np.arctan2(side[:, 0, 1], side[:, 0, 0])) % 90
    return width, angle


def misalignment(angle: ArrayLike, other: ArrayLike) -> Floats:
    """How far from parallel or square two directions (degrees) stand: 0 for neither, 1 for half a quarter
    turn.
    """
    return np.asarray(np.abs(np.sin(np.radians(2 * (np.asarray(angle) - np.asarray(other))))))
