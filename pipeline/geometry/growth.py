"""Seeds that grow over a weighted graph, each up to its capacity."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from scipy.sparse import csr_array

NOBODY = -1


def grow(
    n_nodes: int, a: Any, b: Any, cost: Any, *, starts: tuple[Any, Any, Any], capacity: Any, free: Any, limit: float
) -> tuple[Any, Any, Any]:
    """Who gets which node: every seed takes the cheapest node beside its own until it is full or `limit` away.

    a, b, cost: the edges (each once). starts: arrays (seed, node, cost) of nodes where a seed may begin; it begins
    at the cheapest that is still free. capacity: nodes a seed may take. free: nodes that may be taken at all.
    Returns, for every node, its seed (or NOBODY), what it cost to reach, and the seed that came second (or NOBODY).
    The nodes of a seed are connected by construction. Ties go to the lower seed, then to the lower node.
    """
    ends = csr_array((np.r_[cost, cost] + 1.0, (np.r_[a, b], np.r_[b, a])), shape=(n_nodes, n_nodes))
    owner = np.full(n_nodes, NOBODY)
    second = np.full(n_nodes, NOBODY)
    reached = np.full(n_nodes, np.inf)
    left = np.array(capacity)
    begun = np.zeros(len(left), dtype=bool)
    queue = [(float(c), int(s), int(node), True) for s, node, c in zip(*starts, strict=True) if c <= limit]
    heapq.heapify(queue)
    while queue:
        spent, seed, node, is_start = heapq.heappop(queue)
        if is_start and begun[seed]:
            continue
        if owner[node] != NOBODY:
            if owner[node] != seed and second[node] == NOBODY:
                second[node] = seed
            continue
        if not free[node] or left[seed] == 0:
            continue
        begun[seed] = True
        owner[node], reached[node] = seed, spent
        left[seed] -= 1
        row = slice(ends.indptr[node], ends.indptr[node + 1])
        for neighbour, weight in zip(ends.indices[row], ends.data[row], strict=True):
            further = spent + float(weight) - 1.0
            if further <= limit and owner[neighbour] != seed:
                heapq.heappush(queue, (further, seed, int(neighbour), False))
    return owner, reached, second
