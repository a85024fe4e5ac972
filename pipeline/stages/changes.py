"""What differs from the last release: areas and buildings that are new, gone or moved."""

from __future__ import annotations

import pandas as pd
import shapely

from pipeline.tables import CHANGES, conform

REDRAWN_SHARE = 0.01
"""Ground that differs by less than this share of the released ground is the same ground."""


def find_changes(
    membership: pd.DataFrame,
    areas: pd.DataFrame,
    released_membership: pd.DataFrame,
    released_areas: pd.DataFrame,
) -> pd.DataFrame:
    """List what differs from the last release.

    An area is known by its id, a building by its own.

    Parameters
    ----------
    membership : DataFrame
        MEMBERSHIP as it is now.
    areas : GeoDataFrame
        AREAS as they are now, in the district's CRS, metres.
    released_membership : DataFrame
        RELEASED_MEMBERSHIP.
    released_areas : GeoDataFrame
        RELEASED_AREAS, in the same CRS; both empty: there was no release.

    Returns
    -------
    DataFrame
        CHANGES; no rows where there was no release.
    """
    if released_areas.empty and released_membership.empty:
        return conform(pd.DataFrame(columns=CHANGES.column_names), CHANGES)
    in_use = released_areas[~released_areas["retired"].fillna(False)]
    parts = [*_area_changes(areas, in_use), *_building_changes(membership, released_membership)]
    return conform(pd.concat(parts, ignore_index=True), CHANGES)


def _area_changes(areas: pd.DataFrame, released: pd.DataFrame) -> list[pd.DataFrame]:
    both = areas.merge(released, on="area_id", how="outer", suffixes=("", "_before"), indicator=True)
    new, gone, same = (both[both["_merge"] == side] for side in ("left_only", "right_only", "both"))
    renamed = same[same["name"].fillna("") != same["name_before"].fillna("")]
    before, after = same["geometry_before"].to_numpy(), same["geometry"].to_numpy()
    difference = shapely.area(shapely.symmetric_difference(before, after))
    appeared = shapely.is_missing(before) != shapely.is_missing(after)
    redrawn = same[appeared | (difference > REDRAWN_SHARE * shapely.area(before))]
    return [
        _rows("area_new", new["area_id"], None, new["name"]),
        _rows("area_gone", gone["area_id"], gone["name_before"], None),
        _rows("area_renamed", renamed["area_id"], renamed["name_before"], renamed["name"]),
        _rows(
            "area_redrawn",
            redrawn["area_id"],
            _square_metres(redrawn["geometry_before"]),
            _square_metres(redrawn["geometry"]),
        ),
    ]


def _building_changes(membership: pd.DataFrame, released: pd.DataFrame) -> list[pd.DataFrame]:
    columns = ["building_id", "area_id"]
    both = membership[columns].merge(
        released[columns], on="building_id", how="outer", suffixes=("", "_before"), indicator=True
    )
    new, gone, same = (both[both["_merge"] == side] for side in ("left_only", "right_only", "both"))
    moved = same[same["area_id"].fillna("") != same["area_id_before"].fillna("")]
    return [
        _rows("building_new", new["building_id"], None, new["area_id"]),
        _rows("building_gone", gone["building_id"], gone["area_id_before"], None),
        _rows("building_moved", moved["building_id"], moved["area_id_before"], moved["area_id"]),
    ]


def _square_metres(geometry: pd.Series) -> pd.Series:
    area = pd.Series(shapely.area(geometry.to_numpy()), index=geometry.index)
    return area.round().map("{:.0f} m²".format, na_action="ignore")


def _rows(change: str, subject: pd.Series, before: pd.Series | None, after: pd.Series | None) -> pd.DataFrame:
    return pd.DataFrame({"change": change, "subject_id": subject, "before": before, "after": after})


def summary(changes: pd.DataFrame) -> str:
    """The table in a line."""
    kinds = sorted(changes["change"].value_counts().items())
    return ", ".join(f"{count} {change}" for change, count in kinds) or "none, or no release yet"
