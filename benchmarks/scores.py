"""How like the truth a grouping is: numbers for one place, means over places and what they may be worth.

Only numpy, so that everybody who takes part counts in the same way. Everywhere `truth` has −1 for a building
whose group is not known; such a building is left out, whatever label it has.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLES = 400
"""Resamples behind an interval."""
NEAR = 0.15
"""A number of areas is near the true one if it is off by no more than this share."""


@dataclass(frozen=True)
class Score:
    """One method's result in one place."""

    ari: float
    f1: float
    exact: float
    found: int
    """Areas that have a building of known group in them."""
    true: int
    seconds: float | None
    aris: Any
    """The adjusted Rand index of every resample …"""
    exacts: Any
    """… and the exact share of every resample."""

    @property
    def near(self) -> bool:
        """Whether the number of areas is near the true one."""
        return bool(abs(self.found - self.true) <= NEAR * self.true + 1e-9)


def score(truth: Any, label: Any, *, name: str, seconds: float | None = None) -> Score:
    """Score one grouping of one place.

    Parameters
    ----------
    truth : array of int
        The group of each building, −1 where it is not known.
    label : array
        What the method says, one value a building; equal values are one area.
    name : str
        Name of the place: the same place has the same resamples, whichever method is scored.
    seconds : float, default None
        What the method took.

    Returns
    -------
    Score
    """
    counts = contingency(truth, label)
    draws = resamples(len(counts), name)
    whole = _whole(counts)
    return Score(
        _ari(counts, np.ones((1, len(counts))))[0],
        pair_f1(truth, label),
        float(whole.mean()),
        counts.shape[1],
        len(counts),
        seconds,
        _ari(counts, draws),
        draws @ whole / len(counts),
    )


def contingency(truth: Any, label: Any) -> Any:
    """Buildings by true group (rows) and label (columns), those of unknown group left out."""
    truth, label = np.asarray(truth), np.asarray(label)
    if len(truth) != len(label):
        raise ValueError(f"{len(truth)} buildings and {len(label)} labels")
    known = truth >= 0
    if not known.any():
        raise ValueError("no building has a known group")
    rows, columns = (np.unique(values[known], return_inverse=True)[1] for values in (truth, label))
    counts = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(counts, (rows, columns), 1)
    return counts


def ari(truth: Any, label: Any) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 1 the same groups, 0 what chance gives."""
    counts = contingency(truth, label)
    return float(_ari(counts, np.ones((1, len(counts))))[0])


def pair_f1(truth: Any, label: Any) -> float:
    """Harmonic mean of the share of found pairs that are true and of true pairs that are found."""
    counts = contingency(truth, label)
    both, true, found = (_pairs(n).sum() for n in (counts, counts.sum(axis=1), counts.sum(axis=0)))
    return float(2 * both / (true + found)) if both else 0.0


def exact(truth: Any, label: Any) -> float:
    """Share of the true groups that come out building by building, with no other known building."""
    return float(_whole(contingency(truth, label)).mean())


def resamples(groups: int, name: str, times: int = RESAMPLES) -> Any:
    """How often each group is drawn: one row a resample, as many draws as there are groups."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return rng.multinomial(groups, np.full(groups, 1 / groups), size=times).astype(float)


def interval(values: Any) -> tuple[float, float]:
    """The middle 95 % of what the resamples say."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _pairs(n: Any) -> Any:
    return n * (n - 1) / 2


def _whole(counts: Any) -> Any:
    """Which groups come out as they are."""
    met = counts > 0
    return (met.sum(axis=1) == 1) & (met[:, met.sum(axis=0) == 1].any(axis=1))


def _ari(counts: Any, draws: Any) -> Any:
    """The index of every resample: one number a row of `draws`.

    A group that is drawn w times counts as w groups. Pairs within it count w times, pairs of it and another
    group w times as often as the other is drawn; a building is never paired with a copy of its own group,
    for no method is asked whether two copies are one.
    """
    sizes = counts.sum(axis=1)

    def across(product: Any) -> Any:
        """Pairs of buildings of two groups, where `product` has them for each two groups."""
        return (((draws @ product) * draws).sum(axis=1) - draws**2 @ np.diag(product)) / 2

    both = draws @ _pairs(counts).sum(axis=1)
    true = draws @ _pairs(sizes)
    found = both + across(counts @ counts.T)
    every = true + across(np.outer(sizes, sizes))
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = true * found / every
        return np.where(
            (true == both) & (found == both), 1.0, (both - chance) / ((true + found) / 2 - chance)
        )
