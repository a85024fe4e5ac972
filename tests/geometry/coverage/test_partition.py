from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.coverage.partition import Plan, enclosed_tessellation
from pipeline.geometry.coverage.topology import defects

NONE = np.array([], dtype=object)


def plan(shapes, label, *, regions=(), region=None, taken=(), held=(), dividers=(), reach=30.0):
    """A plan whose enclosures are the regions (or a wide world) less what is taken."""
    worlds = np.array([*(regions or [shapely.box(-900, -900, 1200, 1200)])], dtype=object)
    parts, index = shapely.get_parts(
        shapely.difference(worlds, shapely.union_all(list(taken))), return_index=True
    )
    return Plan(
        shapes=np.array(shapes, dtype=object),
        label=np.array(label),
        region=np.full(len(shapes), -1) if region is None else np.array(region),
        enclosures=parts,
        enclosure_region=index,
        dividers=np.array([*dividers, None], dtype=object)[:-1],
        held=np.array([*held, None], dtype=object)[:-1],
        reach=reach,
        part_min=20.0,
        hole_max=10_000.0,
        pocket_max=450.0,
    )


def test_ground_ends_at_reach_and_midway_between_two():
    left, right = enclosed_tessellation(
        plan([shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 10)], [0, 1]), 2
    )
    assert left.bounds[0] == -30.0
    assert abs(left.bounds[2] - 20) < 1.0
    assert right.bounds[2] == 70.0
    assert not defects([left, right])


def test_a_street_parts_the_ground_and_belongs_to_nobody():
    street = shapely.box(12, -2000, 22, 2000)
    left, right = enclosed_tessellation(
        plan([shapely.box(0, 0, 10, 10), shapely.box(24, 0, 34, 10)], [0, 1], taken=[street]), 2
    )
    assert left.intersection(street).area < 0.1
    assert abs(left.bounds[2] - 12) < 0.1
    assert abs(right.bounds[0] - 22) < 0.1


def test_ground_across_the_street_is_not_one_s_own_though_near():
    street = shapely.box(12, -2000, 22, 2000)
    (only,) = enclosed_tessellation(plan([shapely.box(0, 0, 10, 10)], [0], taken=[street]), 1)
    assert only.bounds[2] <= 12.1


def test_a_shape_on_the_street_keeps_its_whole_footprint():
    street = shapely.box(5, -2000, 22, 2000)
    (only,) = enclosed_tessellation(plan([shapely.box(0, 0, 10, 10)], [0], taken=[street]), 1)
    assert only.contains(shapely.box(0, 0, 10, 10))
    assert only.intersection(street).area < 60


def test_a_courtyard_wider_than_reach_belongs_to_those_around_it():
    ring = [
        shapely.box(0, 0, 100, 10),
        shapely.box(0, 90, 100, 100),
        shapely.box(0, 10, 10, 90),
        shapely.box(90, 10, 100, 90),
    ]
    (only,) = enclosed_tessellation(plan(ring, [0] * 4), 1)
    assert only.contains(shapely.box(10, 10, 90, 90))


def test_ground_surrounded_from_afar_is_no_courtyard():
    far = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = [
        shapely.box(x - 8, y - 8, x + 8, y + 8)
        for x, y in zip(200 * np.cos(far), 200 * np.sin(far), strict=True)
    ]
    (only,) = enclosed_tessellation(plan(ring, [0] * 60), 1)
    assert not only.contains(shapely.Point(0, 0))


def test_the_parts_of_a_shape_do_not_own_the_ground_between_them():
    (only,) = enclosed_tessellation(
        plan([shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(400, 0, 410, 10)])], [0]), 1
    )
    assert not only.intersects(shapely.box(100, -50, 300, 60))


def test_every_part_of_a_shape_has_ground_in_its_own_enclosure_and_a_shape_has_one_vote_for_its_region():
    two = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(0, 40, 10, 50)])
    street = shapely.box(-900, 20, 1200, 30)
    mine, other = enclosed_tessellation(plan([two, shapely.box(20, 0, 30, 10)], [0, 1], taken=[street]), 2)
    assert (
        mine.contains(two)
        and mine.bounds[3] == 80.0
        and not mine.intersects(shapely.box(-900, 20.1, 1200, 29.9))
    )
    assert not defects([mine, other])
    # three parts in one region and two shapes in the other: the ground lies with the two
    halves = [shapely.box(-900, -900, 50, 1200), shapely.box(50, -900, 1200, 1200)]
    three = shapely.MultiPolygon([shapely.box(0, y, 10, y + 10) for y in (0, 20, 40)])
    rest = [shapely.box(60, y, 70, y + 10) for y in (0, 20)]
    mine = enclosed_tessellation(plan([three, *rest], [0, 0, 0], regions=halves, region=[0, 1, 1]), 1)[0]
    assert mine.contains(three) and mine.intersection(halves[0]).area < 400


