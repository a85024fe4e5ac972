"""A little district without a register, as raw files: eight blocks between wide streets, and what was decided
before.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

TOML = """
[district]
code = "210203"
name_zh = "试区"
name_en = "Trial District"
crs = "EPSG:4550"
as_of = 2026-09-30
source = "trial"

[[inputs.subdistricts]]
path = "subdistricts.geojson"

[[inputs.buildings]]
path = "buildings.geojson"

[[inputs.barriers]]
path = "roads.geojson"

[[inputs.boundaries]]
path = "boundaries.geojson"
optional = true

[[inputs.decisions]]
path = "decisions.csv"
optional = true
"""

WEST, SOUTH = 121.60, 38.90
ACROSS, UP = 0.0028, 0.0016  # from block to block, in degrees
#: Ids that a spreadsheet would take for formulas, and one that is written as one that was guarded is.
FORMULAS = ["=1+1", "+2", "-3", "@4", "'=5"]
DRAWN = "210203004000090"


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle as a GeoJSON polygon, 7 decimals."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[round(x, 7), round(y, 7)] for x, y in corners]]}


def building_id(block: int, n: int) -> str:
    """The id of a building: block 7 has the odd ones."""
    return FORMULAS[n] if block == 7 and n < len(FORMULAS) else f"b{block}{n}"


def corner(block: int) -> tuple[float, float]:
    """The south-west corner of a block: 0 to 3 from west to east, 4 to 7 north of them."""
    return WEST + ACROSS * (block % 4), SOUTH + UP * (block // 4)


def write(raw: Path) -> None:
    """Write the raw files."""
    raw.mkdir(parents=True)
    footprints = []
    for block in range(8):
        x, y = corner(block)
        for n in range(6):
            west, south = x + 0.0004 + 0.0006 * (n % 3), y + 0.0003 + 0.0005 * (n // 3)
            facts = {
                "building_id": building_id(block, n),
                "use": "residential",
                "floors": 6,
                "address": f"试验路{block}{n}号",
            }
            footprints.append(
                {
                    "type": "Feature",
                    "properties": facts,
                    "geometry": box(west, south, west + 0.00042, south + 0.00016),
                }
            )
    east, north = WEST + 4 * ACROSS, SOUTH + 2 * UP
    middle = WEST + 2 * ACROSS - 0.0002
    offices = [
        ("210203004", "日新街道", WEST - 0.0006, middle),
        ("210203010", "八一路街道", middle, east + 0.0006),
    ]
    subdistricts = [
        {
            "type": "Feature",
            "properties": {"subdistrict_code": code, "name": name},
            "geometry": box(left, SOUTH - 0.0006, right, north + 0.0006),
        }
        for code, name, left, right in offices
    ]
    lines = [[[WEST - 0.0006, SOUTH + UP * k - 0.00005], [east, SOUTH + UP * k - 0.00005]] for k in range(3)]
    lines += [
        [[WEST + ACROSS * k - 0.0002, SOUTH - 0.0006], [WEST + ACROSS * k - 0.0002, north]] for k in range(5)
    ]
    roads = [
        {
            "type": "Feature",
            "properties": {"class": "arterial", "name": f"{k}号路", "width_m": 16},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for k, line in enumerate(lines)
    ]
    x, y = corner(4)
    drawn = box(x + 0.0002, y + 0.0001, x + 0.0022, y + 0.0012)
    earlier = {"area_id": DRAWN, "kind": "red_line", "decided_by": "规划局", "decided_on": "2026-01-05"}
    for name, features in (
        ("subdistricts", subdistricts),
        ("buildings", footprints),
        ("roads", roads),
        ("boundaries", [{"type": "Feature", "properties": earlier, "geometry": drawn}]),
    ):
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        (raw / f"{name}.geojson").write_text(text, encoding="utf-8")
    with (raw / "decisions.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["building_id", "area_id", "kind", "decided_by", "decided_on", "note"])
        rows.writerow(["b00", "none", "move", "街道办", "2026-01-04", "部队房产，“不归”任何片区"])
    (raw.parent / "trial.toml").write_text(TOML, encoding="utf-8")
