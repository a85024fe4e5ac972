from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.boundary.sides import count_sides, main_parts

LOW, HIGH = shapely.box(0, 0, 10, 8), shapely.box(0, 20, 10, 30)
TWO = shapely.MultiPolygon([LOW, HIGH])
BRIDGE = shapely.box(0, 0, 10, 30)


def line(*points):
    return shapely.LineString(points)


def array(*shapes):
    return np.array([*shapes, None], dtype=object)[:-1]


def main(shape, *obstacles, reach=100.0):
    return main_parts(array(shape), array(*obstacles), reach)[0]


def test_a_line_right_through_a_shape_leaves_the_larger_piece_and_one_that_ends_in_it_nothing_changed():
    assert main(BRIDGE, line((-5, 10), (15, 10))).bounds == pytest.approx((0, 10, 10, 30), abs=0.01)
    assert main(BRIDGE, line((-5, 20), (15, 20))).bounds == pytest.approx((0, 0, 10, 20), abs=0.01)
    assert main(BRIDGE, line((-5, 10), (9, 10))).wkb == BRIDGE.wkb
    assert main(BRIDGE, line((-5, 31), (15, 31))).wkb == BRIDGE.wkb


def test_two_lines_that_meet_in_a_shape_part_it_as_one_would():
    assert main(BRIDGE, line((-5, 10), (5, 10)), line((5, 10), (15, 10))).bounds[1] == pytest.approx(
        10, abs=0.01
    )


def test_water_that_crosses_a_shape_parts_it_and_one_in_it_does_not():
    assert main(BRIDGE, shapely.box(-5, 8, 15, 20)).bounds == pytest.approx(HIGH.bounds, abs=0.01)
    assert main(BRIDGE, shapely.box(-5, 8, 5, 20)).wkb == BRIDGE.wkb
    assert main(BRIDGE, shapely.box(-5, -5, 15, 35)).wkb == BRIDGE.wkb


def test_three_pieces_count_each_for_itself():
    dual = line((-5, 8), (15, 8)), line((-5, 12), (15, 12))
    assert main(BRIDGE, *dual).bounds == pytest.approx((0, 12, 10, 30), abs=0.01)


def test_parts_are_in_one_place_unless_a_line_lies_between_or_they_are_farther_apart_than_reach():
    assert main(TWO).wkb == TWO.wkb
    assert main(TWO, reach=12.0).wkb == TWO.wkb
    assert main(TWO, reach=11.9).equals(HIGH)
    assert main(TWO, line((-5, 14), (15, 14))).equals(HIGH)
    assert main(TWO, line((-5, 14), (-1, 14))).wkb == TWO.wkb


@pytest.mark.parametrize("n", [2, 3, 4])
def test_parts_hang_together_by_other_parts_and_weigh_together(n):
    chain = [shapely.box(20 * i, 0, 20 * i + 10, 10) for i in range(n)]
    far = shapely.box(300, 0, 310, 10 * n - 1)
    assert main(shapely.MultiPolygon([*chain, far]), reach=10.0).equals(shapely.MultiPolygon(chain))
    assert main(shapely.MultiPolygon([*chain, far]), reach=9.0).equals(far)


@pytest.mark.parametrize(("one", "other"), [((0, 50), (200, 0)), ((0, 0), (0, 200))])
def test_of_equal_places_the_west_one_counts_then_the_south_one(one, other):
    parts = [shapely.box(x, y, x + 10, y + 10) for x, y in (one, other)]
    for order in (parts, parts[::-1]):
        assert main(shapely.MultiPolygon(order)).bounds[:2] == one


def test_shapes_are_told_apart_and_those_that_nothing_cuts_are_as_they_were():
    shapes = array(shapely.box(50, 0, 60, 10), BRIDGE, TWO, shapely.box(80, 0, 90, 30))
    out = main_parts(shapes, array(line((-5, 14), (15, 14))), 100.0)
    assert [shape.wkb for shape in out[[0, 3]]] == [shape.wkb for shape in shapes[[0, 3]]]
    assert [shape.bounds[1] for shape in out[1:3]] == pytest.approx([14, 20], abs=0.01)
    assert shapes[2].wkb == TWO.wkb
    assert not len(main_parts(array(), array(), 1.0))


def across(*obstacles, shapes=(LOW, HIGH), reach=50.0):
    return count_sides(array(*shapes), np.zeros(len(shapes), dtype=int), 1, array(*obstacles), reach).tolist()


def test_a_group_stands_on_both_sides_of_what_cuts_its_surroundings_through():
    assert across(line((-200, 15), (200, 15))) == [2]
    assert across(line((-200, 35), (200, 35))) == [1]
    assert across(line((-200, 15), (200, 15)), line((-200, 17), (200, 17))) == [2]
    assert across(
        line((-200, 9), (200, 9)), line((-200, 17), (200, 17)), shapes=(LOW, shapely.box(0, 12, 9, 15), HIGH)
    ) == [3]
    assert across() == [1]


def test_a_line_whose_end_is_within_reach_is_gone_round_and_one_that_ends_beyond_is_not():
    assert across(line((-200, 15), (55, 15))) == [1]
    assert across(line((-200, 15), (62, 15))) == [2]
    assert across(line((-200, 15), (55, 15)), line((55, 15), (200, 15))) == [2]
    assert across(line((-200, 15), (4, 15)), line((6, 15), (200, 15))) == [1]


def test_a_pond_is_gone_round_and_a_river_is_not():
    assert across(shapely.box(-5, 9, 15, 19)) == [1]
    assert across(shapely.box(-200, 9, 200, 19)) == [2]


def test_a_shape_over_the_line_stands_where_most_of_it_does():
    through = line((-200, 10), (200, 10))
    assert across(through, shapes=(BRIDGE, shapely.box(20, 12, 30, 30))) == [1]
    assert across(through, shapes=(BRIDGE, shapely.box(20, 0, 30, 8))) == [2]


def test_each_group_is_looked_at_alone_and_one_without_shapes_stands_nowhere():
    shapes = array(LOW, HIGH, shapely.box(40, 0, 50, 8), shapely.box(40, 20, 50, 30))
    through = array(line((-200, 15), (200, 15)))
    assert count_sides(shapes, np.array([0, 0, 1, 3]), 4, through, 50.0).tolist() == [2, 1, 0, 1]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(3, 40), st.integers(3, 40)), min_size=1, max_size=6),
       st.lists(st.tuples(*[st.integers(-20, 150)] * 4), max_size=4))  # fmt: skip
def test_a_main_part_is_part_of_its_shape_and_stands_on_one_side(corners, ends):
    obstacles = array(*[line(end[:2], end[2:]) for end in ends if end[:2] != end[2:]])
    shape = shapely.union_all([shapely.box(x, y, x + w, y + h) for x, y, w, h in corners])
    part = main(shape, *obstacles)
    assert part.difference(shape).area == pytest.approx(0, abs=1e-6)
    assert main(part, *obstacles).equals(part)
    assert count_sides(array(shape), np.array([0]), 1, obstacles, 100.0).tolist() == [1]
    if shape.geom_type == "Polygon" and len(obstacles):
        cut = shapely.get_parts(shape.difference(shapely.union_all(shapely.buffer(obstacles, 0.001))))
        assert part.area >= max(piece.area for piece in cut) - 0.3
