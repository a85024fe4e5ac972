"""Links: neighbouring buildings, and what it costs to put both into one area.

One formula, in metres, for all ways of grouping: rows that are fixed, areas that grow from a point and a
count, and the free rest, whether their number is known or to be found. A cost means the same in a dense
quarter and a loose one, so that there is one at which areas end.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.config import GroupRules
from pipeline.domain.barriers import at_grade
from pipeline.geometry.arrays import Floats, Geometries, Integers, Mask
from pipeline.geometry.boundary.sides import main_parts
from pipeline.geometry.graph.adjacency import neighbours
from pipeline.geometry.graph.courtyards import share_courtyard
from pipeline.geometry.graph.crossings import costliest_crossing, extend_into_shapes
from pipeline.geometry.graph.street_network import lead_through, split_at_junctions
from pipeline.geometry.oriented_boxes import misalignment, oriented_boxes

OPEN_GROUND_COST_M = 8.0
"""What open ground costs, on the scale of rules.crossing_cost_m."""
DISTANCE_SCALE_M = 10.0
"""Distances are told apart up to several times this …"""
FAR_M = 40.0
"""… and beyond this by their metres, too: open ground as wide as a street with its gardens parts."""
FAR_COST = 0.15
"""What each metre beyond it costs more."""
MISALIGNMENT_SHARE = 0.5
"""By what share the cost grows where two buildings stand at half a quarter turn to each other."""
HARD_COST_FACTOR = 2.0
"""What crossing a hard barrier counts for in the mean over a common boundary, in dearest soft crossings."""

COURTYARD_GAP_M = 20.0
"""A courtyard is closed where no opening between its buildings is wider than this."""
COURTYARD_MAX_M2 = 10_000.0
"""… and where it is no larger than this, measured half of that width away from its buildings."""
OWN_WAYS = ("lane", "path")
"""Ways that may be an area's own."""
STREETS = ("arterial", "collector", "local")
"""What leads through a town, or ends inside."""
SCALES = {"year": 10.0, "floors": 3.0}
"""So far apart two buildings are wholly unlike."""


#: What a table of links keeps beside the two buildings.
KEPT: dict[str, type] = {
    "distance_m": float,
    "barrier_id": object,
    "courtyard": bool,
    "cost_m": float,
    "hard": bool,
}


@dataclass(frozen=True)
class Links:
    """Neighbouring buildings, each pair once: one array an attribute, one value a pair."""

    a: Integers
    """Position of the one building …"""
    b: Integers
    """… and of the other; a < b."""
    distance_m: Floats
    """From facade to facade."""
    barrier_id: NDArray[np.object_]
    """The barrier between them that costs most to cross; None: none lies between."""
    courtyard: Mask
    """Whether both face the same courtyard."""
    cost_m: Floats
    """What it costs to have both in one area, in metres."""
    hard: Mask
    """Whether a barrier between them must not be crossed."""

    def __len__(self) -> int:
        return len(self.a)

    @classmethod
    def among(cls, table: pd.DataFrame, homes: gpd.GeoDataFrame) -> Links:
        """The links of a table between these buildings.

        Parameters
        ----------
        table : DataFrame
            LINKS.
        homes : GeoDataFrame
            BUILDINGS, sorted by building_id. Links to others are left out.

        Returns
        -------
        Links
            In the order of the table.
        """
        ids = pd.Index(homes["building_id"])
        a, b = (ids.get_indexer(table[f"building_id_{end}"]) for end in "ab")
        mine = (a >= 0) & (b >= 0)
        kept = {name: table[name].to_numpy(dtype=dtype)[mine] for name, dtype in KEPT.items()}
        return cls(a[mine], b[mine], **kept)

    def table(self, homes: gpd.GeoDataFrame) -> pd.DataFrame:
        """The columns of LINKS, of the buildings that these are links of."""
        ids = homes["building_id"].to_numpy(dtype=object)
        ends = {"building_id_a": ids[self.a], "building_id_b": ids[self.b]}
        return pd.DataFrame(ends | {name: getattr(self, name) for name in KEPT})


