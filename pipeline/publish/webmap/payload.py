"""What the page is given: each table as packed columns, with what belongs to a row joined to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import Declared, District
from pipeline.domain.barriers import at_grade
from pipeline.geometry.arrays import Geometries, Integers
from pipeline.parsing.romanisation import romanised
from pipeline.publish.webmap.decided import decided
from pipeline.publish.webmap.encode import label_points, shape_kinds
from pipeline.publish.webmap.outlines import corners, seams
from pipeline.publish.webmap.pack import (
    Block,
    by_place,
    column,
    hashed,
    last_numbers,
    link,
    shapes,
    web_mercator,
)
from pipeline.publish.webmap.pinyin import readings
from pipeline.publish.webmap.reasons import reasons
from pipeline.tables import PROVENANCE, TABLES, empty

Tables = Mapping[str, pd.DataFrame]

REQUIRED = ("buildings", "membership", "areas", "gaps")
OPTIONAL = (
    *(
        "bounds",
        "service",
        "subdistricts",
        "communities",
        "barriers",
        "land",
        "compounds",
        "register",
        "contracts",
    ),
    *(
        "reconciliation",
        "area_reasons",
        "boundaries",
        "decisions",
        "released_areas",
        "released_membership",
        "changes",
    ),
)


def _names(table: str, *without: str) -> list[str]:
    return [
        c.name
        for c in TABLES[table].columns
        if c.kind != "geometry" and c not in PROVENANCE and c.name not in without
    ]


#: What the first picture and the panel need. The other columns (`facts`) are unpacked after it.
PICTURE = {
    "subdistricts": ["subdistrict_code", "name", "name_en"],
    "areas": [
        "area_id",
        "name",
        "status",
        "subdistrict_code",
        "manager",
        "n_buildings",
        "oddity_rank",
        "origin",
    ],
    "buildings": ["area_id", "compound_id", "subdistrict_code", "use"],
    "gaps": [
        "gap_id",
        "kind",
        "priority",
        "area_id",
        "building_id",
        "entry_id",
        "subdistrict_code",
        "ground_area_m2",
    ],
    "compounds": ["compound_id", "name", "manager"],
    "barriers": ["class", "name", "width_m"],
    "land": ["kind", "name"],
}
FACTS = {
    "communities": ["community_code", "name", "name_en"],
    "areas": [
        *_names("areas", "n_parts", *PICTURE["areas"]),
        *("bounds_zh", "bounds_en"),
        *_names("service", "area_id", "starts_on", *PICTURE["areas"]),
        *("signed_on", "address", "year", "fee_yuan_m2_month"),
    ],
    "buildings": [
        *_names(
            "buildings",
            "footprint_area_m2",
            "floor_area_source",
            "road",
            "door_number",
            *PICTURE["buildings"],
        ),
        "door_beyond_address",
        *_names("membership", "building_id", "gap", "entry_id", *PICTURE["buildings"]),
    ],
    "gaps": [*_names("gaps", *PICTURE["gaps"]), "community_code"],
    "reconciliation": _names("reconciliation"),
}

#: Columns that name rows of another table.
LINKS = {
    "area_id": "areas",
    "runner_up_area_id": "areas",
    "compound_id": "compounds",
    "building_id": "buildings",
    "subdistrict_code": "subdistricts",
    "community_code": "communities",
}
#: The page shows so many decimals.
DECIMALS = {"floor_area_m2": 0, "ground_area_m2": 0, "confidence": 2, "runner_up_confidence": 2}

#: Chinese columns that the search looks into, which may be typed as pinyin.
PINYIN_SEARCHED = {
    "areas": ("name", "address", "manager"),
    "buildings": ("name", "address"),
    "compounds": ("name", "manager"),
}

#: Kinds of land that look like the blocks they lie in.
BLOCK_COLOURED = ("residential", "other")

#: Where the shape of a gap is: its own, that of its building, or that of its area.
OWN, BUILDING, AREA = 0, 1, 2


class Payload(NamedTuple):
    """The blocks of a page, in the order in which it reads them."""

    #: What the first picture needs, of a whole city without the walls of its buildings.
    picture: Block
    walls: Block
    #: What search, lists and popups say.
    facts: Block
    #: The reasons for which buildings form one area.
    reasons: Block


def payload(
    tables: Tables, *, district: District, declared: Declared, missing: Sequence[str] = ()
) -> Payload:
    """Everything the page draws and says.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Frames of pipeline.tables by name, geometry in the district's CRS; all but buildings, membership,
        areas and gaps may be missing or empty.
    district : District
    declared : Declared
        The totals that were declared.
    missing : sequence of str, default ()
        Names of tables of which nothing is known.

    Returns
    -------
    Payload

    Raises
    ------
    KeyError
        For one of those four.
    """
    complete = {name: tables[name] for name in REQUIRED}
    complete |= {
        name: tables[name] if name in tables else empty(TABLES[name], district.crs) for name in OPTIONAL
    }
    complete["barriers"] = complete["barriers"][at_grade(complete["barriers"])]
    complete = {
        name: frame.sort_values(list(TABLES[name].key), ignore_index=True) for name, frame in complete.items()
    }
    complete |= {name: _in_english(complete[name]) for name in ("subdistricts", "communities")}
    complete["land"] = _visible_land(complete["land"], complete["subdistricts"])
    drawn = {name: web_mercator(complete[name].geometry) for name in PICTURE}
    complete["buildings"] = _buildings(complete)
    order = _by_area(complete["buildings"], drawn["buildings"])
    drawn["buildings"] = drawn["buildings"][order]
    complete["buildings"] = complete["buildings"].iloc[order].reset_index(drop=True)
    complete["areas"] = _areas(complete)
    complete["gaps"] = _gaps(complete)

    picture, walls, facts = Block(), Block(), Block()
    picture.head = {
        "district": {**asdict(district), "as_of": district.as_of.isoformat()},
        "declared": {name: value for name, value in asdict(declared).items() if value is not None},
        "tables": {name: _table(picture, complete, name, PICTURE[name]) for name in PICTURE},
        "missing": list(missing),
    }
    drawn["gaps"], of = _own_shapes(complete["gaps"], drawn, complete)
    picture.head["tables"]["gaps"]["shape_of"] = picture.numbers(of)
    picture.head["tables"]["buildings"]["shapes"] = shapes(picture, drawn.pop("buildings"), walls=walls)
    kept = corners(drawn.values())
    drawn["seams"] = seams(shapely.transform(drawn["subdistricts"], np.rint))
    picture.head["tables"]["seams"] = {"rows": len(drawn["seams"]), "columns": {}}
    for name, outlines in drawn.items():
        picture.head["tables"][name]["shapes"] = shapes(picture, outlines, corners=kept)
    for name in ("subdistricts", "areas", "compounds", "land"):
        picture.head["tables"][name]["columns"] |= _labels(picture, complete[name].geometry)
    for name in ("gaps", "barriers"):
        kinds = pd.Series(shape_kinds(complete[name].geometry), dtype="str")
        picture.head["tables"][name]["columns"]["shape"] = column(picture, kinds)

    facts.head = {
        "tables": {name: _table(facts, complete, name, FACTS[name]) for name in FACTS},
        "decided": facts.values(decided(complete)),
        "pinyin": facts.values(
            readings(complete[name][each] for name, names in PINYIN_SEARCHED.items() for each in names)
        ),
    }
    facts.head["tables"]["communities"]["columns"] |= _labels(facts, complete["communities"].geometry)
    facts.head["tables"]["community_lines"] = _lines(facts, complete["communities"].geometry)
    if has_release(tables):
        facts.head["tables"] |= _release(facts, complete)
        facts.head["released_on"] = max(_in_use(complete)["released_on"].dropna(), default=None)
    why = Block()
    why.head = reasons(why, complete["area_reasons"], complete["areas"]["area_id"])
    return Payload(picture, walls, facts, why)


def has_release(tables: Tables) -> bool:
    """Whether there is a release to compare with.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name.

    Returns
    -------
    bool
    """
    return any(name in tables and len(tables[name]) for name in ("released_areas", "released_membership"))


def _in_use(tables: Tables) -> gpd.GeoDataFrame:
    """The areas in use at the last release."""
    areas = tables["released_areas"]
    return areas[~areas["retired"].fillna(False)].reset_index(drop=True)


def _lines(block: Block, geometry: gpd.GeoSeries) -> dict[str, Any]:
    """The outlines of neighbours as a table of lines, each common stretch once, into the block."""
    drawn = shapely.transform(web_mercator(geometry), np.rint)
    lines = seams(drawn)
    return {"rows": len(lines), "columns": {}, "shapes": shapes(block, lines, corners=corners([drawn]))}


def _release(block: Block, tables: Tables) -> dict[str, Any]:
    """What js/tools/compare.js needs, into the block: `released`, the areas in use at the last release, and
    `changes` since.
    """
    areas = _in_use(tables)
    names = [name for name in ("area_id", "name") if areas[name].notna().any()]
    released = {
        "rows": len(areas),
        "columns": {name: column(block, areas[name]) for name in names} | _labels(block, areas.geometry),
    }
    changes = {name: column(block, tables["changes"][name]) for name in _names("changes")}
    return {
        "released": released | {"shapes": shapes(block, web_mercator(areas.geometry))},
        "changes": {"rows": len(tables["changes"]), "columns": changes},
    }


def _table(block: Block, tables: Tables, name: str, names: list[str]) -> dict[str, Any]:
    """The named columns of a table, into the block; one that holds nothing at all is left out, and reads as
    null.
    """
    frame = tables[name]
    packed = {}
    for each in names:
        target = LINKS.get(each)
        if not frame[each].notna().any():
            continue
        if target and target != name:
            key = TABLES[target].key[0]
            packed[each] = link(block, frame[each], tables[target][key], target, key)
        else:
            packed[each] = column(block, frame[each], decimals=DECIMALS.get(each, 3))
    return {"rows": len(frame), "columns": packed}


def _labels(block: Block, geometry: gpd.GeoSeries) -> dict[str, Any]:
    """Where names are written, as columns label_x and label_y in units."""
    xy = shapely.get_coordinates(web_mercator(label_points(geometry)))
    there = geometry.notna() & ~geometry.is_empty
    placed = pd.DataFrame(np.nan, index=geometry.index, columns=["label_x", "label_y"])
    placed[there] = np.rint(xy)
    return {name: column(block, placed[name].astype("Int64")) for name in placed}


def _in_english(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same rows with name_en, their names for readers of English (日新街道: Rixin Subdistrict); null for
    one that they can read.
    """
    english = frame["name"].map(romanised, na_action="ignore").astype("str")
    return frame.assign(name_en=english.mask((english == frame["name"]) | (english == "")))


