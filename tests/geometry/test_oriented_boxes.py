from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from pipeline.geometry.oriented_boxes import THIN_M, misalignment, oriented_boxes


@settings(max_examples=50, deadline=None)
@given(st.floats(3, 20), st.floats(1, 60), st.floats(0, 360))
def test_width_and_direction_are_those_of_the_box_whichever_way_it_is_turned(depth, more, turn):
    width, angle = oriented_boxes([rotate(shapely.box(0, 0, depth + more, depth), turn)])
    assert np.isclose(width[0], depth)
    assert 0 <= angle[0] <= 90
    assert misalignment(angle[0], turn) < 1e-4


def test_a_sliver_and_a_shape_without_area_have_a_width_to_divide_by():
    width, angle = oriented_boxes([shapely.box(0, 0, 10, 0.01), shapely.Polygon([(0, 0), (1, 1), (0, 0)])])
    assert (width == THIN_M).all() and np.isfinite(angle).all()


def test_parallel_and_square_are_not_askew_and_half_a_quarter_turn_is():
    assert np.allclose(misalignment([0, 0, 0, 80], [0, 90, 45, 35]), [0, 0, 1, 1])


def test_no_shapes_no_boxes():
    assert [len(part) for part in oriented_boxes([])] == [0, 0]
