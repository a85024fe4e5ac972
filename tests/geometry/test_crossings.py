from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.crossings import dearest


def test_the_dearest_obstacle_counts_the_first_of_equals_and_only_where_it_is_met():
    segments = shapely.linestrings([[[0, 0], [10, 0]], [[0, 5], [10, 5]], [[0, 9], [1, 9]]])
    obstacles = np.array([shapely.LineString([(3, -1), (3, 6)]), shapely.LineString([(5, -1), (5, 1)]), shapely.box(8, 4, 9, 6)])
    assert dearest(segments, obstacles, [5.0, 60.0, np.inf]).tolist() == [1, 2, -1]


def test_without_obstacles_nothing_is_met():
    segments = shapely.linestrings([[[0, 0], [10, 0]]])
    assert dearest(segments, np.array([], dtype=object), []).tolist() == [-1]
