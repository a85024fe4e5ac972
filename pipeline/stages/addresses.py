"""Addresses: which buildings the register's addresses name, and what of them is in doubt."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from pipeline.config import MatchRules
from pipeline.parsing.address_matching import find_doors
from pipeline.tables import ADDRESSES, conform


def read_addresses(
    buildings: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    rules: MatchRules,
) -> pd.DataFrame:
    """Read the addresses of register entries: the buildings they name, and the pieces in doubt.

    Parameters
    ----------
    buildings, entries, register, barriers : GeoDataFrame
        Tables of those schemas.
    rules : MatchRules
        How like a road's name has to be (`pipeline.parsing.address_matching.find_doors`).

    Returns
    -------
    DataFrame
        ADDRESSES: a row for each building that an entry's address names, and one for each piece in doubt.
    """
    homes = buildings[buildings["use"].eq("residential")].sort_values("building_id", ignore_index=True)
    found, doubts = find_doors(homes, entries.sort_values("entry_id"), register, barriers, rules=rules)
    return conform(pd.concat([found, doubts.drop_duplicates()], ignore_index=True), ADDRESSES)


def summary(addresses: pd.DataFrame) -> str:
    """The table in a line."""
    named, doubted = (
        addresses["entry_id"][of].nunique() for of in (addresses["doubt"].isna(), addresses["doubt"].notna())
    )
    return f"{named:,} entries lead to a building by address, {doubted:,} have a piece in doubt"
