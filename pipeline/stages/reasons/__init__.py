"""Reasons: what holds each area together, what cuts it off from each neighbour, and how sure that is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import GroupRules
from pipeline.stages.reasons.cuts import cuts
from pipeline.stages.reasons.facts import border, members, pairs, per_area
from pipeline.stages.reasons.holds import holds
from pipeline.tables import AREA_REASONS, REASONS, conform


def explain(
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    links: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
    *,
    rules: GroupRules,
) -> pd.DataFrame:
    """Say why each area is one: what holds it together, what cuts it off from each neighbour.

    Neighbours have buildings that face each other within rules.reach_m; an area with none is told apart from
    the nearest one. Every reason to be cut off is told of both areas alike.

    confidence: of `holds` the mean of the buildings' own (MEMBERSHIP); of `cuts` c / (c + i), where c is the
    mean cost of the links across and i that of the links inside the two areas
    (pipeline/domain/adjacency_cost.py), kept between 0.05 and 0.95. What the register parts is as sure as the
    buildings at that border are; what a person decided or drew has 1.

    Parameters
    ----------
    buildings, areas, barriers, land, compounds, communities, subdistricts : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    membership, links : DataFrame
        Tables of those schemas.
    rules : GroupRules
        The rules that the areas were made by.

    Returns
    -------
    DataFrame
        AREA_REASONS: at least one row that says what holds each area, and one for each neighbour that says
        what cuts it off.
    """
    ids = np.sort(areas["area_id"].to_numpy(dtype=object))
    homes = members(buildings, membership, ids)
    facing = pairs(homes, links, barriers, land, compounds, rules)
    inside = facing[(facing["i"] == facing["j"]) & facing["near"]]
    of = per_area(areas.set_index("area_id").reindex(ids), homes, inside, communities, subdistricts)
    held = holds(of, homes, inside, charted=len(barriers) > 0, rules=rules)
    rows = pd.concat([held, cuts(of, border(facing), rules)], ignore_index=True)
    rows["area_id"], rows["subject_id"] = (
        ids[rows[end].to_numpy(dtype=np.int64)] for end in ("area", "subject")
    )
    rows["order"] = rows["reason"].map({reason: i for i, reason in enumerate(REASONS)})
    rows = rows.sort_values(["area_id", "part", "place", "subject_id", "order"], ignore_index=True)
    rows["rank"] = rows.groupby(["area_id", "part"]).cumcount() + 1
    rows["confidence"], rows["value"] = rows["confidence"].round(3), rows["value"].round(3)
    return conform(rows, AREA_REASONS)


def summary(reasons: pd.DataFrame) -> str:
    """The table in a line."""
    return f"{len(reasons):,} reasons for {reasons['area_id'].nunique()} areas"
