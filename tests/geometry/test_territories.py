from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.coverage import defects
from pipeline.geometry.territories import Plan, territories

NONE = np.array([], dtype=object)


def plan(shapes, label, *, regions=(), region=None, taken=(), held=(), reach=30.0):
    """A plan whose enclosures are the regions (or a wide world) less what is taken."""
    worlds = np.array([*(regions or [shapely.box(-900, -900, 1200, 1200)])], dtype=object)
    parts, index = shapely.get_parts(shapely.difference(worlds, shapely.union_all(list(taken))), return_index=True)
    return Plan(
        shapes=np.array(shapes, dtype=object),
        label=np.array(label),
        region=np.full(len(shapes), -1) if region is None else np.array(region),
        enclosures=parts,
        enclosure_region=index,
        held=np.array([*held, None], dtype=object)[:-1],
        reach=reach,
        part_min=20.0,
        hole_max=10_000.0,
        pocket_max=450.0,
    )


def test_ground_ends_at_reach_and_midway_between_two():
    left, right = territories(plan([shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 10)], [0, 1]), 2)
    assert left.bounds[0] == -30.0
    assert abs(left.bounds[2] - 20) < 1.0
    assert right.bounds[2] == 70.0
    assert not defects([left, right])


def test_a_street_parts_the_ground_and_belongs_to_nobody():
    street = shapely.box(12, -2000, 22, 2000)
    left, right = territories(plan([shapely.box(0, 0, 10, 10), shapely.box(24, 0, 34, 10)], [0, 1], taken=[street]), 2)
    assert left.intersection(street).area < 0.1
    assert abs(left.bounds[2] - 12) < 0.1
    assert abs(right.bounds[0] - 22) < 0.1


def test_ground_across_the_street_is_not_one_s_own_though_near():
    street = shapely.box(12, -2000, 22, 2000)
    (only,) = territories(plan([shapely.box(0, 0, 10, 10)], [0], taken=[street]), 1)
    assert only.bounds[2] <= 12.1


def test_a_shape_on_the_street_keeps_its_whole_footprint():
    street = shapely.box(5, -2000, 22, 2000)
    (only,) = territories(plan([shapely.box(0, 0, 10, 10)], [0], taken=[street]), 1)
    assert only.contains(shapely.box(0, 0, 10, 10))
    assert only.intersection(street).area < 60


def test_a_courtyard_wider_than_reach_belongs_to_those_around_it():
    ring = [shapely.box(0, 0, 100, 10), shapely.box(0, 90, 100, 100), shapely.box(0, 10, 10, 90), shapely.box(90, 10, 100, 90)]
    (only,) = territories(plan(ring, [0] * 4), 1)
    assert only.contains(shapely.box(10, 10, 90, 90))


def test_ground_surrounded_from_afar_is_no_courtyard():
    far = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = [shapely.box(x - 8, y - 8, x + 8, y + 8) for x, y in zip(200 * np.cos(far), 200 * np.sin(far), strict=True)]
    (only,) = territories(plan(ring, [0] * 60), 1)
    assert not only.contains(shapely.Point(0, 0))


def test_the_parts_of_a_shape_do_not_own_the_ground_between_them():
    (only,) = territories(plan([shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(400, 0, 410, 10)])], [0]), 1)
    assert not only.intersects(shapely.box(100, -50, 300, 60))


def test_nobody_s_shape_keeps_its_own_ground_out_of_it():
    shapes = [shapely.box(0, 0, 10, 100), shapely.box(90, 0, 100, 100), shapely.box(45, 45, 55, 55)]
    (only,) = territories(plan(shapes, [0, 0, -1]), 1)
    assert not only.intersects(shapes[2])


def test_a_region_line_is_never_crossed_but_by_a_whole_footprint():
    west, east = shapely.box(-500, -500, 12, 500), shapely.box(12, -500, 500, 500)
    shapes = [shapely.box(0, 0, 14, 10), shapely.box(30, 0, 40, 10)]
    a, b = territories(plan(shapes, [0, 1], regions=[west, east], region=[0, 1]), 2)
    assert a.contains(shapes[0])
    assert a.intersection(east).area < 25
    assert b.intersection(west).area < 0.1
    assert not defects([a, b])


def test_held_ground_is_kept_clear_even_of_shapes():
    held = shapely.Polygon([(5, -20), (60.123456, -20), (60, 40), (5.001, 40)])
    (only,) = territories(plan([shapely.box(0, 0, 10, 10)], [0], held=[held]), 1)
    assert not only.intersects(held)


def test_a_label_without_shapes_has_no_ground():
    first, second = territories(plan([shapely.box(0, 0, 10, 10)], [1]), 2)
    assert first is None
    assert second.area > 0


@st.composite
def towns(draw):
    """Houses of all sizes that may touch and overlap, streets across them, three labels and nobody."""
    house = st.tuples(st.integers(0, 20), st.integers(0, 20), st.floats(4, 25), st.floats(4, 25), st.floats(0, 90), st.integers(-1, 2))
    rows = draw(st.lists(house, min_size=1, max_size=14))
    shapes = [shapely.affinity.rotate(shapely.box(x * 12, y * 12, x * 12 + w, y * 12 + h), turn) for x, y, w, h, turn, _ in rows]
    line = st.tuples(st.floats(-20, 280), st.floats(-20, 280), st.floats(-20, 280), st.floats(-20, 280))
    streets = [shapely.LineString([(a, b), (c, d)]).buffer(4, quad_segs=3) for a, b, c, d in draw(st.lists(line, max_size=3))]
    cut = draw(st.floats(0, 250))
    regions = [shapely.box(-500, -500, cut, 800), shapely.box(cut, -500, 800, 800)] if draw(st.booleans()) else []
    region = [int(s.centroid.x > cut) if regions else -1 for s in shapes]
    return plan(shapes, [row[5] for row in rows], taken=streets, regions=regions, region=region)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_territories_are_a_coverage_before_and_after_rounding_and_hold_their_shapes(town):
    ground = territories(town, 3)
    assert not defects(ground)
    degrees = [None if g is None else shapely.transform(g, lambda c: np.round(c / 111_000, 7)) for g in ground]
    assert not defects(degrees)
    label = town.label
    for i in range(3):
        others = shapely.union_all(town.shapes[(label >= 0) & (label != i)])
        clear = (label == i) & ~shapely.intersects(town.shapes, others)  # shapes on top of each other can't all be whole
        assert clear.sum() == 0 or shapely.contains(ground[i], town.shapes[clear]).all()
        if ground[i] is not None:
            around = shapely.union_all(town.shapes[label == i]).convex_hull.buffer(town.reach * 2.5)
            assert shapely.difference(ground[i], around).area < town.reach**2
