"""Outlines simplified for drawing: the corners that are kept, and common boundaries once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from pipeline.geometry.arrays import Geometries, Integers
from pipeline.publish.webmap.pack import point_numbers

#: A corner that moves its outline by less is left out, in units: 0.3 m in web-mercator, 0.23 m in Dalian.
TOLERANCE = 2


def corners(drawn: Iterable[Geometries]) -> Integers:
    """The points of shapes that a picture needs: those that a simplification of any of the shapes keeps.

    Parameters
    ----------
    drawn : iterable of object arrays
        Shapes in units (pack.web_mercator).

    Returns
    -------
    integer array
        As point_numbers, sorted, none twice.

    Notes
    -----
    Where every shape is given all of its points that are among these, neighbours with the same corners keep
    the same ones: no edge that two of them share parts.
    """
    simplified = [shapely.simplify(shapely.transform(shapes, np.rint), TOLERANCE) for shapes in drawn]
    points = np.concatenate([shapely.get_coordinates(shapes) for shapes in simplified] or [np.empty((0, 2))])
    return np.unique(point_numbers(points.astype(np.int64)))


def seams(drawn: Geometries) -> Geometries:
    """The outlines of neighbours as lines, each common stretch once.

    Parameters
    ----------
    drawn : object array of polygons, shape (n,)
        In units, with whole coordinates, corner on corner.

    Returns
    -------
    object array of MultiLineStrings, shape (n,)
        One for each polygon, without the stretches that an earlier one has; missing ones are empty.

    Notes
    -----
    Drawn twice, from both ends, the dashes of a common stretch would fill up.
    """
    rings, owner = shapely.get_rings(drawn, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    begins = np.nonzero(ring[1:] == ring[:-1])[0]
    ends = np.concatenate([points[begins], points[begins + 1]], axis=1)
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    _, kept = np.unique(ends, axis=0, return_index=True)
    kept.sort()
    lines = np.full(len(drawn), shapely.MultiLineString(), dtype=object)
    if not len(kept):
        return lines
    pieces = shapely.linestrings(np.stack([points[begins[kept]], points[begins[kept] + 1]], axis=1))
    lines[:] = shapely.line_merge(
        shapely.multilinestrings(pieces, indices=owner[ring[begins[kept]]], out=lines)
    )
    return lines
