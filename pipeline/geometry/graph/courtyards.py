"""Courtyards: open ground that shapes surround, and which of them face the same one."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import csr_array

from pipeline.geometry.arrays import Geometries, Integers, Mask
from pipeline.geometry.rings import rings_of


def share_courtyard(shapes: Geometries, a: Integers, b: Integers, *, gap_max: float, area_max: float) -> Mask:
    """Whether the two shapes of each pair face the same courtyard.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
        In a projected CRS, metres.
    a, b : integer arrays, shape (m,)
        Positions of the two shapes of each pair.
    gap_max : float
        Widest opening in the row of shapes around a courtyard, metres: a wider one leaves it open.
    area_max : float
        Largest courtyard, square metres, measured half of gap_max away from its shapes: what is larger is a
        park or a quarter.

    Returns
    -------
    bool array, shape (m,)

    Notes
    -----
    A courtyard is a hole in the union of the shapes buffered by half of gap_max. Each cluster of shapes is
    united by itself: that takes a quarter of the time.
    """
    wide = shapely.get_parts(
        shapely.disjoint_subset_union_all(
            shapely.buffer(np.asarray(shapes, dtype=object), gap_max / 2, quad_segs=2)
        )
    )
    rings, _, is_shell = rings_of(wide)
    holes = shapely.polygons(rings[~is_shell])
    holes = holes[shapely.area(holes) <= area_max]
    if not len(holes):
        return np.zeros(len(a), dtype=bool)
    # widened corners are cut a little: what surrounds a hole may be that much farther than half the gap
    shape, hole = shapely.STRtree(holes).query(shapes, predicate="dwithin", distance=gap_max / 2 * 1.01)
    faces = csr_array((np.ones(len(shape), dtype=np.int32), (shape, hole)), shape=(len(shapes), len(holes)))
    return np.asarray(faces[a].multiply(faces[b]).sum(axis=1) > 0)
