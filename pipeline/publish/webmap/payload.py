"""What the page is given: each table as columns, with the status of every area and building worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import Declared, District
from pipeline.publish.webmap.encode import column, columns, label_points, rings, shape_kinds
from pipeline.tables import PROVENANCE, TABLES, empty

Tables = Mapping[str, pd.DataFrame]

REQUIRED = ("buildings", "membership", "areas", "gaps")
OPTIONAL = ("service", "subdistricts", "communities", "barriers", "land", "compounds", "register", "contracts", "reconciliation")


def _names(table: str, *without: str) -> list[str]:
    return [c.name for c in TABLES[table].columns if c.kind != "geometry" and c not in PROVENANCE and c.name not in without]


BUILDING_COLUMNS = [
    *_names("buildings", "footprint_area_m2", "road", "community_code"),
    *_names("membership", "building_id", "subdistrict_code", "gap", "entry_id"),
    "status",
]
AREA_COLUMNS = [*_names("areas", "n_parts"), *_names("service", "area_id"), "signed_on", "address", "year", "fee_yuan_m2_month"]


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
        "gaps": _table(complete["gaps"], _names("gaps"), shapes=True),
        "compounds": _table(complete["compounds"], ["compound_id", "name", "manager"], labels=True),
        "barriers": _table(complete["barriers"], ["class", "name", "width_m"], shapes=True),
        "land": _table(complete["land"], ["kind", "name"], labels=True),
        "reconciliation": columns(complete["reconciliation"], _names("reconciliation")),
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
