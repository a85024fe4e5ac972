"""Barriers: which of them part the ground, which must not be crossed, and what stands on both sides of those
all the same.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.config import GroupRules
from pipeline.geometry.arrays import Geometries, Mask
from pipeline.geometry.boundary.sides import count_sides, main_parts

REST_M2 = 1.0
"""What a hard barrier shaves off a footprint, if less than this, is how it was drawn."""
UNDER_M = 3.0
"""A line that runs this far in a footprint does not only graze it."""
UNDER_MANY = 3
"""One footprint, or two, is a passage or an old drawing; what runs under more is most likely a tunnel."""
TAKES_GROUND = ("railway", "water", "arterial", "collector", "local")


def at_grade(barriers: gpd.GeoDataFrame) -> Mask:
    """The barriers that part what is on the ground.

    Parameters
    ----------
    barriers : GeoDataFrame
        BARRIERS.

    Returns
    -------
    bool array, shape (n,)
        False for those underground.
    """
    return np.asarray(barriers["grade"].ne("underground"), dtype=bool)


def hard_barriers(barriers: gpd.GeoDataFrame, rules: GroupRules) -> Geometries:
    """The shapes of the barriers that are never crossed.

    Parameters
    ----------
    barriers : GeoDataFrame
        BARRIERS.
    rules : GroupRules
        A class is hard if its crossing_cost_m is inf.

    Returns
    -------
    object array of geometries, shape (m,)
    """
    ground = barriers[at_grade(barriers)]
    impassable = np.isinf(ground["class"].map(rules.crossing_cost_m).to_numpy(dtype=float))
    return np.asarray(ground.geometry.array[impassable], dtype=object)


def in_several_places(homes: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, rules: GroupRules) -> Mask:
    """The buildings that stand on both sides of a hard barrier, or with parts more than rules.reach_m apart.

    Parameters
    ----------
    homes : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    barriers : GeoDataFrame
        BARRIERS, in the same CRS.
    rules : GroupRules

    Returns
    -------
    bool array, shape (n,)
    """
    shapes = np.asarray(homes.geometry.array, dtype=object)
    largest = main_parts(shapes, hard_barriers(barriers, rules), rules.reach_m)
    return np.asarray(shapely.area(shapes) - shapely.area(largest) > REST_M2)


def on_both_sides(
    homes: gpd.GeoDataFrame, area: NDArray[np.object_], barriers: gpd.GeoDataFrame, rules: GroupRules
) -> NDArray[np.object_]:
    """The areas whose buildings stand on both sides of a hard barrier, with no way about its end.

    Parameters
    ----------
    homes : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    area : object array of str, shape (n,)
        Area id of each building.
    barriers : GeoDataFrame
        BARRIERS, in the same CRS.
    rules : GroupRules

    Returns
    -------
    object array of str
        Area ids, ascending.
    """
    ids, of = np.unique(area, return_inverse=True)
    count = count_sides(
        np.asarray(homes.geometry.array, dtype=object),
        of,
        len(ids),
        hard_barriers(barriers, rules),
        rules.reach_m,
    )
    return ids[count > 1]


def under_buildings(barriers: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """The ids of barriers that run under buildings, though nothing says that they are not on the ground.

    Parameters
    ----------
    barriers : GeoDataFrame
        BARRIERS, in a projected CRS, metres. Only classes that take ground are looked at (TAKES_GROUND).
    buildings : GeoDataFrame
        BUILDINGS, in the same CRS.

    Returns
    -------
    object array of str
        Barriers that run under UNDER_MANY footprints or more. Those of one class that touch count as one: a
        line is drawn in many pieces.
    """
    asked = barriers[barriers["grade"].isna() | barriers["grade"].eq("surface")]
    asked = asked[asked["class"].isin(TAKES_GROUND)].sort_values("barrier_id", ignore_index=True)
    lines, footprints = (
        np.asarray(asked.geometry.array, dtype=object),
        np.asarray(buildings.geometry.array, dtype=object),
    )
    barrier, footprint = shapely.STRtree(footprints).query(lines, predicate="intersects")
    common = shapely.intersection(lines[barrier], footprints[footprint])
    under = (shapely.length(common) >= UNDER_M) & (shapely.get_dimensions(common) == 1)
    under |= shapely.area(common) > shapely.area(footprints[footprint]) / 2
    barrier, footprint = barrier[under], footprint[under]
    some = np.unique(barrier)
    one, other = shapely.STRtree(lines[some]).query(lines[some], predicate="intersects")
    kind = asked["class"].to_numpy(dtype=object)[some]
    alike = kind[one] == kind[other]
    graph = coo_array((np.ones(alike.sum(), dtype=bool), (one[alike], other[alike])), shape=(len(some),) * 2)
    chain = connected_components(graph, directed=False)[1]
    pairs = np.unique(np.column_stack([chain[np.searchsorted(some, barrier)], footprint]), axis=0)
    many = np.bincount(pairs[:, 0], minlength=chain.max(initial=-1) + 1) >= UNDER_MANY
    return np.asarray(asked["barrier_id"].iloc[some[many[chain]]], dtype=object)
