from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.boundary.four_sides import SIDES, assign_sides
from pipeline.geometry.boundary.segments import boundary_segments


def at(shape, *points):
    """The side that the step nearest to each point is on."""
    shapes = np.array([shape], dtype=object)
    segments = boundary_segments(shapes, 2.0)
    found = assign_sides(segments, segments.outward_normals(15.0), shapes)
    nearest = [int(np.argmin(np.hypot(*(segments.middle - point).T))) for point in points]
    return [None if found[i] < 0 else SIDES[found[i]] for i in nearest]


def test_a_box_has_four_sides_whichever_way_its_ring_runs():
    middles = (50, 20), (25, 0), (0, 20), (25, 40)
    assert at(shapely.box(0, 0, 50, 40), *middles) == list(SIDES)
    assert at(shapely.box(0, 0, 50, 40, ccw=False), *middles) == list(SIDES)


@given(st.floats(0, 360), st.floats(20, 90), st.floats(20, 90))
def test_a_turned_box_has_each_side_once_in_order_and_within_half_a_right_angle(angle, width, height):
    box = shapely.affinity.rotate(
        shapely.box(-width / 2, -height / 2, width / 2, height / 2), angle, origin=(0, 0)
    )
    turn = np.radians(angle + np.array([0, -90, 180, 90]))
    ends = (
        np.column_stack([np.cos(turn), np.sin(turn)]) * np.array([[width], [height], [width], [height]]) / 2
    )
    named = at(box, *ends)
    first = SIDES.index(named[0])
    assert named == [SIDES[(first + k) % 4] for k in range(4)]
    facing = -90 * first
    assert abs((angle - facing + 180) % 360 - 180) <= 45 + 1e-6


def test_both_arms_of_an_l_are_on_its_sides():
    shape = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(40, 40, 100, 100))
    assert at(shape, (100, 20), (40, 70), (70, 40), (20, 100)) == ["east", "east", "north", "north"]


def test_the_inside_of_a_u_a_hole_and_the_ground_between_two_parts_are_on_no_side():
    u = shapely.difference(shapely.box(0, 0, 200, 100), shapely.box(40, 40, 160, 100))
    assert at(u, (40, 70), (160, 70), (20, 100), (100, 0)) == [None, None, "north", "south"]
    ring = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(40, 40, 60, 60))
    assert at(ring, (40, 50), (0, 50)) == [None, "west"]
    two = shapely.union(shapely.box(0, 0, 40, 40), shapely.box(90, 0, 130, 40))
    assert at(two, (40, 20), (90, 20), (130, 20)) == [None, None, "east"]


@given(st.integers(-35, 35))
def test_a_jag_is_on_the_side_it_is_a_jag_of(angle):
    teeth = [(100 + 4 * (i % 2), y) for i, y in enumerate(np.repeat(np.arange(0, 101, 10), 2)[1:-1])]
    shape = shapely.affinity.rotate(
        shapely.Polygon([(0, 0), (100, 0), *teeth, (0, 100)]), angle, origin=(50, 50)
    )
    turned = shapely.affinity.rotate(
        shapely.MultiPoint([(102, 40), (102, 50), (104, 55), (100, 45)]), angle, origin=(50, 50)
    )
    assert set(at(shape, *shapely.get_coordinates(turned))) <= {"east", None}
    assert at(shape, shapely.get_coordinates(turned)[2]) == ["east"]


def test_a_round_shape_goes_by_the_compass():
    disc = shapely.Point(0, 0).buffer(50)
    assert at(disc, (50, 0), (0, -50), (-50, 0), (0, 50), (46, 15)) == [*SIDES, "east"]


def test_nothing_has_no_side():
    segments = boundary_segments(np.zeros(0, dtype=object), 2.0)
    assert assign_sides(
        segments, segments.outward_normals(15.0), np.zeros(0, dtype=object)
    ).tolist() == pytest.approx([])
