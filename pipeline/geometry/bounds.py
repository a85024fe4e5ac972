"""Bounds: what lies on each of the four sides of a polygon, looking outwards from its edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

STEP_M = 4.0
SIDES = ("east", "south", "west", "north")


@dataclass(frozen=True)
class Surroundings:
    """One layer of things a side may face: geometries, and the name of each as an integer; −1: it has none."""

    shapes: Any
    names: Any


def four_sides(shapes: Any, layers: Sequence[Surroundings], sight: float) -> Any:
    """For each polygon and each of SIDES the name of what most of that side faces; −1: nothing in sight.

    The outer boundary is looked along at every STEP_M. At each point the view goes outwards, at a right angle to the
    edge, as far as `sight`; it stops at the nearest thing of the first layer that has one in view. Points whose view
    falls back on the polygon itself lie in a notch and are not on any side. An edge is on the side that its outward
    normal points to most.
    """
    outer = shapely.get_exterior_ring(shapely.get_parts(shapes))
    _, polygon = shapely.get_parts(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(shapely.segmentize(shapely.orient_polygons(shapely.polygons(outer)), STEP_M), return_index=True)
    edge = ring[:-1] == ring[1:]
    start, end, of = xy[:-1][edge], xy[1:][edge], polygon[ring[:-1][edge]]
    along = end - start
    length = np.hypot(*along.T)
    seen = length > 0
    start, end, of, along, length = start[seen], end[seen], of[seen], along[seen], length[seen]
    normal = np.column_stack([along[:, 1], -along[:, 0]]) / length[:, None]  # rings run counter-clockwise: outwards is right
    middle = (start + end) / 2
    view = shapely.linestrings(np.stack([middle + 0.01 * normal, middle + sight * normal], axis=1))
    shapely.prepare(shapes)
    free = ~shapely.intersects(shapes[of], view)
    of, view, length = of[free], view[free], length[free]
    angle = np.degrees(np.arctan2(normal[free, 1], normal[free, 0]))
    side = np.round(-angle / 90).astype(np.int64) % 4

    name = np.full(len(view), -1, dtype=np.int64)
    for layer in layers:
        unseen = name < 0
        name[unseen] = _in_view(view[unseen], layer)
    return _most_seen(of, side, length, name, len(shapes))


def _in_view(view: Any, layer: Surroundings) -> Any:
    known = layer.names >= 0
    shapes, names = layer.shapes[known], layer.names[known]
    out = np.full(len(view), -1, dtype=np.int64)
    if not len(shapes):
        return out
    looking, thing = shapely.STRtree(shapes).query(view, predicate="intersects")
    eye = shapely.get_point(view[looking], 0)
    distance = shapely.distance(eye, shapely.intersection(view[looking], shapes[thing]))
    order = np.lexsort((thing, distance, looking))[::-1]  # the last one written wins: the nearest
    out[looking[order]] = names[thing[order]]
    return out


def _most_seen(of: Any, side: Any, length: Any, name: Any, n: int) -> Any:
    slots, inverse = np.unique(np.column_stack([of, side, name]), axis=0, return_inverse=True)
    total = np.bincount(inverse, weights=length, minlength=len(slots))
    order = np.lexsort((-np.arange(len(slots)), total))
    out = np.full((n, len(SIDES)), -1, dtype=np.int64)
    out[slots[order, 0], slots[order, 1]] = slots[order, 2]
    return out
