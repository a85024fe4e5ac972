"""Addresses: a door number for every building that has one, in runs along a street.

A run is what one register entry names: consecutive odd or even numbers on one street. Runs are numbered in
the order in which they lie along the street, even numbers on its right and odd ones on its left.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from pipeline.sample.streets import Street

NUMERALS = "一二三四五六七八九十"


@dataclass
class Run:
    """Neighbouring buildings with consecutive numbers of one parity on one street."""

    buildings: list[int]
    """Rows of the buildings."""
    rank: int = 0
    """0: the nearest street, 1: the next."""
    street: str = ""
    numbers: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """胜利路12-38号(双号), or 胜利路12号."""
        first, last = min(self.numbers), max(self.numbers)
        if first == last:
            return f"{self.street}{first}号"
        return f"{self.street}{first}-{last}号({'单' if first % 2 else '双'}号)"


def name_lanes(lanes: list[Street], streets: list[Street]) -> None:
    """Lanes are named after the nearest street: 胜利路一巷, 二巷 …

    Parameters
    ----------
    lanes : list of Street
        Lanes, paths and walls; their names are set in place. Paths and walls have none.
    streets : list of Street
        With their names. No street has more than ten lanes: the next nearest takes the others.
    """
    lines = np.array([s.line for s in streets], dtype=object)
    count: dict[str, int] = {}
    for lane in lanes:
        if lane.kind != "lane":
            continue
        nearest = np.argsort(shapely.distance(lines, lane.line), kind="stable")
        name = next(streets[i].name for i in nearest if count.get(streets[i].name, 0) < len(NUMERALS))
        count[name] = count.get(name, 0) + 1
        lane.name = f"{name}{NUMERALS[count[name] - 1]}巷"


def number(
    runs: list[Run], buildings: pd.DataFrame, streets: list[Street], rng: np.random.Generator
) -> pd.Series:
    """Give every run its street and numbers.

    Parameters
    ----------
    runs : list of Run
        Street, numbers and the order of the buildings are set in place.
    buildings : DataFrame
        x and y of their middles, metres.
    streets : list of Street
        Streets and lanes with names; a lane counts as 22 m farther than it is.
    rng : Generator

    Returns
    -------
    Series of object
        The address of each building in a run; null for the others.
    """
    lines = np.array([s.line for s in streets], dtype=object)
    shapely.prepare(lines)
    extra = np.array([22.0 if s.kind == "lane" else 0.0 for s in streets])
    xy = buildings[["x", "y"]].to_numpy()
    places = []
    for n, run in enumerate(runs):
        at = shapely.Point(*xy[run.buildings].mean(axis=0))
        street = int(np.argsort(shapely.distance(lines, at) + extra, kind="stable")[run.rank])
        line = lines[street]
        where = float(shapely.line_locate_point(line, at))
        here, ahead = line.interpolate(max(where - 1, 0)), line.interpolate(where + 1)
        left = (ahead.x - here.x) * (at.y - here.y) - (ahead.y - here.y) * (at.x - here.x) > 0
        run.street = streets[street].name
        along = shapely.line_locate_point(line, shapely.points(xy[run.buildings]))
        run.buildings = [b for _, b in sorted(zip(np.round(along, 2), run.buildings, strict=True))]
        places.append((run.street, int(left), where, n))
    last: dict[tuple[str, int], int] = {}
    address = pd.Series(None, index=buildings.index, dtype=object)
    for street_name, odd, _, n in sorted(places):
        run = runs[n]
        start = last.get((street_name, odd), odd - 2 if odd else 0) + 2 + 2 * int(rng.integers(0, 3))
        run.numbers = [start + 2 * k for k in range(len(run.buildings))]
        last[street_name, odd] = run.numbers[-1]
        for building, door in zip(run.buildings, run.numbers, strict=True):
            address[building] = f"{street_name}{door}号"
    return address
