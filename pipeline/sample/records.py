"""Records: the register and its entries, as the housing bureau would keep them.

Fees follow the listing of 2020 (estates_2020.csv, portal lianjia): half of the estates name none, the
commonest is 0.5 yuan, market compounds ask 0.8 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.arrays import Integers
from pipeline.sample import plan
from pipeline.sample.addresses import Run, number
from pipeline.sample.parcels import Parcel, Plots
from pipeline.sample.streets import Network

N_ENTRIES = 279
N_UNLOCATED = 6
N_BY_ID = 34
N_BY_POINT = 22
N_SERVICE_ROOMS = 8


@dataclass
class Entry:
    """An entry of the register: a part of an area, known by address, by building ids, or by a point."""

    area: str
    runs: list[Run]
    by: str = "address"
    """address, building_id, point, or unlocated."""
    extra: list[str] = field(default_factory=list)
    """Further addresses it claims."""
    entry_id: str = ""

    @property
    def buildings(self) -> list[int]:
        """Rows of its buildings."""
        return [b for run in self.runs for b in run.buildings]

    @property
    def address(self) -> str:
        """Its runs, joined by 、."""
        return "、".join([*(run.text for run in self.runs), *self.extra])


@dataclass
class Records:
    """The register and its entries, and which building is whose."""

    areas: pd.DataFrame
    """The register, one row an area; also its parcel."""
    entries: list[Entry]
    area_of: dict[int, str]
    """Row of the building → area_id."""
    claims: dict[str, list[int]]
    """entry_id → buildings it also lists by id."""


def keep_records(
    network: Network, plots: Plots, buildings: pd.DataFrame, rng: np.random.Generator
) -> Records:
    """Codes, entries, addresses and the register.

    Parameters
    ----------
    network : Network
    plots : Plots
    buildings : DataFrame
        Their addresses are written into it.
    rng : Generator

    Returns
    -------
    Records
    """
    codes = _codes(plots, network, buildings)
    entries, other = _entries(codes, plots, buildings, rng)
    buildings["address"] = number(
        [*(r for e in entries for r in e.runs), *other],
        buildings,
        [*network.streets, *(s for s in plots.lanes if s.name)],
        rng,
    )
    for n, entry in enumerate(entries):
        entry.entry_id = f"R{n + 1:04d}"
    _unlocated(entries, codes, rng)
    area_of = {b: e.area for e in entries for b in e.buildings}
    return Records(_register(codes, buildings, entries, rng), entries, area_of, {})


def _codes(plots: Plots, network: Network, buildings: pd.DataFrame) -> dict[int, str]:
    """Parcel → area code: district, subdistrict, community, and a number from west to east, then north to
    south.
    """
    rows = []
    for k, own in buildings[buildings.role == "area"].groupby("parcel"):
        rows.append(
            (network.faces[plots.parcels[k].faces[0]].community, own.x.mean() // 150, -own.y.mean(), int(k))
        )
    codes, count = {}, dict.fromkeys((r[0] for r in rows), 0)
    for community, _, _, k in sorted(rows):
        count[community] += 1
        codes[k] = f"{community}{count[community]:03d}"
    return codes


def _entries(
    codes: dict[int, str], plots: Plots, buildings: pd.DataFrame, rng: np.random.Generator
) -> tuple[list[Entry], list[Run]]:
    """Entries of every area, each one or two runs of neighbouring buildings; and the runs of all others."""
    own = {k: g.index.to_numpy() for k, g in buildings[buildings.role == "area"].groupby("parcel")}
    n_extra = N_ENTRIES - N_UNLOCATED - len(codes)
    keys = sorted(codes, key=lambda k: codes[k])
    split = {k: len(plots.parcels[k].grounds) for k in keys}
    share = np.array([len(own[k]) if split[k] == 1 else 0 for k in keys], dtype=float)
    counts = dict(split)
    n_extra -= sum(counts.values()) - len(counts)
    while n_extra:
        k = keys[int(rng.choice(len(keys), p=share / share.sum()))]
        if counts[k] < min(4, len(own[k]) // 3):
            counts[k] += 1
            n_extra -= 1
    entries = []
    for k in keys:
        for chunk in _chunks(own[k], plots.parcels[k], counts[k], buildings, rng):
            halves = np.array_split(chunk, 2) if len(chunk) >= 5 and rng.random() < 0.22 else [chunk]
            entries.append(Entry(codes[k], [Run(list(h), rank) for rank, h in enumerate(halves)]))
    order = rng.permutation(len(entries))
    for i in order[:N_BY_ID]:
        entries[i].by = "building_id"
    # A point can't tell an uncovered building from its neighbours: entries known by point are in courtyards
    # without one.
    mixed = {codes[k] for k in buildings.parcel[buildings.role == "lone"]}
    for i in [i for i in order[N_BY_ID:] if entries[i].area not in mixed][:N_BY_POINT]:
        entries[i].by = "point"
    others = buildings[buildings.role.isin(["compound", "orphan"])].groupby("parcel")
    runs = [Run(list(g.index)) for _, g in others]
    singles = buildings.index[buildings.role.isin(["lone", "shop"])]
    runs += [Run([i]) for i in singles if rng.random() < 0.6]
    return entries, runs


def _chunks(
    own: Integers, parcel: Parcel, count: int, buildings: pd.DataFrame, rng: np.random.Generator
) -> list[Integers]:
    """Neighbouring buildings together, across the long way of the courtyard; never over a street."""
    xy = buildings[["x", "y"]].to_numpy()[own]
    if len(parcel.grounds) > 1:
        middle = shapely.points(xy)
        far = shapely.distance(parcel.grounds[0], middle) > 0
        return [own[~far], own[far]] if 0 < far.sum() < len(own) else np.array_split(own, 2)
    axis = (
        np.linalg.svd(xy - xy.mean(axis=0), full_matrices=False)[2][0]
        if len(own) > 2
        else np.array([1.0, 0.0])
    )
    axis = axis * np.sign(axis[np.abs(axis).argmax()])
    order = own[np.argsort(np.round(xy @ axis, 2), kind="stable")]
    if count == 1:
        return [order]
    cuts = np.sort(rng.choice(np.arange(1, len(order)), count - 1, replace=False))
    return list(np.split(order, cuts))


def _unlocated(entries: list[Entry], codes: dict[int, str], rng: np.random.Generator) -> None:
    """Entries whose houses were pulled down: numbers that no footprint has."""
    streets = sorted({r.street for e in entries for r in e.runs})
    last = {s: max(max(r.numbers) for e in entries for r in e.runs if r.street == s) for s in streets}
    areas = sorted(codes.values())
    for n, i in enumerate(np.sort(rng.choice(len(areas), N_UNLOCATED, replace=False))):
        street = next(r.street for e in entries if e.area == areas[i] for r in e.runs)
        first = last[street] + 200 + 20 * n
        run = Run([], street=street, numbers=[first + 2 * k for k in range(3)])
        entries.append(Entry(areas[i], [run], by="unlocated", entry_id=f"R{len(entries) + 1:04d}"))


def _register(
    codes: dict[int, str], buildings: pd.DataFrame, entries: list[Entry], rng: np.random.Generator
) -> pd.DataFrame:
    keys = sorted(codes, key=lambda k: codes[k])
    managers = _managers([codes[k][:9] for k in keys], rng)
    members = dict(list(buildings[buildings.role == "area"].groupby("parcel")))
    rows: list[dict[str, object]] = []
    for k, (kind, unit) in zip(keys, managers, strict=True):
        code = codes[k]
        own = members[k]
        mine = [e for e in entries if e.area == code]
        first = mine[0].runs[0]
        name = f"{first.street}{min(first.numbers)}号楼院"
        manager = f"{plan.SUBDISTRICTS[code[:9]][0]}办事处" if kind == "subdistrict" else unit
        committee = bool(rng.random() < 0.16)
        owner = manager_owner(kind, manager, rng)
        if kind == "subdistrict" and not owner:
            committee = True
        mode = "basic_guarantee" if rng.random() < 0.82 else ("self_management" if committee else "market")
        fee = float(rng.choice([0.2, 0.3, 0.5, 0.5, 0.5, 0.6])) if mode != "basic_guarantee" else None
        if mode == "market":
            fee = float(rng.choice([0.5, 0.8, 0.8, 1.0, 1.2]))
        at = shapely.Point(own.x.mean(), own.y.mean())
        rows.append({
            "area_id": code, "name": name, "subdistrict_code": code[:9], "community_code": code[:12],
            "manager": manager, "manager_kind": kind,
            "owner_unit": owner, "owners_committee": committee, "mode": mode,
            "address": "、".join(e.address for e in mine),
            "n_buildings": len(own), "households": int(own.households.sum()),
            "floor_area_m2": round(float(own.floor_area_m2.sum()), 1),
            "year": int(own.year.median()), "fee_yuan_m2_month": fee,
            "service_room": False,
            "maintenance_fund": str(
                rng.choice(["paid", "short", "none", "unknown"], p=[0.12, 0.23, 0.45, 0.2])
            ),
            "facilities_complete": bool(rng.random() < 0.35),
            "privatised_share": round(float(rng.beta(6, 3)), 2),
            "x": at.x, "y": at.y, "parcel": k,
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.loc[np.sort(rng.choice(len(frame), N_SERVICE_ROOMS, replace=False)), "service_room"] = True
    return frame


def _managers(subdistricts: list[str], rng: np.random.Generator) -> list[tuple[str, str]]:
    """A service unit for each area: every one of the 29 has some, the big ones many."""
    count = len(subdistricts)
    out: list[tuple[str, str]] = []
    shares = {"company": 0.46, "state_owned": 0.24, "owner_unit": 0.16, "subdistrict": 0.14}
    for kind, share in shares.items():
        units = plan.MANAGERS[kind]
        wanted = count - len(out) if kind == "subdistrict" else round(count * share)
        weights = 1 / np.arange(1, len(units) + 1) ** 0.7
        more = rng.choice(len(units), wanted - len(units), p=weights / weights.sum())
        out += [(kind, units[i]) for i in [*range(len(units)), *more]]
    out = [out[i] for i in rng.permutation(count)]
    for code in plan.SUBDISTRICTS:
        # Every subdistrict office has an area of its own; one without takes it from another office.
        own = [i for i, c in enumerate(subdistricts) if c == code]
        if not any(out[i][0] == "subdistrict" for i in own):
            held = [i for i, (kind, _) in enumerate(out) if kind == "subdistrict"]
            most = max(held, key=lambda i: (sum(subdistricts[j] == subdistricts[i] for j in held), -i))
            out[own[0]], out[most] = out[most], out[own[0]]
    return out


def manager_owner(kind: str, manager: str, rng: np.random.Generator) -> str | None:
    """The original owner unit of an area.

    Parameters
    ----------
    kind : str
        Of its manager: a key of plan.MANAGERS.
    manager : str
    rng : Generator

    Returns
    -------
    str or None
        The manager itself where that is one, else known for half of the areas.
    """
    if kind == "owner_unit":
        return manager
    return str(rng.choice(plan.OWNER_UNITS)) if rng.random() < 0.5 else None
