"""Delineate: the ground each area owns, and its four bounds in words."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from pipeline.codes import most_common
from pipeline.config import DelineateRules
from pipeline.geometry.bounds import SIDES, Surroundings, four_sides
from pipeline.geometry.territories import Plan, territories
from pipeline.tables import AREAS, conform

SIGHT_M = 30.0
"""A side faces what lies within this of it."""
SIDES_ZH = ("东", "南", "西", "北")
OPEN = ("空地", "open ground")
UNNAMED = {
    "railway": ("铁路", "railway"),
    "water": ("水域", "water"),
    "arterial": ("道路", "road"),
    "collector": ("道路", "road"),
    "local": ("道路", "road"),
    "green": ("绿地", "green"),
    "road": ("道路", "road"),
    "public": ("公共用地", "public land"),
    "other": ("其他用地", "other land"),
}


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
) -> gpd.GeoDataFrame:
    """One row for every area (AREAS), in the CRS of the buildings (projected, metres), sorted by area id.

    Tables of those schemas. Areas are those of the register, of the hand-drawn boundaries and of the membership;
    one that holds no building and was not drawn has no geometry.

    An area's ground is what is nearer to its buildings than to any other building, within rules.reach_m of them, in
    the same block, bays narrower than that and courtyards up to rules.courtyard_max_m2 included. Ground beyond goes to
    a neighbour where it is enclosed, empty and smaller than rules.pocket_max_m2. Whole footprints belong to their area
    even where they stand on a street. Sheds claim no ground, nor do shops and schools that stand on residential land:
    they lie in the area around them. Areas form a valid coverage (no overlap; common edges are the same vertex by
    vertex). Hand-drawn boundaries come out exactly as they
    went in; other areas keep 0.15 m clear of them.
    """
    crs = buildings.crs
    ids = np.array(sorted(set(register["area_id"]) | set(boundaries["area_id"]) | set(membership["area_id"].dropna())), dtype=object)
    buildings = buildings.sort_values("building_id", ignore_index=True)
    label = _labels(buildings, membership, ids)
    ground = territories(_plan(buildings, label, blocks, land, boundaries, rules), len(ids))
    drawn = np.searchsorted(ids, boundaries["area_id"].to_numpy(dtype=object)) if len(boundaries) else np.zeros(0, dtype=int)
    ground[drawn] = np.asarray(boundaries.geometry.array, dtype=object)

    areas = _facts(ids, buildings, label, register, drawn)
    areas["ground_area_m2"] = _geodesic_area(ground, crs)
    areas["n_parts"] = np.where(shapely.is_missing(ground), 0, shapely.get_num_geometries(ground))
    areas["bounds_zh"], areas["bounds_en"] = _bounds(ground, areas, barriers, land)
    return conform(areas.assign(geometry=ground), AREAS, crs)


def _labels(buildings: Any, membership: Any, ids: Any) -> Any:
    """The position of each building's area in `ids`; −1: in none."""
    area = buildings["building_id"].map(membership.set_index("building_id")["area_id"])
    placed = area.notna().to_numpy()
    label = np.full(len(buildings), -1, dtype=np.int64)
    label[placed] = np.searchsorted(ids, area[placed].to_numpy(dtype=object))
    return label


def _plan(buildings: Any, label: Any, blocks: Any, land: Any, boundaries: Any, rules: DelineateRules) -> Plan:
    stands = (label >= 0) | _keeps_ground(buildings, land)
    codes = {code: i for i, code in enumerate(sorted(set(blocks["subdistrict_code"].dropna())))}
    return Plan(
        shapes=np.asarray(buildings.geometry.array, dtype=object)[stands],
        label=label[stands],
        region=buildings["subdistrict_code"].map(codes).fillna(-1).to_numpy(dtype=np.int64)[stands],
        enclosures=np.asarray(blocks.geometry.array, dtype=object),
        enclosure_region=blocks["subdistrict_code"].map(codes).fillna(0).to_numpy(dtype=np.int64),
        held=np.asarray(boundaries.geometry.array, dtype=object),
        reach=rules.reach_m,
        part_min=rules.part_min_m2,
        hole_max=rules.courtyard_max_m2,
        pocket_max=rules.pocket_max_m2,
    )