def link_neighbours(homes: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, rules: GroupRules) -> Links:
    """The adjacency graph of buildings: neighbours, and the cost of having both in one area.

    Parameters
    ----------
    homes : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    barriers : GeoDataFrame
        BARRIERS, in the same CRS.
    rules : GroupRules

    Returns
    -------
    Links
        Each pair once. A building that a hard barrier cuts, or whose parts stand on both sides of one or more
        than rules.reach_m apart, is linked where most of it stands, and only there.

    Notes
    -----
    d is the distance between facades; c the costliest crossing (rules.crossing_cost_m), less for a local
    street that ends inside (rules.own_street_cost_m), and for a lane or path inside a courtyard that both
    buildings face (rules.courtyard_share), and more where the two are unlike (rules.unlike_cost_m); s their
    misalignment, 0 for parallel or square to 1 for 45° between:

        (OPEN_GROUND_COST_M · ln(1 + d / DISTANCE_SCALE_M) + FAR_COST · max(d − FAR_M, 0) + c)
        · (1 + MISALIGNMENT_SHARE · s)

    A street ends inside where it is a dead end, or hangs on the network by one stem, as an estate's own loop
    does (`geometry.graph.street_network`).

    How the constants were chosen is told in docs/accuracy.md.
    """
    ground = barriers[at_grade(barriers)]
    costs = ground["class"].map(rules.crossing_cost_m).to_numpy(dtype=float)
    lines = np.asarray(ground.geometry.array, dtype=object)
    shapes = main_parts(homes.geometry.array, lines[np.isinf(costs)], rules.reach_m)
    graph = neighbours(shapes, np.inf)
    gaps = extend_into_shapes(graph.gap, shapes[graph.a], shapes[graph.b], lines[np.isinf(costs)])
    between, crossing = _crossings(gaps, shapes, ground, costs, rules)
    hard = np.isinf(crossing)
    soft = [c for c in rules.crossing_cost_m.values() if np.isfinite(c)]
    crossing = np.where(hard, HARD_COST_FACTOR * max(soft, default=100.0), crossing)
    courtyard = share_courtyard(shapes, graph.a, graph.b, gap_max=COURTYARD_GAP_M, area_max=COURTYARD_MAX_M2)
    own_way = courtyard & np.isin(np.append(ground["class"].to_numpy(dtype=object), "")[between], OWN_WAYS)
    crossing = np.where(own_way, rules.courtyard_share * crossing, crossing)
    parting = crossing + dissimilarity(homes, graph.a, graph.b, rules)
    _, angle = oriented_boxes(shapes)
    aslant = 1 + MISALIGNMENT_SHARE * misalignment(angle[graph.a], angle[graph.b])
    far = FAR_COST * np.maximum(graph.distance - FAR_M, 0.0)
    cost = (OPEN_GROUND_COST_M * np.log1p(graph.distance / DISTANCE_SCALE_M) + far + parting) * aslant
    barrier = np.array([*ground["barrier_id"], None], dtype=object)[between]
    return Links(graph.a, graph.b, graph.distance, barrier, courtyard, cost, hard)


def _crossings(
    gaps: Geometries, shapes: Geometries, ground: gpd.GeoDataFrame, costs: Floats, rules: GroupRules
) -> tuple[Integers, Floats]:
    """Of each pair: the position of the barrier between that costs most (−1: none), and what it costs."""
    lines = np.asarray(ground.geometry.array, dtype=object)
    between = costliest_crossing(gaps, lines, costs)
    crossing = np.append(costs, 0.0)[between]
    is_local = np.append(ground["class"].eq("local").to_numpy(), False)
    # a class that is never crossed is never crossed, wherever its streets end
    own = np.flatnonzero(is_local[between] & (crossing > rules.own_street_cost_m) & np.isfinite(crossing))
    if not len(own):
        return between, crossing
    streets = lines[ground["class"].isin(STREETS).to_numpy()]
    own = own[~_leads_through(gaps[own], streets, shapes)]
    others = np.flatnonzero(~is_local[:-1])
    second = np.append(others, -1)[costliest_crossing(gaps[own], lines[others], costs[others])]
    dearer = np.append(costs, 0.0)[second] > rules.own_street_cost_m
    between[own] = np.where(dearer, second, between[own])
    crossing[own] = np.where(dearer, np.append(costs, 0.0)[second], rules.own_street_cost_m)
    return between, crossing


def _leads_through(gaps: Geometries, streets: Geometries, shapes: Geometries) -> Mask:
    """Whether what lies between is, of these streets, one that leads through."""
    segments = split_at_junctions(streets)
    extent = shapely.buffer(
        shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(np.concatenate([shapes, streets])))),
        1.0,
    )
    through = segments[lead_through(segments, extent)]
    met = np.zeros(len(gaps), dtype=bool)
    met[shapely.STRtree(through).query(gaps, predicate="intersects")[0]] = True
    return met


def count_components(homes: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, rules: GroupRules) -> int:
    """Into how many connected components hard barriers and subdistrict lines part the buildings.

    Parameters
    ----------
    homes : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    barriers : GeoDataFrame
        BARRIERS, in the same CRS.
    rules : GroupRules

    Returns
    -------
    int
        Fewer areas than this can't but cross a hard barrier or a subdistrict line.
    """
    found = link_neighbours(homes, barriers, rules)
    where = homes["subdistrict_code"].fillna("").to_numpy(dtype=object)
    open_ = ~found.hard & (where[found.a] == where[found.b])
    graph = coo_array(
        (np.ones(open_.sum(), dtype=bool), (found.a[open_], found.b[open_])), shape=(len(homes),) * 2
    )
    return int(connected_components(graph, directed=False)[0])


def dissimilarity(homes: gpd.GeoDataFrame, a: Integers, b: Integers, rules: GroupRules) -> Floats:
    """What the differences between the two buildings of each pair cost.

    Parameters
    ----------
    homes : DataFrame
        BUILDINGS.
    a, b : integer arrays, shape (m,)
        Positions of the two buildings of each pair.
    rules : GroupRules
        unlike_cost_m: metres for each thing that two buildings may differ in.

    Returns
    -------
    float array, shape (m,)
        Metres; nothing is added for what is not known of both.
    """
    total = np.zeros(len(a))
    for name, cost in rules.unlike_cost_m.items():
        if cost == 0:
            continue
        column = "community_code" if name == "community" else name
        if column in SCALES:
            values = homes[column].to_numpy(dtype=float, na_value=np.nan)
            total += cost * np.nan_to_num(np.minimum(np.abs(values[a] - values[b]) / SCALES[column], 1.0))
        else:
            kind, _ = pd.factorize(homes[column])  # null: −1
            total += cost * ((kind[a] != kind[b]) & (kind[a] >= 0) & (kind[b] >= 0))
    return total
