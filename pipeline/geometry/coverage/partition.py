"""Territories: the ground around labelled shapes, split among the labels, as a valid coverage by
construction.

All linework (outlines of enclosures, dividers in them, medial lines between shapes of unlike labels, outlines
of the reach of each label, shapes that stick out, ground held already) is noded once; each face gets one
label; faces of one label are dissolved. So no two territories can overlap, and common edges are the same
edges. Ground that does not touch is worked out apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.arrays import Floats, Geometries, Integers, Mask
from pipeline.geometry.coverage.cleaning import Ground, without_leftovers, without_narrow_parts
from pipeline.geometry.coverage.dividers import divide
from pipeline.geometry.coverage.medial_lines import OVERSHOOT_M, medial_lines
from pipeline.geometry.coverage.reach import vicinity
from pipeline.geometry.coverage.topology import dissolve, faces
from pipeline.geometry.grouped import best_rows, positions
from pipeline.geometry.overlay import difference_of

PAD_M = 0.1
"""Shapes are padded by this before they claim their ground: noding moves a corner by up to 0.035 m, and the
whole shape must lie inside its territory all the same."""
CLEARANCE_M = 0.15
"""Ground held already is kept clear by this, as its corners lie on no grid; `snap_to_held` closes the gap
afterwards.
"""
SEPARATION_M = 0.5
"""Ground farther apart than this is worked out apart: no line of one sticks out so far that it would meet the
other's.
"""
BATCH = 2000
"""Shapes that are worked out together, at least: fewer cost more in calls, more cost more in noding."""
STANDING_SHARE = 0.2
"""A shape stands in a cell that holds this share of it, and in the one that holds most of it."""
MAJORITY_SHARE = 2 / 3
"""A cell goes whole to the label that has this share of it: of all its ground where shapes of that label
alone stand in it, of what is within anyone's reach where none stands in it (else it is split midway)."""


@dataclass(frozen=True)
class Plan:
    """What the ground is split by."""

    shapes: Geometries
    """Polygons that stand on the ground; each part of a MultiPolygon stands where it is, and its label has
    ground there.
    """
    label: Integers
    """Whose each is: 0 … k − 1, or −1: nobody's, but it keeps the ground around it from the others."""
    region: Integers
    """Region of each shape; the ground of a label lies in the region most of its shapes are in. −1: in
    none.
    """
    enclosures: Geometries
    """Polygons of ground to be shared out; what lies outside is nobody's, unless a labelled shape stands
    there.
    """
    enclosure_region: Integers
    """Region of each enclosure, 0, 1, …"""
    dividers: Geometries
    """Lines that part the ground: where one runs between shapes of unlike labels, their grounds meet on
    it.
    """
    held: Geometries
    """Polygons that are nobody's ground even then."""
    reach: float
    """Ground farther than this from all shapes of a label is not its."""
    part_min: float
    """Enclosures smaller than this are left out."""
    hole_max: float
    """Holes in the ground within reach of a label's shapes are its ground too, up to this size."""
    pocket_max: float
    """Pockets beyond everyone's reach that are smaller than this, enclosed and empty, go to a neighbour."""


@dataclass(frozen=True)
class _Batch:
    """Ground that touches no other, with its labels numbered anew."""

    plan: Plan
    names: Integers
    """The label that each label of the batch has in the whole."""
    label_region: Integers
    """Region of each label of the batch."""


Run = Callable[[Callable[[_Batch], Any], Sequence[_Batch]], list[Any]]


def _one_by_one(work: Callable[[_Batch], Geometries], batches: Sequence[_Batch]) -> list[Geometries]:
    return [work(batch) for batch in batches]