def test_a_shape_over_a_street_has_its_ground_where_its_label_stands_and_else_where_most_of_it_does():
    street = shapely.box(-900, 20, 1200, 30)
    gate = shapely.box(0, 8, 10, 34)  # more of it below
    alone = enclosed_tessellation(plan([gate], [0], taken=[street]), 1)[0]
    assert alone.bounds[1] == -22.0 and alone.bounds[3] < 35
    with_others = enclosed_tessellation(plan([gate, shapely.box(20, 34, 30, 44)], [0, 0], taken=[street]), 1)[
        0
    ]
    assert with_others.contains(gate) and with_others.bounds[1] > 7 and with_others.bounds[3] > 60


def test_nobody_s_shape_keeps_its_own_ground_out_of_it():
    shapes = [shapely.box(0, 0, 10, 100), shapely.box(90, 0, 100, 100), shapely.box(45, 45, 55, 55)]
    (only,) = enclosed_tessellation(plan(shapes, [0, 0, -1]), 1)
    assert not only.intersects(shapes[2])


def test_a_region_line_is_never_crossed_but_by_a_whole_footprint():
    west, east = shapely.box(-500, -500, 12, 500), shapely.box(12, -500, 500, 500)
    shapes = [shapely.box(0, 0, 14, 10), shapely.box(30, 0, 40, 10)]
    a, b = enclosed_tessellation(plan(shapes, [0, 1], regions=[west, east], region=[0, 1]), 2)
    assert a.contains(shapes[0])
    assert a.intersection(east).area < 25
    assert b.intersection(west).area < 0.1
    assert not defects([a, b])


def test_held_ground_is_kept_clear_even_of_shapes():
    held = shapely.Polygon([(5, -20), (60.123456, -20), (60, 40), (5.001, 40)])
    (only,) = enclosed_tessellation(plan([shapely.box(0, 0, 10, 10)], [0], held=[held]), 1)
    assert not only.intersects(held)


def test_a_label_without_shapes_has_no_ground():
    first, second = enclosed_tessellation(plan([shapely.box(0, 0, 10, 10)], [1]), 2)
    assert first is None
    assert second.area > 0


HOUSES = [shapely.box(0, 0, 30, 10), shapely.box(0, 40, 30, 50)]
YARD = shapely.box(-30, -30, 60, 80)


def test_two_grounds_meet_on_the_wall_between_them_though_it_is_nearer_to_one():
    wall = shapely.LineString([(-40, 15), (70, 15)])
    south, north = enclosed_tessellation(plan(HOUSES, [0, 1], regions=[YARD], dividers=[wall]), 2)
    assert abs(south.bounds[3] - 15) < 0.1 and abs(north.bounds[1] - 15) < 0.1
    assert not defects([south, north])


def test_a_wall_with_a_gate_is_a_wall_and_one_that_merely_ends_is_nothing():
    gate = [shapely.LineString([(-40, 15), (5, 15)]), shapely.LineString([(12, 15), (70, 15)])]
    south, _ = enclosed_tessellation(plan(HOUSES, [0, 1], regions=[YARD], dividers=gate), 2)
    assert abs(south.bounds[3] - 15) < 0.1
    without, with_end = (
        enclosed_tessellation(plan(HOUSES, [0, 1], regions=[YARD], dividers=d), 2) for d in ([], gate[:1])
    )
    assert shapely.equals(without, with_end).all()


def test_a_lane_within_one_ground_leaves_no_trace():
    far = [*HOUSES, shapely.box(200, 0, 230, 10)]
    world = shapely.box(-30, -30, 300, 80)
    lane = shapely.LineString([(-40, 15), (50, 15), (50, 90)])
    without, with_lane = (
        enclosed_tessellation(plan(far, [0, 0, 1], regions=[world], dividers=d), 2)[0] for d in ([], [lane])
    )
    assert shapely.symmetric_difference(without, with_lane).area < 1.0
    assert shapely.get_num_coordinates(with_lane) <= shapely.get_num_coordinates(without) + 2


