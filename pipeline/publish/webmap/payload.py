"""What the page is given: each table as columns, with the status of every area and building worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import Declared, District
from pipeline.publish.webmap.encode import column, columns, label_points, rings, shape_kinds
from pipeline.tables import TABLES, empty

Tables = Mapping[str, pd.DataFrame]

REQUIRED = ("buildings", "membership", "areas", "gaps")
OPTIONAL = ("service", "subdistricts", "communities", "barriers", "land", "compounds", "register", "contracts", "reconciliation")

BUILDING_COLUMNS = (
    "building_id name use floors floor_area_m2 floor_area_source households year owner_unit address door_number "
    "subdistrict_code area_id compound_id status method confidence runner_up_area_id runner_up_confidence contested"
).split()
AREA_COLUMNS = (
    "area_id name origin subdistrict_code community_code n_buildings households floor_area_m2 ground_area_m2 bounds_zh bounds_en "
    "status manager manager_kind contract_id contract_kind signed_on ends_on quarter score missing_services mode mode_eligible "
    "mode_reason_zh mode_reason_en address year fee_yuan_m2_month"
).split()
GAP_COLUMNS = (
    "gap_id kind priority area_id building_id entry_id subdistrict_code households floor_area_m2 ground_area_m2 note_zh note_en"
).split()


def payload(tables: Tables, *, district: District, declared: Declared) -> dict[str, Any]:
    """Everything the page draws and says, as plain JSON values; coordinates in millionths of a degree of WGS 84.

    tables: frames of pipeline.tables by name, geometry in the district's CRS; all but buildings, membership,
    areas and gaps may be missing or empty. Raises KeyError for one of those four.
    """
    complete = {name: tables[name] for name in REQUIRED}
    complete |= {name: tables[name] if name in tables else empty(TABLES[name], district.crs) for name in OPTIONAL}
    complete = {name: frame.sort_values(list(TABLES[name].key), ignore_index=True) for name, frame in complete.items()}
    areas = _areas(complete)
    buildings = _buildings(complete, areas)
    return {
        "district": {**asdict(district), "as_of": district.as_of.isoformat()},
        "declared": {name: value for name, value in asdict(declared).items() if value is not None},
        "subdistricts": _table(complete["subdistricts"], ["subdistrict_code", "name"], labels=True),
        "communities": columns(complete["communities"], ["community_code", "name"]),
        "areas": _table(areas, AREA_COLUMNS, labels=True),
        "buildings": _table(buildings, BUILDING_COLUMNS),
        "gaps": _table(complete["gaps"], GAP_COLUMNS, shapes=True),
        "compounds": _table(complete["compounds"], ["compound_id", "name", "manager"], labels=True),
        "barriers": _table(complete["barriers"], ["class", "name", "width_m"], shapes=True),
        "land": _table(complete["land"], ["kind", "name"], labels=True),
        "reconciliation": columns(
            complete["reconciliation"], ["figure", "unit", "declared", "computed", "difference", "difference_share", "verdict", "note"]
        ),
    }


def _table(frame: Any, names: list[str], *, labels: bool = False, shapes: bool = False) -> dict[str, Any]:
    table = columns(frame, names) | {"rings": rings(frame.geometry)}
    if labels:
        table["label"] = label_points(frame.geometry)
    if shapes:
        table["shape"] = column(pd.Series(shape_kinds(frame.geometry), dtype="str"))
    return table


def _areas(tables: Tables) -> Any:
    """Areas with their service, their contract's first day, and what only the register knows; status `proposed` without service."""
    service = tables["service"].set_index("area_id")
    register = tables["register"].set_index("area_id")
    contracts = tables["contracts"].set_index("contract_id")
    areas = tables["areas"].copy()
    ids = areas["area_id"]
    for name in service.columns:
        areas[name] = ids.map(service[name])
    areas["status"] = areas["status"].astype("str").fillna("proposed")
    areas["signed_on"] = areas["contract_id"].map(contracts["signed_on"])
    for name in ("manager", "manager_kind", "mode"):
        areas[name] = areas[name].astype("str").fillna(ids.map(register[name]).astype("str"))
    for name in ("address", "year", "fee_yuan_m2_month"):
        areas[name] = ids.map(register[name])
    return areas


def _buildings(tables: Tables, areas: Any) -> Any:
    """Buildings with their membership and status: that of their area, `elsewhere`, `gap`, or `other` where no area is needed."""
    buildings = tables["buildings"].copy()
    membership = tables["membership"].set_index("building_id")
    ids = buildings["building_id"]
    for name in membership.columns.drop("subdistrict_code"):
        buildings[name] = ids.map(membership[name])
    buildings["contested"] = buildings["contested"].astype("boolean").fillna(False)
    of_area = buildings["area_id"].map(areas.set_index("area_id")["status"])
    residential = (buildings["use"] == "residential").to_numpy()
    in_area = of_area.notna().to_numpy()
    elsewhere = buildings["compound_id"].notna().to_numpy()
    status = np.select([~residential, in_area, elsewhere], ["other", of_area.astype(object), "elsewhere"], default="gap")
    buildings["status"] = pd.Series(status, index=buildings.index, dtype="str")
    return buildings
