"""Positions by value: the rows of an array that have the same value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.geometry.arrays import Floats, Integers, Mask


def positions(values: Integers) -> dict[int, NDArray[np.intp]]:
    """The rows that have each value of an array.

    Parameters
    ----------
    values : integer array, shape (n,)

    Returns
    -------
    dict of int to integer array
        For each value, in ascending order, the positions that have it, ascending.

    Examples
    --------
    >>> {value: rows.tolist() for value, rows in positions(np.array([4, -1, 4])).items()}
    {-1: [1], 4: [0, 2]}
    """
    order = np.argsort(values, kind="stable")
    names, starts = np.unique(values[order], return_index=True)
    return {int(name): group for name, group in zip(names, np.split(order, starts[1:]), strict=False)}


def best_rows(group: Integers, n_groups: int, *keys: Integers | Floats | Mask) -> Integers:
    """The best row of each group: the one with the least keys, the first key weighing most.

    Parameters
    ----------
    group : integer array, shape (m,)
        The group of each row, 0 … n_groups − 1.
    n_groups : int
        Number of groups.
    *keys : arrays, shape (m,)
        What rows are ranked by, ascending; negate one to prefer what is greatest. Of rows with equal keys
        the first is the best.

    Returns
    -------
    integer array, shape (n_groups,)
        Position of the best row of each group; −1 where a group has no row.

    Examples
    --------
    >>> best_rows(np.array([0, 2, 0]), 3, np.array([7.0, 5.0, 4.0])).tolist()
    [2, -1, 1]
    """
    best: Integers = np.full(n_groups, -1, dtype=np.int64)
    order = np.lexsort((*keys[::-1], group))[::-1]
    best[group[order]] = order
    return best
