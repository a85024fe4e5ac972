from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipeline.geometry.graph.region_growing import UNASSIGNED, grow_regions


def line(n, starts, capacity, *, free=None, limit=1e9, cost=None, size=None):
    """Nodes 0 … n − 1 in a row."""
    a, b = np.arange(n - 1), np.arange(1, n)
    cost = np.ones(n - 1) if cost is None else np.array(cost, dtype=float)
    free = np.ones(n, dtype=bool) if free is None else np.array(free)
    size = None if size is None else np.array([size])
    return grow_regions(
        n,
        a,
        b,
        cost,
        starts=tuple(zip(*starts, strict=True)),
        capacity=capacity,
        free=free,
        limit=limit,
        size=size,
    )


def grid(n):
    """Edges of n × n nodes, row by row."""
    at = np.arange(n * n).reshape(n, n)
    return np.r_[at[:, :-1].ravel(), at[:-1].ravel()], np.r_[at[:, 1:].ravel(), at[1:].ravel()]


def arms(*lengths):
    """A seed that wants one node more than its own, and so many rows of others beside it, each full, with a
    free node at the end.

    Returns the first nodes of the rows that the seed got."""
    a, b, cost, starts, firsts, n = [], [], [], [(0, 0, 0.0)], [], 1
    for row, length in enumerate(lengths):
        ends = [0, *range(n, n + 2 * length + 1)]
        a, b = a + ends[:-1], b + ends[1:]
        cost += [9 + row, *([1, 9] * length)]
        starts += [(len(starts) + i, n + 2 * i + 1, 0.0) for i in range(length)]
        firsts.append(n)
        n += 2 * length + 1
    grown = grow_regions(
        n,
        np.array(a),
        np.array(b),
        np.array(cost, dtype=float),
        starts=tuple(zip(*starts, strict=True)),
        capacity=[2] * len(starts),
        free=np.ones(n, dtype=bool),
        limit=99,
    )
    return [row for row, first in enumerate(firsts) if grown.owner[first] == 0]


def ways(nodes, begins, steps):
    """What each node costs from the one that is cheapest to begin at, through these nodes alone."""
    spent = (
        dict([min((c, node) for node, c in begins.items() if node in nodes)[::-1]])
        if nodes & begins.keys()
        else {}
    )
    for _ in nodes:
        for i, j, c in steps:
            if i in spent and j in nodes:
                spent[j] = min(spent.get(j, np.inf), spent[i] + c)
    return spent


def parts(owner, seed, a, b):
    """Into how many parts the nodes of a seed fall."""
    mine = owner == seed
    inside = mine[a] & mine[b]
    graph = csr_array((np.ones(inside.sum()), (a[inside], b[inside])), shape=(len(owner), len(owner)))
    return len(set(connected_components(graph, directed=False)[1][mine]))


def test_a_seed_takes_the_cheapest_nodes_until_it_is_full():
    grown = line(5, [(0, 1, 3.0)], [3], cost=[5, 1, 1, 1])
    assert list(grown.owner) == [UNASSIGNED, 0, 0, 0, UNASSIGNED]
    assert list(grown.reached) == [np.inf, 3, 4, 5, np.inf]


def test_two_seeds_meet_midway_and_each_is_the_others_rival():
    grown = line(6, [(0, 0, 0.0), (1, 5, 0.0)], [9, 9])
    assert list(grown.owner) == [0, 0, 0, 1, 1, 1]
    assert list(grown.rival) == [1, 1, 1, 0, 0, 0]


def test_nodes_that_are_not_free_stop_a_seed():
    assert list(line(4, [(0, 0, 0.0)], [9], free=[True, True, False, True]).owner) == [
        0,
        0,
        UNASSIGNED,
        UNASSIGNED,
    ]


