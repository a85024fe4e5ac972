from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.coverage.medial_lines import medial_lines


def test_the_line_between_two_facades_runs_midway_and_straight():
    shapes = np.array([shapely.box(0, 0, 40, 10), shapely.box(0, 30, 40, 40)])
    lines = medial_lines(shapes, np.array([0, 1]), shapely.box(-10, -10, 50, 50), near=60)
    assert len(lines) == 1
    between = shapely.get_coordinates(shapely.intersection(lines[0], shapely.box(0, 0, 40, 40)))
    assert np.abs(between[:, 1] - 20).max() < 0.5
    assert len(between) <= 4


def test_there_is_no_line_between_shapes_of_one_label():
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    assert len(medial_lines(shapes, np.array([3, 3]), shapely.box(-10, -10, 40, 20), near=60)) == 0


def test_lines_part_the_whole_ground_however_far_the_shapes_are():
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(500, 0, 510, 10)])
    ground = shapely.box(-10, -100, 520, 110)
    lines = medial_lines(shapes, np.array([0, -1]), ground, near=60)
    parts = shapely.get_parts(
        shapely.polygonize([shapely.node(shapely.union_all([*lines, ground.boundary]))])
    )
    inside = [sum(p.contains(s) for s in shapes) for p in parts if p.within(ground.buffer(0.1))]
    assert inside == [1, 1]
