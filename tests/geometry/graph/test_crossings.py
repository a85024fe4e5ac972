from __future__ import annotations

import numpy as np
import pytest
import shapely

from pipeline.geometry.graph.crossings import costliest_crossing, extend_into_shapes


def test_the_dearest_obstacle_counts_the_first_of_equals_and_only_where_it_is_met():
    segments = shapely.linestrings([[[0, 0], [10, 0]], [[0, 5], [10, 5]], [[0, 9], [1, 9]]])
    obstacles = np.array(
        [
            shapely.LineString([(3, -1), (3, 6)]),
            shapely.LineString([(5, -1), (5, 1)]),
            shapely.box(8, 4, 9, 6),
        ]
    )
    assert costliest_crossing(segments, obstacles, [5.0, 60.0, np.inf]).tolist() == [1, 2, -1]


def test_without_obstacles_nothing_is_met():
    segments = shapely.linestrings([[[0, 0], [10, 0]]])
    assert costliest_crossing(segments, np.array([], dtype=object), []).tolist() == [-1]


@pytest.mark.parametrize("off", [-0.0015, -1e-9, 0.0, 1e-9, 0.0015])
@pytest.mark.parametrize(
    ("at", "direction", "met"),
    [((40, 0), (0, 1), True), ((60, 0), (0, 1), True), ((0, 0), (1, 0), False), ((0, 11), (1, 0), False)],
    ids=[
        "along the one wall",
        "along the other wall",
        "along the southern walls",
        "along the northern walls",
    ],
)
def test_what_is_drawn_along_a_wall_lies_between_only_if_the_wall_faces_the_other(at, direction, met, off):
    one, other = shapely.box(0, 0, 40, 11), shapely.box(60, 0, 100, 11)
    x, y = at[0] + off * direction[1], at[1] + off * direction[0]
    line = shapely.LineString(
        [(x - 300 * direction[0], y - 300 * direction[1]), (x + 300 * direction[0], y + 300 * direction[1])]
    )
    for height in (0.0, 5.5, 11.0):
        gap = shapely.linestrings([[[40, height], [60, height]]])
        found = extend_into_shapes(gap, np.array([one]), np.array([other]), np.array([line]))
        assert (costliest_crossing(found, np.array([line]), [np.inf]) == 0).tolist() == [met]


def test_houses_wall_to_wall_are_parted_by_what_is_drawn_along_the_wall_and_what_is_far_off_changes_nothing():
    one, other = np.array([shapely.box(0, 0, 40, 11)]), np.array([shapely.box(40, 0, 80, 11)])
    gap, wall = (
        shapely.linestrings([[[40, 0], [40, 0]]]),
        np.array([shapely.LineString([(40.001, -9), (40.001, 20)])]),
    )
    assert costliest_crossing(extend_into_shapes(gap, one, other, wall), wall, [np.inf]).tolist() == [0]
    far = np.array([shapely.LineString([(50, -9), (50, 20)])])
    assert shapely.equals_exact(extend_into_shapes(gap, one, other, far), gap).all()
