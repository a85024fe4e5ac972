"""Tidying a coverage: parts that hold nothing, pockets, corridors and spikes go to a neighbour, or to
nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from pipeline.geometry.arrays import Floats, Geometries, Integers
from pipeline.geometry.coverage.topology import dissolve, faces
from pipeline.geometry.grouped import best_rows

NARROW_M = 3.0
"""Ground narrower than this with no shape in it is a corridor or a spike: nobody could use it on its own."""
NARROW_PART_MIN_M2 = 1.0
"""Narrow bits smaller than this are the corners of ordinary ground."""
SHAPE_MARGIN_M = 0.3
"""This much ground around a shape stays with it, however narrow."""
CUT_DEPTH_M = 0.1
"""Narrow bits are cut off this far inside the ground they hang on."""
COINCIDENT_M = 0.02
"""Lines this near each other are the same line but for rounding."""
SHARED_OUTLINE_SHARE = 0.3
"""A narrow bit goes to a neighbour only where it shares this much of its outline with it: else it would be a
spike there too.
"""


@dataclass(frozen=True)
class Ground:
    """Faces and whose they are."""

    pieces: Geometries
    """Faces of a coverage."""
    owner: Integers
    """Label of each face, 0 … k − 1; −1: nobody's."""
    region: Integers
    """Region of each face; −1: it lies where nothing can be given away."""
    nearest: Integers
    """The label each face would have if it were near enough; −1: none."""

    def grouped(self, k: int) -> tuple[Integers, int]:
        """The group of each face: its label, or k + its region where it is nobody's (−1: none); and how many
        there are.
        """
        nobody = np.where(self.region >= 0, k + self.region, -1)
        return np.where(self.owner >= 0, self.owner, nobody), k + int(self.region.max(initial=0)) + 1


def without_leftovers(
    ground: Ground, shapes: Geometries, label: Integers, label_region: Integers, pocket_max: float
) -> Ground:
    """Give the leftovers of a coverage to their neighbours.

    Parameters
    ----------
    ground : Ground
    shapes : object array of polygons, shape (n,)
        In the CRS of the ground, metres.
    label : integer array, shape (n,)
        Label of each shape; −1: none.
    label_region : integer array, shape (k,)
        Region of each label.
    pocket_max : float
        Largest pocket that is given away, square metres: a larger one is open ground of its own.

    Returns
    -------
    Ground
        The same faces with other owners.

    Notes
    -----
    Leftovers are parts of a label's ground with none of its shapes in them, cut off from the rest, and
    pockets of nobody's ground smaller than pocket_max with no shape in them. Each goes to the neighbour in
    its region that it shares most edge with, or a pocket to the labels its faces are nearest to; one without
    such a neighbour is nobody's.
    """
    k = len(label_region)
    group, n = ground.grouped(k)
    parts, name = shapely.get_parts(dissolve(ground.pieces, group, n), return_index=True)
    region = np.where(name < k, label_region[np.minimum(name, k - 1)], name - k)
    part, shape = shapely.STRtree(shapes).query(parts, predicate="intersects")
    built = np.zeros(len(parts), dtype=bool)
    built[part[(label[shape] == name[part]) | (name[part] >= k)]] = True
    area = shapely.area(parts)
    leftover = np.flatnonzero(~built & ((name < k) | (area < pocket_max)))
    if not len(leftover):
        return ground
    receivers = np.flatnonzero(built & (name < k))
    a, b = shapely.STRtree(parts[receivers]).query(parts[leftover], predicate="intersects")
    shared = shapely.length(
        shapely.intersection(shapely.boundary(parts[leftover[a]]), shapely.boundary(parts[receivers[b]]))
    )
    fits = (shared > 0) & (region[leftover[a]] == region[receivers[b]])
    receiver = _most_shared(a[fits], name[receivers[b[fits]]], shared[fits], len(leftover))
    face, at = shapely.STRtree(parts[leftover]).query(
        shapely.point_on_surface(ground.pieces), predicate="within"
    )
    owner = ground.owner.copy()
    pocket = (name[leftover[at]] >= k) & (receiver[at] >= 0) & (ground.nearest[face] >= 0)
    owner[face] = np.where(pocket, ground.nearest[face], receiver[at])
    return replace(ground, owner=owner)


