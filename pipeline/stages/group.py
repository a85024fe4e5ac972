"""Group: which buildings form one area. Fixed rows stay, the rest becomes proposals or stays uncovered.

Links between neighbours say what it costs to put both into one area (pipeline/links.py). Clusters of buildings are
merged by the mean of these costs along their common border, near facades weighing more than far ones, and the nearer
their centres the sooner (geometry/regions.py). `benchmarks/grouping.py` measures it, and docs/accuracy.md says how the
numbers here were chosen and what still goes wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import engine
from pipeline.codes import proposal_codes
from pipeline.config import GroupRules
from pipeline.geometry.regions import Merges, agglomerate, nearest_other, share_out
from pipeline.links import DISTANCE_SCALE_M, links
from pipeline.tables import MEMBERSHIP, conform

BREAK_M = 45.0
"""Without a target count, clusters whose linkage costs more than this are different areas."""
FLOOR_AREA_MAX_M2 = 100_000.0
"""… and no area grows over this, the largest that provinces set for a whole quarter."""
UNSURE = 0.95
"""The software is never surer than this; 1 is for what a person said."""


def group(
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
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

    buildings, barriers, register, released_membership: tables of those schemas; geometry in one
    projected CRS, metres. membership: the rows that are fixed already (MEMBERSHIP; any subset of the residential
    buildings). district_code: the first part of the codes of proposals. retired: further ids never to be used
    again. jobs: processes to share the partitions (subdistricts) out to.

    With rules.target_count = N and R areas registered or fixed, the buildings in no area form exactly N − R
    proposals, shared out over the subdistricts where that costs least; where N ≤ R, or nothing is declared and
    there is a register, they stay uncovered and name the area they would best join. With neither a target nor
    a register, the number of proposals is found from the data.

    A proposal never crosses a hard barrier, a subdistrict line or a gap over rules.reach_m, unless the target is
    smaller than the number of pieces these leave. Then the nearest pieces are joined, in this order: beyond
    reach, across hard barriers, across subdistricts.
    """
    homes = buildings[buildings["use"] == "residential"].sort_values("building_id", ignore_index=True)
    ids = homes["building_id"].to_numpy(dtype=object)
    given = membership[membership["building_id"].isin(ids)]
    given = given[given["area_id"].notna() | given["compound_id"].notna() | given["gap"].notna()]
    fixed = np.isin(ids, given["building_id"].to_numpy(dtype=object))
    registered = set(register["area_id"]) | set(given["area_id"].dropna())

    where = homes["subdistrict_code"].fillna("").to_numpy(dtype=object)
    edges = _Edges(homes, barriers, rules)

    free = np.flatnonzero(~fixed)
    n_free = None if rules.target_count is None and not registered else max(0, (rules.target_count or 0) - len(registered))
    area = np.full(len(homes), None, dtype=object)
    area[fixed] = given.set_index("building_id")["area_id"].astype(object).reindex(ids[fixed]).to_numpy()
    if len(free) and n_free != 0:
        cluster = _clusters(free, edges, homes, where, barriers, rules, n_free, jobs)
        codes = proposal_codes(
            homes.iloc[free],
            cluster,
            released=released_membership,
            taken=registered | set(retired),
            district_code=district_code,
        )
        area[free] = codes[cluster]
    rows = _rows(homes.iloc[free], ids, area, free, edges)
    return conform(pd.concat([given, rows], ignore_index=True), MEMBERSHIP)


class _Edges:
    """Links with how they may be used."""

    def __init__(self, homes: Any, barriers: Any, rules: GroupRules) -> None:
        where = homes["subdistrict_code"].fillna("").to_numpy(dtype=object)
        found = links(homes, barriers, rules)
        self.a, self.b, self.cost, self.relative = found.a, found.b, found.cost_m, found.relative
        beyond = found.distance_m > rules.reach_m
        across = where[found.a] != where[found.b]
        self.tier = np.where(across, 3, np.where(found.hard, 2, beyond.astype(np.int64)))
        # a near facade fills more of the view than a far one, and what lies within reach outweighs all beyond it
        self.weight = np.where(beyond, 1e-6, 1.0) / (DISTANCE_SCALE_M + found.distance_m)


