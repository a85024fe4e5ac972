"""The smallest turned box around each shape: how deep a building is and which way it faces."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike

from pipeline.geometry.arrays import Floats, Geometries

THIN_M = 1.0
"""No box counts as thinner than this, so that a sliver does not make every gap look endless."""


def oriented_boxes(shapes: Geometries) -> tuple[Floats, Floats]:
    """Width and direction of the minimum rotated rectangle about each polygon: how deep a building is and
    which way it faces.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
        In a projected CRS, metres.

    Returns
    -------
    width : float array, shape (n,)
        The shorter side in metres, at least THIN_M.
    angle : float array, shape (n,)
        Degrees from 0 up to 90, counter-clockwise from the x axis: a box looks the same after a quarter turn.
        0 for a shape without area.
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
    """How far from parallel or square two directions stand.

    Parameters
    ----------
    angle, other : float arrays, broadcast against each other
        Directions in degrees.

    Returns
    -------
    float array
        |sin 2(angle − other)|: 0 for parallel or square, 1 for 45° between them.

    Examples
    --------
    >>> misalignment([0, 0, 80], [90, 45, 35]).round(6).tolist()
    [0.0, 1.0, 1.0]
    """
    return np.asarray(np.abs(np.sin(np.radians(2 * (np.asarray(angle) - np.asarray(other))))))
