"""How well grouping finds groups that are known: `python benchmarks/grouping.py [place …]`.

One table, data × method: adjusted Rand index (1: the same groups, 0: chance), F1 over pairs of buildings that
belong together, share of the true areas found building by building, number of areas found, seconds. The true
number is given to every method that takes one. docs/accuracy.md says what the data are worth and what
follows.
"""

from __future__ import annotations

import sys
import time
import warnings
from typing import Any

import numpy as np
from methods import METHODS, UnfitError
from places import Place, places
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import pair_confusion_matrix


def pairwise_f1(truth: Any, label: Any) -> float:
    """Harmonic mean of the share of found pairs that are true and of true pairs that are found."""
    (_, false), (missed, true) = pair_confusion_matrix(truth, label)
    return float(2 * true / (2 * true + false + missed)) if true else 0.0


def exact(truth: Any, label: Any) -> float:
    """Share of the true groups that come out as they are."""
    pair = np.unique(np.column_stack([truth, label]), axis=0)
    in_one = np.bincount(pair[:, 0])[pair[:, 0]] == 1
    alone = np.bincount(pair[:, 1])[pair[:, 1]] == 1
    return float((in_one & alone).sum() / len(np.unique(truth)))


def line(place: Place, name: str) -> str:
    """One row of the table."""
    started = time.perf_counter()
    try:
        label = METHODS[name](place, len(place))
    except UnfitError as reason:
        return f"| {place.name} | {name} | {reason} | | | | |"
    label = np.unique(np.asarray(label), return_inverse=True)[1]
    seconds = time.perf_counter() - started
    scores = " | ".join(f"{s(place.truth, label):.3f}" for s in (adjusted_rand_score, pairwise_f1, exact))
    return f"| {place.name} | {name} | {scores} | {label.max() + 1} | {seconds:.1f} |"


def main() -> None:
    """Print the table, row by row."""
    warnings.filterwarnings("ignore")
    wanted = [word.lower() for word in sys.argv[1:]]
    print(
        "| data (buildings, areas) | method | ARI | pair F1 | exact | areas | seconds"
        " |\n|---|---|---|---|---|---|---|"
    )
    for place in places():
        if not wanted or any(word in place.name.lower() for word in wanted):
            print(f"| **{place.name}** ({len(place.homes)}, {len(place)}) | | | | | | |")
            for name in METHODS:
                print(line(place, name), flush=True)


if __name__ == "__main__":
    main()
