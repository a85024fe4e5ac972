from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt

from pipeline.geometry.coverage.spikes import convex_turns, without_spikes

LIMIT = 0.01
SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"


def thinned(*wkt):
    shapes, spike, repeated = without_spikes(np.array([from_wkt(w) for w in wkt], dtype=object), LIMIT)
    return [shapely.to_wkt(s, rounding_precision=2) for s in shapes], spike.tolist(), repeated.tolist()


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((0 0, 10 0, 10 10, 10 30, 10 10, 0 10, 0 0))",
        "POLYGON ((0 0, 10 0, 10 10, 10 20, 10 30, 10 20, 10 10, 0 10, 0 0))",
        "POLYGON ((0 0, 10 0, 10 10, 10 30, 10 30, 10 10, 0 10, 0 0))",
        "POLYGON ((10 30, 10 10, 0 10, 0 0, 10 0, 10 10, 10 30))",
    ],
)
def test_a_needle_goes_with_all_its_points_wherever_the_ring_begins(wkt):
    shapes, spike, _ = thinned(SQUARE, wkt)
    assert (
        shapely.equals(from_wkt(shapes[1]), from_wkt(SQUARE))
        and shapely.get_num_coordinates(from_wkt(shapes[1])) == 5
    )
    assert spike == [False, True]


def test_a_cut_into_the_house_is_a_needle_too_and_parts_and_holes_stay():
    shapes, spike, _ = thinned(
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 5.01 10, 5 2, 4.99 10, 0 10, 0 0), (1 1, 2 1, 2 2, 1 1)), ((20 0,"
        " 30 0, 30 10, 20 0)))"
    )
    found = from_wkt(shapes[0])
    assert spike == [True]
    assert (
        found.area == pytest.approx(100 - 0.5 + 50)
        and len(found.geoms) == 2
        and len(found.geoms[0].interiors) == 1
    )


def test_a_thin_triangle_is_no_needle_and_neither_is_a_gable():
    given_ = [
        "POLYGON ((0 0, 100 0, 100 0.2, 0 0))",
        "POLYGON ((0 0, 10 0, 10 10, 5 40, 4 10, 0 10, 0 0))",
        "POLYGON ((0 0, 10 0, 5 0, 0 0))",
    ]
    shapes, spike, repeated = thinned(*given_)
    assert all(
        shapely.equals_exact(from_wkt(a), from_wkt(b), 0.001) for a, b in zip(shapes, given_, strict=True)
    )
    assert spike == repeated == [False] * 3


def test_repeated_points_go_and_a_ring_of_nothing_else_stays():
    shapes, spike, repeated = thinned(
        "POLYGON ((0 0, 0 0, 10 0, 10 10, 10 10, 0 10, 0 0))", "POLYGON ((1 1, 1 1, 1 1, 1 1))"
    )
    assert (
        shapely.get_num_coordinates(from_wkt(shapes[0])) == 5
        and shapely.get_num_coordinates(from_wkt(shapes[1])) == 4
    )
    assert repeated == [True, False] and spike == [False, False]


@settings(max_examples=60)
@given(st.integers(3, 12), st.integers(0, 40), st.floats(0, 0.9), st.floats(0.5, 5), st.integers(1, 3))
def test_a_needle_put_on_any_round_house_is_found_and_nothing_else_is_changed(
    corners, edge, along, length, turns
):
    angle = 2 * np.pi * np.arange(corners) / corners
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * 10
    a, b = ring[edge % corners], ring[(edge + 1) % corners]
    foot = a + (b - a) * (0.05 + along)
    out = foot / np.hypot(*foot) * length
    spike = np.vstack(
        [
            foot,
            *[foot + out * k / turns for k in range(1, turns + 1)],
            *[foot + out * k / turns for k in range(turns - 1, -1, -1)],
        ]
    )
    damaged = shapely.Polygon(np.insert(ring, edge % corners + 1, spike, axis=0))
    house = shapely.Polygon(ring)
    shapes, spike, _ = without_spikes(np.array([damaged, house], dtype=object), LIMIT)
    assert spike.tolist() == [True, False]
    assert shapely.symmetric_difference(shapes[0], house).area < 1e-6 and shapes[1] is house
    assert shapely.is_valid(shapes[0])


def test_only_an_outline_that_turns_one_way_and_once_is_surely_convex():
    star = shapely.Polygon([(np.cos(0.8 * i * np.pi), np.sin(0.8 * i * np.pi)) for i in range(5)])
    wkt = (
        SQUARE,
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))",
        "POLYGON ((0 0, 4 0, 4 4, 2 1, 0 0))",
        "POLYGON ((0 0, 5 0, 10 0, 10 9, 0 0))",
    )
    holed = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 2 1, 2 2, 1 1))"
    shapes = [
        from_wkt(w)
        for w in (
            *wkt,
            "POLYGON ((0 0, 10 0, 0 10, 10 10, 0 0))",
            holed,
            f"MULTI{SQUARE.replace('((', '(((')})",
        )
    ]
    assert convex_turns(np.array([*shapes, star], dtype=object)).tolist() == [1, -1, 0, 0, 0, 0, 0, 0]


rings = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=3, max_size=8)


@settings(deadline=None)
@given(st.lists(rings, min_size=1, max_size=20), st.sampled_from([1.0, 1e-9, 1e150, 1e-200]))
def test_what_is_surely_convex_has_nothing_to_mend(outlines, scale):
    shapes = np.array(
        [shapely.Polygon(np.array(ring, dtype=float) * scale) for ring in outlines], dtype=object
    )
    turns = convex_turns(shapes)
    convex, backwards = shapes[turns != 0], shapes[turns < 0]
    assert shapely.is_valid(convex).all() and (shapely.area(convex) > 0).all()
    assert (shapely.is_ccw(shapely.get_exterior_ring(convex)) == (turns[turns != 0] > 0)).all()
    assert not np.any([lost.any() for lost in without_spikes(convex, LIMIT)[1:]])
    assert (convex_turns(shapely.reverse(backwards)) == 1).all()
