from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.coverage.reach import vicinity, without_holes


def near(shapes, group=None, n_groups=1, hole_max=0.0):
    group = np.zeros(len(shapes), dtype=int) if group is None else np.array(group)
    return vicinity(np.array(shapes, dtype=object), group, n_groups, reach=30.0, hole_max=hole_max)


def test_the_vicinity_of_a_group_is_its_own_and_of_an_empty_one_empty():
    first, second, third = near([shapely.box(0, 0, 10, 10), shapely.box(500, 0, 510, 10)], [0, 2], 3)
    assert first.bounds == (-30, -30, 40, 40) and third.bounds[0] == 470 and second.is_empty


def test_a_bay_narrower_than_reach_is_closed_and_a_wide_one_is_not():
    narrow, wide = (near([shapely.box(0, 0, 10, 100), shapely.box(x, 0, x + 10, 100)])[0] for x in (95, 130))
    assert narrow.geom_type == "Polygon" and wide.geom_type == "MultiPolygon"


def test_holes_are_closed_up_to_their_limit():
    holed = np.array(
        [
            shapely.Polygon(
                shapely.box(0, 0, 100, 100).exterior,
                [shapely.box(10, 10, 20, 20).exterior, shapely.box(50, 50, 90, 90).exterior],
            )
        ]
    )
    assert [without_holes(holed, limit)[0].area for limit in (0, 100, 1600)] == [8300, 8400, 10000]
    assert len(without_holes(np.array([], dtype=object), 5)) == 0


@given(st.lists(st.tuples(*[st.integers(0, 300)] * 2, *[st.integers(5, 50)] * 2), min_size=1, max_size=8))
def test_the_vicinity_holds_what_is_near_and_nothing_far(boxes):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes], dtype=object)
    (ground,) = near(shapes)
    assert shapely.union_all(shapely.buffer(shapes, 20)).difference(ground).area < 1
    assert ground.difference(shapely.union_all(shapely.buffer(shapes, 65))).area < 1
