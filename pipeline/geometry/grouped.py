"""Positions by value: the rows of an array that have the same value."""

from __future__ import annotations

from typing import Any

import numpy as np


def positions(values: Any) -> dict[int, Any]:
    """For each value of an integer array, in ascending order, the positions that have it, in order."""
    order = np.argsort(values, kind="stable")
    names, starts = np.unique(values[order], return_index=True)
    return {int(name): group for name, group in zip(names, np.split(order, starts[1:]), strict=False)}
