"""The ground of areas: valid, disjoint, a coverage, whole footprints, off public ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.arrays import Geometries, Mask
from pipeline.geometry.overlay import difference_of, union_by
from pipeline.stages.check.rows import Row, building_names, first_names, row

OVERLAP_M2 = 0.01
"""Areas that share less ground than this do not overlap: it is rounding (1 cm over a metre of line)."""
BESIDE_DRAWN_M = 0.2
"""Areas may end this short of a drawn boundary that a line of theirs ends at (delineate), so that a footprint
which it cuts lacks as much more.
"""


def areas_fit(
    areas: gpd.GeoDataFrame,
    blocks: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    boundaries: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
) -> list[Row]:
    """The ground of areas is valid and disjoint, a coverage, with whole footprints and off public ground.

    Parameters
    ----------
    areas, blocks, buildings, boundaries, subdistricts : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    membership : DataFrame
        MEMBERSHIP.

    Returns
    -------
    list of Row

    Notes ----- What a person drew is obeyed even where it overlaps or cuts a building, and only wants a look;
    the rest has to fit.
    """
    located = areas[~(areas.geometry.isna() | areas.geometry.is_empty)]
    drawn = located["area_id"].isin(boundaries["area_id"]).to_numpy()
    ground = located.geometry.to_numpy()
    computed = ground[~drawn]
    invalid = int((~shapely.is_valid(ground)).sum())
    # an invalid one has a row of its own, and must not stop the other checks
    whole = located.set_geometry(shapely.make_valid(ground))
    left, right = shapely.STRtree(ground).query(ground, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.area(
        shapely.intersection(shapely.make_valid(ground[left]), shapely.make_valid(ground[right]))
    )
    overlap, both_drawn = shared > OVERLAP_M2, drawn[left] & drawn[right]
    total, union = (
        float(shapely.area(computed).sum()),
        float(shapely.area(shapely.union_all(shapely.make_valid(computed)))),
    )
    clear = np.ones(len(ground), dtype=bool)
    clear[np.concatenate([left[overlap & both_drawn], right[overlap & both_drawn]])] = False
    unmatched = int((~shapely.is_empty(shapely.coverage_invalid_edges(ground[clear]))).sum())
    outside, cut_by_drawn = _outside_members(whole, buildings, membership, drawn)
    on_public_m2 = _outside_m2(whole.geometry.to_numpy()[~drawn], blocks.geometry.to_numpy(), buildings)
    elsewhere_m2 = _outside_subdistrict_m2(whole[~drawn], subdistricts, buildings)
    return [
        row("areas_valid", invalid == 0, f"{invalid} invalid", "every area a valid polygon"),
        row(
            "areas_disjoint",
            not (overlap & ~both_drawn).any(),
            f"{int((overlap & ~both_drawn).sum())} pairs overlap",
            "none",
        ),
        row(
            "drawn_disjoint",
            not (overlap & both_drawn).any(),
            f"{int((overlap & both_drawn).sum())} pairs overlap",
            "none",
            "see gaps",
            "warn",
        ),
        row(
            "areas_sum",
            abs(total - union) <= OVERLAP_M2 * len(computed),
            f"parts {total:.2f} m², union {union:.2f} m²",
            "the same",
        ),
        row(
            "areas_coverage",
            unmatched == 0,
            f"{unmatched} areas with unmatched edges",
            "shared edges identical vertex by vertex",
        ),
        row(
            "members_inside",
            outside.empty,
            f"{len(outside)} footprints reach out of their area: {first_names(outside)}",
            "0",
            "a defect of this program: report it with these rows; until then decide on the map which area"
            " each belongs to, or draw it",
        ),
        row(
            "drawn_members_inside",
            cut_by_drawn.empty,
            f"{len(cut_by_drawn)} footprints reach out of their area: {first_names(cut_by_drawn)}",
            "0",
            "a drawn boundary cuts a building, or a decision names one outside it",
            "warn",
        ),
        row(
            "areas_off_public_ground",
            on_public_m2 <= 1.0,
            f"{on_public_m2:.1f} m² on public ground",
            "0, but for footprints that stand there",
        ),
        row(
            "areas_in_one_subdistrict",
            elsewhere_m2 <= 1.0,
            f"{elsewhere_m2:.1f} m² in another subdistrict",
            "0, but for footprints that stand there",
        ),
    ]


def _outside_members(
    areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, membership: pd.DataFrame, drawn: Mask
) -> tuple[pd.Series, pd.Series]:
    """Footprints that reach out of their area; and, separately, those that do because of a drawn boundary.

    What a footprint of another area also covers does not count. The boundary drawn is that of their own area,
    or that of another where they stand.
    """
    columns = ["building_id", "source_file", "source_row", "geometry"]
    members = membership.dropna(subset="area_id").merge(pd.DataFrame(buildings[columns]), on="building_id")
    position = (
        pd.Series(np.arange(len(areas)), index=areas["area_id"].to_numpy())
        .reindex(members["area_id"])
        .to_numpy()
    )
    known = ~np.isnan(position)
    area = position[known].astype(int)
    # Footprints that stand wall to wall share a line on the grid of the areas: it may be off by that grid's 5
    # cm.
    footprints = members["geometry"].to_numpy()[known]
    one, other = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    rival = area[one] != area[other]
    shared = union_by(footprints[other[rival]], one[rival], len(footprints))
    whole = shapely.buffer(shapely.difference(footprints, shared), -0.05, join_style="mitre")
    ground = areas.geometry.to_numpy()
    rest = shapely.difference(whole, ground[area])
    held, holder = shapely.buffer(ground[drawn], BESIDE_DRAWN_M, join_style="mitre"), np.flatnonzero(drawn)
    one, other = shapely.STRtree(held).query(whole, predicate="intersects")
    rival = area[one] != holder[other]
    beside = shapely.difference(rest, union_by(held[other[rival]], one[rival], len(whole)))
    cut = shapely.area(rest) > OVERLAP_M2
    by_hand = cut & (drawn[area] | (shapely.area(beside) <= OVERLAP_M2))
    names = building_names(members[known])
    return names[cut & ~by_hand], names[by_hand]


def _outside_m2(ground: Geometries, allowed: Geometries, buildings: gpd.GeoDataFrame) -> float:
    """Ground neither on what is allowed nor on a footprint (and the 20 cm its wall may need), in m²."""
    rest = difference_of(
        ground,
        np.concatenate([allowed, shapely.buffer(buildings.geometry.to_numpy(), 0.2, join_style="mitre")]),
    )
    return float(shapely.area(shapely.buffer(rest, -0.05)).sum())


def _outside_subdistrict_m2(
    areas: gpd.GeoDataFrame, subdistricts: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> float:
    if subdistricts.empty or areas.empty:
        return 0.0
    at = pd.Index(subdistricts["subdistrict_code"]).get_indexer(pd.Index(areas["subdistrict_code"]))
    ground, offices = areas.geometry.to_numpy(), subdistricts.geometry.to_numpy()
    # an area that names none, or one that is not there, has to be in one all the same
    for i in np.flatnonzero(at < 0):
        at[i] = np.argmax(shapely.area(shapely.intersection(ground[i], offices)))
    return _outside_m2(shapely.difference(ground, offices[at]), np.array([], dtype=object), buildings)