def enclosed_tessellation(plan: Plan, k: int, run: Run = _one_by_one) -> Geometries:
    """Share out ground among labels: the enclosed tessellation of labelled shapes, as a valid coverage.

    Parameters
    ----------
    plan : Plan
        Shapes, labels, enclosures, dividers and thresholds, in one projected CRS, metres.
    k : int
        Number of labels.
    run : callable, optional
        What works out the batches that the ground falls into, in their order; by default here, one by one.

    Returns
    -------
    object array, shape (k,)
        Territory of each label: Polygon, MultiPolygon, or None where a label has no shape.

    Notes
    -----
    Failure modes, none of which raises: a shape outside all enclosures has no ground but its own; a shape in
    another region than most of its label keeps no ground there; a shape that is None or empty must not occur.
    Held ground is kept CLEARANCE_M clear (`snapping.snap_to_held` closes that).

    After momepy's enclosed tessellation (Fleischmann, Feliciotti and Kerr, *Evolution of urban patterns*,
    2022), with labels of many shapes and a limit on reach.

    Examples
    --------
    >>> none = np.array([], dtype=object)
    >>> plan = Plan(
    ...     shapes=np.array([shapely.box(10, 10, 20, 20), shapely.box(30, 10, 40, 20)]),
    ...     label=np.array([0, 1]), region=np.array([0, 0]),
    ...     enclosures=np.array([shapely.box(0, 0, 50, 30)]), enclosure_region=np.array([0]),
    ...     dividers=none, held=none, reach=60.0, part_min=1.0, hole_max=0.0, pocket_max=0.0,
    ... )
    >>> [round(float(shapely.area(territory))) for territory in enclosed_tessellation(plan, 2)]
    [750, 750]
    """
    batches = _batches(plan, k)
    parts, label = [np.array([], dtype=object)], [np.array([], dtype=np.int64)]
    for batch, grounds in zip(batches, run(_tessellate, batches), strict=True):
        pieces, of = shapely.get_parts(grounds, return_index=True)
        parts.append(pieces)
        label.append(batch.names[of])
    every = np.concatenate(parts)
    out = np.full(k, None, dtype=object)
    for name, group in positions(np.concatenate(label)).items():
        out[name] = shapely.normalize(
            every[group[0]] if len(group) == 1 else shapely.multipolygons(every[group])
        )
    return out


