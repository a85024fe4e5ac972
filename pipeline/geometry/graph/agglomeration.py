"""Regions of a weighted graph: agglomeration of neighbours, down to exactly k connected clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from pipeline.geometry.arrays import Coordinates, Floats, Integers
from pipeline.geometry.graph.weighted import undirected
from pipeline.geometry.grouped import best_rows

COMPACTNESS_PENALTY = 0.1
"""Cost of each unit of distance between the centres of two clusters: without it, clusters grow into long
chains.
"""


@dataclass(frozen=True)
class SizePenalties:
    """Soft rules on the size of clusters, each a cost on the scale of the edges' costs; a cost of 0 switches
    it off.
    """

    bulk: Floats
    """How large each node is."""
    minimum: float
    """A cluster smaller than this should merge …"""
    undersize_cost: float
    """… and does so sooner by up to this much, the smaller it is."""
    maximum: float
    """A cluster should not grow larger than this …"""
    oversize_cost: float
    """… and pays this much for each time its excess comes to as much again."""

    def cost(self, one: Floats, other: Floats) -> Floats:
        """What the sizes add to the cost of merging clusters of these bulks."""
        smaller = np.maximum(0.0, 1.0 - np.minimum(one, other) / self.minimum)
        larger = np.maximum(0.0, (one + other) / self.maximum - 1.0)
        return self.oversize_cost * larger - self.undersize_cost * smaller


@dataclass(frozen=True)
class Dendrogram:
    """The merges that turn n single nodes into one cluster, cheapest first, each between two neighbouring
    clusters.
    """

    n: int
    left: Integers
    """Position of a node in the one cluster …"""
    right: Integers
    """… and of one in the other."""
    tier: Integers
    """Never lower than that of the merges it rests on."""
    cost: Floats
    """Never lower, within the tier, than that of the merges it rests on."""

    def __len__(self) -> int:
        return len(self.left)

    def labels(self, count: int) -> Integers:
        """The clusters after the first `count` merges: for each node 0, 1, …, in order of first
        appearance.
        """
        edges = (np.ones(count), (self.left[:count], self.right[:count]))
        _, label = connected_components(coo_matrix(edges, shape=(self.n, self.n)), directed=False)
        _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[inverse]


def agglomerate(
    n: int,
    a: Integers,
    b: Integers,
    cost: Floats,
    tier: Integers,
    weight: Floats,
    place: Coordinates,
    sizes: SizePenalties | None = None,
) -> Dendrogram:
    """Agglomerative clustering of the nodes of a graph: merge neighbouring clusters, cheapest first, until
    nothing is left to merge.

    Parameters
    ----------
    n : int
        Number of nodes.
    a, b : integer arrays, shape (m,)
        The nodes that each edge joins; each edge once.
    cost : float array, shape (m,)
        What it costs to have both ends of an edge in one cluster.
    tier : integer array, shape (m,)
        Edges of tier 0 are used up before any of tier 1, and so on: two clusters may merge at the lowest tier
        of the edges between them.
    weight : float array, shape (m,)
        Weight of the edge in the mean over the edges between two clusters, above 0.
    place : float array, shape (n, 2)
        Coordinates of each node, in the unit of the distances, metres.
    sizes : SizePenalties, optional
        Soft limits on the size of clusters.

    Returns
    -------
    Dendrogram
        All merges. After the first n − k of them there are k clusters, each connected.

    Notes
    -----
    The cost of merging two clusters is the weighted mean cost of all edges between them (average linkage
    restricted to the edges of the graph, so that one gap in a fence does not join what the rest of the fence
    parts, as it would in a minimum spanning tree), plus COMPACTNESS_PENALTY times the distance of their
    centres, plus what `sizes` says.

    All pairs of clusters that are each other's cheapest neighbour merge in one round (reciprocal nearest
    neighbours; Murtagh, *A survey of recent advances in hierarchical clustering algorithms*, 1983). That
    comes to the same as one merge at a time as long as no merge makes another cheaper, which holds for
    average linkage; a merge that centres or sizes make cheaper counts as dear as those it rests on. A round
    costs as much as there are edges left, and leaves about a third fewer. Ties are broken by position. A
    graph in several components ends with as many clusters.

    Examples
    --------
    >>> a, b = np.array([0, 1]), np.array([1, 2])
    >>> ones = np.ones(2)
    >>> place = np.zeros((3, 2))
    >>> merges = agglomerate(3, a, b, np.array([9.0, 2.0]), np.zeros(2, dtype=int), ones, place)
    >>> merges.cost.tolist(), merges.labels(1).tolist()
    ([2.0, 9.0], [0, 1, 1])
    """
    x, y = (
        np.asarray(place, dtype=float).T - np.mean(place, axis=0)[:, None]
        if n
        else (np.zeros(0), np.zeros(0))
    )
    count, bulk = np.ones(n), np.zeros(n) if sizes is None else np.array(sizes.bulk, dtype=float)
    name = np.arange(n)
    """A node of each cluster, which stands for it."""
    done_tier, done_cost = np.full(n, -1), np.full(n, -np.inf)
    lines = _ClusterEdges.of(n, np.minimum(a, b), np.maximum(a, b), cost, tier, weight)
    done: list[tuple[Any, ...]] = []
    while len(lines.a):
        i, j = lines.a, lines.b
        price = lines.total / lines.weight + COMPACTNESS_PENALTY * np.hypot(
            x[i] / count[i] - x[j] / count[j], y[i] / count[i] - y[j] / count[j]
        )
        if sizes is not None:
            price = price + sizes.cost(bulk[i], bulk[j])
        order = np.lexsort((j, i, price, lines.tier))
        best = np.full(len(name), len(order))
        for end in (i, j):
            np.minimum.at(best, end[order], np.arange(len(order)))
        chosen = order[np.unique(best[best < len(order)])]
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        chosen = chosen[(best[i[chosen]] == rank[chosen]) & (best[j[chosen]] == rank[chosen])]
        left, right = i[chosen], j[chosen]
        at_tier = np.maximum.reduce([lines.tier[chosen], done_tier[left], done_tier[right]])
        before = [np.where(done_tier[end] == at_tier, done_cost[end], -np.inf) for end in (left, right)]
        at_cost = np.maximum.reduce(
            [np.where(lines.tier[chosen] == at_tier, price[chosen], -np.inf), *before]
        )
        done.append((name[left], name[right], at_tier, at_cost))
        # the right one goes into the left one, and clusters are numbered anew
        for values in (x, y, count, bulk):
            values[left] += values[right]
        done_tier[left], done_cost[left] = at_tier, at_cost
        into = np.arange(len(name))
        into[right] = left
        kept = into == np.arange(len(name))
        number = np.cumsum(kept) - 1
        x, y, count, bulk, name, done_tier, done_cost = (
            v[kept] for v in (x, y, count, bulk, name, done_tier, done_cost)
        )
        lines = lines.renamed(number[into], len(name))
    return _sorted_by_cost(n, done)


@dataclass(frozen=True)
class _ClusterEdges:
    """All edges between each two clusters taken together."""

    a: Integers
    b: Integers
    total: Floats
    weight: Floats
    tier: Integers

    @classmethod
    def of(
        cls, n: int, a: Integers, b: Integers, cost: Floats, tier: Integers, weight: Floats
    ) -> _ClusterEdges:
        return cls(a, b, cost * weight, weight, tier)._merged(n)

    def renamed(self, number: Integers, n: int) -> _ClusterEdges:
        a, b = number[self.a], number[self.b]
        apart = a != b
        a, b = a[apart], b[apart]
        return _ClusterEdges(
            np.minimum(a, b), np.maximum(a, b), self.total[apart], self.weight[apart], self.tier[apart]
        )._merged(n)

    def _merged(self, n: int) -> _ClusterEdges:
        key = self.a * n + self.b
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        if len(first) == len(key):
            return self
        total, weight = (np.add.reduceat(values[order], first) for values in (self.total, self.weight))
        return _ClusterEdges(
            self.a[order][first],
            self.b[order][first],
            total,
            weight,
            np.minimum.reduceat(self.tier[order], first),
        )


def _sorted_by_cost(n: int, done: list[tuple[Integers, Integers, Integers, Floats]]) -> Dendrogram:
    if not done:
        none = np.zeros(0, dtype=np.int64)
        return Dendrogram(n, none, none, none, np.zeros(0))
    left, right, tier, cost = (np.concatenate(values) for values in zip(*done, strict=True))
    # of equals the earlier round goes first: what a merge rests on
    order = np.lexsort((np.arange(len(left)), cost, tier))
    return Dendrogram(n, left[order], right[order], tier[order], cost[order])


def cut_to_count(parts: Sequence[Dendrogram], k: int) -> list[int]:
    """How many merges each part makes so that the parts together have exactly k clusters, at the least cost.

    Parameters
    ----------
    parts : sequence of Dendrogram
        Graphs with no edge between them.
    k : int
        Number of clusters wanted of all parts together.

    Returns
    -------
    list of int
        Number of merges of each part. Where k is out of reach (fewer than one cluster per part, or more than
        there are nodes) the nearest number of clusters is made.

    Notes
    -----
    The cheapest next merge of any part is always taken, which is what one agglomeration over all parts would
    do.
    """
    wanted = max(0, sum(part.n for part in parts) - k)
    part = (
        np.concatenate([np.full(len(p), i) for i, p in enumerate(parts)]) if parts else np.zeros(0, dtype=int)
    )
    if not len(part):
        return [0] * len(parts)
    tier = np.concatenate([p.tier for p in parts])
    cost = np.concatenate([p.cost for p in parts])
    step = np.concatenate([np.arange(len(p)) for p in parts])
    chosen = part[np.lexsort((step, part, cost, tier))[:wanted]]
    return [int(c) for c in np.bincount(chosen, minlength=len(parts))]


def nearest_other_label(label: Integers, a: Integers, b: Integers, cost: Floats) -> tuple[Integers, Floats]:
    """The label, other than its own, that each node reaches at least cost through nodes of its own label.

    Parameters
    ----------
    label : integer array, shape (n,)
        Label of each node. Negative ones are never a goal, but are gone through by their like.
    a, b : integer arrays, shape (m,)
        The nodes that each edge joins; each edge once.
    cost : float array, shape (m,)
        Cost of each edge, not negative; an edge that costs inf is none.

    Returns
    -------
    goal : integer array, shape (n,)
        The label reached; −1: none can be.
    price : float array, shape (n,)
        Cost of the path to it; inf where there is none.

    Notes
    -----
    One Dijkstra run from a node that stands for all other labels at once.
    """
    n = len(label)
    goal, price = np.full(n, -1, dtype=np.int64), np.full(n, np.inf)
    tail, head, w = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([cost, cost])
    leaves = (label[tail] != label[head]) & (label[head] >= 0) & np.isfinite(w)
    tail_out, head_out, w_out = tail[leaves], head[leaves], w[leaves]
    if not len(tail_out):
        return goal, price
    best = best_rows(tail_out, n, w_out, label[head_out], head_out)
    exits = np.flatnonzero(best >= 0)
    best = best[exits]
    at_exit = np.full(n, -1, dtype=np.int64)
    at_exit[exits] = label[head_out[best]]
    inside = (label[a] == label[b]) & np.isfinite(cost)
    graph = undirected(
        n + 1,
        np.concatenate([a[inside], np.full(len(exits), n)]),
        np.concatenate([b[inside], exits]),
        np.concatenate([cost[inside], w_out[best]]),
    )
    price_all, before = dijkstra(graph, indices=n, return_predecessors=True)
    # trace every node back to the exit its path leaves by
    root = np.where(before == n, np.arange(n + 1), before)
    root[root < 0] = n
    while (root[root] != root).any():
        root = root[root]
    reached = np.isfinite(price_all[:n])
    goal[reached] = at_exit[root[:n][reached]]
    price[reached] = price_all[:n][reached]
    return goal, price