def test_ground_behind_a_wall_belongs_to_the_only_house_there_even_beyond_reach():
    wall = shapely.LineString([(60, -40), (60, 90)])
    shapes = [shapely.box(0, 0, 10, 40), shapely.box(100, 0, 110, 40)]
    west, east = enclosed_tessellation(
        plan(shapes, [0, 1], regions=[shapely.box(-10, -10, 120, 50)], dividers=[wall], reach=40), 2
    )
    assert abs(west.bounds[2] - 60) < 0.1 and abs(east.bounds[0] - 60) < 0.1


def test_an_empty_yard_between_two_lanes_goes_whole_to_whoever_is_nearer_to_most_of_it():
    lanes = [shapely.LineString([(-40, y), (70, y)]) for y in (13, 30)]
    south, north = enclosed_tessellation(plan(HOUSES, [0, 1], regions=[YARD], dividers=lanes), 2)
    assert abs(south.bounds[3] - 30) < 0.1 and abs(north.bounds[1] - 30) < 0.1


def test_how_the_work_is_shared_out_changes_nothing(monkeypatch):
    streets = [shapely.box(x - 60, -2000, x - 50, 2000) for x in range(0, 3000, 300)]
    shapes = [shapely.box(x, y, x + 20, y + 10) for x in range(0, 3000, 300) for y in (0, 30)]
    lane = shapely.LineString([(-100, 18), (4000, 19)])
    world = [shapely.box(-900, -900, 4000, 1200)]
    town = plan(
        shapes,
        [*range(18), 0, 1],
        regions=world,
        taken=streets,
        dividers=[lane],
        held=[shapely.box(290, -100, 310, -5)],
    )
    lots = []

    def backwards(work, batches):
        lots.extend(batches)
        return [work(batch) for batch in reversed(batches)][::-1]

    together = enclosed_tessellation(town, 20)
    monkeypatch.setattr("pipeline.geometry.coverage.partition.BATCH", 1)
    apart = enclosed_tessellation(town, 20, backwards)
    assert len(lots) == 10
    assert [None if g is None else g.wkb for g in together] == [None if g is None else g.wkb for g in apart]


@st.composite
def towns(draw):
    """Houses of all sizes that may touch and overlap, streets and lanes across them, three labels and
    nobody.
    """
    house = st.tuples(
        st.integers(0, 20),
        st.integers(0, 20),
        st.floats(4, 25),
        st.floats(4, 25),
        st.floats(0, 90),
        st.integers(-1, 2),
    )
    rows = draw(st.lists(house, min_size=1, max_size=14))
    shapes = [
        shapely.affinity.rotate(shapely.box(x * 12, y * 12, x * 12 + w, y * 12 + h), turn)
        for x, y, w, h, turn, _ in rows
    ]
    line = st.tuples(st.floats(-20, 280), st.floats(-20, 280), st.floats(-20, 280), st.floats(-20, 280))
    streets = [
        shapely.LineString([(a, b), (c, d)]).buffer(4, quad_segs=3)
        for a, b, c, d in draw(st.lists(line, max_size=3))
    ]
    lanes = [
        shapely.LineString([(a, b), (c, d)])
        for a, b, c, d in draw(st.lists(line, max_size=4))
        if (a, b) != (c, d)
    ]
    cut = draw(st.floats(0, 250))
    regions = (
        [shapely.box(-500, -500, cut, 800), shapely.box(cut, -500, 800, 800)] if draw(st.booleans()) else []
    )
    region = [int(s.centroid.x > cut) if regions else -1 for s in shapes]
    return plan(
        shapes, [row[5] for row in rows], taken=streets, dividers=lanes, regions=regions, region=region
    )


@settings(max_examples=60, deadline=None)
@given(towns())
def test_territories_are_a_coverage_before_and_after_rounding_and_hold_their_shapes(town):
    ground = enclosed_tessellation(town, 3)
    assert not defects(ground)
    degrees = [
        None if g is None else shapely.transform(g, lambda c: np.round(c / 111_000, 7)) for g in ground
    ]
    assert not defects(degrees)
    standing = np.array([g for g in ground if g is not None], dtype=object)
    assert not defects(shapely.coverage_simplify(standing, 1.0))
    label = town.label
    for i in range(3):
        others = shapely.union_all(town.shapes[(label >= 0) & (label != i)])
        # shapes on top of each other can't all be whole
        clear = (label == i) & ~shapely.dwithin(town.shapes, others, 0.1)
        assert clear.sum() == 0 or shapely.contains(ground[i], town.shapes[clear]).all()
        if ground[i] is not None:
            around = shapely.union_all(town.shapes[label == i]).convex_hull.buffer(town.reach * 2.5)
            assert shapely.difference(ground[i], around).area < town.reach**2