def _batches(plan: Plan, k: int) -> list[_Batch]:
    """The ground in lots that do not touch, small ones together; those without a labelled shape are left
    out.
    """
    if not (plan.label >= 0).any():
        return []
    held = shapely.buffer(plan.held, CLEARANCE_M, quad_segs=1)
    enclosures, enclosure_region = _without(plan, held)
    own = np.flatnonzero(plan.label >= 0)
    # of whole shapes: a building of three parts has one vote
    label_region = _majority(plan.label[own], plan.region[own], k)
    plan = _in_parts(plan)
    own = np.flatnonzero(plan.label >= 0)
    everything = np.concatenate([enclosures, plan.shapes])
    # what is asked with is prepared, so the large ones ask and the small ones answer
    a, b = shapely.STRtree(everything).query(enclosures, predicate="dwithin", distance=SEPARATION_M)
    c, d = len(enclosures) + shapely.STRtree(plan.shapes).query(
        plan.shapes, predicate="dwithin", distance=SEPARATION_M
    )
    links = np.concatenate([a, c]), np.concatenate([b, d])
    _, lot = connected_components(
        coo_array((np.ones(len(links[0]), dtype=bool), links), shape=(len(everything),) * 2), directed=False
    )
    of_enclosure, of_shape = np.split(lot, [len(enclosures)])
    shapes_in = np.bincount(of_shape, minlength=len(lot))
    shapes_in[np.bincount(of_shape[own], minlength=len(lot)) == 0] = 0
    batch_of = np.where(shapes_in > 0, (np.cumsum(shapes_in) - shapes_in) // BATCH, -1)
    enclosures_of, shapes_of = positions(batch_of[of_enclosure]), positions(batch_of[of_shape])
    divided, divider = shapely.STRtree(plan.dividers).query(enclosures, predicate="intersects")
    holder, near = shapely.STRtree(everything).query(held, predicate="dwithin", distance=SEPARATION_M)
    batches = []
    for name in np.unique(batch_of[batch_of >= 0]).tolist():
        shapes, ground = shapes_of[name], enclosures_of.get(name, np.array([], dtype=np.int64))
        labelled = plan.label[shapes] >= 0
        names, local = np.unique(plan.label[shapes[labelled]], return_inverse=True)
        label = np.full(len(shapes), -1, dtype=np.int64)
        label[labelled] = local
        batches.append(
            _Batch(
                Plan(
                    shapes=plan.shapes[shapes],
                    label=label,
                    region=plan.region[shapes],
                    enclosures=enclosures[ground],
                    enclosure_region=enclosure_region[ground],
                    dividers=plan.dividers[np.unique(divider[batch_of[of_enclosure[divided]] == name])],
                    held=held[np.unique(holder[batch_of[lot[near]] == name])],
                    reach=plan.reach,
                    part_min=plan.part_min,
                    hole_max=plan.hole_max,
                    pocket_max=plan.pocket_max,
                ),
                names,
                label_region[names],
            )
        )
    return batches


def _in_parts(plan: Plan) -> Plan:
    """The plan with a row for every part of its shapes."""
    parts, of = shapely.get_parts(plan.shapes, return_index=True)
    return replace(plan, shapes=parts, label=plan.label[of], region=plan.region[of])


def _tessellate(batch: _Batch) -> Geometries:
    """The territory of each label of a batch (its held ground is widened already)."""
    plan, label_region = batch.plan, batch.label_region
    inside = _containing_polygon(plan.shapes, plan.enclosures, plan.label)
    # a shape in another region than its label's is nobody's there: it keeps no ground but its own
    label = plan.label.copy()
    stray = (inside >= 0) & (label >= 0)
    stray[stray] = plan.enclosure_region[inside[stray]] != label_region[label[stray]]
    label[stray | (inside < 0)] = -1

    pairs, zones = _zones(plan.shapes, label, inside, plan.reach, plan.hole_max)
    cells = _cells(plan, label, inside, np.unique(pairs[:, 1]))
    padded = shapely.buffer(plan.shapes, np.where(plan.label >= 0, PAD_M, 0.0), join_style="mitre")
    shape, taken = shapely.STRtree(plan.held).query(padded, predicate="intersects")
    held_outlines = _within(shapely.boundary(plan.held[taken]), padded, shape)
    cell_lines = np.concatenate(
        [shapely.boundary(cells.cells), _medial_lines(plan, label, cells), held_outlines]
    )
    # only shapes that something cuts, or that touch one of another label, need their outlines drawn
    exposed = (inside < 0) | stray
    exposed[shapely.STRtree(cell_lines).query(padded, predicate="intersects")[0]] = True
    one, other = shapely.STRtree(padded).query(padded, predicate="intersects")
    exposed[one[plan.label[one] != plan.label[other]]] = True

    limits = _within(shapely.boundary(zones), plan.enclosures, pairs[:, 1])
    coarse_faces = faces(cell_lines)
    coarse_cell, coarse_label = _nearest(shapely.point_on_surface(coarse_faces), plan, label, cells)
    pieces = faces(
        np.concatenate([cell_lines, limits, *(shapely.boundary(s[exposed]) for s in (padded, plan.shapes))])
    )
    where = shapely.point_on_surface(pieces)
    at, nearest = np.full((2, len(where)), -1, dtype=np.int64)
    face, coarse_face = shapely.STRtree(coarse_faces).query(where, predicate="within")
    at[face], nearest[face] = coarse_cell[coarse_face], coarse_label[coarse_face]
    owner = _within_reach(pieces, where, at, nearest, plan, cells, pairs, zones)
    for sign in (-1, 1):  # shapes claim the ground they stand on; where two pads meet, the labelled one wins
        mine = np.flatnonzero((plan.label >= 0) == (sign > 0))
        face, shape = shapely.STRtree(padded[mine]).query(where, predicate="within")
        shape = mine[shape]
        best = best_rows(face, len(where), shapely.distance(where[face], plan.shapes[shape]), shape)
        owner[best >= 0] = plan.label[shape[best[best >= 0]]]
    owner[_mostly_in(pieces, plan.held)] = -1
    region = np.full(len(where), -1, dtype=np.int64)
    region[at >= 0] = plan.enclosure_region[cells.enclosure[at[at >= 0]]]

    ground = Ground(pieces, owner, region, nearest)
    tidy = partial(
        without_leftovers,
        shapes=plan.shapes,
        label=plan.label,
        label_region=label_region,
        pocket_max=plan.pocket_max,
    )
    ground = tidy(without_narrow_parts(tidy(ground), plan.shapes, label_region))
    return dissolve(ground.pieces, ground.owner, len(label_region))


def _within(lines: Geometries, polygons: Geometries, of: Integers) -> Geometries:
    """Each line as far as it lies in its polygon, polygons[of], or a little beyond."""
    needed, which = np.unique(of, return_inverse=True)
    widened = shapely.buffer(polygons[needed], OVERSHOOT_M, quad_segs=1)
    shapely.prepare(widened)
    cut = np.array(lines, dtype=object)
    through = ~shapely.contains_properly(widened[which], cut)
    cut[through] = shapely.intersection(cut[through], widened[which[through]])
    return cut


def _mostly_in(pieces: Geometries, polygons: Geometries) -> Integers:
    """Positions of the pieces that lie in polygons with most of their area: of thin ones a point in them may
    say otherwise.
    """
    piece, polygon = shapely.STRtree(polygons).query(pieces, predicate="intersects")
    within = shapely.area(shapely.intersection(pieces[piece], polygons[polygon]))
    return np.flatnonzero(np.bincount(piece, within, len(pieces)) > shapely.area(pieces) / 2)


def _without(plan: Plan, held: Geometries) -> tuple[Geometries, Integers]:
    """The enclosures less the ground held already, in their separate parts, and the region of each."""
    parts, index = shapely.get_parts(difference_of(plan.enclosures, held), return_index=True)
    polygons = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) >= plan.part_min)
    return parts[polygons], plan.enclosure_region[index[polygons]]