def _floor_area(homes: Any) -> Any:
    """Floor area in m², or at least the footprint where no floors are known."""
    return homes["floor_area_m2"].fillna(homes["footprint_area_m2"]).to_numpy(dtype=float)


def _clusters(free: Any, links: _Edges, homes: Any, where: Any, barriers: Any, rules: GroupRules, k: int | None, jobs: int) -> Any:
    """The cluster of each free building: exactly k of them, or as many as the data shows."""
    parts = _partitions(where[free], k)
    n = len(homes)
    shapes, floor_area = np.asarray(homes.geometry.array, dtype=object), _floor_area(homes)
    graphs = []
    for part in parts:
        nodes = free[part]
        place = np.full(n, -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        mine = (place[links.a] >= 0) & (place[links.b] >= 0)
        cost = links.cost if k is None else links.relative
        edges: tuple[Any, ...] = (place[links.a[mine]], place[links.b[mine]], cost[mine], links.tier[mine], links.weight[mine])
        if len(nodes) < n:
            # with the other buildings left out, some that were hidden from each other become neighbours: a last resort
            sparse = _Edges(homes.iloc[nodes], barriers, rules)
            cost = sparse.cost if k is None else sparse.relative
            extra = (sparse.a, sparse.b, cost, np.maximum(sparse.tier, 1), 1e-6 * sparse.weight)
            edges = tuple(np.concatenate([own, more]) for own, more in zip(edges, extra, strict=True))
        centre = shapely.get_coordinates(shapely.centroid(shapes[nodes]))
        limit = (floor_area[nodes], FLOOR_AREA_MAX_M2) if k is None else (None, np.inf)
        graphs.append((len(nodes), *edges, centre, *limit))
    merges = engine.run(_merges, graphs, jobs, "group")
    counts = [int(((m.tier == 0) & (m.cost <= BREAK_M)).sum()) for m in merges] if k is None else share_out(merges, k)
    cluster = np.zeros(len(free), dtype=np.int64)
    start = 0
    for part, merge, count in zip(parts, merges, counts, strict=True):
        label = merge.labels(count)
        cluster[part] = start + label
        start += int(label.max()) + 1
    return cluster


def _merges(graph: tuple[Any, ...]) -> Merges:
    return agglomerate(*graph)


def _partitions(where: Any, k: int | None) -> list[Any]:
    """Positions by subdistrict; all in one where there are fewer areas to make than subdistricts."""
    names, part = np.unique(where.astype(str), return_inverse=True)
    if k is not None and k < len(names):
        return [np.arange(len(where))]
    return [np.flatnonzero(part == i) for i in range(len(names))]


def _rows(homes: Any, ids: Any, area: Any, free: Any, links: _Edges) -> pd.DataFrame:
    """Membership rows of the free buildings, each with the next best area and how near a thing it was."""
    label, names = pd.factorize(area, sort=True)  # null: −1
    allowed = links.tier < 2
    a, b, cost = links.a[allowed], links.b[allowed], links.cost[allowed]
    goal, price = nearest_other(label, a, b, cost)
    own = np.full(len(ids), np.inf)
    same = label[a] == label[b]
    for end in (a, b):
        np.minimum.at(own, end[same], cost[same])
    own = np.where(np.isinf(own), DISTANCE_SCALE_M, own)
    covered = label >= 0
    with np.errstate(invalid="ignore"):
        other = np.where(covered, own, BREAK_M) / (np.where(covered, own, BREAK_M) + price)
    other = np.clip(np.where(goal >= 0, other, 0.0), 1 - UNSURE, UNSURE)
    runner_up = np.array([names[g] if g >= 0 else None for g in goal[free]], dtype=object)
    return pd.DataFrame(
        {
            "building_id": homes["building_id"].to_numpy(dtype=object),
            "subdistrict_code": homes["subdistrict_code"].to_numpy(dtype=object),
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
