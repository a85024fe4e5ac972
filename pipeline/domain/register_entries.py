"""Entries of a register that has none of its own."""

from __future__ import annotations

import geopandas as gpd

from pipeline.tables import ENTRIES, conform


def stand_ins(register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Entries that stand for a register without any: one a row.

    Parameters
    ----------
    register : GeoDataFrame
        REGISTER.

    Returns
    -------
    GeoDataFrame
        ENTRIES, in the CRS of the register: address, point and declared counts of each row, with the area's
        id as the entry's own.
    """
    return conform(register.assign(entry_id=register["area_id"]), ENTRIES, register.crs)
