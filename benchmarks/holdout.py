"""Are the numbers of the grouping fitted to a place? `python benchmarks/holdout.py`.

Each place in turn (the four quarters of Snezhinsk count as one, and as four among themselves) is left out,
the numbers that do best on the others are taken, and the place left out is grouped with them.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
from methods import ours
from places import places
from scores import ari

from pipeline.domain import adjacency_cost
from pipeline.geometry.graph import agglomeration
from pipeline.stages import group

GIVEN: dict[str, tuple[float, ...]] = {
    "OPEN_GROUND_COST_M": (5.0, 8.0, 12.0),
    "MISALIGNMENT_SHARE": (0.0, 0.5, 1.0),
    "COMPACTNESS_PENALTY": (0.05, 0.1, 0.2),
}
UNKNOWN: dict[str, tuple[float, ...]] = {"CUT_THRESHOLD_M": (30.0, 35.0, 40.0, 45.0, 50.0, 60.0)}

HOME = {
    "OPEN_GROUND_COST_M": adjacency_cost,
    "MISALIGNMENT_SHARE": adjacency_cost,
    "COMPACTNESS_PENALTY": agglomeration,
    "CUT_THRESHOLD_M": group,
}


def scores(grid: dict[str, tuple[float, ...]], found: list[Any], given: bool) -> pd.DataFrame:
    """ARI of every place, a row for every choice of the numbers; with the number unknown, times the count's
    accuracy.
    """
    rows = {}
    for choice in itertools.product(*grid.values()):
        before = {name: getattr(HOME[name], name) for name in grid}
        _put(dict(zip(grid, choice, strict=True)))
        row = {}
        for place in found:
            label = ours(place, len(place) if given else None)
            row[place.name] = ari(place.truth, label)
            if not given:
                n = len(np.unique(label))
                row[f"{place.name}, areas"] = n / len(place)
        rows[choice] = row
        _put(before)
        print(".", end="", file=sys.stderr, flush=True)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(
        list(grid) if len(grid) > 1 else next(iter(grid))
    )


def _put(numbers: dict[str, float]) -> None:
    for name, value in numbers.items():
        setattr(HOME[name], name, value)


def leave_out(table: pd.DataFrame, sets: dict[str, list[str]]) -> pd.DataFrame:
    """For each set: what is chosen without it, what it then scores, and the best it could have."""
    mean = pd.DataFrame({name: table[columns].mean(axis=1) for name, columns in sets.items()})
    rows = {}
    for name in mean:
        choice = mean.drop(columns=name).mean(axis=1).idxmax()
        rows[name] = {
            "chosen without it": str(choice),
            "ARI": mean[name][choice],
            "best possible": mean[name].max(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def main() -> None:
    """Print both tables: leaving places out, and quarters of one place."""
    warnings.filterwarnings("ignore")
    found = places()
    quarters = [p.name for p in found if p.name.startswith("Snezhinsk ")]
    samples = [p.name for p in found if p.name.startswith("sample")]
    others = {p.name: [p.name] for p in found if p.name not in (*quarters, *samples, "Snezhinsk")} | {
        "sample": samples
    }
    pd.set_option("display.width", 200)
    for given, grid in ((True, GIVEN), (False, UNKNOWN)):
        table = scores(grid, found, given)
        print(
            f"\nnumber {'given' if given else 'unknown'}: {', '.join(grid)}\n{table.round(3).to_string()}\n"
        )
        print("a place left out:\n", leave_out(table, {"Snezhinsk": quarters} | others).round(3).to_string())
        print(
            "a quarter left out:\n",
            leave_out(table, {q: [q] for q in quarters} | others).round(3).to_string(),
        )


if __name__ == "__main__":
    main()