def _keeps_ground(buildings: Any, land: Any) -> Any:
    """Whether a building keeps the ground around it from the areas: homes do, and whatever stands off residential land."""
    homes = (buildings["use"] == "residential").to_numpy()
    other = np.flatnonzero(buildings["use"].isin(["public", "commercial"]).to_numpy())
    residential = np.asarray(land.geometry.array, dtype=object)[(land["kind"] == "residential").to_numpy()]
    inside, _ = shapely.STRtree(residential).query(shapely.point_on_surface(buildings.geometry.array[other]), predicate="within")
    keeps = homes.copy()
    keeps[np.delete(other, inside)] = True
    return keeps


def _facts(ids: Any, buildings: Any, label: Any, register: Any, drawn: Any) -> pd.DataFrame:
    """Everything about an area but its ground."""
    k = len(ids)
    of = label[label >= 0]
    members = buildings[label >= 0]
    declared = register.set_index("area_id").reindex(ids)
    known = np.isin(ids, register["area_id"].to_numpy(dtype=object))
    origin = np.where(known, "register", "proposal").astype(object)
    origin[drawn] = "boundary"
    community = most_common(members["community_code"], of, k)
    subdistrict = most_common(members["subdistrict_code"], of, k)
    sums = members[["households", "floor_area_m2"]].groupby(of).sum(min_count=1).reindex(range(k))
    return pd.DataFrame(
        {
            "area_id": ids,
            "name": declared["name"].to_numpy(dtype=object),
            "origin": origin,
            "subdistrict_code": pd.Series(subdistrict, dtype="str").fillna(declared["subdistrict_code"].reset_index(drop=True)),
            "community_code": declared["community_code"].reset_index(drop=True).fillna(pd.Series(community, dtype="str")),
            "n_buildings": np.bincount(of, minlength=k),
            "households": sums["households"].to_numpy(),
            "floor_area_m2": sums["floor_area_m2"].to_numpy(dtype=float),
        }
    )


def _geodesic_area(ground: Any, crs: Any) -> Any:
    """Area on the GRS 80 ellipsoid in m²; 0 where there is no ground."""
    geod = Geod(ellps="GRS80")
    degrees = gpd.GeoSeries(ground, crs=crs).to_crs("EPSG:4326")
    return np.array([0.0 if g is None else abs(geod.geometry_area_perimeter(g)[0]) for g in degrees])


def _bounds(ground: Any, areas: pd.DataFrame, barriers: Any, land: Any) -> tuple[list[str | None], list[str | None]]:
    """The four bounds in Chinese and English: named roads and water first, then neighbours, then the rest."""
    with_ground = np.flatnonzero(~shapely.is_missing(ground))
    out: tuple[list[str | None], list[str | None]] = ([None] * len(ground), [None] * len(ground))
    if not len(with_ground):
        return out
    shapes = ground[with_ground]
    public = land[land["kind"] != "residential"]
    lines, greens = (np.asarray(t.geometry.array, dtype=object) for t in (barriers, public))
    words: dict[tuple[str, str], int] = {}

    def named(names: Any, kinds: Any = None) -> Any:
        """Each name, or else what its kind is called, as its position in `words`."""
        known = [(n, n) if isinstance(n, str) and n else None for n in names]
        if kinds is not None:
            known = [n or UNNAMED.get(kind) for n, kind in zip(known, kinds, strict=True)]
        return np.array([-1 if n is None else words.setdefault(n, len(words)) for n in known], dtype=np.int64)

    layers = (
        Surroundings(lines, named(barriers["name"])),
        Surroundings(shapes, named(areas["name"].fillna(areas["area_id"]).iloc[with_ground])),
        Surroundings(lines, named([None] * len(lines), barriers["class"])),
        Surroundings(greens, named(public["name"], public["kind"])),
    )
    texts = [*words, OPEN]  # −1, nothing in sight, is the last
    for i, sides in zip(with_ground, four_sides(shapes, layers, SIGHT_M), strict=True):
        zh, en = zip(*(texts[side] for side in sides), strict=True)
        out[0][i] = "，".join(f"{side}至{name}" for side, name in zip(SIDES_ZH, zh, strict=True))
        out[1][i] = ", ".join(f"{side} to {name}" for side, name in zip(SIDES, en, strict=True))
    return out
