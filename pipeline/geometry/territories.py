"""Territories: the ground around labelled shapes, split among the labels, as a valid coverage by construction.

All linework (outlines of enclosures, midlines between shapes of unlike labels, outlines of the reach of each
label, shapes that stick out, ground held already) is noded once; each face gets one label; faces of one label
are dissolved. So no two territories can overlap, and common edges are the same edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from tqdm import tqdm

from pipeline.geometry.cells import midlines
from pipeline.geometry.coverage import dissolve, faces
from pipeline.geometry.grouped import positions
from pipeline.geometry.vicinity import vicinity

PAD_M = 0.1
"""Shapes are padded by this before they claim their ground: noding moves a corner by up to 0.035 m, and the whole
shape must lie inside its territory all the same."""
CLEARANCE_M = 0.15
"""Ground held already is kept clear by this, so that its own corners need not move or multiply."""


@dataclass(frozen=True)
class Plan:
    """What the ground is split by."""

    shapes: Any
    """Polygons that stand on the ground."""
    label: Any
    """Whose each is: 0 … k − 1, or −1: nobody's, but it keeps the ground around it from the others."""
    region: Any
    """Region of each shape; the ground of a label lies in the region most of its shapes are in. −1: in none."""
    enclosures: Any
    """Polygons of ground to be shared out; what lies outside is nobody's, unless a labelled shape stands there."""
    enclosure_region: Any
    """Region of each enclosure, 0, 1, …"""
    held: Any
    """Polygons that are nobody's ground even then."""
    reach: float
    """Ground farther than this from all shapes of a label is not its."""
    part_min: float
    """Parts smaller than this with no shape in them are left out."""
    hole_max: float
    """Holes in the ground within reach of a label's shapes are its ground too, up to this size."""
    pocket_max: float
    """Pockets beyond everyone's reach that are smaller than this, enclosed and empty, go to a neighbour."""


def territories(plan: Plan, k: int) -> Any:
    """The territory of each label 0 … k − 1: Polygon, MultiPolygon, or None where a label has no shape."""
    own = np.flatnonzero(plan.label >= 0)
    if not len(own):
        return np.full(k, None, dtype=object)
    held = shapely.buffer(shapely.union_all(plan.held), CLEARANCE_M, quad_segs=1) if len(plan.held) else shapely.Polygon()
    enclosures, enclosure_region = _without(plan, held)
    inside = _standing_in(plan.shapes, enclosures)
    home = _majority(plan.label[own], plan.region[own], k)
    # a shape in another region than its label's is nobody's there: it keeps no ground but its own
    label = plan.label.copy()
    stray = (inside >= 0) & (label >= 0)
    stray[stray] = enclosure_region[inside[stray]] != home[label[stray]]
    label[stray | (inside < 0)] = -1

    pairs, zones = _zones(plan.shapes, label, inside, plan.reach, plan.hole_max)
    lines, mixed = _midlines(plan.shapes, label, inside, enclosures, 2 * plan.reach)
    settled = np.unique(pairs[:, 1])
    outlines = shapely.boundary(enclosures[settled])
    padded = shapely.buffer(plan.shapes, np.where(plan.label >= 0, PAD_M, 0.0), join_style="mitre")
    fence = np.concatenate([outlines, lines, [shapely.boundary(held)]])
    # only shapes that something cuts, or that touch one of another label, need their outlines drawn
    exposed = (inside < 0) | stray
    exposed[shapely.STRtree(fence).query(padded, predicate="intersects")[0]] = True
    one, other = shapely.STRtree(padded).query(padded, predicate="intersects")
    exposed[one[plan.label[one] != plan.label[other]]] = True

    pieces = faces(np.concatenate([fence, *(shapely.boundary(s) for s in (zones, padded[exposed], plan.shapes[exposed]))]))
    where = shapely.point_on_surface(pieces)
    owner = _owner(where, plan, label, inside, enclosures, pairs, zones, mixed)
    for sign in (-1, 1):  # shapes claim the ground they stand on; where two pads meet, the labelled one wins
        mine = np.flatnonzero((plan.label >= 0) == (sign > 0))
        face, shape = shapely.STRtree(padded[mine]).query(where, predicate="within")
        order = np.lexsort((-mine[shape], -shapely.distance(where[face], plan.shapes[mine[shape]])))
        owner[face[order]] = plan.label[mine[shape[order]]]
    shapely.prepare(held)
    owner[shapely.contains(held, where)] = -1
    ground = np.full(len(where), -1, dtype=np.int64)
    face, enclosure = shapely.STRtree(enclosures[settled]).query(where, predicate="within")
    ground[face] = enclosure_region[settled[enclosure]]
    return dissolve(pieces, _tidy(pieces, where, owner, plan, home, ground), k)


def _without(plan: Plan, held: Any) -> tuple[Any, Any]:
    """The enclosures less the ground held already, in their separate parts, and the region of each."""
    parts, index = shapely.get_parts(shapely.difference(plan.enclosures, held), return_index=True)
    polygons = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) >= plan.part_min)
    return parts[polygons], plan.enclosure_region[index[polygons]]