def test_a_seed_begins_at_its_cheapest_start_that_is_free_and_only_there():
    assert list(line(9, [(0, 0, 1.0), (0, 8, 2.0)], [2], free=[False] + [True] * 8).owner) == [
        UNASSIGNED
    ] * 7 + [
        0,
        0,
    ]


def test_nothing_is_taken_beyond_the_limit():
    assert list(line(5, [(0, 0, 0.0)], [9], limit=2).owner) == [0, 0, 0, UNASSIGNED, UNASSIGNED]
    assert list(line(2, [(0, 0, 2.0)], [9], limit=2).owner) == [0, UNASSIGNED]
    assert list(line(2, [(0, 0, 2.1)], [9], limit=2).owner) == [UNASSIGNED, UNASSIGNED]


def test_two_seeds_share_what_there_is_by_their_capacities():
    owner = line(12, [(0, 0, 0.0), (1, 11, 0.0)], [8, 16]).owner
    assert np.bincount(owner).tolist() == [4, 8]


def test_a_seed_hemmed_in_gets_a_node_from_a_neighbour_that_can_grow_elsewhere():
    # 0 sits at the end of the row, 1 beside it: 1 moves on
    grown = line(6, [(0, 0, 5.0), (0, 1, 5.0), (1, 1, 0.0), (1, 2, 1.0)], [1, 3])
    assert list(grown.owner) == [0, 1, 1, 1, UNASSIGNED, UNASSIGNED]
    grown = line(6, [(0, 0, 0.0), (1, 2, 0.0)], [2, 3], cost=[9, 1, 1, 1, 1])
    assert list(grown.owner) == [0, 0, 1, 1, 1, UNASSIGNED]


def test_a_chain_of_seeds_hands_nodes_on():
    # each of the three is full; only the last has room beyond
    grown = line(9, [(0, 0, 0.0), (1, 3, 0.0), (2, 5, 0.0)], [3, 2, 2], cost=[1, 9, 1, 9, 1, 1, 1, 1])
    assert np.bincount(grown.owner + 1).tolist() == [2, 3, 2, 2]


@pytest.mark.parametrize("others", [1, 2, 3, 4])
def test_a_chain_goes_through_three_others_and_no_more(others):
    assert arms(others) == ([0] if others <= 3 else [])


@pytest.mark.parametrize(
    ("rows", "gives"), [((2, 1), 1), ((3, 1), 1), ((3, 2), 1), ((2, 2), 0), ((4, 3), 1), ((1, 3), 0)]
)
def test_the_shortest_chain_goes_first_and_of_equals_the_nearest(rows, gives):
    assert arms(*rows) == [gives]


def test_a_seed_of_one_node_that_it_does_not_hold_gives_way_and_begins_elsewhere():
    # 1 wanted the place of 0 and began beside it, where it hems 0 in; it could as well begin at node 3
    starts = [(0, 0, 0.0), (1, 0, 0.0), (1, 1, 1.0), (1, 3, 2.0)]
    free = [True, True, False, True]
    assert list(line(4, starts, [2, 1], free=free, cost=[5, 1, 1]).owner) == [0, 0, UNASSIGNED, 1]
    assert list(line(4, starts[:3], [2, 1], free=free, cost=[5, 1, 1]).owner) == [
        0,
        1,
        UNASSIGNED,
        UNASSIGNED,
    ]


def test_a_seed_keeps_the_only_node_it_may_begin_at():
    assert list(line(4, [(0, 0, 0.0), (1, 0, 0.0), (1, 1, 1.0)], [3, 2], cost=[5, 1, 1]).owner) == [
        0,
        1,
        1,
        UNASSIGNED,
    ]


def test_a_seed_gives_no_node_without_which_its_others_would_be_out_of_reach():
    # 0 wants node 1; without it the way of 1 from node 2 to node 4 is by node 3, which costs 9
    a, b = np.array([0, 1, 1, 2, 3]), np.array([1, 2, 4, 3, 4])
    starts = ([0, 1], [0, 2], [0.0, 0.0])
    cost = np.array([3.0, 1, 1, 1, 8])
    for limit, owner in ((9, [0, 0, 1, 1, 1]), (8, [0, 1, 1, 1, 1])):
        assert (
            list(
                grow_regions(
                    5, a, b, cost, starts=starts, capacity=[9, 9], free=np.ones(5, dtype=bool), limit=limit
                ).owner
            )
            == owner
        )