def _containing_polygon(shapes: Geometries, polygons: Geometries, label: Integers) -> Integers:
    """The polygon each shape stands in; −1: in none. Of several it is one that another shape of its label
    stands in alone, if there is one, and of these the one with the largest part: the ground beside a gate
    house over a street is that of its area.
    """
    shape, polygon, share = _stands(shapes, polygons)
    several = np.bincount(shape, minlength=len(shapes))[shape] > 1
    place = label[shape] * len(polygons) + polygon
    at_home = (label[shape] >= 0) & np.isin(place, place[~several])
    best = best_rows(shape, len(shapes), ~at_home, -share, polygon)
    return np.where(best < 0, -1, np.append(polygon, -1)[best])


def _stands(shapes: Geometries, polygons: Geometries) -> tuple[Integers, Integers, Floats]:
    """Each shape, each polygon it meets, and the share of the shape in it (1 where it meets no other)."""
    polygon, shape = shapely.STRtree(shapes).query(polygons, predicate="intersects")
    share = np.ones(len(shape))
    several = np.isin(shape, np.flatnonzero(np.bincount(shape, minlength=len(shapes)) > 1))
    common = shapely.intersection(shapes[shape[several]], polygons[polygon[several]])
    share[several] = shapely.area(common) / shapely.area(shapes[shape[several]])
    return shape, polygon, share


def _majority(label: Integers, value: Integers, k: int) -> Integers:
    """The value most rows of each label have; the smallest of equals; 0 for a label without rows."""
    pairs, n = np.unique(np.column_stack([label, value]), axis=0, return_counts=True)
    best = best_rows(pairs[:, 0], k, -n, pairs[:, 1])
    return np.asarray(np.maximum(np.append(pairs[:, 1], 0)[best], 0))


def _zones(
    shapes: Geometries, label: Integers, inside: Integers, reach: float, hole_max: float
) -> tuple[Integers, Geometries]:
    """Pairs (label, enclosure) and the ground within reach of each: rounded inwards, so that courtyards
    belong to it.
    """
    own = np.flatnonzero(label >= 0)
    pairs, which = np.unique(np.column_stack([label[own], inside[own]]), axis=0, return_inverse=True)
    zones = vicinity(shapes[own], which, len(pairs), reach=reach, hole_max=hole_max)
    return pairs, shapely.simplify(zones, 0.5)


@dataclass(frozen=True)
class _Cells:
    """The cells of the enclosures that labelled shapes stand in, and which shapes compete for each."""

    cells: Geometries
    enclosure: Integers
    """The enclosure each cell lies in."""
    candidates: dict[int, Integers]
    """The shapes that compete for each cell: those that stand in it, or else all that stand near it."""
    empty: Mask
    """Whether no shape stands in the cell."""
    shared: Mask
    """Whether shapes of unlike labels stand in it, or no line cuts it out of its enclosure."""


def _cells(plan: Plan, label: Integers, inside: Integers, settled: Integers) -> _Cells:
    """Enclosures with shapes of unlike labels fall into cells along the dividers; the others stay whole."""
    of = np.searchsorted(settled, inside)
    standing = np.flatnonzero(np.isin(inside, settled))
    one = np.full(len(settled), -1, dtype=np.int64)
    one[of[standing]] = label[standing]
    mixed = np.zeros(len(settled), dtype=bool)
    mixed[of[standing[one[of[standing]] != label[standing]]]] = True
    ground = plan.enclosures[settled]
    cells, polygon = divide(ground, mixed, plan.dividers, plan.shapes)

    shape, cell, share = _stands(plan.shapes[standing], cells)
    shape = standing[shape]
    largest = np.zeros(len(plan.shapes))
    np.maximum.at(largest, shape, share)
    stands = ((share >= STANDING_SHARE) | (share == largest[shape])) & (polygon[cell] == of[shape])
    shape, cell = shape[stands], cell[stands]
    empty = np.bincount(cell, minlength=len(cells)) == 0
    some = np.full(len(cells), -1, dtype=np.int64)
    some[cell] = label[shape]
    shared = np.bincount(polygon)[polygon] == 1
    shared[cell[some[cell] != label[shape]]] = True
    # nobody farther than this owns ground in an empty cell
    empty_cells = np.flatnonzero(empty)
    b, s = shapely.STRtree(plan.shapes[standing]).query(
        cells[empty_cells], predicate="dwithin", distance=2 * plan.reach
    )
    near = polygon[empty_cells[b]] == of[standing[s]]
    shape, cell = np.concatenate([shape, standing[s[near]]]), np.concatenate([cell, empty_cells[b[near]]])
    return _Cells(
        cells,
        settled[polygon],
        {name: np.sort(shape[rows]) for name, rows in positions(cell).items()},
        empty,
        shared,
    )


