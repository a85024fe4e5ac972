"""Weighted graphs as sparse matrices."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from pipeline.geometry.arrays import Floats, Integers


def undirected(n_nodes: int, a: Integers, b: Integers, weight: Floats) -> csr_array:
    """The adjacency matrix of an undirected graph, in which an edge of weight 0 is an edge.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    a, b : integer arrays, shape (m,)
        The nodes that each edge joins; each edge once.
    weight : float array, shape (m,)
        Weight of each edge, not negative.

    Returns
    -------
    csr_array, shape (n_nodes, n_nodes)
        Symmetric. Zeros are stored, and `scipy.sparse.csgraph` takes a stored zero for an edge that costs
        nothing; dense matrices and sums of sparse ones lose it.

    Examples
    --------
    >>> undirected(2, np.array([0]), np.array([1]), np.array([0.0])).nnz
    2
    """
    ends = np.concatenate([a, b]), np.concatenate([b, a])
    return csr_array((np.concatenate([weight, weight]), ends), shape=(n_nodes, n_nodes))
