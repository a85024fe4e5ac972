"""Delineate: the ground each area owns."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline import engine
from pipeline.config import DelineateRules
from pipeline.domain.area_codes import most_common
from pipeline.domain.barriers import at_grade
from pipeline.geometry.arrays import Integers, Mask
from pipeline.geometry.coverage.partition import CLEARANCE_M, Plan, enclosed_tessellation
from pipeline.geometry.coverage.snapping import snap_to_held
from pipeline.geometry.geodesic import geodesic_area
from pipeline.tables import AREAS, conform


def delineate(
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    blocks: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    *,
    rules: DelineateRules,
    jobs: int = 1,
) -> gpd.GeoDataFrame:
    """Draw the ground each area owns.

    Areas are those of the register, of the hand-drawn boundaries and of the membership; one that holds no
    building and was not drawn has no geometry.

    An area's ground is what is nearer to its buildings than to any other building, within rules.reach_m of
    them, in the same block, bays narrower than that and courtyards up to rules.courtyard_max_m2 included.
    Where a lane, a path, a wall or another line among the barriers that is not underground runs between the
    buildings of two areas, or the line of a parcel (of residential land), their grounds meet on it. Ground
    beyond reach goes to a neighbour where it is enclosed, empty and smaller than rules.pocket_max_m2;
    corridors and spikes with no building in them go to the neighbour they lie along, or to nobody. Whole
    footprints belong to their area even where they stand on a street. Sheds claim no ground, nor do shops and
    schools that stand on residential land: they lie in the area around them. Areas form a valid coverage (no
    overlap; common edges are the same vertex by vertex). Hand-drawn boundaries, red lines among them, keep
    every corner bit by bit, and other areas come up to them; where the line between two of these ends on a
    drawn one, that gets a node.

    Parameters
    ----------
    buildings, blocks, barriers, land, boundaries, register : GeoDataFrame
        Tables of those schemas, in one projected CRS, metres.
    membership : DataFrame
        MEMBERSHIP.
    rules : DelineateRules
        reach_m, courtyard_max_m2, pocket_max_m2 and part_min_m2.
    jobs : int, default 1
        Processes to share the blocks out to; the areas are the same.

    Returns
    -------
    GeoDataFrame
        AREAS: one row for every area, sorted by area id, in the CRS of the buildings. ground_area_m2 is
        measured on the ellipsoid.
    """
    crs = buildings.crs
    ids = np.array(
        sorted(set(register["area_id"]) | set(boundaries["area_id"]) | set(membership["area_id"].dropna())),
        dtype=object,
    )
    buildings = buildings.sort_values("building_id", ignore_index=True)
    label = _labels(buildings, membership, ids)
    run = partial(engine.run, jobs=jobs, label="delineate")
    ground = enclosed_tessellation(
        _plan(buildings, label, blocks, barriers, land, boundaries, rules), len(ids), run
    )
    drawn = (
        np.searchsorted(ids, boundaries["area_id"].to_numpy(dtype=object))
        if len(boundaries)
        else np.zeros(0, dtype=int)
    )
    ground[drawn] = None
    ground, ground[drawn] = snap_to_held(ground, boundaries.geometry.array, CLEARANCE_M)

    areas = _attributes(ids, buildings, label, membership, register, drawn)
    areas["ground_area_m2"] = np.nan_to_num(geodesic_area(ground, crs))
    areas["n_parts"] = np.where(shapely.is_missing(ground), 0, shapely.get_num_geometries(ground))
    return conform(areas.assign(geometry=ground), AREAS, crs)


def _labels(buildings: gpd.GeoDataFrame, membership: pd.DataFrame, ids: NDArray[np.object_]) -> Integers:
    """The position of each building's area in `ids`; −1: in none."""
    area = buildings["building_id"].map(membership.set_index("building_id")["area_id"])
    placed = area.notna().to_numpy()
    label = np.full(len(buildings), -1, dtype=np.int64)
    label[placed] = np.searchsorted(ids, area[placed].to_numpy(dtype=object))
    return label


