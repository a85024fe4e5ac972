from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.coverage.snapping import corners_kept, snap_to_held
from pipeline.geometry.coverage.topology import defects, faces

CLEAR = 0.15


def apart(held, lines=(), within=(-100, -100, 200, 200)):
    """Grounds about held shapes that keep clear of them, on the grid: a box cut by lines."""
    around = shapely.buffer(np.array(held, dtype=object), CLEAR, quad_segs=1)
    pieces = faces(np.array([shapely.box(*within).exterior, *shapely.boundary(around), *lines], dtype=object))
    inside, _ = shapely.STRtree(held).query(
        shapely.point_on_surface(pieces), predicate="dwithin", distance=CLEAR / 2
    )
    return shapely.normalize(np.delete(pieces, inside))


def uncovered(grounds, held):
    """What is nobody's within a hair of held shapes."""
    return shapely.difference(
        shapely.union_all(shapely.buffer(held, CLEAR)), shapely.union_all([*grounds, *held])
    ).area


SQUARE = shapely.affinity.rotate(shapely.box(0.123456789, 0.2, 50, 50), 13)


def test_one_ground_all_around_takes_over_the_corners_and_the_held_shape_stays_as_it_is():
    grounds = apart([SQUARE])
    assert uncovered(grounds, [SQUARE]) > 25
    now, held = snap_to_held(grounds, [SQUARE], CLEAR)
    assert held[0].wkb == SQUARE.wkb
    assert shapely.get_interior_ring(now[0], 0).equals_exact(SQUARE.exterior, normalize=True)
    assert uncovered(now, held) == pytest.approx(0)


def test_a_line_between_two_grounds_ends_in_a_node_by_the_shortest_way():
    line = shapely.LineString([(-100, 20), (200, 20)])
    now, held = snap_to_held(apart([SQUARE], [line]), [SQUARE], CLEAR)
    assert shapely.get_num_coordinates(held[0]) == 7
    assert corners_kept(held, [SQUARE]).all()
    assert uncovered(now, held) == pytest.approx(0)
    assert not defects([*now, *held])


def test_a_line_that_ends_near_a_corner_ends_in_it():
    corner = shapely.get_coordinates(SQUARE)[0]
    now, held = snap_to_held(
        apart(
            [SQUARE],
            [shapely.LineString([corner + 0.02, corner + 300]), shapely.LineString([(-100, 20), (20, 20)])],
        ),
        [SQUARE],
        CLEAR,
    )
    assert shapely.get_num_coordinates(held[0]) == 6
    assert not defects([*now, *held])


def test_nobodys_ground_stays_nobodys():
    grounds = apart([SQUARE], [shapely.LineString([(-100, 20), (200, 20)])])
    now, held = snap_to_held(grounds[:1], [SQUARE], CLEAR)
    assert shapely.area(now[0]) - shapely.area(grounds[0]) == pytest.approx(
        uncovered(grounds, [SQUARE]) / 2, rel=0.2
    )
    assert not defects([*now, *held])
    far = shapely.box(100, 100, 150, 150)
    assert [
        shape.wkb for shapes in snap_to_held([far, None], [SQUARE], CLEAR) for shape in shapes if shape
    ] == [
        far.wkb,
        SQUARE.wkb,
    ]


def test_held_shapes_that_overlap_stay_apart_and_others_do_not():
    other = shapely.affinity.translate(SQUARE, 30, 5)
    third = shapely.affinity.translate(SQUARE, -90, 0)
    grounds = apart([SQUARE, other, third])
    now, held = snap_to_held(grounds, [SQUARE, other, third], CLEAR)
    assert [a.wkb == b.wkb for a, b in zip(held, [SQUARE, other, third], strict=True)] == [True] * 3
    assert uncovered(now, [third]) == pytest.approx(0)
    assert uncovered(now, [SQUARE, other]) > 20
    assert not defects([*now, third])


def test_a_shape_of_several_parts_or_with_a_hole_is_closed_in_on_all_of_its_rings():
    ring = shapely.difference(SQUARE, shapely.box(10, 20, 20, 30))
    both = shapely.MultiPolygon([ring, shapely.box(80.01, 0, 110, 33.333)])
    now, held = snap_to_held(apart([both], [shapely.LineString([(-100, 25), (200, 25)])]), [both], CLEAR)
    assert corners_kept(held, [both]).all()
    assert shapely.get_num_coordinates(held[0]) == shapely.get_num_coordinates(both) + 6
    assert uncovered(now, held) == pytest.approx(0)
    assert not defects([*now, *held])


def test_a_moved_corner_or_a_ring_that_is_gone_is_not_kept():
    ring = shapely.difference(SQUARE, shapely.box(10, 20, 20, 30))
    moved = shapely.transform(ring, lambda xy: xy + np.where(np.arange(len(xy)) == 1, 1e-7, 0)[:, None])
    noded = shapely.segmentize(ring, 10)
    bent = shapely.transform(
        noded,
        lambda xy: (
            xy + np.where(np.isin(xy @ [1, 1j], shapely.get_coordinates(ring) @ [1, 1j]), 0, 0.01)[:, None]
        ),
    )
    assert corners_kept([ring, noded, moved, bent, SQUARE, None], [ring] * 6).tolist() == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


@st.composite
def drawn(draw):
    """A crooked shape in the middle of a box."""
    n = draw(st.integers(3, 9))
    turns = np.sort(
        draw(st.lists(st.floats(0, 6.28), min_size=n, max_size=n, unique_by=lambda t: round(t, 1)))
    )
    reach = np.array(draw(st.lists(st.floats(8, 90), min_size=n, max_size=n)))
    return shapely.Polygon(50 + np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None])


@settings(max_examples=60)
@given(drawn(), st.lists(st.tuples(st.floats(-100, 200), st.floats(-100, 200)), max_size=4))
def test_whatever_is_drawn_the_ground_about_it_is_covered_shared_and_whole(shape, lines):
    # narrower than twice the hair, a bay is not kept clear but filled
    if not shape.is_valid or shape.buffer(2).buffer(-2.1).difference(shape).area > 0:
        return
    now, held = snap_to_held(
        apart([shape], [shapely.LineString([(-100, a), (200, b)]) for a, b in lines]), [shape], CLEAR
    )
    assert corners_kept(held, [shape]).all()
    assert not defects([*now, *held])
    assert uncovered(now, held) < 0.05
