"""Regions of a weighted graph: agglomeration of neighbours, down to exactly k connected clusters."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

STRETCH = 0.1
"""What each unit of distance between the centres of two clusters costs: without it, clusters grow into snakes."""


@dataclass(frozen=True)
class Merges:
    """The merges that turn n single nodes into one cluster, cheapest first, each between two neighbouring clusters."""

    n: int
    left: Any
    """Position of a node in the one cluster …"""
    right: Any
    """… and of one in the other."""
    tier: Any
    """Running maximum: a merge can't happen before those it rests on."""
    cost: Any
    """Running maximum within the tier."""

    def __len__(self) -> int:
        return len(self.left)

    def labels(self, count: int) -> Any:
        """The clusters after the first `count` merges: for each node 0, 1, …, in order of first appearance."""
        edges = (np.ones(count), (self.left[:count], self.right[:count]))
        _, label = connected_components(coo_matrix(edges, shape=(self.n, self.n)), directed=False)
        _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[inverse]


def agglomerate(
    n: int,
    a: Any,
    b: Any,
    cost: Any,
    tier: Any,
    weight: Any,
    place: Any,
    bulk: Any | None = None,
    limit: float = np.inf,
) -> Merges:
    """Merge neighbouring clusters of an undirected graph, cheapest first, until nothing is left to merge.

    The cost of merging two clusters A and B is the weighted mean cost of all edges between them (average linkage
    over the edges of the graph, so that one gap in a fence does not join what the rest of the fence parts, as it
    would in a minimum spanning tree), plus STRETCH times the distance of their centres (place: coordinates of each
    node). Every cluster is connected at every step, and stopping after n − k merges gives k clusters. Edges of
    tier 0 are used up before any of tier 1, and so on: two clusters may merge at the lowest tier of the edges
    between them. Clusters whose bulk (one number a node;
    none: 1) would come to more than `limit` do not merge.

    n log n in time and linear in memory where the graph is sparse. Ties are broken by position.
    """
    size = [1.0] * n
    x, y = (place - np.mean(place, axis=0)).T.tolist() if n else ([], [])
    bulks = [1.0] * n if bulk is None else bulk.tolist()
    links: list[dict[int, tuple[float, float, int]]] = [{} for _ in range(n)]
    for i, j, c, t, w in zip(a.tolist(), b.tolist(), cost.tolist(), tier.tolist(), weight.tolist(), strict=True):
        links[i][j] = links[j][i] = _joined(links[i].get(j), (c * w, w, t))

    def entry(i: int, j: int) -> tuple[int, float, int, int]:
        i, j = (i, j) if i < j else (j, i)
        total, weights, lowest = links[i][j]
        apart = math.hypot(x[i] / size[i] - x[j] / size[j], y[i] / size[i] - y[j] / size[j])
        return lowest, total / weights + STRETCH * apart, i, j

    heap = [entry(i, j) for i in range(n) for j in links[i] if i < j]
    heapq.heapify(heap)
    done: list[tuple[int, int, int, float]] = []
    while heap:
        top = heapq.heappop(heap)
        lowest, price, i, j = top
        if j not in links[i] or entry(i, j) != top:
            continue  # one of the two has grown since, or is gone
        if bulks[i] + bulks[j] > limit:
            continue
        done.append((i, j, lowest, price))
        if len(links[i]) < len(links[j]):
            i, j = j, i
        size[i] += size[j]
        x[i] += x[j]
        y[i] += y[j]
        bulks[i] += bulks[j]
        del links[i][j], links[j][i]
        for other, link in links[j].items():
            del links[other][j]
            links[i][other] = links[other][i] = _joined(links[i].get(other), link)
        links[j] = {}
        for other in links[i]:
            heapq.heappush(heap, entry(i, other))
    return _merges(n, done)


def _joined(link: tuple[float, float, int] | None, other: tuple[float, float, int]) -> tuple[float, float, int]:
    return other if link is None else (link[0] + other[0], link[1] + other[1], min(link[2], other[2]))


def _merges(n: int, done: list[tuple[int, int, int, float]]) -> Merges:
    left, right = (np.array([d[i] for d in done], dtype=np.int64) for i in (0, 1))
    tier = np.maximum.accumulate(np.array([d[2] for d in done], dtype=np.int64)) if done else np.zeros(0, dtype=np.int64)
    cost = np.array([d[3] for d in done], dtype=float)
    for t in np.unique(tier):
        cost[tier == t] = np.maximum.accumulate(cost[tier == t])
    return Merges(n, left, right, tier, cost)


def share_out(parts: Sequence[Merges], k: int) -> list[int]:
    """How many merges each part makes so that the parts together have exactly k clusters, at the least cost.

    The cheapest next merge of any part is always taken, which is what one agglomeration over all parts would
    do. Where k is out of reach (fewer than one cluster per part, or more than there are nodes) the nearest is given.
    """
    wanted = max(0, sum(part.n for part in parts) - k)
    part = np.concatenate([np.full(len(p), i) for i, p in enumerate(parts)]) if parts else np.zeros(0, dtype=int)
    if not len(part):
        return [0] * len(parts)
    tier = np.concatenate([p.tier for p in parts])
    cost = np.concatenate([p.cost for p in parts])
    step = np.concatenate([np.arange(len(p)) for p in parts])
    chosen = part[np.lexsort((step, part, cost, tier))[:wanted]]
    return [int(c) for c in np.bincount(chosen, minlength=len(parts))]


def nearest_other(label: Any, a: Any, b: Any, cost: Any) -> tuple[Any, Any]:
    """For each node the label, other than its own, that is cheapest to reach through nodes of its own label.

    label: one integer per node; negative ones are never a goal, but are gone through by their like.
    Returns labels (−1: none can be reached) and path costs (inf).
    """
    n = len(label)
    goal, price = np.full(n, -1, dtype=np.int64), np.full(n, np.inf)
    tail, head, w = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([cost, cost])
    leaves = (label[tail] != label[head]) & (label[head] >= 0) & np.isfinite(w)
    tail_out, head_out, w_out = tail[leaves], head[leaves], w[leaves]
    order = np.lexsort((head_out, label[head_out], w_out, tail_out))
    exits, first = np.unique(tail_out[order], return_index=True)
    if not len(exits):
        return goal, price
    at_exit = np.full(n, -1, dtype=np.int64)
    at_exit[exits] = label[head_out[order][first]]
    inside = (label[a] == label[b]) & np.isfinite(cost)
    tiny = 1e-6  # a stored zero would be no edge
    rows = np.concatenate([a[inside], b[inside], np.full(len(exits), n)])
    columns = np.concatenate([b[inside], a[inside], exits])
    weights = np.concatenate([cost[inside], cost[inside], w_out[order][first]]) + tiny
    graph = coo_matrix((weights, (rows, columns)), shape=(n + 1, n + 1)).tocsr()
    price_all, before = dijkstra(graph, indices=n, return_predecessors=True)
    # walk every node back to the exit its path leaves by
    root = np.where(before == n, np.arange(n + 1), before)
    root[root < 0] = n
    while (root[root] != root).any():
        root = root[root]
    reached = np.isfinite(price_all[:n])
    goal[reached] = at_exit[root[:n][reached]]
    price[reached] = price_all[:n][reached]
    return goal, price
