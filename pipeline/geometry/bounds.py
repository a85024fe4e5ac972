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
    """One layer of things a side may face: geometries, and the name of each."""

    shapes: Any
    names: Any


def four_sides(shapes: Any, layers: Sequence[Surroundings], sight: float) -> Any:
    """For each polygon and each of SIDES the name of what most of that side faces; None: nothing in sight.

    The outer boundary is looked along at every STEP_M. At each point the view goes outwards, at a right angle to the
    edge, as far as `sight`; it stops at the nearest thing of the first layer that has one in view. Points whose view
    falls back on the polygon itself lie in a notch and are not on any side. An edge is on the side that its outward
    normal points to most. A name that is null is nothing.
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

    name = np.full(len(view), None, dtype=object)
    for layer in layers:
        open_ = np.array([n is None for n in name], dtype=bool)
        if open_.any() and len(layer.shapes):
            name[open_] = _in_view(view[open_], layer)
    return _most_seen(of, side, length, name, len(shapes))


def _in_view(view: Any, layer: Surroundings) -> Any:
    known = np.array([isinstance(n, str) and n != "" for n in layer.names], dtype=bool)
    shapes, names = layer.shapes[known], layer.names[known]
    out = np.full(len(view), None, dtype=object)
    if not len(shapes):
        return out
    eye = shapely.get_point(view, 0)
    looking, thing = shapely.STRtree(shapes).query(view, predicate="intersects")
    distance = shapely.distance(eye[looking], shapely.intersection(view[looking], shapes[thing]))
    order = np.lexsort((thing, distance, looking))[::-1]  # the last one written wins: the nearest
    out[looking[order]] = names[thing[order]]
    return out


def _most_seen(of: Any, side: Any, length: Any, name: Any, n: int) -> Any:
    out = np.full((n, len(SIDES)), None, dtype=object)
    named = np.array([x if x is not None else "" for x in name], dtype=str)
    if not len(named):
        return out
    words, code = np.unique(named, return_inverse=True)
    slot = (of * len(SIDES) + side) * len(words) + code
    slots, inverse = np.unique(slot, return_inverse=True)
    total = np.bincount(inverse, weights=length)
    order = np.lexsort((-slots, total))
    polygon, which = np.divmod(slots[order] // len(words), len(SIDES))
    out[polygon, which] = words[slots[order] % len(words)]
    out[out == ""] = None
    return out
