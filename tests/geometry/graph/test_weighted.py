from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import dijkstra

from pipeline.geometry.graph.weighted import undirected


def test_an_edge_that_costs_nothing_is_gone_along_both_ways():
    graph = undirected(4, np.array([0, 1]), np.array([1, 2]), np.array([0.0, 3.0]))
    assert dijkstra(graph, indices=0).tolist() == [0.0, 0.0, 3.0, np.inf]
    assert dijkstra(graph, indices=2).tolist() == [3.0, 3.0, 0.0, np.inf]
