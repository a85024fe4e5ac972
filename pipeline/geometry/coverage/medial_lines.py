"""Cells: which ground is nearest to which shape, as the lines between shapes of unlike labels."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import Voronoi

from pipeline.geometry.arrays import Floats, Geometries, Integers
from pipeline.geometry.graph.adjacency import sample_outlines
from pipeline.geometry.grouped import positions

STEP_M = (1.0, 8.0)
"""Outlines are sampled this densely at least and at most: at a third of the distance to the next unlike
shape.
"""
SIMPLIFY_M = {0.0: 0.3, 2.0: 0.8, 4.0: 1.6, 8.0: 4.0}
"""Where a medial line has this much room to the shapes on its sides, it is straightened by so much: between
staggered facades it zigzags, and no fence would."""
OVERSHOOT_M = 0.2
"""Medial lines stick out of the ground by this, so that they surely meet its outline."""
FRAME = -2
INSET_M = 0.2
"""Outlines are drawn in by this before they are sampled, so that shapes that share a wall don't share
points.
"""


def medial_lines(shapes: Geometries, label: Integers, ground: shapely.Geometry, near: float) -> Geometries:
    """The lines midway between shapes of unlike labels, straightened.

    Parameters
    ----------
    shapes : object array of polygons, shape (n,)
        In a projected CRS, metres.
    label : integer array, shape (n,)
    ground : Polygon or MultiPolygon
        What the shapes share out.
    near : float
        Outlines are sampled finely where shapes of unlike labels are less than this apart, metres, and
        coarsely elsewhere.

    Returns
    -------
    object array of LineString, shape (m,)
        Noded together with the outline of the ground they bound the cells: they stick out of it by
        OVERSHOOT_M, and their inner ends meet at the same points. Empty where all labels are alike.

    Notes
    -----
    Edges of the Voronoi diagram of the sampled outlines between points of unlike labels, as in momepy's
    morphological tessellation (Fleischmann et al., *Morphological tessellation as a way of partitioning
    space*, 2020), simplified by SIMPLIFY_M.
    """
    inset = shapely.buffer(shapes, -INSET_M, quad_segs=1)
    step = np.clip(_gap_to_unlike(shapes, label, near) / 3, *STEP_M)
    xy, owner = sample_outlines(np.where(shapely.is_empty(inset), shapes, inset), step)
    origin = xy.mean(axis=0)
    extent = max(np.abs(xy - origin).max(), np.abs(np.reshape(shapely.bounds(ground), (2, 2)) - origin).max())
    frame = 10 * extent * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    voronoi = Voronoi(np.concatenate([xy - origin, frame]))
    owned = np.concatenate([label[owner], np.full(4, FRAME)])
    left, right = owned[voronoi.ridge_points.T]
    ends = np.asarray(voronoi.ridge_vertices)
    between = (left != right) & (left != FRAME) & (right != FRAME) & (ends >= 0).all(axis=1)
    if not between.any():
        return np.array([], dtype=object)
    segments = shapely.linestrings(voronoi.vertices[ends[between]] + origin)
    one, other = (xy - origin)[voronoi.ridge_points[between].T]
    # where three lines meet they keep their ends
    meets = (np.bincount(ends[between].ravel())[ends[between]] > 2).any(axis=1)
    lines = np.concatenate(
        [segments[meets], _simplified(segments[~meets], np.hypot(*(one - other).T)[~meets] / 2)]
    )
    room = shapely.buffer(ground, OVERSHOOT_M, quad_segs=1)
    shapely.prepare(room)
    whole = shapely.contains_properly(room, lines)
    cut = shapely.get_parts(shapely.intersection(lines[~whole], room))
    return np.concatenate([lines[whole], cut[shapely.get_dimensions(cut) == 1]])


def _simplified(segments: Geometries, room: Floats) -> Geometries:
    """The segments as lines, straightened as far as the room beside them (one number a segment) allows."""
    kind = np.searchsorted(list(SIMPLIFY_M), room, side="right") - 1
    alike = [(segments[group], list(SIMPLIFY_M.values())[name]) for name, group in positions(kind).items()]
    merged = [
        (shapely.get_parts(shapely.line_merge(shapely.multilinestrings(some))), by) for some, by in alike
    ]
    return np.concatenate([segments[:0], *(shapely.simplify(lines, by) for lines, by in merged)])


def _gap_to_unlike(shapes: Geometries, label: Integers, far: float) -> Floats:
    """How far each shape is from the nearest one of another label; inf: farther than `far`."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=far)
    unlike = label[a] != label[b]
    a, b = a[unlike], b[unlike]
    gap = np.full(len(shapes), np.inf)
    np.minimum.at(gap, a, shapely.distance(shapes[a], shapes[b]))
    return gap
