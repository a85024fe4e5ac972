"""Adjacency: which residential buildings face each other, and what it costs to have both in one area."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import link_neighbours
from pipeline.tables import LINKS, conform


def link_homes(buildings: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, *, rules: GroupRules) -> pd.DataFrame:
    """Link residential buildings that face each other, and put a cost on having both in one area.

    Worked out once for all who ask: match, group and reasons go by the same links.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS, in the district's CRS, metres.
    barriers : GeoDataFrame
        BARRIERS, in the same CRS.
    rules : GroupRules
        What crossings and differences cost (`pipeline.domain.adjacency_cost.link_neighbours`).

    Returns
    -------
    DataFrame
        LINKS, each pair once.
    """
    homes = buildings[buildings["use"].eq("residential")].sort_values("building_id", ignore_index=True)
    barriers = barriers.sort_values("barrier_id", ignore_index=True)
    return conform(link_neighbours(homes, barriers, rules).table(homes), LINKS)


def summary(links: pd.DataFrame) -> str:
    """The table in a line."""
    return f"{len(links):,} pairs of neighbours"