def _plan(
    buildings: gpd.GeoDataFrame,
    label: Integers,
    blocks: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    rules: DelineateRules,
) -> Plan:
    claims = _claims_ground(buildings, land)  # homes, and with them all that are in an area
    blocks, barriers = blocks.sort_values("block_id"), barriers[at_grade(barriers)].sort_values("barrier_id")
    lines = np.asarray(barriers.geometry.array, dtype=object)
    parcels = np.asarray(
        land[land["kind"].eq("residential")].sort_values("land_id").geometry.array, dtype=object
    )
    codes = {code: i for i, code in enumerate(sorted(set(blocks["subdistrict_code"].dropna())))}
    return Plan(
        shapes=np.asarray(buildings.geometry.array, dtype=object)[claims],
        label=label[claims],
        region=buildings["subdistrict_code"].map(codes).fillna(-1).to_numpy(dtype=np.int64)[claims],
        enclosures=np.asarray(blocks.geometry.array, dtype=object),
        enclosure_region=blocks["subdistrict_code"].map(codes).fillna(0).to_numpy(dtype=np.int64),
        dividers=np.concatenate(
            [lines[shapely.get_dimensions(lines) == 1], shapely.get_parts(shapely.boundary(parcels))]
        ),
        held=np.asarray(boundaries.geometry.array, dtype=object),
        reach=rules.reach_m,
        part_min=rules.part_min_m2,
        hole_max=rules.courtyard_max_m2,
        pocket_max=rules.pocket_max_m2,
    )


def _claims_ground(buildings: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> Mask:
    """Whether a building claims the ground around it: homes do, and others off residential land."""
    homes = (buildings["use"] == "residential").to_numpy()
    other = np.flatnonzero(buildings["use"].isin(["public", "commercial"]).to_numpy())
    residential = np.asarray(land.geometry.array, dtype=object)[(land["kind"] == "residential").to_numpy()]
    inside, _ = shapely.STRtree(residential).query(
        shapely.point_on_surface(buildings.geometry.array[other]), predicate="within"
    )
    claims = homes.copy()
    claims[np.delete(other, inside)] = True
    return np.asarray(claims)


def _attributes(
    ids: NDArray[np.object_],
    buildings: gpd.GeoDataFrame,
    label: Integers,
    membership: pd.DataFrame,
    register: gpd.GeoDataFrame,
    drawn: Integers,
) -> pd.DataFrame:
    """The columns of AREAS but ground_area_m2, n_parts and geometry."""
    k = len(ids)
    of = label[label >= 0]
    members = buildings[label >= 0]
    declared = register.set_index("area_id").reindex(ids)
    known = np.isin(ids, register["area_id"].to_numpy(dtype=object))
    decided = np.isin(
        ids, membership["area_id"][membership["method"].eq("decision")].dropna().to_numpy(dtype=object)
    )
    origin = np.select([known, decided], ["register", "decision"], "proposal").astype(object)
    origin[drawn] = "boundary"
    community = most_common(members["community_code"], of, k)
    subdistrict = most_common(members["subdistrict_code"], of, k)
    sums = members[["households", "floor_area_m2"]].groupby(of).sum(min_count=1).reindex(range(k))
    return pd.DataFrame(
        {
            "area_id": ids,
            "name": declared["name"].to_numpy(dtype=object),
            "origin": origin,
            "subdistrict_code": pd.Series(subdistrict, dtype="str").fillna(
                declared["subdistrict_code"].reset_index(drop=True)
            ),
            "community_code": declared["community_code"]
            .reset_index(drop=True)
            .fillna(pd.Series(community, dtype="str")),
            "n_buildings": np.bincount(of, minlength=k),
            "households": sums["households"].to_numpy(),
            "floor_area_m2": sums["floor_area_m2"].to_numpy(dtype=float),
        }
    )


def summary(areas: pd.DataFrame) -> str:
    """The table in a line."""
    return f"{len(areas)} areas, {areas['ground_area_m2'].sum() / 1e4:,.1f} ha"
