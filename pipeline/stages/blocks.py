"""The ground an area may own: what is left between streets, railways, water, public land and compounds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.config import DelineateRules
from pipeline.geometry.arrays import Geometries
from pipeline.geometry.coverage.reach import vicinity
from pipeline.geometry.overlay import difference_of
from pipeline.tables import BLOCKS, conform

NARROW_M = 1.5
"""Corridors narrower than twice this, such as between a road and a park, are left out of the blocks."""


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

    City roads, public green and rivers never lie inside an area (State Council 物业管理条例), nor does a
    compound that somebody else manages. Green without a name, no larger than a courtyard, with ground that an
    area may own on all sides, is no city green but belongs to the homes around it (附属绿地, CJJ/T 85) and
    stays ground. A barrier with no width of its own has `rules.road_half_width_m` of its class to each side;
    one that is underground or covered has no ground (the footprint above is a building's), one that is
    elevated has. Without subdistricts the ground is what lies within `rules.reach_m` of a building.

    Parameters
    ----------
    subdistricts, buildings, barriers, land, compounds : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres; subdistricts may be empty.
    rules : DelineateRules
        road_half_width_m, reach_m, courtyard_max_m2 (largest courtyard) and part_min_m2 (smallest block).

    Returns
    -------
    GeoDataFrame
        BLOCKS: each subdistrict less public ground, in its separate parts, in the CRS of the buildings. A
        block's id is a point on it, easting and northing in metres.
    """
    territory, code = _territory(subdistricts, buildings, rules)
    public = _public_ground(territory, barriers, land, compounds, rules)
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
) -> tuple[Geometries, NDArray[np.object_]]:
    """The subdistricts and their codes; without any, the ground around the buildings, with null codes."""
    if len(subdistricts):
        return subdistricts.geometry.to_numpy(), subdistricts["subdistrict_code"].to_numpy(dtype=object)
    everywhere = np.zeros(len(buildings), dtype=np.int64)
    about = vicinity(
        buildings.geometry.to_numpy(), everywhere, 1, reach=rules.reach_m, hole_max=rules.courtyard_max_m2
    )
    parts = shapely.get_parts(about)
    return parts, np.full(len(parts), None, dtype=object)


def _public_ground(
    territory: Geometries,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    rules: DelineateRules,
) -> Geometries:
    """The ground that no area may own: all that is not residential, but for the green of courtyards."""
    small_unnamed = land["kind"].eq("green") & land["name"].isna() & land.area.le(rules.courtyard_max_m2)
    green = shapely.get_parts(shapely.union_all(land.geometry[small_unnamed].to_numpy()))
    taken = land.geometry[land["kind"].ne("residential") & ~small_unnamed].to_numpy()
    certain = np.concatenate([_barrier_reserves(barriers, rules), taken, compounds.geometry.to_numpy()])
    is_public = shapely.area(green) > rules.courtyard_max_m2
    # green this near a street or the subdistrict's edge: a strip so narrow between them would be no ground
    around = np.concatenate([certain, shapely.boundary(territory)])
    is_public[shapely.STRtree(around).query(green, predicate="dwithin", distance=2 * NARROW_M)[0]] = True
    return np.concatenate([certain, green[is_public]])


def _barrier_reserves(barriers: gpd.GeoDataFrame, rules: DelineateRules) -> Geometries:
    """The public ground of each barrier that has any.

    It is a strip along a line, or the polygon itself; there is none underground or under a building.
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
