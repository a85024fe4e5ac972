"""A little district for the tests of the map: twelve blocks in two subdistricts, with one of everything the
map shows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import affinity
from shapely.geometry import LineString, Polygon, box

from pipeline.config import Declared, District
from pipeline.stages.changes import find_changes
from pipeline.tables import TABLES, conform

CRS = "EPSG:4550"
X, Y = 508_000.0, 4_308_000.0
BLOCK_W, BLOCK_H, ROAD = 170.0, 120.0, 24.0
COLUMNS, ROWS = 4, 3
GONE = "210203010001099"
STATUSES = [
    "served",
    "paper_only",
    "served",
    "unsigned",
    "served",
    "served",
    "paper_only",
    "served",
    "proposed",
]

DISTRICT = District(
    code="210203",
    name_zh="西岗区",
    name_en="Xigang District",
    crs=CRS,
    as_of=date(2026, 9, 30),
    synthetic=True,
    source="test",
)
DECLARED = Declared(source="a letter", areas=9)


def _turned(geometry: Any) -> Any:
    return affinity.rotate(geometry, 6, origin=(X, Y))


def _block(i: int) -> Polygon:
    column, row = i % COLUMNS, i // COLUMNS
    left, bottom = X + column * (BLOCK_W + ROAD), Y - row * (BLOCK_H + ROAD)
    return box(left, bottom, left + BLOCK_W, bottom + BLOCK_H)


def _slabs(block: Polygon) -> list[Polygon]:
    left, bottom, *_ = block.bounds
    return [
        box(
            left + 14 + column * 50,
            bottom + 16 + row * 34,
            left + 14 + column * 50 + 38,
            bottom + 16 + row * 34 + 12,
        )
        for row in range(3)
        for column in range(3)
    ]


def _frame(name: str, rows: list[dict[str, Any]]) -> Any:
    source = {"source_file": "test", "source_row": 1} if TABLES[name].origin == "input" else {}
    return conform(pd.DataFrame([{**source, **row} for row in rows]), TABLES[name], CRS)


def tables() -> dict[str, Any]:
    """Every table the map reads."""
    east = X + 2 * (BLOCK_W + ROAD) - ROAD / 2
    bottom, top = Y - 2 * (BLOCK_H + ROAD) - ROAD, Y + BLOCK_H + ROAD
    subdistricts = [
        {
            "subdistrict_code": "210203004",
            "name": "日新街道",
            "geometry": _turned(box(X - ROAD, bottom, east, top)),
        },
        {
            "subdistrict_code": "210203010",
            "name": "八一路街道",
            "geometry": _turned(box(east, bottom, east + 2 * (BLOCK_W + ROAD), top)),
        },
    ]
    buildings, membership, areas, bounds, service, register, contracts = [], [], [], [], [], [], []
    for i in range(9):
        block = _block(i)
        code = "210203004" if i % COLUMNS < 2 else "210203010"
        area_id = f"{code}001{i + 1:03d}"
        status = STATUSES[i]
        slabs = _slabs(block)
        loose = 1 if i in (1, 4) else 0
        for j, slab in enumerate(slabs):
            building_id = f"B{i:02d}{j:02d}"
            use = "commercial" if i == 2 and j == 0 else "residential"
            gap = j < loose
            buildings.append(
                {
                    "building_id": building_id,
                    "use": use,
                    "floors": 6,
                    "footprint_area_m2": slab.area,
                    "floor_area_m2": slab.area * 6,
                    "floor_area_source": "floors",
                    "households": 36,
                    "address": f"胜利路{10 + 2 * (9 * i + j)}号",
                    "road": "胜利路",
                    "door_number": 10 + 2 * (9 * i + j),
                    "owner_unit": "机床厂",
                    "subdistrict_code": code,
                    "community_code": f"{code}001",
                    "geometry": _turned(slab),
                }
            )
            if use == "residential":
                membership.append(
                    {
                        "building_id": building_id,
                        "subdistrict_code": code,
                        "area_id": None if gap else area_id,
                        "gap": "uncovered_building" if gap else None,
                        "method": "none" if gap else "address",
                        "confidence": 0.0 if gap else 0.9,
                        "contested": False,
                    }
                )
        areas.append(
            {
                "area_id": area_id,
                "name": f"胜利{'甲乙丙丁戊己庚辛壬'[i]}院",
                "origin": "register",
                "subdistrict_code": code,
                "community_code": f"{code}001",
                "n_buildings": len(slabs) - loose,
                "households": 36 * len(slabs),
                "floor_area_m2": sum(s.area for s in slabs) * 6,
                "ground_area_m2": block.area,
                "n_parts": 1,
                "geometry": _turned(block),
            }
        )
        bounds.append(
            {
                "area_id": area_id,
                "bounds_zh": "东至解放路，南至胜利路，西至长江路，北至黄河路",
                "bounds_en": "east to Jiefang Road, south to Shengli Road",
                "perimeter_m": block.length,
                "compactness": 0.77,
                "followed_share": 1.0,
                "oddity": 0.01 * i,
                "oddity_rank": 9 - i,
            }
        )
        register.append(
            {
                "area_id": area_id,
                "name": f"胜利{i}院",
                "address": f"胜利路{i}号",
                "manager": f"西岗物业{i % 3}公司",
            }
        )
        if status != "proposed":
            contracts.append(
                {
                    "contract_id": f"HT{i}",
                    "area_id": area_id,
                    "signed_on": "2025-01-01",
                    "ends_on": "2027-12-31",
                }
            )
            service.append(
                {
                    "area_id": area_id,
                    "status": status,
                    "manager": f"西岗物业{i % 3}公司",
                    "manager_kind": "company",
                    "contract_id": f"HT{i}",
                    "contract_kind": "repairs_only" if status == "paper_only" else "full",
                    "ends_on": "2027-12-31",
                    "quarter": "2026Q3",
                    "score": 52.5 if status == "paper_only" else 88.0,
                    "missing_services": "cleaning;greening" if status == "paper_only" else None,
                    "mode": "basic_guarantee",
                    "mode_eligible": "market",
                    "mode_reason_zh": "边界清楚",
                    "mode_reason_en": "its boundary is clear",
                }
            )
    compound = _block(9)
    for j, slab in enumerate(_slabs(compound)):
        building = {
            **buildings[0],
            "building_id": f"C{j:02d}",
            "address": None,
            "door_number": None,
            "geometry": _turned(slab),
        }
        buildings.append(building)
        membership.append(
            {
                "building_id": f"C{j:02d}",
                "compound_id": "X1",
                "method": "compound",
                "confidence": 1.0,
                "contested": False,
            }
        )
    ground = _turned(box(*_block(10).bounds).buffer(-20))
    gaps = [
        {
            "kind": "uncovered_building",
            "priority": 1,
            "building_id": b,
            "subdistrict_code": "210203004",
            "geometry": g,
        }
        for b, g in [
            (x["building_id"], x["geometry"].centroid)
            for x in buildings
            if x["building_id"] in ("B0100", "B0400")
        ]
    ]
    gaps.append(
        {
            "kind": "uncovered_ground",
            "priority": 2,
            "subdistrict_code": "210203010",
            "ground_area_m2": ground.area,
            "geometry": ground,
        }
    )
    gaps.append(
        {
            "kind": "contested",
            "priority": 2,
            "building_id": "B0808",
            "geometry": _turned(_slabs(_block(8))[8]),
        }
    )
    gaps.append(
        {
            "kind": "unlocated",
            "priority": 3,
            "entry_id": "E1",
            "area_id": areas[3]["area_id"],
            "geometry": None,
        }
    )
    gaps += [
        {"kind": "paper_only", "priority": 1, "area_id": s["area_id"], "geometry": None}
        for s in service
        if s["status"] == "paper_only"
    ]
    for gap in gaps:
        subject = gap.get("building_id") or gap.get("area_id") or "ground"
        gap |= {"gap_id": f"{gap['kind']}:{subject}", "note_zh": "说明", "note_en": "a note"}
    membership[2] |= {
        "confidence": 0.82,
        "runner_up_area_id": areas[1]["area_id"],
        "runner_up_confidence": 0.18,
    }
    ids = [area["area_id"] for area in areas]
    reasons = [
        {
            "area_id": i,
            "part": "holds",
            "subject_id": i,
            "reason": r,
            "rank": k,
            "confidence": 0.9,
            "text_zh": zh,
            "text_en": en,
        }
        for i in ids
        for k, r, zh, en in (
            (1, "barrier", "楼栋之间没有道路", "no road runs between its buildings"),
            (2, "size", "只有一栋楼", "small"),
        )
    ]
    reasons += [
        {
            "area_id": i,
            "part": "cuts",
            "subject_id": j,
            "reason": "barrier",
            "rank": k,
            "confidence": 0.95 - k / 10,
        }
        | {"text_zh": f"以{k}号路相隔", "text_en": f"road {k} lies between them"}
        for i in ids
        for k, j in enumerate(ids, start=1)
        if i != j
    ]
    width = COLUMNS * (BLOCK_W + ROAD)
    roads = [
        {
            "barrier_id": f"H{k}",
            "class": "arterial" if k == 1 else "local",
            "name": f"{'黄长胜沙'[k]}河路",
            "geometry": _turned(LineString([(X - 90, y), (X + width + 60, y)])),
        }
        for k, y in enumerate(Y + BLOCK_H + ROAD / 2 - k * (BLOCK_H + ROAD) for k in range(ROWS + 1))
    ]
    roads += [
        {
            "barrier_id": f"V{k}",
            "class": "collector",
            "name": f"解放{k}路",
            "geometry": _turned(
                LineString(
                    [
                        (X - ROAD / 2 + k * (BLOCK_W + ROAD), top + 60),
                        (X - ROAD / 2 + k * (BLOCK_W + ROAD), bottom - 60),
                    ]
                )
            ),
        }
        for k in range(COLUMNS + 1)
    ]
    roads.append(
        {
            "barrier_id": "R",
            "class": "railway",
            "geometry": _turned(LineString([(X - 90, bottom - 30), (X + width, bottom - 30)])),
        }
    )
    park = _turned(_block(11))
    land = [
        {"land_id": "L1", "kind": "green", "name": "劳动公园", "geometry": park},
        {"land_id": "L2", "kind": "water", "name": "湖", "geometry": park.centroid.buffer(30)},
    ]
    return {
        "buildings": _frame("buildings", buildings),
        "membership": _frame("membership", membership),
        "areas": _frame("areas", areas),
        "bounds": _frame("bounds", bounds),
        "service": _frame("service", service),
        "gaps": _frame("gaps", gaps),
        "subdistricts": _frame("subdistricts", subdistricts),
        "communities": _frame(
            "communities",
            [
                {
                    "community_code": f"{s['subdistrict_code']}001",
                    "name": "胜利社区",
                    "geometry": s["geometry"],
                }
                for s in subdistricts
            ],
        ),
        "area_reasons": _frame("area_reasons", reasons),
        "barriers": _frame("barriers", roads),
        "land": _frame("land", land),
        "compounds": _frame(
            "compounds",
            [
                {
                    "compound_id": "X1",
                    "name": "新世界小区",
                    "manager": "新世界物业",
                    "geometry": _turned(compound),
                }
            ],
        ),
        "register": _frame("register", register),
        "contracts": _frame("contracts", contracts),
        "reconciliation": _frame(
            "reconciliation",
            [
                {
                    "figure": "areas",
                    "unit": "1",
                    "declared": 9.0,
                    "computed": 9.0,
                    "difference": 0.0,
                    "verdict": "pass",
                    "note": "equal",
                }
            ],
        ),
    }


def released() -> dict[str, Any]:
    """A release of the little district, with one of everything that can have changed since, and the
    changes.
    """
    now = tables()
    areas = now["areas"][["area_id", "name", "origin", "geometry"]].sort_values("area_id", ignore_index=True)
    ids = areas["area_id"].tolist()
    areas.loc[1, "name"] = "旧名院"
    areas.loc[2, "geometry"] = affinity.scale(areas.geometry[2], 0.8, 1)
    gone = gpd.GeoDataFrame({"area_id": [GONE], "name": ["旧院"]}, geometry=[_turned(_block(10))], crs=CRS)
    areas = pd.concat([areas[areas["area_id"] != ids[-1]], gone], ignore_index=True)
    retired = gone.assign(area_id="210203010001098", name="更旧院", retired=True)
    areas = pd.concat([areas.assign(retired=False), retired], ignore_index=True).assign(
        source_file="release", source_row=1
    )
    membership = now["membership"][["building_id", "area_id"]].set_index("building_id")["area_id"]
    membership["B0302"], membership["B0100"], membership["B0505"] = ids[0], ids[1], None
    membership = pd.concat([membership.drop("B0707"), pd.Series({"GONE": GONE})])
    rows = pd.DataFrame(
        {
            "building_id": membership.index,
            "area_id": membership.to_numpy(),
            "source_file": "release",
            "source_row": 1,
        }
    )
    found = {
        "released_areas": conform(areas, TABLES["released_areas"], CRS),
        "released_membership": conform(rows, TABLES["released_membership"]),
    }
    return found | {"changes": find_changes(now["membership"], now["areas"], **found)}


def nowhere(frame: Any) -> Any:
    """The same rows without any geometry."""
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=[None] * len(frame), crs=CRS)


def poisoned(text: str) -> dict[str, Any]:
    """Every table, with the text added to every value that a raw file can bring: names, codes, ids, notes."""
    poisoned = tables()
    for name, frame in poisoned.items():
        for column in TABLES[name].columns:
            if column.kind == "text" and not column.values and column.name != "figure":
                frame[column.name] = frame[column.name] + text
    return poisoned


__all__ = ["CRS", "DECLARED", "DISTRICT", "nowhere", "poisoned", "released", "tables"]
