"""Defects: what is planted in the records and the files, so that tests can look for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from shapely import Polygon

from pipeline.sample.parcels import Plots
from pipeline.sample.records import Entry, Records

N_CONTESTED = 8
N_DECISIONS = 4


@dataclass
class Planted:
    """What `plant` did, one dictionary each."""

    contested: list[dict[str, object]] = field(default_factory=list)
    decisions: list[dict[str, object]] = field(default_factory=list)
    boundaries: list[dict[str, object]] = field(default_factory=list)
    contested_ground: list[list[str]] = field(default_factory=list)


def plant(records: Records, plots: Plots, buildings: pd.DataFrame, rng: np.random.Generator) -> Planted:
    """Double claims, decisions and hand-drawn boundaries.

    Parameters
    ----------
    records : Records
        Its entries, claims and area_of are changed in place.
    plots : Plots
    buildings : DataFrame
        With their addresses.
    rng : Generator

    Returns
    -------
    Planted
    """
    planted = Planted()
    parcel_of = dict(zip(records.areas.area_id, records.areas.parcel, strict=True))
    pairs = _neighbours(records, plots, parcel_of)
    pairs = [pairs[i] for i in rng.permutation(len(pairs))]
    used: set[str] = set()
    lone = {int(k) for k in buildings.parcel[buildings.role == "lone"]}
    for a, b in pairs:
        if {a, b} & used:
            continue
        mine, theirs = _entry(records, a), _entry(records, b)
        if mine is None or theirs is None or len(theirs.buildings) < 3:
            continue
        if len(planted.contested) < N_CONTESTED:
            _contest(planted, records, mine, theirs, buildings, by_id=len(planted.contested) % 2 == 1)
        elif len(planted.decisions) < N_DECISIONS and len(mine.buildings) > 2:
            building = mine.runs[0].buildings[-1]
            records.area_of[building] = b
            planted.decisions.append(
                _decision(
                    buildings,
                    building,
                    b,
                    "居民会议确认归相邻楼院 / residents' meeting: part of the neighbouring courtyard",
                )
            )
        elif len(planted.boundaries) < 6 and not {parcel_of[a], parcel_of[b]} & lone:
            overlap = len(planted.boundaries) == 0
            _draw_boundaries(
                planted,
                a,
                b,
                plots.parcels[parcel_of[a]].grounds[0],
                plots.parcels[parcel_of[b]].grounds[0],
                overlap=overlap,
            )
        else:
            continue
        used |= {a, b}
    _decide_none(planted, records, buildings, used)
    return planted


def _neighbours(records: Records, plots: Plots, parcel_of: dict[str, int]) -> list[tuple[str, str]]:
    """Pairs of areas whose courtyards share a lane or a wall."""
    single = [a for a in records.areas.area_id if len(plots.parcels[parcel_of[a]].grounds) == 1]
    grounds = np.array([plots.parcels[parcel_of[a]].grounds[0] for a in single], dtype=object)
    i, j = shapely.STRtree(grounds).query(grounds, predicate="dwithin", distance=0.5)
    found = [(single[p], single[q]) for p, q in zip(i, j, strict=True) if p < q]
    return [
        (a, b)
        for a, b in sorted(found)
        if plots.parcels[parcel_of[a]].faces == plots.parcels[parcel_of[b]].faces
    ]


def _entry(records: Records, area: str) -> Entry | None:
    return next((e for e in records.entries if e.area == area and e.by in ("address", "building_id")), None)


def _contest(
    planted: Planted, records: Records, mine: Entry, theirs: Entry, buildings: pd.DataFrame, *, by_id: bool
) -> None:
    """Both entries claim the first building of theirs, in the same way."""
    mine.by = theirs.by = "building_id" if by_id else "address"
    building = theirs.runs[0].buildings[0]
    if by_id:
        records.claims[mine.entry_id] = [building]
    else:
        mine.extra.append(str(buildings.address[building]))
    planted.contested.append(
        {
            "building_id": buildings.building_id[building],
            "entries": sorted([mine.entry_id, theirs.entry_id]),
            "areas": sorted([mine.area, theirs.area]),
        }
    )


def _decision(buildings: pd.DataFrame, building: int, area: str, note: str) -> dict[str, object]:
    return {
        "building_id": buildings.building_id[building],
        "area_id": area,
        "decided_by": "街道办事处",
        "decided_on": "2026-03-18",
        "note": note,
    }


def _decide_none(planted: Planted, records: Records, buildings: pd.DataFrame, used: set[str]) -> None:
    """One building that an entry claims by address, and that a decision takes out of every area."""
    lone = buildings[(buildings.role == "lone") & buildings.address.notna()]
    at = {int(k): i for i, k in reversed(list(lone.parcel.items()))}
    entry = next(
        e
        for e in records.entries
        if e.by == "address" and e.area not in used and int(buildings.parcel[e.buildings[0]]) in at
    )
    building = at[int(buildings.parcel[entry.buildings[0]])]
    entry.extra.append(str(buildings.address[building]))
    planted.decisions.append(
        _decision(buildings, building, "none", "部队房产，不归任何片区 / military housing, in no area")
    )


def _draw_boundaries(
    planted: Planted, a: str, b: str, ground: Polygon, other: Polygon, *, overlap: bool
) -> None:
    """Boundaries of two neighbours as somebody drew them; of the first pair, one reaches over the other."""
    shapes = [ground.buffer(-1, join_style="mitre"), other.buffer(-1, join_style="mitre")]
    if overlap:
        reach = ground.buffer(6, join_style="mitre").intersection(other.buffer(1)).union(ground)
        shapes[0] = max(shapely.get_parts(reach), key=lambda p: p.area)
        planted.contested_ground.append([a, b])
    for n, (area, shape) in enumerate(zip((a, b), shapes, strict=True)):
        kind = ("hand_drawn", "red_line", "parcel")[(len(planted.boundaries) + n) % 3]
        planted.boundaries.append(
            {
                "area_id": area,
                "kind": kind,
                "decided_by": "街道办事处",
                "decided_on": "2025-11-06",
                "geometry": shape,
            }
        )


def broken_buildings(
    buildings: pd.DataFrame, outline: Polygon, rng: np.random.Generator
) -> list[tuple[int, str, dict[str, object]]]:
    """Extra rows for the file of buildings.

    Parameters
    ----------
    buildings : DataFrame
        The good ones.
    outline : Polygon
        Of the district, metres.
    rng : Generator

    Returns
    -------
    list of (int, str, dict)
        Where it goes, what is wrong with it, and the row (metres). `type` and `coordinates`, where given,
        stand for a geometry that no library would write.
    """
    at = buildings.iloc[np.sort(rng.choice(len(buildings), 6, replace=False))]
    x, y = [float(v) for v in at.x], [float(v) for v in at.y]
    rows: list[tuple[str, dict[str, object]]] = [
        (
            "self_crossing",
            {
                "use": "棚",
                "type": "Polygon",
                "coordinates": [_ring(x[0], y[0], [(0, 0), (9, 7), (9, 0), (0, 7), (0, 0)])],
            },
        ),
        (
            "self_crossing",
            {
                "use": "棚",
                "type": "Polygon",
                "coordinates": [_ring(x[1], y[1], [(0, 0), (6, 8), (6, 0), (0, 8), (0, 0)])],
            },
        ),
        (
            "unclosed_ring",
            {
                "use": "附属",
                "type": "Polygon",
                "coordinates": [_ring(x[2], y[2], [(0, 0), (12, 0), (12, 6), (0, 6)])],
            },
        ),
        ("null_geometry", {"use": "住宅"}),
        ("wrong_type", {"use": "住宅", "type": "Point", "coordinates": (x[4], y[4])}),
        (
            "zero_area",
            {
                "use": "住宅",
                "type": "Polygon",
                "coordinates": [_ring(x[5], y[5], [(0, 0), (14, 0), (28, 0), (0, 0)])],
            },
        ),
    ]
    west, north = outline.bounds[0], (outline.bounds[1] + outline.bounds[3]) / 2
    for k in range(3):
        rows.append(
            (
                "outside_district",
                {
                    "use": "住宅",
                    "type": "Polygon",
                    "coordinates": [
                        _ring(west - 700 - 60 * k, north, [(0, 0), (36, 0), (36, 12), (0, 12), (0, 0)])
                    ],
                },
            )
        )
    places = np.sort(rng.choice(len(buildings), len(rows), replace=False))
    out = []
    for n, (place, (defect, row)) in enumerate(zip(places, rows, strict=True)):
        out.append(
            (
                int(place),
                defect,
                {"building_id": f"X{n + 1:03d}", "floors": 1 if row["use"] != "住宅" else 6, **row},
            )
        )
    return out


def _ring(x: float, y: float, steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x + dx, y + dy) for dx, dy in steps]
