"""Buildings: every footprint of the sample with its use, floors, year and households.

Distributions follow the listing of 2020 (estates_2020.csv, portal lianjia, read when this was written): years
of estates without a manager average 1989 (deviation 5.8), all estates 1993 (8.3); 44 households a building.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import rotate

from pipeline.geometry.arrays import Integers
from pipeline.sample.layouts import facing, rows
from pipeline.sample.parcels import N_REGISTERED, Plots
from pipeline.sample.streets import Network

FLOOR_AREA_M2 = 6_360_000.0
N_LONE = 30
"""Uncovered buildings in the middle of an area's courtyard, besides the courtyards that nobody has."""
M2_A_HOUSEHOLD = 55.0

FLOORS = {
    "slab": (5, 6, 6, 7, 7),
    "hill": (5, 6, 6, 7),
    "perimeter": (4, 5, 6, 6),
    "point": (7, 7, 8, 9),
    "tower": (11, 17, 18, 24, 28),
}


def raise_buildings(network: Network, plots: Plots, rng: np.random.Generator) -> pd.DataFrame:
    """All good footprints.

    Parameters
    ----------
    network : Network
    plots : Plots
    rng : Generator

    Returns
    -------
    DataFrame
        building_id, role, parcel, face, subdistrict, use, floors, year, households, footprint and
        floor_area_m2 (m²), x, y and geometry (metres of EPSG:4550). role is area (registered), lone and
        orphan (uncovered), compound, school, hospital, office, works, shop or shed.

    Raises
    ------
    ValueError
        Where the parcels of areas have fewer buildings than are registered.
    """
    parts = [_parcel_buildings(plots, rng), _large_buildings(network, plots, rng)]
    standing = pd.concat(parts, ignore_index=True)
    standing = pd.concat([standing, _shops_and_sheds(plots, standing, rng)], ignore_index=True)
    standing["face"] = _faces_of(standing, network)
    middle = shapely.centroid(standing.geometry.to_numpy())
    standing["x"], standing["y"] = shapely.get_x(middle), shapely.get_y(middle)
    standing["subdistrict"] = [network.faces[f].subdistrict for f in standing.face]
    standing = standing.sort_values(["subdistrict", "x", "y"], ignore_index=True)
    standing["building_id"] = [f"B{n:05d}" for n in range(1, len(standing) + 1)]
    return _describe(standing, plots, rng)


def _parcel_buildings(plots: Plots, rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(k, p.kind, g) for k, p in enumerate(plots.parcels) for g in p.buildings],
        columns=["parcel", "role", "geometry"],
    )
    areas = frame.index[frame.role == "area"].to_numpy()
    surplus = len(areas) - N_REGISTERED - N_LONE
    if surplus < 0:
        raise ValueError(
            f"the sample lays out {len(areas)} buildings in areas, {-surplus} too few: take another seed"
        )
    parcel_of = frame.parcel.to_numpy()
    left = frame.loc[areas].groupby("parcel").size().to_dict()
    order = areas[rng.permutation(len(areas))]
    over = {k: len(p.buildings) - p.wanted for k, p in enumerate(plots.parcels)}
    first = sorted(order, key=lambda i: -max(over[parcel_of[i]], 0) / left[parcel_of[i]])
    least = {k: max(3, round(0.75 * n)) for k, n in left.items()}
    gone: set[int] = set()
    for floor in (least, dict.fromkeys(left, 2)):
        for i in first:
            k = parcel_of[i]
            if len(gone) < surplus and left[k] > floor[k] and i not in gone:
                gone.add(int(i))
                left[k] -= 1
    lone: list[int] = []
    taken: set[int] = set()
    for i in order:
        k = int(parcel_of[i])
        if len(lone) < N_LONE and i not in gone and left[k] > 5 and k not in taken:
            lone.append(i)
            taken.add(k)
    frame.loc[lone, "role"] = "lone"
    return frame.drop(index=sorted(gone))


def _large_buildings(network: Network, plots: Plots, rng: np.random.Generator) -> pd.DataFrame:
    """Offices and shops in commercial blocks, institutions in public ones, works in the others."""
    made = []
    for face, use in zip(network.faces, plots.uses, strict=True):
        if use not in ("commercial", "public", "other"):
            continue
        if face.kind != "urban":
            quay = max(shapely.get_parts(face.block.buffer(-50)), key=lambda p: p.area, default=None)
            found = rows(quay, depth=34, length=96, gap=50, pitch=96, rng=rng) if quay is not None else []
            made += [(-1, "works", found[k]) for k in sorted(rng.permutation(len(found))[:14])]
            continue
        ground = face.block.buffer(-10, join_style="mitre")
        ground = max(shapely.get_parts(ground), key=lambda p: p.area, default=ground)
        depth, length, pitch = {"commercial": (26, 52, 48), "public": (16, 52, 42), "other": (24, 66, 46)}[
            use
        ]
        found = rows(ground, depth=depth, length=length, gap=16, pitch=pitch, rng=rng)
        keep = rng.permutation(len(found))[: {"commercial": 6, "public": 4, "other": 3}[use]]
        role = {
            "commercial": "office",
            "public": "school" if rng.random() < 0.6 else "hospital",
            "other": "works",
        }[use]
        made += [(-1, role, found[k]) for k in sorted(keep)]
    return pd.DataFrame(made, columns=["parcel", "role", "geometry"])


