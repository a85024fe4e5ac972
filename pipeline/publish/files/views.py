"""The tables of the hand-off: buildings with their area, areas with their bounds and service."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

PLACED = [
    "building_id",
    "area_id",
    "compound_id",
    "gap",
    "method",
    "confidence",
    "runner_up_area_id",
    "contested",
]


def buildings_view(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> gpd.GeoDataFrame:
    """BUILDINGS with what MEMBERSHIP says of each.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS.
    membership : DataFrame
        MEMBERSHIP.

    Returns
    -------
    GeoDataFrame
        A row for each building, without its parsed address, the columns PLACED joined. Those of buildings
        that are not residential are null.
    """
    out = buildings.drop(columns=["road", "door_number", "door_suffix"]).merge(
        membership[PLACED], on="building_id", how="left"
    )
    return _geometry_last(out)


def areas_view(areas: gpd.GeoDataFrame, bounds: pd.DataFrame, service: pd.DataFrame) -> gpd.GeoDataFrame:
    """AREAS with what BOUNDS and SERVICE say of each.

    Parameters
    ----------
    areas : GeoDataFrame
        AREAS.
    bounds : DataFrame
        BOUNDS; its column oddity is left out.
    service : DataFrame
        SERVICE.

    Returns
    -------
    GeoDataFrame
        A row for each area.
    """
    worded = areas.merge(bounds.drop(columns="oddity"), on="area_id", how="left")
    return _geometry_last(worded.merge(service, on="area_id", how="left"))


def table(**tables: pd.DataFrame) -> pd.DataFrame:
    """The one table that is given, as it is.

    Parameters
    ----------
    **tables : DataFrame
        Exactly one; ValueError is raised for none or several.

    Returns
    -------
    DataFrame
    """
    (frame,) = tables.values()
    return frame


def every_layer(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Everything that has rows, by layer: buildings and areas as handed out, all others as they are.

    Parameters
    ----------
    **tables : DataFrame
        By name; buildings, membership, areas, bounds and service must be there.

    Returns
    -------
    dict of str to DataFrame
        Without bounds and service, which are part of the areas.
    """
    joined = {
        "buildings": buildings_view(tables.pop("buildings"), tables["membership"]),
        "areas": areas_view(tables.pop("areas"), tables.pop("bounds"), tables.pop("service")),
    }
    return {name: frame for name, frame in (tables | joined).items() if len(frame)}


def labelled(frame: pd.DataFrame, *, synthetic: bool) -> pd.DataFrame:
    """The frame with a column `synthetic` where the data is invented, so that no copy of it loses the label.

    Parameters
    ----------
    frame : DataFrame
    synthetic : bool
        Whether the data is invented.

    Returns
    -------
    DataFrame
        True in every row, geometry last; the frame as it is where the data is not invented.
    """
    return _geometry_last(frame.assign(synthetic=True)) if synthetic else frame


def _geometry_last(frame: pd.DataFrame) -> pd.DataFrame:
    if "geometry" not in frame.columns:
        return frame
    return frame[[*(c for c in frame.columns if c != "geometry"), "geometry"]]
