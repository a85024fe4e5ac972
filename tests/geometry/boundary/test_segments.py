from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.geometry.boundary.segments import boundary_segments

SQUARE = shapely.box(0, 0, 40, 40)
WITH_HOLE = shapely.difference(shapely.box(100, 0, 140, 40), shapely.box(110, 10, 130, 30))
IN_TWO = shapely.union(shapely.box(200, 0, 210, 10), shapely.box(220, 0, 230, 10))


def shapes(*values):
    return np.array(values, dtype=object)


def test_the_walk_keeps_the_polygon_on_its_left_in_steps_no_longer_than_asked():
    segments = boundary_segments(
        shapes(SQUARE, None, WITH_HOLE, IN_TWO, shapely.box(300, 0, 301, 1, ccw=False)), 7.0
    )
    assert segments.length.max() <= 7.0
    left = np.column_stack([-segments.direction[:, 1], segments.direction[:, 0]])
    held = np.array([SQUARE, None, WITH_HOLE, IN_TWO, shapely.box(300, 0, 301, 1)], dtype=object)[
        segments.shape
    ]
    assert shapely.contains(held, shapely.points(segments.middle + 0.1 * left)).all()
    assert not shapely.intersects(held, shapely.points(segments.middle - 0.1 * left)).any()


def test_outer_rings_come_before_holes():
    segments = boundary_segments(shapes(WITH_HOLE), 10.0)
    first = segments.ring == segments.ring.min()
    assert segments.length[first].sum() == pytest.approx(160)
    assert segments.length[~first].sum() == pytest.approx(80)


def test_a_jagged_line_looks_one_way():
    teeth = [(x, 100 + 3 * (i % 2)) for i, x in enumerate(np.repeat(np.arange(100, -1, -10), 2)[1:-1])]
    segments = boundary_segments(shapes(shapely.Polygon([(0, 0), (100, 0), *teeth])), 3.0)
    top = (segments.middle[:, 1] > 99) & (abs(segments.middle[:, 0] - 50) < 30)
    assert (segments.outward_normals(15.0)[top, 1] > 0.9).all()
    assert (abs(segments.outward_normals(0.0)[top, 1]) < 0.1).any()


def test_a_short_run_between_two_longer_ones_of_one_kind_joins_them_and_others_stay():
    segments = boundary_segments(shapes(SQUARE), 1.0)
    kind = np.repeat([0, 1, 0, 2], [30, 5, 50, 75])
    assert np.unique(segments.without_short_runs(kind, 8.0)[:85]).tolist() == [0]
    assert segments.without_short_runs(kind, 8.0)[85:].tolist() == [2] * 75
    assert segments.without_short_runs(kind, 5.0).tolist() == kind.tolist()


def test_a_run_over_the_start_of_the_ring_is_one_run():
    segments = boundary_segments(shapes(SQUARE), 1.0)
    kind = np.repeat([1, 0, 1], [3, 154, 3])
    lines, first = segments.lines(kind)
    assert sorted(shapely.length(lines).tolist()) == pytest.approx([6, 154])
    assert sorted(kind[first]) == [0, 1]


def test_a_change_moves_to_the_mark_beside_it():
    segments = boundary_segments(shapes(SQUARE), 1.0)
    marks = np.repeat([0, 1], [40, 120])
    assert (
        segments.snap_changes(np.repeat([5, 6], [44, 116]), marks, 10.0).tolist()
        == np.repeat([5, 6], [40, 120]).tolist()
    )
    far = np.repeat([5, 6], [60, 100])
    assert segments.snap_changes(far, marks, 10.0).tolist() == far.tolist()


@st.composite
def polygons(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    angle = np.sort(rng.uniform(0, 2 * np.pi, draw(st.integers(4, 12))))
    outline = shapely.Polygon(
        np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(20, 60, (len(angle), 1))
    )
    shape = shapely.difference(
        shapely.buffer(outline, 0), shapely.box(-6, -6, 6, 6) if draw(st.booleans()) else shapely.Polygon()
    )
    return shapely.union(shape, shapely.box(80, 0, 95, 10)) if draw(st.booleans()) else shape


@given(polygons(), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_pieces_of_a_polygon_are_its_boundary(shape, kinds, random):
    segments = boundary_segments(shapes(shape), 3.0)
    kind = segments.without_short_runs(np.array([random.randrange(kinds) for _ in segments.length]), 4.0)
    lines, first = segments.lines(kind)
    assert shapely.length(lines).sum() == pytest.approx(shape.length, abs=1e-9)
    assert shapely.hausdorff_distance(shapely.union_all(lines), shape.boundary) < 1e-9
    corners = {tuple(xy) for xy in shapely.get_coordinates(shape)}
    assert corners <= {tuple(xy) for xy in shapely.get_coordinates(lines)}
    assert len(lines) == len(first) >= len(np.unique(segments.ring))


def test_nothing_gives_nothing():
    segments = boundary_segments(shapes(), 3.0)
    assert (
        len(segments.outward_normals(5.0))
        == len(segments.without_short_runs(np.zeros(0, dtype=int), 5.0))
        == len(segments.lines(np.zeros(0, dtype=int))[0])
        == 0
    )