def _shops_and_sheds(plots: Plots, standing: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Shops at the street edge and sheds in the courts, wherever there is room among what stands already."""
    tries = []
    for k, parcel in enumerate(plots.parcels):
        if parcel.kind not in ("area", "compound", "orphan"):
            continue
        ground = parcel.grounds[0]
        angle = facing(ground)
        edge = ground.buffer(-9.5)
        for role, line, n_tries in (
            ("shop", edge.exterior if edge.geom_type == "Polygon" else None, 1),
            ("shed", None, 3),
        ):
            size = (15.0, 8.0) if role == "shop" else (7.0, 5.0)
            x0, y0, x1, y1 = ground.bounds
            for _ in range(n_tries):
                at = (
                    line.interpolate(rng.random(), normalized=True)
                    if line
                    else shapely.Point(rng.uniform(x0, x1), rng.uniform(y0, y1))
                )
                w, h = size[0] * rng.uniform(0.8, 1.4), size[1] * rng.uniform(0.8, 1.2)
                box = rotate(shapely.box(at.x - w / 2, at.y - h / 2, at.x + w / 2, at.y + h / 2), angle)
                tries.append((k, role, box))
    frame = pd.DataFrame(tries, columns=["parcel", "role", "geometry"])
    inside = shapely.covers(
        np.array([plots.parcels[k].grounds[0].buffer(-3.4) for k in frame.parcel], dtype=object),
        frame.geometry.to_numpy(),
    )
    free = np.ones(len(frame), dtype=bool)
    free[
        shapely.STRtree(standing.geometry.to_numpy()).query(
            frame.geometry.to_numpy(), predicate="dwithin", distance=4.0
        )[0]
    ] = False
    roads = shapely.STRtree(np.array([s.line for s in plots.lanes], dtype=object))
    free[roads.query(frame.geometry.to_numpy(), predicate="dwithin", distance=3.2)[0]] = False
    frame = frame[inside & free].reset_index(drop=True)
    a, b = shapely.STRtree(frame.geometry.to_numpy()).query(
        frame.geometry.to_numpy(), predicate="dwithin", distance=3.0
    )
    return frame.drop(index=np.unique(b[b > a])).reset_index(drop=True)


def _faces_of(standing: pd.DataFrame, network: Network) -> Integers:
    grounds = np.array([f.ground for f in network.faces], dtype=object)
    building, face = shapely.STRtree(grounds).query(
        shapely.centroid(standing.geometry.to_numpy()), predicate="within"
    )
    out = np.zeros(len(standing), dtype=int)
    out[building] = face
    return out


def _describe(frame: pd.DataFrame, plots: Plots, rng: np.random.Generator) -> pd.DataFrame:
    uses = {
        "school": "学校",
        "hospital": "医院",
        "office": "商业",
        "works": "附属",
        "shop": "商业",
        "shed": "棚",
    }
    frame["use"] = frame.role.map(uses).fillna("住宅")
    styles = [plots.parcels[k].style if k >= 0 else "slab" for k in frame.parcel]
    home = frame.use == "住宅"
    floors = [
        rng.choice(FLOORS[s]) if h else {"shed": 1, "shop": 2, "works": 2, "office": 8}.get(r, 4)
        for s, h, r in zip(styles, home, frame.role, strict=True)
    ]
    frame["floors"] = np.array(floors, dtype=int)
    footprint = np.round(shapely.area(frame.geometry.to_numpy()), 1)
    frame["footprint"] = footprint
    registered = np.flatnonzero(frame.role == "area")
    missing = FLOOR_AREA_M2 - float((footprint * frame.floors)[registered].sum())
    storeys = frame.floors.to_numpy().copy()
    for i in registered[rng.permutation(len(registered))]:
        step = int(np.sign(missing))
        if abs(missing) > footprint[i] and 4 <= storeys[i] + step <= 9:
            storeys[i] += step
            missing -= step * footprint[i]
    frame["floors"] = storeys
    years = {}
    for k, parcel in enumerate(plots.parcels):
        mean, deviation, first, last = (
            (1999, 6.0, 1988, 2016) if parcel.kind == "compound" else (1989, 5.8, 1958, 2003)
        )
        years[k] = int(np.clip(round(rng.normal(mean, deviation)), first, last))
    frame["year"] = [
        years.get(k, 1995) + int(d)
        for k, d in zip(frame.parcel, rng.integers(-1, 2, len(frame)), strict=True)
    ]
    frame["floor_area_m2"] = np.round(footprint * frame.floors, 1)
    homes = np.maximum(
        1, np.round(frame.floor_area_m2 / M2_A_HOUSEHOLD * rng.uniform(0.85, 1.2, len(frame)))
    ).astype(int)
    frame["households"] = np.where(home, homes, 0)
    return frame
