from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.graph.courtyards import share_courtyard


def ring(gap):
    """Four slabs around a court, with an opening of this width at each corner."""
    return [
        shapely.box(gap, -10, 40, 0),
        shapely.box(40 + gap, 0, 50 + gap, 40),
        shapely.box(gap, 40, 40, 50),
        shapely.box(-10, 0, 0, 40),
    ]


def facing(shapes, pairs, **limits):
    a, b = np.array(pairs).T
    return share_courtyard(
        np.array(shapes, dtype=object), a, b, **{"gap_max": 20.0, "area_max": 10_000.0, **limits}
    ).tolist()


def test_buildings_around_a_court_face_it_and_one_behind_them_does_not():
    shapes = [*ring(5), shapely.box(0, -40, 40, -30)]
    assert facing(shapes, [(0, 2), (1, 3), (0, 1), (0, 4)]) == [True, True, True, False]


def test_a_wide_opening_makes_it_a_street_and_no_court():
    assert facing(ring(30), [(0, 2)]) == [False]


def test_ground_larger_than_the_limit_is_no_court():
    assert facing(ring(5), [(0, 2)], area_max=100.0) == [False]


def test_two_buildings_face_to_face_have_no_court():
    assert facing([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)], [(0, 1)]) == [False]


def test_no_buildings_have_no_court():
    none = np.zeros(0, dtype=int)
    nobody = np.zeros(0, dtype=object)
    assert share_courtyard(nobody, none, none, gap_max=20.0, area_max=10_000.0).tolist() == []
