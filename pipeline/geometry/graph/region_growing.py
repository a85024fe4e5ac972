"""Seeds that grow over a weighted graph, each as near to its capacity as the graph allows."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipeline.geometry.arrays import Floats, Integers, Mask
from pipeline.geometry.graph.weighted import undirected

UNASSIGNED = -1
CHAIN_MAX = 3
"""A seed that falls short may be helped by a chain of so many others, each handing a node on. Four seeds away
is elsewhere.
"""


class Growth(NamedTuple):
    """One value a node."""

    owner: Integers
    """Its seed, or UNASSIGNED."""
    reached: Floats
    """What it costs its seed, from the seed's place through the seed's own nodes; inf where there is no
    owner.
    """
    rival: Integers
    """The other seed that could reach it at least cost, or UNASSIGNED."""
    margin_over_rival: Floats
    """How clear that is: 1 without a rival, 0.5 where both reach it alike, less where the rival is nearer but
    has enough.
    """
    margin_over_unassigned: Floats
    """The same against the cheapest node that the owner left over, or the limit."""


def grow_regions(  # noqa: PLR0913 a graph is four arrays, and its seeds are three more
    n_nodes: int,
    a: Integers,
    b: Integers,
    cost: Floats,
    *,
    starts: tuple[Integers, Integers, Floats],
    capacity: ArrayLike,
    free: Mask,
    limit: float,
    size: ArrayLike | None = None,
    measure: ArrayLike | None = None,
) -> Growth:
    """Constrained region growing: connected sets of nodes, one a seed, each as near to its capacity as the
    graph allows.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    a, b : integer arrays, shape (m,)
        The nodes that each edge joins; each edge once.
    cost : float array, shape (m,)
        Cost of each edge, not negative.
    starts : tuple of arrays (seed, node, cost)
        The nodes where each seed may begin, and what it costs it to begin there.
    capacity : float array, shape (s,)
        What each seed is to hold, not negative; a seed of capacity 0 gets nothing.
    free : bool array, shape (n_nodes,)
        Nodes that may be taken at all.
    limit : float
        Nothing that costs its seed more than this is taken: how far an entry may be from its buildings.
    size : float array, shape (k, n_nodes), optional
        What a node counts, one row a measure; by default one measure, in which each node counts 1.
    measure : integer array, shape (s,), optional
        The row of `size` that each seed counts by; by default the first.

    Returns
    -------
    Growth
        Who has which node, at what cost, and how clear that is.

    Notes
    -----
    1. Every seed holds the free node nearest to it; where several have the same one, the nearest seed has it,
       then the one of the larger capacity, then the first. The others begin beside, where they can.
    2. All grow at once by cost over the square root of capacity: what holds four times as much reaches twice
       as far (multiplicatively weighted growth).
    3. A seed that falls short gets a node from another, which takes a free one instead, or one of a third,
       and so on through at most CHAIN_MAX seeds; or it keeps the node, where that makes the shortfalls more
       even. The sum of squared shortfalls, each over its capacity, falls with every step, so this ends. The
       sets stay connected, and no seed gives away the node it began with.

    With each node counting 1, no seed gets more than its capacity; else what comes nearest. A seed with no
    free node within `limit` gets none. Ties go to the lower seed, then to the lower node.

    Examples
    --------
    >>> path = np.arange(3), np.arange(1, 4), np.ones(3)
    >>> starts = np.array([0, 1]), np.array([0, 3]), np.zeros(2)
    >>> grown = grow_regions(4, *path, starts=starts, capacity=[3, 1], free=np.ones(4, bool), limit=9.0)
    >>> grown.owner.tolist()
    [0, 0, 0, 1]
    """
    target = np.asarray(capacity, dtype=float)
    size = np.ones(n_nodes)[None] if size is None else np.asarray(size, dtype=float)
    measure = np.zeros(len(target), dtype=int) if measure is None else np.asarray(measure)
    state = _RegionState(_adjacent(n_nodes, a, b, cost), np.asarray(free), limit)
    # in units of a mean node, so that seeds that count by different measures are comparable
    unit = size.mean(axis=1) if n_nodes else np.ones(len(size))
    unit = np.where(unit > 0, unit, 1.0)
    rows = (size / unit[:, None]).tolist()
    state.set_up(starts, target / unit[measure], [rows[m] for m in measure])
    state.plant_seeds()
    state.expand()
    state.exchange()
    return state.growth(n_nodes)


def _adjacent(n_nodes: int, a: Integers, b: Integers, cost: Floats) -> list[list[tuple[int, float]]]:
    """For each node, its neighbours in order, and what the step costs."""
    matrix = undirected(n_nodes, a, b, cost)
    matrix.sort_indices()
    ends, steps, at = matrix.indices.tolist(), matrix.data.tolist(), matrix.indptr.tolist()
    return [list(zip(ends[i:j], steps[i:j], strict=True)) for i, j in pairwise(at)]


class _RegionState:
    """Who has what, while seeds grow."""

    def __init__(self, adjacent: list[list[tuple[int, float]]], free: Mask, limit: float) -> None:
        self.adjacent, self.free, self.limit = adjacent, free.tolist(), limit
        self.owner = [UNASSIGNED] * len(adjacent)

    def set_up(
        self, starts: tuple[Integers, Integers, Floats], capacity: Floats, sizes: list[list[float]]
    ) -> None:
        self.capacity, self.size = capacity.tolist(), sizes
        self.left = list(self.capacity)
        self.scale = np.sqrt(capacity).tolist()
        self.seeds = [seed for seed, holds in enumerate(self.capacity) if holds > 0]
        self.starts: list[dict[int, float]] = [{} for _ in self.capacity]
        for seed, node, cost in zip(*(np.asarray(column).tolist() for column in starts), strict=True):
            if cost <= self.limit and self.free[node]:
                self.starts[seed][node] = min(cost, self.starts[seed].get(node, cost))
        self.own: list[dict[int, float]] = [{} for _ in self.capacity]  # node → what it costs the seed
        self.held = [UNASSIGNED] * len(self.capacity)
        self.borders: dict[int, dict[int, float]] = {}
        self.loss = sum(self.capacity[seed] for seed in self.seeds)  # sum of squared shortfalls over capacity
        self.even = 1e-9 * self.loss

    def take(self, seed: int, node: int, cost: float) -> None:
        self.owner[node] = seed
        self.own[seed][node] = cost
        self._count(seed, -self.size[seed][node])

    def drop(self, seed: int, node: int) -> None:
        self.owner[node] = UNASSIGNED
        del self.own[seed][node]
        self._count(seed, self.size[seed][node])

    def _count(self, seed: int, change: float) -> None:
        self.borders.pop(seed, None)
        self.loss += self._change(seed, change)
        self.left[seed] += change

    def _change(self, seed: int, change: float) -> float:
        """By how much the sum of shortfalls changes if the seed has that much more left."""
        return float(((self.left[seed] + change) ** 2 - self.left[seed] ** 2) / self.capacity[seed])

    def fits(self, seed: int, node: int) -> bool:
        """Whether the node brings the seed nearer to its capacity; the first one is taken whatever its
        size.
        """
        return not self.own[seed] or self.size[seed][node] < 2 * self.left[seed]

    def steps(self, seed: int, node: int) -> Iterable[tuple[int, float]]:
        """Free nodes beside one of the seed's own, and what they cost it from there."""
        spent = self.own[seed][node]
        return [
            (end, spent + step)
            for end, step in self.adjacent[node]
            if self.free[end] and spent + step <= self.limit
        ]

    def plant_seeds(self) -> None:
        nearest = {
            seed: min((cost, node) for node, cost in self.starts[seed].items())
            for seed in self.seeds
            if self.starts[seed]
        }
        places = [(cost, -self.capacity[seed], seed, node) for seed, (cost, node) in nearest.items()]
        for cost, _, seed, node in sorted(places):
            if self.owner[node] == UNASSIGNED:
                self.held[seed] = node
                self.take(seed, node, cost)

    def expand(self) -> None:
        queue = []
        for seed in self.seeds:
            begins = self.steps(seed, self.held[seed]) if self.own[seed] else self.starts[seed].items()
            queue += [
                (cost / self.scale[seed], seed, node, cost, not self.own[seed]) for node, cost in begins
            ]
        heapq.heapify(queue)
        while queue:
            _, seed, node, cost, is_start = heapq.heappop(queue)
            if self.owner[node] != UNASSIGNED or (is_start and self.own[seed]) or not self.fits(seed, node):
                continue
            self.take(seed, node, cost)
            for end, further in self.steps(seed, node):
                if self.owner[end] == UNASSIGNED:
                    heapq.heappush(queue, (further / self.scale[seed], seed, end, further, False))

    def exchange(self) -> None:
        helped = True
        while helped:
            helped = False
            for seed in self.seeds:
                while self._acquire(seed, CHAIN_MAX, {seed}, self.loss - self.even) or self._balance(seed):
                    helped = True

    def _acquire(self, seed: int, links: int, asked: set[int], loss: float) -> bool:
        """One more node for the seed, so that the sum of shortfalls falls under `loss`; else everything is as
        before.
        """
        border = self.border(seed)
        rest = min(
            (
                (cost, node)
                for node, cost in border.items()
                if self.owner[node] == UNASSIGNED and self.fits(seed, node)
            ),
            default=None,
        )
        if rest:
            self.take(seed, rest[1], rest[0])
            if self.loss < loss:
                return True
            self.drop(seed, rest[1])
        transferable = self._transferable(seed)
        chain = self._chain_lengths(seed, links) if transferable else {}
        # first who needs the shortest chain, then what is nearest to the one and farthest from the other
        for _, _, node in sorted(
            (chain[giver], less, node) for less, node, giver in transferable if giver in chain
        ):
            giver = self.owner[node]
            if giver in asked or (before := self._transfer(seed, node)) is None:
                continue
            asked.add(giver)
            if self._acquire(giver, links - 1, asked, loss):
                return True
            self._undo_transfer(seed, node, giver, before)
        return False

    def _balance(self, seed: int) -> bool:
        """Whether a neighbour could give the seed a node so that their shortfalls are more even."""
        for _, node, giver in sorted(self._transferable(seed)):
            after = (
                self.loss
                + self._change(seed, -self.size[seed][node])
                + self._change(giver, self.size[giver][node])
            )
            if after < self.loss - self.even and self._transfer(seed, node) is not None:
                return True
        return False

    def _transferable(self, seed: int) -> list[tuple[float, int, int]]:
        """Nodes of others beside the seed's: how much nearer to the seed than to the other (negative), the
        node, the other.
        """
        return [
            (cost / self.scale[seed] - self.own[giver][node] / self.scale[giver], node, giver)
            for node, cost in self.border(seed).items()
            if (giver := self.owner[node]) != UNASSIGNED
            and node != self.held[giver]
            and self.fits(seed, node)
        ]

    def _chain_lengths(self, seed: int, links: int) -> dict[int, int]:
        """The seeds that a chain of at most `links` could go through: how many more each needs to reach a
        node that nobody has.
        """
        beside: dict[int, set[int]] = {}
        layer = {seed}
        for _ in range(links + 1):
            beside |= {one: {self.owner[node] for node in self._candidates(one)} for one in layer}
            layer = {other for one in layer for other in beside[one]} - beside.keys() - {UNASSIGNED}
        more: dict[int, int] = {}
        for step in range(links):
            known = more.keys() | {UNASSIGNED}
            more |= dict.fromkeys((one for one in beside.keys() - known if beside[one] & known), step)
        return more

    def _candidates(self, seed: int) -> Iterable[int]:
        """Where a seed could go on; one of a single node could also begin elsewhere."""
        return [*self.border(seed), *(self.starts[seed] if len(self.own[seed]) == 1 else ())]

    def _transfer(self, seed: int, node: int) -> dict[int, float] | None:
        """The seed takes another's node: what the other had before; none, and no change, if the other would
        fall apart.
        """
        giver = self.owner[node]
        kept = self.costs(giver, without=node)
        if kept is None:
            return None
        cost, before = self.border(seed)[node], dict(self.own[giver])
        self.drop(giver, node)
        self.own[giver] = kept
        self.take(seed, node, cost)
        return before

    def _undo_transfer(self, seed: int, node: int, giver: int, before: dict[int, float]) -> None:
        self.drop(seed, node)
        self.take(giver, node, before[node])
        self.own[giver] = before

    def border(self, seed: int) -> dict[int, float]:
        """The nodes a seed could take next, whoever has them, and what they would cost it."""
        if seed not in self.borders:
            border = {} if self.own[seed] else self.starts[seed]
            for node in self.own[seed]:
                for end, cost in self.steps(seed, node):
                    if self.owner[end] != seed and cost < border.get(end, np.inf):
                        border[end] = cost
            self.borders[seed] = border
        return self.borders[seed]

    def root(self, seed: int, without: int = UNASSIGNED) -> int:
        """The seed's own node that is nearest to its place; of a seed with none, the nearest it could have;
        or UNASSIGNED.
        """
        at = self.starts[seed]
        nodes = [node for node in self.own[seed] or at if node in at and node != without]
        return min(nodes, key=lambda node: (at[node], node), default=UNASSIGNED)

    def costs(self, seed: int, without: int = UNASSIGNED) -> dict[int, float] | None:
        """What each of a seed's nodes costs it, one node left out; none if they fall apart or out of
        reach.
        """
        nodes = self.own[seed].keys() - {without}
        root = self.root(seed, without)
        if not nodes or root == UNASSIGNED:
            return None if nodes else {}
        done: dict[int, float] = {}
        queue = [(self.starts[seed][root], root)]
        while queue:
            spent, node = heapq.heappop(queue)
            if node not in done:
                done[node] = spent
                for end, step in self.adjacent[node]:
                    if end in nodes and spent + step <= self.limit:
                        heapq.heappush(queue, (spent + step, end))
        return done if len(done) == len(nodes) else None

    def growth(self, n_nodes: int) -> Growth:
        """What came out."""
        reached, rival = np.full(n_nodes, np.inf), np.full(n_nodes, UNASSIGNED)
        margin_over_rival, margin_over_unassigned = np.ones(n_nodes), np.ones(n_nodes)
        first = self._two_nearest()
        for seed in self.seeds:
            own = self.costs(seed) or {}
            self.own[seed] = own
            left_over = [cost for node, cost in self.border(seed).items() if self.owner[node] == UNASSIGNED]
            rest = min([*left_over, self.limit])
            for node, cost in own.items():
                reached[node], margin_over_unassigned[node] = cost, _margin(cost, rest)
                for other, scaled in first[node]:
                    if other != seed:
                        rival[node], margin_over_rival[node] = other, _margin(cost / self.scale[seed], scaled)
                        break
        return Growth(
            np.array(self.owner, dtype=int), reached, rival, margin_over_rival, margin_over_unassigned
        )

    def _two_nearest(self) -> list[list[tuple[int, float]]]:
        """The two seeds that reach each free node at least cost over the square root of capacity, whoever has
        it.
        """
        found: list[list[tuple[int, float]]] = [[] for _ in self.owner]
        roots = [(seed, self.root(seed)) for seed in self.seeds if self.starts[seed]]
        queue = [
            (self.starts[seed][root] / self.scale[seed], seed, root)
            for seed, root in roots
            if root != UNASSIGNED
        ]
        heapq.heapify(queue)
        while queue:
            scaled, seed, node = heapq.heappop(queue)
            if len(found[node]) == 2 or any(seed == other for other, _ in found[node]):
                continue
            found[node].append((seed, scaled))
            for end, step in self.adjacent[node]:
                further = scaled + step / self.scale[seed]
                if self.free[end] and further * self.scale[seed] <= self.limit:
                    heapq.heappush(queue, (further, seed, end))
        return found


def _margin(mine: float, other: float) -> float:
    return other / (mine + other) if mine + other > 0 else 0.5
