"""Cells: which ground is nearest to which shape, as the lines between shapes of unlike labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.spatial import Voronoi

from pipeline.geometry.neighbours import sample_outlines

OUTLINE_STEP_M = 2.0
STRAIGHTEN_M = 0.8
"""Midlines are straightened by no more than this: a midline between sampled outlines zigzags by about as much."""
INSET_M = 0.2
"""Outlines are drawn in by this before they are sampled, so that shapes that share a wall don't share points."""


def midlines(shapes: Any, label: Any, far: float) -> Any:
    """The lines midway between shapes of unlike labels, straightened, as an array of LineStrings.

    shapes: polygons; label: one integer each. A line ends where the ground is farther than `far` from the shapes.
    Their ends meet at the same points, so that noded together with an enclosing outline they bound the cells.
    """
    contested = _near_unlike(shapes, label, 2 * far)
    if not contested.any():
        return np.array([], dtype=object)
    shapes, label = shapes[contested], label[contested]
    inset = shapely.buffer(shapes, -INSET_M, quad_segs=1)
    xy, owner = sample_outlines(np.where(shapely.is_empty(inset), shapes, inset), OUTLINE_STEP_M)
    origin = xy.mean(axis=0)
    frame = (np.abs(xy - origin).max() + 4 * far) * 10 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    voronoi = Voronoi(np.concatenate([xy - origin, frame]))
    owned = np.concatenate([label[owner], np.full(4, -2)])
    left, right = voronoi.ridge_points.T
    ends = np.asarray(voronoi.ridge_vertices)
    between = (owned[left] != owned[right]) & (owned[left] != -2) & (owned[right] != -2) & (ends >= 0).all(axis=1)
    from_site = np.linalg.norm(voronoi.vertices[ends] - voronoi.points[left][:, None], axis=2).min(axis=1)
    segments = voronoi.vertices[ends[between & (from_site <= far * 1.5)]]
    if not len(segments):
        return np.array([], dtype=object)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(segments)))
    lines = shapely.simplify(shapely.get_parts(merged), STRAIGHTEN_M)
    return shapely.transform(lines, lambda c: c + origin)


def _near_unlike(shapes: Any, label: Any, far: float) -> Any:
    """Which shapes have one of another label within `far`."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=far)
    near = np.zeros(len(shapes), dtype=bool)
    near[a[label[a] != label[b]]] = True
    return near
