from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.graph.adjacency import neighbours


def pairs(graph):
    return set(zip(graph.a.tolist(), graph.b.tolist(), strict=True))


def test_a_row_of_houses_is_a_chain_with_exact_facade_distances():
    shapes = np.array([shapely.box(i * 15, 0, i * 15 + 10, 10) for i in range(4)])
    graph = neighbours(shapes, reach=50)
    assert {(0, 1), (1, 2), (2, 3)} <= pairs(graph)
    assert (0, 3) not in pairs(graph)
    assert np.allclose(graph.distance[graph.b - graph.a == 1], 5.0)


def test_shapes_that_share_a_wall_are_neighbours_at_no_distance():
    graph = neighbours(
        np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(10, 0, 20, 10)]), reach=0
    )
    assert pairs(graph) == {(0, 1), (0, 2), (1, 2)}


def test_long_facades_that_face_each_other_are_neighbours_though_their_ends_are_far_apart():
    graph = neighbours(np.array([shapely.box(0, 0, 200, 10), shapely.box(90, 20, 110, 30)]), reach=15)
    assert pairs(graph) == {(0, 1)}


def test_nobody_or_one_has_no_neighbours():
    assert len(neighbours(np.array([], dtype=object), reach=10)) == 0
    assert len(neighbours(np.array([shapely.box(0, 0, 1, 1)]), reach=10)) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=25, unique=True))
def test_without_a_limit_everyone_is_connected_and_edges_grow_like_the_number_of_shapes(corners):
    shapes = np.array([shapely.box(3 * x, 3 * y, 3 * x + 2, 3 * y + 2) for x, y in corners])
    graph = neighbours(shapes, reach=np.inf)
    reached, edges = {0}, pairs(graph)
    for _ in shapes:
        reached |= {b for a, b in edges if a in reached} | {a for a, b in edges if b in reached}
    assert reached == set(range(len(shapes)))
    assert len(graph) <= 3 * len(shapes)
    assert np.allclose(shapely.length(graph.gap), graph.distance)