def test_what_is_short_for_all_is_shared_node_by_node_and_further_through_others():
    assert list(line(6, [(0, 0, 0.0), (1, 5, 0.0)], [5, 5], cost=[9, 1, 1, 1, 1]).owner) == [0, 0, 0, 1, 1, 1]
    # 1 has nothing to spare for 0 before 2 has given it some
    starts = [(0, 0, 0.0), (1, 2, 0.0), (2, 8, 0.0)]
    assert list(line(9, starts, [8, 8, 8], cost=[9, 1, 99, 1, 1, 1, 1, 1]).owner) == [
        0,
        0,
        1,
        1,
        1,
        2,
        2,
        2,
        2,
    ]


def test_a_limit_is_a_cost_and_not_the_number_of_a_node():
    assert list(line(9, [(0, 8, 0.0)], [3], limit=2).reached) == [np.inf] * 6 + [2, 1, 0]


def test_seeds_that_count_in_different_units_share_as_if_in_one():
    a, b = np.arange(11), np.arange(1, 12)
    starts = ([0, 1], [0, 11], [0.0, 0.0])
    units = np.array([1, 1000, 0.001])
    size = np.repeat(units[:, None], 12, axis=1)
    for first, second in itertools.permutations(range(3), 2):
        unit = units[[first, second]]
        grown = grow_regions(
            12,
            a,
            b,
            np.ones(11),
            starts=starts,
            capacity=[8, 16] * unit,
            free=np.ones(12, dtype=bool),
            limit=99,
            size=size,
            measure=[first, second],
        )
        assert list(grown.owner) == [0] * 4 + [1] * 8
        assert grown.margin_over_rival[3] == pytest.approx(
            line(12, [(0, 0, 0.0), (1, 11, 0.0)], [8, 16]).margin_over_rival[3]
        )


def test_nodes_that_count_nothing_are_taken_as_long_as_something_is_lacking():
    assert list(line(3, [(0, 0, 0.0)], [1], size=[0, 0, 0]).owner) == [0, 0, 0]


def test_starts_are_whole_rows():
    with pytest.raises(ValueError, match="argument 3 is shorter"):
        grow_regions(1, [], [], [], starts=([0, 0], [0, 0], [1.0]), capacity=[1], free=[True], limit=9)


def test_of_two_seeds_beside_a_node_the_one_nearer_for_its_capacity_has_it_from_the_first_step():
    # node 1 is 2 from 0 and 2.5 from 1, which holds twice as much; both have room elsewhere
    a, b = np.array([0, 1, 0, 2, 2, 2]), np.array([1, 2, 3, 4, 5, 6])
    cost = np.array([2, 2.5, 9, 9, 9, 9])
    starts = ([0, 1], [0, 2], [0.0, 0.0])
    grown = grow_regions(7, a, b, cost, starts=starts, capacity=[2, 4], free=np.ones(7, dtype=bool), limit=99)
    assert list(grown.owner) == [0, 1, 1, 0, 1, 1, UNASSIGNED]


def test_a_handing_on_that_only_moves_a_shortfall_is_left():
    assert list(line(4, [(0, 0, 0.0), (1, 2, 0.0)], [3, 3], size=[2, 1, 2, 0], cost=[9, 1, 1]).owner) == [
        0,
        1,
        1,
        UNASSIGNED,
    ]