def without_narrow_parts(ground: Ground, shapes: Geometries, label_region: Integers) -> Ground:
    """Cut off what is narrower than NARROW_M and give it to the neighbour in its region that it lies along.

    Parameters
    ----------
    ground : Ground
    shapes : object array of polygons, shape (n,)
        In the CRS of the ground, metres; the ground within SHAPE_MARGIN_M of them stays as it is.
    label_region : integer array, shape (k,)
        Region of each label.

    Returns
    -------
    Ground
        New faces; no nearest label is known of them.

    Notes
    -----
    Narrow parts are what a morphological opening by half of NARROW_M takes away. Nobody's ground between two
    labels is treated the same. Ground of a label without such a neighbour becomes nobody's.
    """
    k = len(label_region)
    group, n = ground.grouped(k)
    grounds = dissolve(ground.pieces, group, n)
    name = np.flatnonzero(~shapely.is_missing(grounds))
    grounds = grounds[name]
    narrow, of = _narrow_parts(grounds, shapes)
    if not len(narrow):
        return ground
    region = np.where(name < k, label_region[np.minimum(name, k - 1)], name - k)
    a, b = shapely.STRtree(grounds).query(narrow, predicate="intersects")
    other = (of[a] != b) & (name[b] < k)
    a, b = a[other], b[other]
    beside = shapely.buffer(narrow, COINCIDENT_M, quad_segs=1)
    shared = shapely.length(shapely.intersection(shapely.boundary(grounds[b]), beside[a]))
    fits = (shared >= SHARED_OUTLINE_SHARE * shapely.length(narrow[a])) & (region[of[a]] == region[b])
    receiver = _most_shared(a[fits], name[b[fits]], shared[fits], len(narrow))

    wide = shapely.buffer(narrow, CUT_DEPTH_M, join_style="mitre")
    pieces = faces(np.concatenate([shapely.boundary(grounds), shapely.boundary(wide)]))
    where = shapely.point_on_surface(pieces)
    owner, place = np.full(len(pieces), -1), np.full(len(pieces), -1)
    face, at = shapely.STRtree(grounds).query(where, predicate="within")
    owner[face], place[face] = np.where(name[at] < k, name[at], -1), region[at]
    mine = np.full(len(pieces), -1)
    mine[face] = at
    face, bit = shapely.STRtree(wide).query(where, predicate="within")
    bit, face = bit[mine[face] == of[bit]], face[mine[face] == of[bit]]
    owner[face] = receiver[bit]
    return Ground(pieces, owner, place, np.full(len(pieces), -1))


def _most_shared(part: Integers, label: Integers, shared: Floats, n: int) -> Integers:
    """The label that each of n parts shares most outline with (the last of equals); −1: none."""
    best = best_rows(part, n, -shared, -np.arange(len(part)))
    return np.where(best < 0, -1, np.append(label, -1)[best])


def _narrow_parts(grounds: Geometries, shapes: Geometries) -> tuple[Geometries, Integers]:
    """The narrow bits of each ground, and which ground each is of."""
    half = NARROW_M / 2
    opened = shapely.buffer(shapely.buffer(grounds, -half, join_style="mitre"), half, join_style="mitre")
    rest = shapely.difference(grounds, shapely.buffer(opened, COINCIDENT_M, join_style="mitre"))
    bits, of = shapely.get_parts(rest, return_index=True)
    large = shapely.area(bits) >= NARROW_PART_MIN_M2
    bits, of = bits[large], of[large]
    bit, shape = shapely.STRtree(shapes).query(bits, predicate="dwithin", distance=SHAPE_MARGIN_M)
    built = np.unique(bit)
    near = [
        shapely.union_all(shapely.buffer(shapes[shape[bit == i]], SHAPE_MARGIN_M, join_style="mitre"))
        for i in built
    ]
    bits[built] = shapely.difference(bits[built], np.array([*near, None], dtype=object)[:-1])
    bits, index = shapely.get_parts(bits, return_index=True)
    large = (shapely.get_dimensions(bits) == 2) & (shapely.area(bits) >= NARROW_PART_MIN_M2)
    return bits[large], of[index[large]]
