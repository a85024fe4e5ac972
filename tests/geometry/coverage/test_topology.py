from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.coverage.topology import GRID_M, defects, dissolve, faces


def test_faces_share_their_edges_and_lie_on_the_grid():
    lines = [
        shapely.boundary(shapely.box(0, 0, 10, 10)),
        shapely.LineString([(-1, 3.3333333), (11, 6.6666666)]),
    ]
    pieces = faces(lines)
    assert len(pieces) == 2
    assert not defects(pieces)
    assert np.allclose(
        shapely.get_coordinates(pieces) / GRID_M,
        np.round(shapely.get_coordinates(pieces) / GRID_M),
        atol=1e-6,
    )


def test_faces_of_one_label_become_one_and_unlabelled_ones_are_left_out():
    boxes = np.array([shapely.box(i, 0, i + 1, 1) for i in range(4)])
    out = dissolve(boxes, np.array([1, 1, -1, 0]), 3)
    assert [None if g is None else g.area for g in out] == [1.0, 2.0, None]


def test_defects_are_found_by_edges_and_by_areas():
    assert not defects([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), None])
    overlapping = defects([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    assert overlapping
    assert overlapping.unmatched == 2
    assert np.isclose(overlapping.overlap, 1.0)
    assert defects([shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 1)]).unmatched == 2
    assert defects([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]).invalid == 1