def test_a_seed_that_was_given_a_node_goes_on_from_there_within_the_limit():
    # 1 gives node 11 and begins at 15; behind it 0 reaches nodes 12 and 13, at 6 and 7
    starts = [(0, 10, 0.0), (1, 10, 0.0), (1, 11, 1.0), (1, 15, 2.0)]
    free = [False] * 10 + [True] * 4 + [False, True]
    grown = line(16, starts, [4, 1], free=free, cost=[1] * 10 + [5] + [1] * 4, limit=8)
    assert list(grown.owner[10:]) == [0, 0, 0, 0, UNASSIGNED, 1]
    assert list(grown.reached[10:14]) == [0, 5, 6, 7]


def test_what_is_left_over_counts_by_the_cheapest_way_to_it():
    # node 2 is 3 from node 0 and, by node 1, 1 + 9
    grown = grow_regions(
        3,
        [0, 0, 1],
        [1, 2, 2],
        [1.0, 3, 9],
        starts=([0], [0], [0.0]),
        capacity=[2],
        free=np.ones(3, dtype=bool),
        limit=99,
    )
    assert list(grown.owner) == [0, 0, UNASSIGNED]
    assert list(grown.margin_over_unassigned[:2]) == [1, 3 / 4]


def test_without_nodes_there_is_nothing_to_get():
    none = np.zeros(0, dtype=int)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grown = grow_regions(
            0, none, none, none, starts=(none, none, none), capacity=[3], free=none.astype(bool), limit=9
        )
    assert len(grown.owner) == len(grown.reached) == 0


def test_seeds_at_one_place_each_get_their_number():
    a, b = grid(6)
    starts = [(seed, node, float(node)) for seed in range(4) for node in range(36)]
    grown = grow_regions(
        36,
        a,
        b,
        np.ones(len(a)),
        starts=tuple(zip(*starts, strict=True)),
        capacity=[1, 12, 5, 2],
        free=np.ones(36, dtype=bool),
        limit=1e9,
    )
    assert np.bincount(grown.owner[grown.owner >= 0]).tolist() == [1, 12, 5, 2]
    assert grown.owner[0] == 1  # the largest has the place itself


def test_by_size_a_seed_stops_where_it_is_nearest_to_its_capacity():
    assert list(line(4, [(0, 0, 0.0)], [10], size=[4, 4, 3, 9]).owner) == [0, 0, 0, UNASSIGNED]
    assert list(line(4, [(0, 0, 0.0)], [10], size=[4, 4, 5, 9]).owner) == [0, 0, UNASSIGNED, UNASSIGNED]
    assert list(line(2, [(0, 0, 0.0)], [10], size=[90, 4]).owner) == [0, UNASSIGNED]


def test_a_node_is_less_clear_towards_the_rim_and_towards_a_rival():
    alone = line(9, [(0, 0, 0.0)], [4])
    assert (np.diff(alone.margin_over_unassigned[:4]) < 0).all() and alone.margin_over_unassigned[0] == 1
    assert alone.margin_over_unassigned[3] == pytest.approx(
        4 / 7
    )  # the next one would have cost 4 instead of 3
    two = line(9, [(0, 0, 0.0), (1, 8, 0.0)], [4, 4])
    assert (np.diff(two.margin_over_rival[:4]) < 0).all() and two.margin_over_rival[3] == pytest.approx(5 / 8)


@pytest.mark.parametrize("first", [0, 1])
def test_a_handing_on_that_would_leave_the_shortfalls_larger_is_undone_to_the_last_node(first):
    # 0 would take node 1 from the other, which would get no more than node 3 for it: that is worse than
    # before
    taker, giver = first, 1 - first
    capacity = np.zeros(2)
    capacity[[taker, giver]] = 3, 4.5
    grown = line(4, [(taker, 0, 0.0), (giver, 2, 0.0)], capacity, size=[2, 1.5, 3, 0.3], cost=[9, 1, 1])
    assert list(grown.owner) == [taker, giver, giver, UNASSIGNED]
    assert list(grown.reached) == [0, 1, 0, np.inf]
    assert list(grown.rival[:3]) == [giver, taker, taker]


