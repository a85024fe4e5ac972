from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.overlay import difference_of, polygons_of, union_by

BOX = shapely.box(0, 0, 10, 10)


def array(*shapes):
    return np.array([*shapes, None], dtype=object)[:-1]


def test_only_the_polygonal_part_of_an_overlay_is_kept():
    mixed = shapely.GeometryCollection([BOX, shapely.LineString([(10, 0), (20, 0)]), shapely.Point(30, 0)])
    kept, nothing = polygons_of(array(mixed, shapely.Point(0, 0)))
    assert kept.equals(BOX) and nothing.is_empty


def test_a_group_without_shapes_is_empty():
    first, second, third = union_by(array(BOX, shapely.box(10, 0, 20, 10)), np.array([2, 2]), 3)
    assert first.is_empty and second.is_empty and third.area == 200


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6),
    st.lists(st.integers(0, 20), max_size=4),
)
def test_what_is_taken_is_gone_and_nothing_else(corners, bars):
    shapes = array(*(shapely.box(x, y, x + 7, y + 7) for x, y in corners))
    taken = array(*(shapely.box(-5, y, 50, y + 2) for y in bars))
    rest = difference_of(shapes, taken)
    everything = shapely.union_all(taken)
    for before, after in zip(shapes, rest, strict=True):
        assert shapely.area(shapely.symmetric_difference(before - everything, after)) < 1e-9
