from __future__ import annotations

import numpy as np

from pipeline.geometry.grouped import best_rows


def test_best_is_the_row_with_the_least_keys():
    group = np.array([0, 0, 2, 2])
    assert best_rows(group, 4, np.array([2.0, 1.0, 5.0, 5.0]), np.array([0, 0, 9, 3])).tolist() == [
        1,
        -1,
        3,
        -1,
    ]


def test_of_rows_with_equal_keys_the_first_is_the_best():
    assert best_rows(np.array([1, 1, 0]), 2, np.array([3.0, 3.0, 3.0])).tolist() == [2, 0]


def test_no_rows_have_no_best():
    assert best_rows(np.zeros(0, dtype=int), 2, np.zeros(0)).tolist() == [-1, -1]
