from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.coverage import slivers


def strips(cuts: list[float], open_m: float = 0.0) -> np.ndarray:
    """A field of 1,000 m by 600 m, cut at these eastings into neighbours, each short of the next by open_m
    (negative: over it).
    """
    ends = [0.0, *cuts, 1000.0]
    return np.array(
        [shapely.box(west + open_m * (west > 0), 0, east, 600) for west, east in pairwise(ends)], dtype=object
    )


CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True).map(
    lambda xs: sorted(100.0 * x for x in xs)
)


@settings(max_examples=30)
@given(CUTS, st.sampled_from([0.0, 0.01, 0.2, 3.0, 31.0, 33.0, -0.01, -0.2, -40.0]))
def test_what_neighbours_leave_open_or_cover_twice_is_found_to_the_square_metre(
    cuts: list[float], open_m: float
) -> None:
    field = strips(cuts, open_m)
    gaps, (shared, one, other) = slivers.gaps(field, 32), slivers.overlaps(field)
    expected = open_m if 0.05 < open_m < 32 else 0
    assert shapely.area(gaps).sum() == pytest.approx(len(cuts) * 600 * expected, rel=1e-6)
    assert shapely.area(shared).sum() == pytest.approx(
        len(cuts) * 600 * (-open_m if open_m < -0.05 else 0), rel=1e-6
    )
    assert len(one) == len(other) == (len(cuts) if open_m < -0.05 else 0)
    if len(gaps):
        assert slivers.width(gaps[0]) == pytest.approx(open_m, rel=0.06)


def test_a_hole_is_open_however_wide_and_a_bay_of_one_polygon_is_not() -> None:
    ground = shapely.box(0, 0, 1000, 600)
    hole, bay = shapely.box(200, 200, 400, 400), shapely.box(500, 0, 510, 300)
    assert shapely.area(slivers.gaps(np.array([ground.difference(hole)]), 32)).tolist() == [40_000]
    assert not len(slivers.gaps(np.array([ground.difference(bay)]), 32))


def test_a_hair_that_runs_out_into_the_open_at_a_slant_is_found() -> None:
    cut = shapely.Polygon([(480, -1), (484, -1), (520, 601), (517, 601)])
    left, right = shapely.get_parts(shapely.box(0, 0, 1000, 600).difference(cut))
    assert shapely.area(slivers.gaps(np.array([left, right]), 32)).sum() == pytest.approx(cut.area, rel=0.02)
