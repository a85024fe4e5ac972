"""Entries of a register that has none of its own."""

from __future__ import annotations

import geopandas as gpd

from pipeline.tables import ENTRIES, conform


def stand_ins(register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """ENTRIES with one row for each row of REGISTER: its address, point and declared counts, and its area's
    id as its own.
    """
    return conform(register.assign(entry_id=register["area_id"]), ENTRIES, register.crs)
