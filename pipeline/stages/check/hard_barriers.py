"""Nothing on both sides of a barrier that must not be crossed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import count_components
from pipeline.domain.barriers import in_several_places, on_both_sides, under_buildings
from pipeline.stages.check.rows import Row, building_names, first_names, row


def on_one_side(
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    rules: GroupRules,
) -> list[Row]:
    """Nothing is on both sides of a hard barrier, and no street runs through houses.

    Parameters
    ----------
    areas, buildings, barriers : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    membership : DataFrame
        MEMBERSHIP.
    rules : GroupRules
        crossing_cost_m: inf for a hard barrier. reach_m: parts of one building are no farther apart.

    Returns
    -------
    list of Row
        What a person put on both sides, or a target leaves no way round, is only a warning.
    """
    homes = buildings[buildings["use"].eq("residential")]
    homes = homes.merge(membership[["building_id", "area_id"]].dropna(), on="building_id")
    across = pd.Series(
        on_both_sides(homes, homes["area_id"].to_numpy(dtype=object), barriers, rules), dtype="str"
    )
    proposals = set(areas["area_id"][areas["origin"].eq("proposal")])
    wrong, meant = across[across.isin(proposals)], across[~across.isin(proposals)]
    needed = count_components(homes[homes["area_id"].isin(proposals)], barriers, rules) if len(wrong) else 0
    kinds = ", ".join(sorted(kind for kind, cost in rules.crossing_cost_m.items() if np.isinf(cost)))
    expected = f"none on both sides of a hard barrier ({kinds})"
    note = "decide on the map which area the buildings of one side belong to, or accept the area as it is"
    if needed > len(proposals):
        note = (
            "so few areas are left by target_count that the nearest are joined: it has to be"
            f" {needed - len(proposals)} more to end that"
        )
    apart = homes[in_several_places(homes, barriers, rules)]
    under = pd.Series(under_buildings(barriers, buildings), dtype="str")
    return [
        row(
            "areas_on_one_side",
            wrong.empty,
            first_names(wrong),
            expected,
            note,
            "warn" if needed > len(proposals) else "fail",
        ),
        row(
            "decided_on_one_side",
            meant.empty,
            first_names(meant),
            expected,
            "the register, a decision or a drawn boundary has it so: correct it if it is not meant",
            "warn",
        ),
        row(
            "buildings_in_one_place",
            apart.empty,
            first_names(building_names(apart)),
            f"none with parts on both sides of a hard barrier, or over {rules.reach_m:g} m apart",
            "each counts where most of it stands; if one is several buildings, give each a row of its own",
            "warn",
        ),
        row(
            "barriers_under_buildings",
            under.empty,
            first_names(under),
            "none that runs under three footprints or more",
            "a tunnel? Map tunnel, covered or layer of barriers, or set grade (docs/formats.md); else one of"
            " the two is drawn wrong",
            "warn",
        ),
    ]
