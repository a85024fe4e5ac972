from __future__ import annotations

import numpy as np
import pytest
import shapely

from pipeline.geometry.boundary.ray_casting import Outlines, containing_polygons


def shapes(*values):
    return np.array(values, dtype=object)


def pairs(found):
    return {
        (int(point), int(shape)): pytest.approx(distance)
        for point, shape, distance in zip(*found, strict=True)
    }


ROAD = shapely.LineString([(20, -50), (20, 50)])
POND = shapely.box(-30, -5, -10, 5)
HERE = np.array([[0.0, 0.0], [0.0, 100.0]])
EAST = np.array([[1.0, 0.0], [1.0, 0.0]])


def test_beside_is_what_is_near_measured_to_its_full_width():
    around = Outlines(shapes(ROAD, POND), np.array([12.0, 0.0]))
    assert pairs(around.near(HERE, 9.0)) == {(0, 0): 8.0}
    assert pairs(around.near(HERE, 10.0)) == {(0, 0): 8.0, (0, 1): 10.0}
    assert pairs(around.near(np.array([[15.0, 0.0]]), 1.0)) == {(0, 0): 0.0}


def test_beside_with_a_direction_is_only_what_runs_the_same_way():
    around = Outlines(shapes(shapely.LineString([(0, 1), (9, 1)])))
    point = np.array([[4.0, 0.0]])
    assert len(around.near(point, 2.0, np.array([[-1.0, 0.0]]))[0]) == 1
    assert len(around.near(point, 2.0, np.array([[0.0, 1.0]]))[0]) == 0


def test_ahead_is_what_a_look_in_one_direction_meets():
    around = Outlines(shapes(ROAD, POND), np.array([12.0, 0.0]))
    assert pairs(around.cast_rays(HERE, EAST, 30.0)) == {(0, 0): 8.0}
    assert pairs(around.cast_rays(HERE, EAST, 8.0)) == {(0, 0): 8.0}
    assert pairs(around.cast_rays(HERE, EAST, 7.0)) == {}
    found = around.cast_rays(HERE[:1], -EAST[:1], 30.0)
    assert found[1].tolist() == [1, 1] and sorted(found[2]) == pytest.approx([10, 30])


def test_holding_is_the_polygons_around_a_point():
    point, shape = containing_polygons(np.array([[-20.0, 0.0], [20.0, 0.0]]), shapes(ROAD, None, POND))
    assert (point.tolist(), shape.tolist()) == ([0], [2])


def test_nothing_is_beside_nothing():
    around = Outlines(shapes())
    assert (
        len(around.near(HERE, 9.0)[0])
        == len(around.cast_rays(HERE, EAST, 9.0)[0])
        == len(containing_polygons(HERE, shapes())[0])
        == 0
    )