def _visible_land(land: gpd.GeoDataFrame, subdistricts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land without what cannot be told from the blocks it lies in: every subdistrict is filled with their
    colour (js/draw/styles.js).
    """
    blocks = shapely.union_all(subdistricts.geometry.to_numpy())
    shapely.prepare(blocks)
    alike = land[land["kind"].isin(BLOCK_COLOURED)]
    return land.drop(alike.index[shapely.covered_by(alike.geometry.to_numpy(), blocks)]).reset_index(
        drop=True
    )


def _by_area(buildings: gpd.GeoDataFrame, drawn: Geometries) -> Integers:
    """An order in which buildings of one area, or compound, follow each other by their ids, and areas as
    their places do.

    What buildings of an area have in common (road, year, the area itself) then packs into few bytes. Ids made
    from a hash do not follow the place: those buildings are in the order of their places. `buildings` is
    sorted by id.
    """
    place = np.argsort(by_place(drawn))
    within = place if hashed(buildings["building_id"]) else np.arange(len(buildings))
    area, compound, building = (
        buildings[name].astype("str") for name in ("area_id", "compound_id", "building_id")
    )
    group = area.fillna(compound).fillna(building)
    first = pd.Series(place).groupby(group.to_numpy()).transform("min").to_numpy()
    return np.lexsort((within, first))


def _own_shapes(
    gaps: pd.DataFrame, drawn: Mapping[str, Geometries], tables: Tables
) -> tuple[Geometries, Integers]:
    """The shapes of the gaps without those that are their building's or area's, and whose shape each has
    (OWN, BUILDING, AREA).
    """
    own, of = drawn["gaps"].copy(), np.full(len(gaps), OWN)
    for kind, table, key in ((BUILDING, "buildings", "building_id"), (AREA, "areas", "area_id")):
        at = pd.Index(tables[table][key]).get_indexer(pd.Index(gaps[key]))
        other = np.where(at >= 0, drawn[table][at], None) if len(drawn[table]) else np.full(len(gaps), None)
        same = shapely.equals_exact(own, other) & (of == OWN)
        own[same], of[same] = None, kind
    return own, of


def _areas(tables: Tables) -> gpd.GeoDataFrame:
    """Areas with bounds, service, their contract's first day, and what only the register knows; status
    `proposed` without service.
    """
    of_area = [tables[name].set_index("area_id") for name in ("bounds", "service")]
    register = tables["register"].set_index("area_id")
    contracts = tables["contracts"].set_index("contract_id")
    areas = tables["areas"].copy()
    ids = areas["area_id"]
    for table in of_area:
        for name in table.columns:
            areas[name] = ids.map(table[name])
    areas["status"] = areas["status"].astype("str").fillna("proposed")
    areas["signed_on"] = areas["contract_id"].map(contracts["signed_on"])
    for name in ("manager", "manager_kind", "mode"):
        areas[name] = areas[name].astype("str").fillna(ids.map(register[name]).astype("str"))
    for name in ("address", "year", "fee_yuan_m2_month"):
        areas[name] = ids.map(register[name])
    return areas


def _buildings(tables: Tables) -> gpd.GeoDataFrame:
    """Buildings with their membership; their community only where they have no area (else the area's counts).

    A door number is kept as its difference from the last number of the address: mostly 0.
    """
    buildings = tables["buildings"].copy()
    membership = tables["membership"].set_index("building_id")
    ids = buildings["building_id"]
    for name in membership.columns.drop("subdistrict_code"):
        buildings[name] = ids.map(membership[name])
    buildings["contested"] = buildings["contested"].astype("boolean").fillna(False)
    buildings["community_code"] = buildings["community_code"].where(buildings["area_id"].isna())
    buildings["door_beyond_address"] = buildings["door_number"] - last_numbers(buildings["address"])
    return buildings


def _gaps(tables: Tables) -> gpd.GeoDataFrame:
    """Gaps, with the community they lie in where they are about no area and no building."""
    gaps, communities = tables["gaps"].copy(), tables["communities"]
    by_itself = (gaps["area_id"].isna() & gaps["building_id"].isna() & gaps.geometry.notna()).to_numpy()
    gaps["community_code"] = pd.Series(pd.NA, index=gaps.index, dtype="str")
    if len(communities) and by_itself.any():
        places = shapely.point_on_surface(gaps.geometry.to_numpy()[by_itself])
        gap, community = shapely.STRtree(communities.geometry.to_numpy()).query(
            places, predicate="intersects"
        )
        order = np.lexsort((community, gap))  # on the line between two: the first
        at, first = np.unique(gap[order], return_index=True)
        gaps.loc[np.nonzero(by_itself)[0][at], "community_code"] = communities["community_code"].to_numpy()[
            community[order][first]
        ]
    return gaps
