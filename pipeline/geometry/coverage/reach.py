"""The ground near shapes: within reach of them, with bays and courtyards, without ragged edges."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.overlay import union_by
from pipeline.geometry.rings import rings_of


def vicinity(
    shapes: np.ndarray, group: np.ndarray, n_groups: int, *, reach: float, hole_max: float
) -> np.ndarray:
    """The ground within `reach` of the shapes of each group 0 … n_groups − 1, as polygons.

    It is drawn half a reach too wide about the hull of each part and taken back by as much, which closes bays
    narrower than a reach; holes of at most hole_max are closed too.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    wide = shapely.buffer(shapely.convex_hull(parts), reach * 1.5, join_style="mitre", mitre_limit=1.5)
    near = shapely.buffer(
        union_by(wide, group[of], n_groups), -reach * 0.5, join_style="mitre", mitre_limit=1.5
    )
    pieces, owner = shapely.get_parts(near, return_index=True)
    there = ~shapely.is_empty(pieces)
    return union_by(without_holes(pieces[there], hole_max), owner[there], n_groups)


def without_holes(polygons: np.ndarray, hole_max: float) -> np.ndarray:
    """The polygons without their holes of at most hole_max."""
    rings, polygon, is_shell = rings_of(polygons)
    filled = shapely.polygons(rings)
    large = ~is_shell & (shapely.area(filled) > hole_max)
    holes = union_by(filled[large], polygon[large], len(polygons))
    return np.asarray(shapely.difference(filled[is_shell], holes), dtype=object)