@pytest.mark.parametrize(
    ("to_taker", "to_giver", "goes"),
    [((2, 3), (1, 1), 1), ((3, 2), (1, 1), 2), ((2, 2), (1, 2), 2), ((2, 3), (1, 2), 1)],
)
def test_of_nodes_that_could_be_handed_on_the_one_nearest_to_the_taker_and_farthest_from_the_giver_goes(
    to_taker, to_giver, goes
):
    # the taker holds node 0 and wants one more of 1 and 2; the giver holds 3, has 4, and room at 5 and 6;
    # each by its own scale
    a, b = np.array([0, 0, 1, 2, 3, 3, 3]), np.array([1, 2, 3, 3, 4, 5, 6])
    starts = (np.array([0, 1]), np.array([0, 3]), np.zeros(2))
    cost = np.array([*to_taker, *to_giver, 9, 12, 10], dtype=float)
    grown = grow_regions(7, a, b, cost, starts=starts, capacity=[2, 4], free=np.ones(7, dtype=bool), limit=99)
    assert list(np.flatnonzero(grown.owner == 0)) == [0, goes]
    # of what is free it takes the cheapest
    assert list(np.flatnonzero(grown.owner == 1)) == [3 - goes, 3, 4, 6]


def test_a_place_goes_to_the_nearest_seed_whatever_the_others_hold_and_of_equals_to_the_largest():
    beside = [(0, 0, 1.0), (1, 0, 2.0), (1, 1, 3.0)]
    assert list(line(3, beside, [1, 2]).owner) == [0, 1, 1]
    assert list(line(3, [(0, 0, 2.0), (0, 1, 3.0), (1, 0, 2.0)], [1, 2], limit=3).owner[:1]) == [1]


def test_the_rival_is_who_reaches_a_node_at_least_cost_for_its_size():
    grown = line(1, [(0, 0, 0.0), (1, 0, 2.0), (2, 0, 3.0)], [1, 1, 4])
    assert (grown.owner[0], grown.rival[0]) == (0, 2)  # 3 over the root of 4 is less than 2
    assert line(1, [(0, 0, 2.0), (1, 0, 3.0)], [1, 4]).margin_over_rival[0] == pytest.approx(1.5 / 3.5)
    assert line(1, [(0, 0, 0.0), (1, 0, 0.0)], [1, 1]).margin_over_rival[0] == 0.5


def test_a_rival_can_reach_the_node_at_all():
    assert line(4, [(0, 0, 0.0), (1, 3, 0.0)], [1, 4], limit=3).rival[0] == 1
    assert line(4, [(0, 0, 0.0), (1, 3, 0.0)], [1, 4], limit=2).rival[0] == UNASSIGNED
    assert line(3, [(0, 0, 0.0), (1, 2, 0.0)], [1, 4], free=[True, False, True]).rival[0] == UNASSIGNED


def test_of_a_start_that_is_named_twice_the_cheaper_counts():
    for costs in ((5.0, 1.0), (1.0, 5.0)):
        assert line(2, [(0, 0, costs[0]), (0, 0, costs[1])], [1]).reached[0] == 1


def test_a_node_that_leaves_as_much_over_as_was_lacking_is_not_taken():
    assert list(line(2, [(0, 0, 0.0)], [3], size=[2, 2]).owner) == [0, UNASSIGNED]
    assert list(line(2, [(0, 0, 0.0)], [3.2], size=[2, 2]).owner) == [0, 0]


