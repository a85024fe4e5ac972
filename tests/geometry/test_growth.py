from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.growth import NOBODY, grow


def line(n, starts, capacity, *, free=None, limit=1e9, cost=None):
    """Nodes 0 … n − 1 in a row."""
    a, b = np.arange(n - 1), np.arange(1, n)
    cost = np.ones(n - 1) if cost is None else np.array(cost, dtype=float)
    seed, node, spent = (np.array(column) for column in zip(*starts, strict=True))
    free = np.ones(n, dtype=bool) if free is None else np.array(free)
    owner, reached, second = grow(n, a, b, cost, starts=(seed, node, spent), capacity=np.array(capacity), free=free, limit=limit)
    return list(owner), list(reached), list(second)


def test_a_seed_takes_the_cheapest_nodes_until_it_is_full():
    owner, reached, _ = line(5, [(0, 1, 3.0)], [3], cost=[5, 1, 1, 1])
    assert owner == [NOBODY, 0, 0, 0, NOBODY]
    assert reached[1:4] == [3, 4, 5]


def test_two_seeds_meet_midway_and_each_is_the_others_runner_up():
    owner, _, second = line(6, [(0, 0, 0.0), (1, 5, 0.0)], [9, 9])
    assert owner == [0, 0, 0, 1, 1, 1]
    assert (second[2], second[3]) == (1, 0)


def test_nodes_that_are_not_free_stop_a_seed():
    assert line(4, [(0, 0, 0.0)], [9], free=[True, True, False, True])[0] == [0, 0, NOBODY, NOBODY]


def test_a_seed_begins_at_its_cheapest_start_that_is_free_and_only_there():
    assert line(9, [(0, 0, 1.0), (0, 8, 2.0)], [2], free=[False] + [True] * 8)[0] == [NOBODY] * 7 + [0, 0]


def test_nothing_is_taken_beyond_the_limit():
    assert line(5, [(0, 0, 0.0)], [9], limit=2)[0] == [0, 0, 0, NOBODY, NOBODY]


@given(st.data())
def test_whatever_the_graph_no_seed_is_overfull_and_each_is_connected(data):
    n = data.draw(st.integers(2, 12))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20))
    a, b = (np.array([edge[k] for edge in edges], dtype=int) for k in (0, 1))
    cost = np.array([data.draw(st.integers(0, 5)) for _ in edges], dtype=float)
    starts = data.draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, n - 1)), min_size=1, max_size=5))
    seed, node = (np.array(column) for column in zip(*starts, strict=True))
    capacity = np.array(data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3)))
    owner, _, _ = grow(n, a, b, cost, starts=(seed, node, np.zeros(len(seed))), capacity=capacity, free=np.ones(n, dtype=bool), limit=9)
    for who in range(3):
        mine = owner == who
        assert mine.sum() <= capacity[who]
        inside = mine[a] & mine[b]
        graph = csr_array((np.ones(inside.sum()), (a[inside], b[inside])), shape=(n, n))
        labels = connected_components(graph, directed=False)[1]
        assert len(set(labels[mine])) <= 1
