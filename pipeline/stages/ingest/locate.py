"""The subdistrict and the community that each row lies in."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.config import PlaceRules
from pipeline.conflation import places
from pipeline.raw.errors import rows_text
from pipeline.stages.ingest.refusing import refuse
from pipeline.tables import Table


def locate(
    frame: pd.DataFrame, table: Table, polygons: gpd.GeoDataFrame, code: str, rules: PlaceRules
) -> dict[int, str]:
    """Fill a column of codes, in place, with the polygon that each row lies in.

    Parameters
    ----------
    frame : DataFrame
        Rows of all entries, `entry` telling which entry; geometry in the CRS of the polygons, in metres.
    table : Table
        Of the input.
    polygons : GeoDataFrame
        Table `subdistricts` or `communities`.
    code : str
        Its key: subdistrict_code or community_code.
    rules : PlaceRules
        beside_m: metres.

    Returns
    -------
    dict of int to str
        By entry (its place among those read): which of its buildings lie in no polygon and count to one
        beside them.

    Notes
    -----
    What a register says itself, by code or name, goes first. Buildings in no polygon count to one within
    rules.beside_m (metres); those in no subdistrict, nor beside one, are refused as `outside_district`, those
    larger than theirs as `too_large`.
    """
    if code not in table.column_names or code in table.key:
        return {}
    located = pd.Series(None, index=frame.index, dtype="str")
    if "geometry" in frame:
        located = pd.Series(
            places.within(frame["geometry"].to_numpy(), polygons, code), index=frame.index, dtype="str"
        )
    given = places.codes(frame[code], polygons, code) if code in frame else located
    if table.name != "buildings":
        frame[code] = given.fillna(located)
        return {}
    loose = frame.index[located.isna() & (frame["reason"] == "")]
    near, away = places.beside(
        frame.loc[loose, "geometry"].to_numpy(), polygons, code, reach_m=rules.beside_m
    )
    located.loc[loose] = near
    if code == "subdistrict_code":
        detail = f"in none of the subdistricts, nor within {rules.beside_m:g} m of one (rules.place.beside_m)"
        refuse(frame, located.isna(), "outside_district", detail)
        ground = (
            pd.Series(shapely.area(polygons.geometry.array), index=polygons[code].to_numpy())
            .groupby(level=0)
            .sum()
        )
        if (frame["footprint_area_m2"] > ground.min()).any():
            vast = shapely.area(frame["geometry"].to_numpy()) > located.map(ground)
            refuse(frame, vast, "too_large", "a footprint larger than its subdistrict")
    frame[code] = located.fillna(given)
    taken = pd.Series(away, index=loose)[located[loose].notna()].sort_values(ascending=False)
    of_entry = taken.groupby(frame.loc[taken.index, "entry"])
    what = code.removesuffix("_code")
    return {
        int(entry): (
            f"{rows_text(sorted(frame.loc[some.index, 'source_row']))} in no {what}: counted to the one with"
            " the largest share of each, or the nearest; farthest off is row"
            f" {frame.loc[some.index[0], 'source_row']}, {some.iloc[0]:.1f} m from {located[some.index[0]]}"
        )
        for entry, some in of_entry
    }