@given(st.data())
def test_whatever_the_graph_no_seed_is_overfull_each_is_connected_and_takes_only_what_is_free(data):
    n = data.draw(st.integers(2, 12))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20))
    a, b = (np.array([edge[k] for edge in edges], dtype=int) for k in (0, 1))
    cost = np.array([data.draw(st.integers(0, 5)) for _ in edges], dtype=float)
    starts = data.draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, n - 1), st.integers(0, 3)), min_size=1, max_size=8
        )
    )
    free = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    capacity = np.array(data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3)))
    grown = grow_regions(
        n, a, b, cost, starts=tuple(zip(*starts, strict=True)), capacity=capacity, free=free, limit=9
    )
    assert free[grown.owner != UNASSIGNED].all()
    assert (grown.reached[grown.owner != UNASSIGNED] <= 9).all()
    steps = [(*edge, c) for edge, c in zip(edges, cost.tolist(), strict=True)]
    steps += [(j, i, c) for i, j, c in steps]
    own = [set(np.flatnonzero(grown.owner == seed).tolist()) for seed in range(3)]
    begins = [
        {
            node: min(c for s, m, c in starts if (s, m) == (seed, node))
            for s, node, _ in starts
            if s == seed and free[node]
        }
        for seed in range(3)
    ]
    nobody_s = free & (grown.owner == UNASSIGNED)
    for seed in range(3):
        mine = grown.owner == seed
        assert mine.sum() <= capacity[seed]
        assert parts(grown.owner, seed, a, b) <= 1
        if not mine.any():
            assert capacity[seed] == 0 or not nobody_s[list(begins[seed])].any()
            continue
        # what a node costs is the way to it through the seed's own, from where that is nearest to its place
        spent = ways(own[seed], begins[seed], steps)
        assert {node: grown.reached[node] for node in np.flatnonzero(mine)} == spent
        # who falls short has nothing left to take, and all are as clear as what is left over is far
        rest = min(
            [spent[i] + c for i, j, c in steps if i in spent and nobody_s[j] and spent[i] + c <= 9], default=9
        )
        assert mine.sum() == capacity[seed] or not any(
            i in spent and nobody_s[j] and spent[i] + c <= 9 for i, j, c in steps
        )
        for node, c in spent.items():
            assert grown.margin_over_unassigned[node] == pytest.approx(rest / (c + rest) if c + rest else 0.5)
    # no node that could change hands would make the shortfalls more even
    held = {}
    for _, _, seed, node in sorted(
        min((c, -capacity[s], s, node) for node, c in begins[s].items())
        for s in range(3)
        if begins[s] and capacity[s]
    ):
        held.setdefault(node, seed)
    for seed, giver in itertools.permutations(np.flatnonzero(capacity).tolist(), 2):
        spent = ways(own[seed], begins[seed], steps)
        border = (
            {j for i, j, c in steps if i in spent and spent[i] + c <= 9} if spent else begins[seed].keys()
        )
        short, other = capacity[seed] - len(own[seed]), capacity[giver] - len(own[giver])
        if (1 - 2 * short) / capacity[seed] + (1 + 2 * other) / capacity[giver] < -1e-6:
            for node in border & own[giver] - {node for node, holder in held.items() if holder == giver}:
                kept = ways(own[giver] - {node}, begins[giver], steps)
                assert kept.keys() != own[giver] - {node} or max(kept.values(), default=0) > 9


@given(
    st.lists(
        st.tuples(st.integers(0, 63), st.integers(1, 9)),
        min_size=1,
        max_size=6,
        unique_by=lambda seed: seed[0],
    )
)
def test_where_there_is_room_every_seed_holds_its_place_and_gets_exactly_its_number(seeds):
    a, b = grid(8)
    place, capacity = (np.array(column) for column in zip(*seeds, strict=True))
    starts = (np.arange(len(place)), place, np.zeros(len(place)))
    cost = 1 + np.arange(len(a)) / 1000
    grown = grow_regions(
        64, a, b, cost, starts=starts, capacity=capacity, free=np.ones(64, dtype=bool), limit=1e9
    )
    assert list(grown.owner[place]) == list(range(len(place)))
    assert (grown.owner != UNASSIGNED).sum() <= capacity.sum()
    if len(seeds) == 1:
        assert (grown.owner == 0).sum() == capacity[0]
