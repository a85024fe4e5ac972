"""The ground an area may own: what is left between streets, railways, water, public land and compounds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import DelineateRules
from pipeline.geometry.coverage.reach import vicinity
from pipeline.geometry.overlay import difference_of
from pipeline.tables import BLOCKS, conform

NARROW_M = 1.5
"""Corridors narrower than twice this, as they are left between a road and a park, lead nowhere and are no
ground.
"""


def lay_blocks(
    subdistricts: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    *,
    rules: DelineateRules,
) -> gpd.GeoDataFrame:
    """Lay out the ground that areas may own: between streets, water, public land and compounds.

    BLOCKS: each subdistrict less public ground, in its separate parts (district's CRS, metres).

    City roads, public green and rivers never lie inside an area (State Council 物业管理条例), nor does a
    compound that somebody else manages. Green without a name, no larger than a courtyard, with ground that an
    area may own on all sides, is no city green but belongs to the homes around it (附属绿地, CJJ/T 85) and
    stays ground. A barrier with no width of its own has `rules.road_half_width_m` of its class to each side;
    one that is underground or covered has no ground (the footprint above is a building's), one that is
    elevated has. Without subdistricts the ground is what lies within `rules.reach_m` of a building.
    """
    territory, code = _territory(subdistricts, buildings, rules)
    public = _public(territory, barriers, land, compounds, rules)
    ground = difference_of(territory, public)
    wide = shapely.buffer(shapely.buffer(ground, -NARROW_M, join_style="mitre"), NARROW_M, join_style="mitre")
    parts, owner = shapely.get_parts(shapely.intersection(wide, ground), return_index=True)
    keep = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) >= rules.part_min_m2)
    parts, owner = parts[keep], owner[keep]
    centre = shapely.point_on_surface(parts)
    names = [f"{x:.1f},{y:.1f}" for x, y in zip(shapely.get_x(centre), shapely.get_y(centre), strict=True)]
    return conform(
        pd.DataFrame({"block_id": names, "subdistrict_code": code[owner], "geometry": parts}),
        BLOCKS,
        buildings.crs,
    )


def _territory(
    subdistricts: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, rules: DelineateRules
) -> tuple[np.ndarray, np.ndarray]:
    """The subdistricts and their codes, or else what lies about the buildings."""
    if len(subdistricts):
        return subdistricts.geometry.to_numpy(), subdistricts["subdistrict_code"].to_numpy(dtype=object)
    everywhere = np.zeros(len(buildings), dtype=np.int64)
    about = vicinity(
        buildings.geometry.to_numpy(), everywhere, 1, reach=rules.reach_m, hole_max=rules.courtyard_max_m2
    )
    parts = shapely.get_parts(about)
    return parts, np.full(len(parts), None, dtype=object)


def _public(
    territory: np.ndarray,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    rules: DelineateRules,
) -> np.ndarray:
    """What no area may own: everything that is not residential, but for the green of courtyards."""
    modest = land["kind"].eq("green") & land["name"].isna() & land.area.le(rules.courtyard_max_m2)
    green = shapely.get_parts(shapely.union_all(land.geometry[modest].to_numpy()))
    taken = land.geometry[land["kind"].ne("residential") & ~modest].to_numpy()
    certain = np.concatenate([_reserves(barriers, rules), taken, compounds.geometry.to_numpy()])
    city = shapely.area(green) > rules.courtyard_max_m2
    # what would be left of a narrower strip beside the street is no ground, and the green lies at the street
    around = np.concatenate([certain, shapely.boundary(territory)])
    city[shapely.STRtree(around).query(green, predicate="dwithin", distance=2 * NARROW_M)[0]] = True
    return np.concatenate([certain, green[city]])


def _reserves(barriers: gpd.GeoDataFrame, rules: DelineateRules) -> np.ndarray:
    """The public ground of each barrier that has any: a strip about a line, or the polygon itself; none
    underground or under a building.
    """
    barriers = barriers[~barriers["grade"].isin(["underground", "covered"])]
    width = barriers["width_m"].div(2).fillna(barriers["class"].map(rules.road_half_width_m)).to_numpy()
    geometry = barriers.geometry.to_numpy()
    is_line = shapely.get_dimensions(geometry) == 1
    strip = is_line & (width > 0)
    return np.concatenate([shapely.buffer(geometry[strip], width[strip], quad_segs=3), geometry[~is_line]])


def summary(blocks: pd.DataFrame) -> str:
    """The table in a line."""
    return f"{len(blocks):,} blocks"