def _medial_lines(plan: Plan, label: Integers, cells: _Cells) -> Geometries:
    """Medial lines within each cell that unlike labels compete for; the empty cells of one enclosure are done
    together.
    """
    rows = {name: [name] for name in cells.candidates if not cells.empty[name]}
    empty_cells: dict[int, list[int]] = {}
    for name in cells.candidates:
        if cells.empty[name]:
            empty_cells.setdefault(-1 - int(cells.enclosure[name]), []).append(name)
    lines = [np.array([], dtype=object)]
    for names in (rows | empty_cells).values():
        unlike = [name for name in names if _differ(label[cells.candidates[name]])]
        if unlike:
            candidates = np.unique(np.concatenate([cells.candidates[name] for name in unlike]))
            lines.append(
                medial_lines(
                    plan.shapes[candidates],
                    label[candidates],
                    shapely.union_all(cells.cells[unlike]),
                    2 * plan.reach,
                )
            )
    return np.concatenate(lines)


def _differ(label: Integers) -> bool:
    return bool((label != label[0]).any())


def _nearest(where: Geometries, plan: Plan, label: Integers, cells: _Cells) -> tuple[Integers, Integers]:
    """The cell each point lies in, and the label of the nearest of the shapes that compete for it; −1:
    none.
    """
    at, nearest = np.full((2, len(where)), -1, dtype=np.int64)
    point, cell = shapely.STRtree(cells.cells).query(where, predicate="within")
    at[point] = cell
    for name, points in positions(at).items():
        if name in cells.candidates:
            candidates = cells.candidates[name]
            nearest[points] = label[candidates[0]]
            if _differ(label[candidates]):
                nearest[points] = label[
                    candidates[shapely.STRtree(plan.shapes[candidates]).nearest(where[points])]
                ]
    return at, nearest


def _within_reach(
    pieces: Geometries,
    where: Geometries,
    at: Integers,
    nearest: Integers,
    plan: Plan,
    cells: _Cells,
    pairs: Integers,
    zones: Geometries,
) -> Integers:
    """The label of each face, nobody's beyond reach, but for cells that go whole to one label."""
    key = {tuple(pair): i for i, pair in enumerate(pairs.tolist())}
    enclosure = np.full(len(where), -1, dtype=np.int64)
    enclosure[at >= 0] = cells.enclosure[at[at >= 0]]

    def reached(owner: Integers) -> Mask:
        zone = np.array(
            [key.get(pair, -1) for pair in zip(owner.tolist(), enclosure.tolist(), strict=True)],
            dtype=np.int64,
        )
        known = zone >= 0
        known[known] = shapely.contains(zones[zone[known]], where[known])
        return known

    shapely.prepare(zones)
    owner = np.where(reached(nearest), nearest, -1)
    whole = _majority_owner(pieces, at, owner, cells, plan.hole_max)
    keeps = whole >= 0
    keeps[keeps] = ~cells.empty[at[keeps]]
    keeps |= reached(whole)
    return np.where(keeps, whole, owner)


def _majority_owner(
    pieces: Geometries, at: Integers, owner: Integers, cells: _Cells, hole_max: float
) -> Integers:
    """For each face in a cell that lines cut out the label that has most of the cell; −1 where none has, or
    several stand in it.
    """
    out = np.full(len(pieces), -1, dtype=np.int64)
    size = shapely.area(pieces)
    inside = np.flatnonzero(at >= 0)
    owned = inside[owner[inside] >= 0]
    pairs, which = np.unique(np.column_stack([at[owned], owner[owned]]), axis=0, return_inverse=True)
    cell, label = pairs.T
    n = len(cells.cells)
    area = np.bincount(which.ravel(), size[owned], len(pairs))
    total = np.where(
        cells.empty, np.bincount(at[owned], size[owned], n), np.bincount(at[inside], size[inside], n)
    )
    most = (area >= MAJORITY_SHARE * total[cell]) & (total[cell] - area <= hole_max) & ~cells.shared[cell]
    winner = np.full(n, -1, dtype=np.int64)
    winner[cell[most]] = label[most]
    out[inside] = winner[at[inside]]
    return out
