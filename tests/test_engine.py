from __future__ import annotations

from pipeline.engine import run


def square(n: int) -> int:
    return n * n


def test_results_come_in_the_order_of_the_partitions_here_and_over_processes():
    assert run(square, range(7)) == [n * n for n in range(7)]
    assert run(square, range(7), jobs=2) == run(square, range(7))


def test_nothing_to_do_gives_nothing():
    assert run(square, []) == []
    assert run(square, [], jobs=0) == []
