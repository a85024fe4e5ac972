"""Group: which buildings form one area. Fixed rows stay, the rest becomes proposals or stays uncovered.

Links between neighbours say what it costs to put both into one area (pipeline/domain/adjacency_cost.py).
Clusters of buildings are merged by the mean of these costs along their common border, near facades weighing
more than far ones, and the nearer their centres the sooner (geometry/graph/agglomeration.py).
`benchmarks/grouping.py` measures it, and docs/accuracy.md says how the numbers here were chosen and what
still goes wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline import engine
from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import DISTANCE_SCALE_M, Links, link_neighbours
from pipeline.domain.area_codes import proposal_codes
from pipeline.domain.confidence import CONFIDENCE_MAX
from pipeline.geometry.arrays import Floats, Integers, Mask
from pipeline.geometry.graph.agglomeration import (
    Dendrogram,
    SizePenalties,
    agglomerate,
    cut_to_count,
    nearest_other_label,
)
from pipeline.tables import MEMBERSHIP, conform

CUT_THRESHOLD_M = 50.0
"""Cut threshold: without a target count, merges of a higher average linkage, in metres, are not made."""


def group(
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    links: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    released_membership: pd.DataFrame,
    *,
    district_code: str,
    rules: GroupRules,
    retired: Collection[str] = (),
    jobs: int = 1,
) -> pd.DataFrame:
    """The complete membership: every residential building exactly once, sorted by building id.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    membership : DataFrame
        MEMBERSHIP of any of the residential buildings: the rows that are fixed already.
    links : DataFrame
        LINKS of these buildings.
    barriers, register : GeoDataFrame
        BARRIERS and REGISTER, in the same CRS.
    released_membership : DataFrame
        RELEASED_MEMBERSHIP: proposals carry over the codes of the last release.
    district_code : str
        What the codes of proposals begin with.
    rules : GroupRules
    retired : collection of str, default ()
        Further codes never to be used again.
    jobs : int, default 1
        Processes to share the partitions (subdistricts) out to.

    Returns
    -------
    DataFrame
        MEMBERSHIP.

    Notes
    -----
    With rules.target_count = N and R areas registered or fixed, the buildings in no area form exactly N − R
    proposals, shared out over the subdistricts where that costs least; where N ≤ R, or nothing is declared
    and there is a register, they stay uncovered and name the area they would best join. With neither a target
    nor a register, the number of proposals is found from the data.

    A proposal never crosses a hard barrier or a subdistrict line, unless the target is smaller than the
    number of pieces these leave: then the nearest pieces are joined, across hard barriers first. Without a
    target it crosses no gap over rules.reach_m either; with one such a gap counts with what it costs.
    """
    homes = buildings[buildings["use"] == "residential"].sort_values("building_id")
    ids = homes["building_id"].to_numpy(dtype=object)
    given = membership[membership["building_id"].isin(ids)]
    given = given[given["area_id"].notna() | given["compound_id"].notna() | given["gap"].notna()]
    fixed = np.isin(ids, given["building_id"].to_numpy(dtype=object))
    registered = set(register["area_id"])
    # proposals that a person accepted or drew a boundary for
    settled = set(given["area_id"].dropna()) - registered

    where = homes["subdistrict_code"].fillna("").to_numpy(dtype=object)
    area = np.full(len(homes), None, dtype=object)
    area[fixed] = given.set_index("building_id")["area_id"].astype(object).reindex(ids[fixed]).to_numpy()

    if rules.target_count is None:
        n_free = None if register.empty else 0
    else:
        n_free = max(0, rules.target_count - len(registered | settled))
    parts = _partitions(where, ~fixed, n_free)
    near = _nearby(barriers, homes, parts)
    work = [
        (homes.iloc[part], fixed[part], linked, ways, rules, n_free)
        for part, linked, ways in zip(parts, _linked(links, homes, parts), near, strict=True)
    ]
    found = engine.run(_part, work, jobs, "group")
    free = np.flatnonzero(~fixed)
    if len(free) and n_free != 0:
        cluster = _clusters(parts, fixed, [merges for _, merges in found], n_free)[free]
        area[free] = proposal_codes(
            homes.iloc[free],
            cluster,
            released=released_membership,
            taken=registered | set(retired),
            settled=settled,
            district_code=district_code,
        )[cluster]
    rows = [
        _rows(homes.iloc[part], area[part], ~fixed[part], edges)
        for part, (edges, _) in zip(parts, found, strict=True)
    ]
    return conform(pd.concat([given, *rows]), MEMBERSHIP)


def _partitions(where: NDArray[np.object_], free: Mask, k: int | None) -> list[Integers]:
    """Positions by subdistrict that has something free; all in one where areas are to be made, but fewer than
    such subdistricts.
    """
    part = np.unique(where.astype(str), return_inverse=True)[1]
    if k is not None and 0 < k < len(np.unique(part[free])):
        return [np.arange(len(where))]
    return [np.flatnonzero(part == i) for i in np.unique(part[free])]


def _nearby(
    barriers: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, parts: list[Integers]
) -> list[gpd.GeoDataFrame]:
    """The barriers that can lie between the buildings of each partition."""
    tree, shapes = shapely.STRtree(barriers.geometry.array), np.asarray(homes.geometry.array, dtype=object)
    return [
        barriers.iloc[np.sort(tree.query(shapely.box(*shapely.total_bounds(shapes[part]))))] for part in parts
    ]


def _linked(links: pd.DataFrame, homes: gpd.GeoDataFrame, parts: list[Integers]) -> list[pd.DataFrame]:
    """The links between the buildings of each partition."""
    part = pd.Series(-1, index=homes["building_id"])
    for number, mine in enumerate(parts):
        part.iloc[mine] = number
    a, b = (part.reindex(links[f"building_id_{end}"]).to_numpy() for end in "ab")
    within = links.assign(part=np.where(a == b, a, -1))
    return [within[within["part"] == number] for number in range(len(parts))]


@dataclass(frozen=True)
class _Edges:
    """Links with how they may be used."""

    a: Integers
    b: Integers
    cost: Floats
    tier: Integers
    """0: in one area; 1: beyond reach; 2: across a hard barrier; 3: across a subdistrict line."""
    weight: Floats

    @classmethod
    def of(cls, found: Links, homes: gpd.GeoDataFrame, rules: GroupRules, *, counted: bool) -> _Edges:
        """Edges for a number that is given, or to be found. Where it is given a gap beyond reach counts with
        what it costs: estates stand apart, and using up all that is within reach first would join those that
        do not belong together.
        """
        where = homes["subdistrict_code"].fillna("").to_numpy(dtype=object)
        beyond = (found.distance_m > rules.reach_m) & (not counted)
        across = where[found.a] != where[found.b]
        tier = np.where(across, 3, np.where(found.hard, 2, beyond.astype(np.int64)))
        # a near facade fills more of the view than a far one, and what lies within reach outweighs all beyond
        # it
        weight = np.where(beyond, 1e-6, 1.0) / (DISTANCE_SCALE_M + found.distance_m)
        return cls(found.a, found.b, found.cost_m, tier, weight)


def _part(
    job: tuple[gpd.GeoDataFrame, Mask, pd.DataFrame, gpd.GeoDataFrame, GroupRules, int | None],
) -> tuple[_Edges, Dendrogram | None]:
    """The edges of one partition, and the merges of its free buildings (None: no area is left to make)."""
    homes, fixed, linked, barriers, rules, k = job
    counted = bool(k)
    edges = _Edges.of(Links.among(linked, homes), homes, rules, counted=counted)
    if k == 0:
        return edges, None
    free = np.flatnonzero(~fixed)
    place = np.full(len(homes), -1, dtype=np.int64)
    place[free] = np.arange(len(free))
    mine = (place[edges.a] >= 0) & (place[edges.b] >= 0)
    graph: tuple[Any, ...] = (
        place[edges.a[mine]],
        place[edges.b[mine]],
        edges.cost[mine],
        edges.tier[mine],
        edges.weight[mine],
    )
    if k is not None or fixed.any():
        # with all others left out, some that were hidden from each other become neighbours: a last resort
        sparse = _Edges.of(
            link_neighbours(homes.iloc[free], barriers, rules), homes.iloc[free], rules, counted=counted
        )
        extra = (sparse.a, sparse.b, sparse.cost, np.maximum(sparse.tier, 1), 1e-6 * sparse.weight)
        graph = tuple(np.concatenate([own, more]) for own, more in zip(graph, extra, strict=True))
    centre = shapely.get_coordinates(shapely.centroid(np.asarray(homes.geometry.array, dtype=object)[free]))
    a, b, cost, tier, weight = graph
    return edges, agglomerate(len(free), a, b, cost, tier, weight, centre, _sizes(homes.iloc[free], rules))


def _sizes(homes: gpd.GeoDataFrame, rules: GroupRules) -> SizePenalties | None:
    """The size rules, where floor areas are known; a building without one counts with its footprint."""
    floor_area = homes["floor_area_m2"]
    if 2 * floor_area.notna().sum() <= len(homes):
        return None
    bulk = floor_area.fillna(homes["footprint_area_m2"]).to_numpy(dtype=float)
    remnant, oversize = (rules.size_cost_m[name] for name in ("remnant", "oversize"))
    return SizePenalties(bulk, rules.floor_area_min_m2, remnant, rules.floor_area_max_m2, oversize)


def _clusters(parts: list[Integers], fixed: Mask, merges: list[Dendrogram | None], k: int | None) -> Integers:
    """The cluster of each free building, exactly k of them, or as many as the data shows; −1 for the
    others.
    """
    there = [
        (part[~fixed[part]], merge) for part, merge in zip(parts, merges, strict=True) if merge is not None
    ]
    if k is None:
        counts = [int(((merge.tier == 0) & (merge.cost <= CUT_THRESHOLD_M)).sum()) for _, merge in there]
    else:
        counts = cut_to_count([merge for _, merge in there], k)
    cluster = np.full(len(fixed), -1, dtype=np.int64)
    for (free, merge), count in zip(there, counts, strict=True):
        cluster[free] = cluster.max() + 1 + merge.labels(count)
    return cluster


def _rows(homes: gpd.GeoDataFrame, area: NDArray[np.object_], free: Mask, edges: _Edges) -> pd.DataFrame:
    """Membership rows of the free buildings, each with the next best area and how near a thing it was."""
    label, names = pd.factorize(area)  # null: −1
    allowed = edges.tier < 2
    a, b, cost = edges.a[allowed], edges.b[allowed], edges.cost[allowed]
    goal, price = nearest_other_label(label, a, b, cost)
    own = np.full(len(homes), np.inf)
    same = label[a] == label[b]
    for end in (a, b):
        np.minimum.at(own, end[same], cost[same])
    own = np.where(np.isinf(own), DISTANCE_SCALE_M, own)
    covered = label >= 0
    own = np.where(covered, own, CUT_THRESHOLD_M)
    # where both cost nothing, as between houses wall to wall, it is as near a thing as can be
    other = np.divide(own, own + price, out=np.full(len(homes), 0.5), where=own + price > 0)
    # a building at the rim may stand nearer to the next area; the area as a whole speaks for its own all the
    # same
    other = np.clip(other, 1 - CONFIDENCE_MAX, np.where(covered, 0.5, CONFIDENCE_MAX))
    runner_up = np.array([names[g] if g >= 0 else None for g in goal[free]], dtype=object)
    return pd.DataFrame(
        {
            "building_id": homes["building_id"].to_numpy(dtype=object)[free],
            "subdistrict_code": homes["subdistrict_code"].to_numpy(dtype=object)[free],
            "area_id": area[free],
            "compound_id": None,
            "gap": [None if c else "uncovered_building" for c in covered[free]],
            "method": ["group" if c else "none" for c in covered[free]],
            "confidence": np.round(1 - other[free], 3),
            "entry_id": None,
            "runner_up_area_id": runner_up,
            "runner_up_confidence": np.where(goal[free] >= 0, np.round(other[free], 3), np.nan),
            "contested": False,
        }
    )


def group_the_rest(
    buildings: gpd.GeoDataFrame,
    matched: pd.DataFrame,
    links: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    released_membership: pd.DataFrame,
    released_areas: gpd.GeoDataFrame,
    *,
    district_code: str,
    rules: GroupRules,
    jobs: int = 1,
) -> pd.DataFrame:
    """Group the buildings that are left into the areas that are left, or call them uncovered.

    `group` of what was matched, with the tables as they are kept. A released area that still has buildings
    may be carried over by a proposal; the code of any other is never given again.

    Parameters
    ----------
    buildings, links, barriers, register, released_membership, district_code, rules, jobs
        As `group` takes them.
    matched : DataFrame
        MATCHED: what the register, drawn boundaries and decisions place.
    released_areas : GeoDataFrame
        RELEASED_AREAS.

    Returns
    -------
    DataFrame
        MEMBERSHIP.
    """
    released = released_areas["area_id"]
    return group(
        buildings,
        matched,
        links,
        barriers,
        register,
        released_membership,
        district_code=district_code,
        rules=rules,
        retired=released[~released.isin(released_membership["area_id"])],
        jobs=jobs,
    )


def summary(membership: pd.DataFrame) -> str:
    """The table in a line."""
    uncovered = int(membership["gap"].notna().sum())
    areas = membership["area_id"].nunique()
    return f"{len(membership):,} residential buildings in {areas} areas, {uncovered} uncovered"
