from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.graph.agglomeration import (
    SizePenalties,
    agglomerate,
    cut_to_count,
    nearest_other_label,
)


def graph(n, edges):
    """Edges as (a, b, cost) or (a, b, cost, tier)."""
    full = [(*e, 0)[:4] for e in edges]
    a, b, cost, tier = (np.array([e[i] for e in full]) for i in range(4))
    return (
        n,
        a.astype(int),
        b.astype(int),
        cost.astype(float),
        tier.astype(int),
        np.ones(len(full)),
        np.zeros((n, 2)),
    )


@st.composite
def graphs(draw):
    n = draw(st.integers(2, 20))
    edge = st.tuples(
        st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0, 100), st.integers(0, 2)
    ).filter(lambda e: e[0] < e[1])
    edges = draw(st.lists(edge, min_size=1, max_size=40, unique_by=lambda e: e[:2]))
    return graph(n, edges)


def pieces(n, a, b):
    return connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_every_step_gives_one_cluster_fewer_each_connected_until_only_the_pieces_are_left(case):
    n, a, b, *_ = case
    merges = agglomerate(*case)
    assert n - len(merges) == pieces(n, a, b)[0]
    for count in range(len(merges) + 1):
        label = merges.labels(count)
        assert len(np.unique(label)) == n - count
        inside = label[a] == label[b]
        assert pieces(n, a[inside], b[inside])[0] == n - count


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_a_higher_tier_is_used_only_when_the_lower_ones_are_used_up(case):
    n, a, b, _, tier, *_ = case
    merges = agglomerate(*case)
    for t in (0, 1):
        low = tier <= t
        assert (merges.tier <= t).sum() == n - pieces(n, a[low], b[low])[0]


def test_one_cheap_edge_does_not_join_what_dear_edges_part():
    # two triangles; one cheap link and two dear ones between them, and a lone node at middling cost
    edges = [
        (0, 1, 1),
        (1, 2, 1),
        (0, 2, 1),
        (3, 4, 1),
        (4, 5, 1),
        (3, 5, 1),
        (0, 3, 2),
        (1, 4, 90),
        (2, 5, 90),
        (5, 6, 20),
    ]
    assert agglomerate(*graph(7, edges)).labels(5).tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_of_two_equal_neighbours_the_one_whose_centre_is_nearer_is_merged_first():
    n, a, b, cost, tier, weight, _ = graph(3, [(0, 1, 5), (1, 2, 5)])
    place = np.array([[0.0, 0.0], [40.0, 0.0], [50.0, 0.0]])
    assert agglomerate(n, a, b, cost, tier, weight, place).labels(1).tolist() == [0, 1, 1]


def test_a_cluster_that_would_grow_too_large_waits_for_all_others():
    edges = [(0, 1, 1.0), (1, 2, 1.5), (3, 4, 20.0)]
    sizes = SizePenalties(np.ones(5), minimum=0.5, undersize_cost=0.0, maximum=2.0, oversize_cost=100.0)
    assert agglomerate(*graph(5, edges), sizes=sizes).labels(2).tolist() == [0, 0, 1, 2, 2]
    assert agglomerate(*graph(5, edges)).labels(2).tolist() == [0, 0, 0, 1, 2]


def test_a_cluster_that_is_too_small_goes_before_others():
    sizes = SizePenalties(
        np.array([9.0, 9.0, 1.0]), minimum=5.0, undersize_cost=10.0, maximum=100.0, oversize_cost=0.0
    )
    assert agglomerate(*graph(3, [(0, 1, 5.0), (1, 2, 9.0)]), sizes=sizes).labels(1).tolist() == [0, 1, 1]


def one_at_a_time(n, a, b, cost, tier, weight, place):
    """Average linkage as a textbook has it: the cheapest pair of clusters merges, then everything is worked
    out anew.
    """
    label, order = np.arange(n), []
    while True:
        pairs = {}
        for i, j, c, t, w in zip(label[a], label[b], cost, tier, weight, strict=True):
            if i != j:
                pairs.setdefault((min(i, j), max(i, j)), []).append((c, t, w))
        if not pairs:
            return order
        price = {
            p: (min(t for _, t, _ in e), sum(c * w for c, _, w in e) / sum(w for *_, w in e))
            for p, e in pairs.items()
        }
        i, j = min(pairs, key=lambda p: price[p])
        order.append(label.copy())
        label = np.where(label == j, i, label)


PRIMES = [n for n in range(2, 1000) if all(n % m for m in range(2, n))]


@settings(max_examples=100, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_merging_in_rounds_gives_what_merging_one_at_a_time_gives(case, random):
    n, a, b, _, _, weight, place = case
    # no two means of them are alike: ties may be broken either way
    cost = np.sqrt(random.sample(PRIMES, len(a)))
    merges = agglomerate(n, a, b, cost, np.zeros(len(a), dtype=int), weight, place)
    steps = one_at_a_time(n, a, b, cost, np.zeros(len(a), dtype=int), weight, place)
    for count, label in enumerate(steps):
        mine = merges.labels(count)
        assert len(set(zip(mine, label, strict=True))) == len(set(mine)) == len(set(label))


def test_the_count_is_shared_out_as_one_agglomeration_would():
    near, far = (
        agglomerate(*graph(3, [(0, 1, 1), (1, 2, 2)])),
        agglomerate(*graph(3, [(0, 1, 50), (1, 2, 60)])),
    )
    assert cut_to_count([near, far], 4) == [2, 0]
    assert cut_to_count([near, far], 3) == [2, 1]
    assert cut_to_count([near, far], 2) == [2, 2]
    assert cut_to_count([near, far], 6) == [0, 0]


def test_the_nearest_other_label_is_found_through_one_s_own_kind_only():
    # 0 and 1 have no label yet; 2 and 3 are areas 0 and 1; 4 hangs on nobody
    label = np.array([-1, -1, 0, 1, -1])
    a, b, cost = np.array([0, 1, 0]), np.array([1, 3, 2]), np.array([5.0, 5.0, 30.0])
    goal, price = nearest_other_label(label, a, b, cost)
    assert goal.tolist() == [1, 1, -1, -1, -1]
    assert np.allclose(price[:2], [10, 5], atol=1e-4)
    assert np.isinf(price[4])


def test_the_nearest_other_label_is_never_one_s_own():
    label = np.array([0, 0, 0, 1])
    goal, price = nearest_other_label(
        label, np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1.0, 1.0, 7.0])
    )
    assert goal.tolist() == [1, 1, 1, 0]
    assert np.allclose(price, [9, 8, 7, 7], atol=1e-4)
