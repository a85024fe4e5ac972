from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.crossings import crossing_cost


def test_the_dearest_obstacle_counts_and_only_where_it_is_met():
    segments = shapely.linestrings([[[0, 0], [10, 0]], [[0, 5], [10, 5]], [[0, 9], [1, 9]]])
    obstacles = np.array([shapely.LineString([(3, -1), (3, 6)]), shapely.LineString([(5, -1), (5, 1)]), shapely.box(8, 4, 9, 6)])
    assert crossing_cost(segments, obstacles, [5.0, 60.0, np.inf]).tolist() == [60.0, np.inf, 0.0]


def test_without_obstacles_nothing_costs():
    segments = shapely.linestrings([[[0, 0], [10, 0]]])
    assert crossing_cost(segments, np.array([], dtype=object), []).tolist() == [0.0]