def _standing_in(shapes: Any, enclosures: Any) -> Any:
    """The enclosure each shape stands in with the largest part; −1: in none."""
    shape, enclosure = shapely.STRtree(enclosures).query(shapes, predicate="intersects")
    shared = np.zeros(len(shape))
    several = np.isin(shape, np.flatnonzero(np.bincount(shape, minlength=len(shapes)) > 1))
    shared[several] = shapely.area(shapely.intersection(shapes[shape[several]], enclosures[enclosure[several]]))
    order = np.lexsort((-enclosure, shared))
    out = np.full(len(shapes), -1, dtype=np.int64)
    out[shape[order]] = enclosure[order]
    return out


def _majority(label: Any, value: Any, k: int) -> Any:
    """The value most rows of each label have; the smallest of equals; 0 for a label without rows."""
    pairs, n = np.unique(np.column_stack([label, value]), axis=0, return_counts=True)
    order = np.lexsort((-pairs[:, 1], n))
    out = np.zeros(k, dtype=np.int64)
    out[pairs[order, 0]] = np.maximum(pairs[order, 1], 0)
    return out


def _zones(shapes: Any, label: Any, inside: Any, reach: float, hole_max: float) -> tuple[Any, Any]:
    """Pairs (label, enclosure) and the ground within reach of each: rounded inwards, so that courtyards belong to it."""
    own = np.flatnonzero(label >= 0)
    pairs, which = np.unique(np.column_stack([label[own], inside[own]]), axis=0, return_inverse=True)
    zones = vicinity(shapes[own], which, len(pairs), reach=reach, hole_max=hole_max)
    return pairs, shapely.simplify(zones, 0.5)


def _midlines(shapes: Any, label: Any, inside: Any, enclosures: Any, near: float) -> tuple[Any, dict[int, Any]]:
    """Midlines within each enclosure that has shapes of unlike labels, and the shapes of each such enclosure."""
    groups = positions(inside)
    mixed = {name: group for name, group in groups.items() if name >= 0 and (label[group] != label[group[0]]).any()}
    work = tqdm(mixed.items(), desc="midlines", disable=None, delay=2)
    lines = [midlines(shapes[group], label[group], enclosures[name], near) for name, group in work]
    return np.concatenate([np.array([], dtype=object), *lines]), mixed


def _owner(where: Any, plan: Plan, label: Any, inside: Any, enclosures: Any, pairs: Any, zones: Any, mixed: dict[int, Any]) -> Any:
    """The label of the ground at each point: that of the nearest shape in the same enclosure, within reach of it."""
    owner = np.full(len(where), -1, dtype=np.int64)
    point, enclosure = shapely.STRtree(enclosures).query(where, predicate="within")
    at = np.full(len(where), -1, dtype=np.int64)
    at[point] = enclosure
    single = np.full(len(enclosures), -1, dtype=np.int64)
    single[inside[inside >= 0]] = label[inside >= 0]
    owner[at >= 0] = single[at[at >= 0]]
    for name, points in positions(at).items():
        if name in mixed:
            group = mixed[name]
            owner[points] = label[group[shapely.STRtree(plan.shapes[group]).nearest(where[points])]]
    key = {tuple(pair): i for i, pair in enumerate(pairs.tolist())}
    zone = np.array([key.get(pair, -1) for pair in zip(owner.tolist(), at.tolist(), strict=True)])
    shapely.prepare(zones)
    known = zone >= 0
    reached = np.zeros(len(where), dtype=bool)
    reached[known] = shapely.contains(zones[zone[known]], where[known])
    return np.where(reached, owner, -1)


def _tidy(pieces: Any, where: Any, owner: Any, plan: Plan, home: Any, ground_region: Any) -> Any:
    """Labels with the leftovers given away.

    Two kinds: parts of a territory with no shape of its label in them, cut off from the rest; and pockets of
    ground that nobody is near enough to, small, enclosed, with no shape in them. Each goes to the neighbour in its
    region that it shares most edge with; one without such a neighbour is nobody's, unless it is a part of a
    territory and not small.
    """
    k = len(home)
    pocket = (owner < 0) & (ground_region >= 0)
    group = np.where(pocket, k + ground_region, owner)
    parts, label = shapely.get_parts(dissolve(pieces, group, k + int(ground_region.max(initial=0)) + 1), return_index=True)
    region = np.where(label < k, home[np.minimum(label, k - 1)], label - k)
    part, shape = shapely.STRtree(plan.shapes).query(parts, predicate="intersects")
    built = np.zeros(len(parts), dtype=bool)
    built[part[(plan.label[shape] == label[part]) | (label[part] >= k)]] = True
    area = shapely.area(parts)
    leftover = np.flatnonzero(~built & ((label < k) | (area < plan.pocket_max)))
    heirs = np.flatnonzero(built & (label < k))
    if not len(leftover):
        return owner
    a, b = shapely.STRtree(parts[heirs]).query(parts[leftover], predicate="intersects")
    shared = shapely.length(shapely.intersection(shapely.boundary(parts[leftover[a]]), shapely.boundary(parts[heirs[b]])))
    heir = np.where((label[leftover] < k) & (area[leftover] >= plan.part_min), label[leftover], -1)
    order = np.argsort(shared, kind="stable")
    order = order[(shared[order] > 0) & (region[leftover[a[order]]] == region[heirs[b[order]]])]
    heir[a[order]] = label[heirs[b[order]]]
    face, at = shapely.STRtree(parts[leftover]).query(where, predicate="within")
    owner = owner.copy()
    owner[face] = heir[at]
    return owner
