"""Contents: the rows of each file of the sample, and what was planted in them (truth.json)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from pipeline.sample import files, plan
from pipeline.sample.defects import Planted, broken_buildings
from pipeline.sample.parcels import Plots
from pipeline.sample.records import Records
from pipeline.sample.service import Service
from pipeline.sample.streets import RAIL_HALF_WIDTH_M, STREAM_HALF_WIDTH_M, WIDTHS_M, Network, Street, smooth

LAND_KINDS = {
    "residential": "residential",
    "commercial": "other",
    "other": "other",
    "green": "green",
    "public": "public",
}
N_DUPLICATES = 4

#: The name of a building that is no home, by its role.
NAMES = {"school": "学校", "hospital": "医院", "works": "厂房", "office": "商业楼"}


def contents(
    network: Network,
    plots: Plots,
    buildings: pd.DataFrame,
    records: Records,
    service: Service,
    planted: Planted,
    rng: np.random.Generator,
) -> dict[str, bytes]:
    """The content of every file of the sample.

    Parameters
    ----------
    network : Network
    plots : Plots
    buildings : DataFrame
        As raise_buildings gives them, with their addresses.
    records : Records
    service : Service
    planted : Planted
    rng : Generator

    Returns
    -------
    dict of str to bytes
        Name → content; truth.json says what is planted.
    """
    truth: dict[str, Any] = {
        "synthetic": files.LABEL,
        "note": "what is planted in the sample; only tests read this file",
        "broken": [],
        "duplicates": [],
    }
    out = {
        "subdistricts.geojson": _units(
            network, 9, {code: name for code, (name, _) in plan.SUBDISTRICTS.items()}
        ),
        "communities.geojson": _units(
            network,
            12,
            {
                f"{c}{n:03d}": f"{name}社区"
                for c, (_, names) in plan.SUBDISTRICTS.items()
                for n, name in enumerate(names, 1)
            },
        ),
        "buildings.geojson": _buildings(network, buildings, records, truth, rng),
        "roads.geojson": _roads(network, plots, truth),
        "railways.geojson": _railways(network),
        "water.geojson": _water(network),
        "land.geojson": _land(network, plots, truth),
        "compounds.geojson": _compounds(network, plots, truth, rng),
    }
    points = files.degrees(
        [shapely.Point(x, y) for x, y in zip(records.areas.x, records.areas.y, strict=True)]
    )
    areas = records.areas.assign(lon=shapely.get_x(points), lat=shapely.get_y(points))
    out["register.xlsx"] = files.xlsx_bytes(
        "物业管理区域", [c for c in areas.columns if c not in ("x", "y", "parcel")], areas.to_dict("records")
    )
    out["entries.csv"] = _entries(buildings, records)
    shapes = files.degrees([b["geometry"] for b in planted.boundaries])
    drawn = [
        files.feature({k: v for k, v in b.items() if k != "geometry"}, g)
        for b, g in zip(planted.boundaries, shapes, strict=True)
    ]
    out["boundaries.geojson"] = files.geojson("boundaries", drawn)
    out["decisions.csv"] = files.csv_bytes(
        ["building_id", "area_id", "decided_by", "decided_on", "note"], planted.decisions
    )
    out["contracts.csv"] = files.csv_bytes(
        list(service.contracts.columns), service.contracts.to_dict("records")
    )
    out["assessments.csv"] = files.csv_bytes(
        list(service.assessments.columns), service.assessments.to_dict("records")
    )
    out["truth.json"] = files.json_bytes(_truth(truth, plots, buildings, records, service, planted))
    return out


def _units(network: Network, digits: int, names: dict[str, str]) -> bytes:
    column = "subdistrict_code" if digits == 9 else "community_code"
    shapes = [
        shapely.union_all([f.ground for f in network.faces if f.community[:digits] == code], grid_size=0.001)
        for code in names
    ]
    return files.geojson(
        "subdistricts" if digits == 9 else "communities",
        [
            files.feature({column: code, "name": name}, g)
            for (code, name), g in zip(names.items(), files.degrees(shapes), strict=True)
        ],
    )


def _buildings(
    network: Network,
    buildings: pd.DataFrame,
    records: Records,
    truth: dict[str, Any],
    rng: np.random.Generator,
) -> bytes:
    by_point = {b for e in records.entries if e.by == "point" for b in e.buildings}
    owners = dict(zip(records.areas.area_id, records.areas.owner_unit, strict=True))
    chance = rng.random((len(buildings), 6))
    features: list[dict[str, Any]] = []
    for row, shape, luck in zip(
        buildings.to_dict("records"), files.degrees(buildings.geometry), chance, strict=True
    ):
        number = len(features)
        home = row["use"] == "住宅"
        declared = luck[0] < 0.22
        address = row["address"] if isinstance(row["address"], str) and number not in by_point else None
        if address and luck[4] < 0.03:
            address = f"大连市西岗区{address}"
        elif address and luck[4] < 0.05:
            address = address.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        owner = owners.get(records.area_of.get(number, ""))
        features.append(files.feature({
            "building_id": row["building_id"],
            "name": NAMES.get(row["role"]),
            "use": row["use"],
            "floors": None if declared and luck[1] < 0.12 else row["floors"],
            "floor_area_m2": row["floor_area_m2"] if declared else None,
            "households": row["households"] if home and luck[2] > 0.08 else None,
            "year": row["year"] if home and luck[3] > 0.05 else None,
            "owner_unit": owner if isinstance(owner, str) and luck[5] < 0.6 else None,
            "address": address,
        }, shape))  # fmt: skip
    extra: list[tuple[int, str, dict[str, Any], dict[str, Any] | None]] = [
        (place, defect, row, None)
        for place, defect, row in broken_buildings(buildings, network.district, rng)
    ]
    homes, sheds = buildings.index[buildings.use == "住宅"], buildings.index[buildings.use == "棚"]
    for n in range(N_DUPLICATES):
        original = int(homes[len(homes) // 5 * (n + 1)])
        copy = (
            features[original]
            if n < 2
            else {
                **features[int(sheds[n])],
                "properties": {
                    **features[int(sheds[n])]["properties"],
                    "building_id": features[original]["properties"]["building_id"],
                },
            }
        )
        extra.append((min(original + 40 + n, len(features)), "duplicate_id", {}, copy))
    for place, defect, row, copied in sorted(extra, key=lambda e: -e[0]):
        broken = copied or files.feature(
            {k: v for k, v in row.items() if k not in ("type", "coordinates")},
            files.raw_geometry(row["type"], row["coordinates"]) if "type" in row else None,
        )
        features.insert(place, {**broken, "planted": defect})
    for n, item in enumerate(features, start=1):
        if defect := item.pop("planted", None):
            kind = "duplicates" if defect == "duplicate_id" else "broken"
            truth[kind].append(
                {
                    "file": "buildings.geojson",
                    "row": n,
                    "id": item["properties"]["building_id"],
                    "defect": defect,
                }
            )
    return files.geojson("buildings", features)


def _roads(network: Network, plots: Plots, truth: dict[str, Any]) -> bytes:
    paths = [
        Street("path", "", shapely.LineString(smooth(p)).intersection(network.district)) for p in plan.PATHS
    ]
    roads = [*network.streets, *plots.lanes, *paths]
    features = []
    for n, (road, line) in enumerate(
        zip(roads, files.degrees([r.line for r in roads]), strict=True), start=1
    ):
        features.append(
            files.feature(
                {
                    "barrier_id": f"L{n:04d}",
                    "class": road.kind,
                    "name": road.name or None,
                    "width_m": WIDTHS_M.get(road.kind),
                },
                line,
            )
        )
    features.append(
        files.feature(
            {"barrier_id": f"L{len(roads) + 1:04d}", "class": "lane", "name": "规划路", "width_m": None}, None
        )
    )
    truth["broken"].append(
        {
            "file": "roads.geojson",
            "row": len(features),
            "id": f"L{len(roads) + 1:04d}",
            "defect": "null_geometry",
        }
    )
    return files.geojson("roads", features)


def _railways(network: Network) -> bytes:
    tracks = [network.railway.offset_curve(d) for d in (-13, -4.5, 4.5, 13)]
    width = 2 * RAIL_HALF_WIDTH_M / len(tracks)
    shapes = enumerate(files.degrees(tracks), start=1)
    return files.geojson(
        "railways",
        [files.feature({"barrier_id": f"T{n}", "name": "哈大铁路", "width_m": width}, g) for n, g in shapes],
    )


def _water(network: Network) -> bytes:
    named = [
        *((n, g, 2 * STREAM_HALF_WIDTH_M) for n, g in network.streams.items()),
        *((n, g, None) for n, g in network.waters.items()),
    ]
    shapes = files.degrees([g for _, g, _ in named])
    rows = enumerate(zip(named, shapes, strict=True), start=1)
    return files.geojson(
        "water",
        [files.feature({"barrier_id": f"W{k}", "name": n, "width_m": w}, g) for k, ((n, _, w), g) in rows],
    )


def _land(network: Network, plots: Plots, truth: dict[str, Any]) -> bytes:
    """Land use by block; schools and hospitals have their own; parks and hills are one piece each."""
    public = {k: p for k, p in enumerate(plots.parcels) if p.kind in ("school", "hospital")}
    rows: list[tuple[str, str | None, shapely.Geometry]] = []
    for i, (face, use) in enumerate(zip(network.faces, plots.uses, strict=True)):
        if face.kind != "urban" or face.block.is_empty:
            continue
        inside = [p.grounds[0] for p in public.values() if p.faces == [i]]
        ground = face.block.difference(shapely.union_all(inside)) if inside else face.block
        for part in shapely.get_parts(ground):
            if part.area > 150:
                rows.append((LAND_KINDS[use], "街心绿地" if use == "green" else None, part))
    for n, parcel in enumerate(public.values(), start=1):
        rows.append(("public", f"第{n}{'小学' if parcel.kind == 'school' else '医院'}", parcel.grounds[0]))
    water = shapely.union_all(list(network.waters.values()))
    for name in sorted({f.name for f in network.faces if f.kind != "urban"}):
        own = [f for f in network.faces if f.kind != "urban" and f.name == name]
        ground = shapely.union_all([f.block for f in own], grid_size=0.001).difference(water)
        rows.append((own[0].kind, name, ground))
    rows += [("water", name, shape) for name, shape in network.waters.items()]
    features = []
    for n, (row, shape) in enumerate(zip(rows, files.degrees([r[2] for r in rows]), strict=True), start=1):
        features.append(files.feature({"land_id": f"D{n:04d}", "kind": row[0], "name": row[1]}, shape))
    features.append(
        files.feature({"land_id": f"D{len(rows) + 1:04d}", "kind": "green", "name": "绿地"}, None)
    )
    truth["broken"].append(
        {
            "file": "land.geojson",
            "row": len(features),
            "id": f"D{len(rows) + 1:04d}",
            "defect": "null_geometry",
        }
    )
    return files.geojson("land", features)


def _compounds(network: Network, plots: Plots, truth: dict[str, Any], rng: np.random.Generator) -> bytes:
    own = [p for p in plots.parcels if p.kind == "compound"]
    shapes = files.degrees([p.grounds[0].buffer(-1, join_style="mitre") for p in own])
    features = []
    for n, shape in enumerate(shapes, start=1):
        name = plan.ESTATE_NAMES[n - 1]
        suffix = ("花园", "家园", "小区", "公寓")[int(rng.integers(4))]
        features.append(
            files.feature(
                {
                    "compound_id": f"C{n:03d}",
                    "name": f"{name}{suffix}",
                    "manager": f"大连{name}物业服务有限公司",
                },
                shape,
            )
        )
    x, y = (float(v) for v in network.streets[0].line.centroid.coords[0])
    bow = files.raw_geometry("Polygon", [[(x, y), (x + 12, y + 9), (x + 12, y), (x, y + 9), (x, y)]])
    features.append(
        files.feature(
            {
                "compound_id": f"C{len(own) + 1:03d}",
                "name": "广场岗亭",
                "manager": "大连新景物业管理有限公司",
            },
            bow,
        )
    )
    truth["broken"].append(
        {
            "file": "compounds.geojson",
            "row": len(features),
            "id": f"C{len(own) + 1:03d}",
            "defect": "self_crossing",
        }
    )
    return files.geojson("compounds", features)


def _entries(buildings: pd.DataFrame, records: Records) -> bytes:
    rows = []
    ids, known = (
        buildings.building_id.to_numpy(),
        buildings[["households", "floor_area_m2", "x", "y"]].to_numpy(),
    )
    for entry in records.entries:
        own = known[entry.buildings]
        row: dict[str, object] = {
            "entry_id": entry.entry_id,
            "area_id": entry.area,
            "n_buildings": len(own) or 3,
        }
        if len(own):
            row |= {"households": int(own[:, 0].sum()), "floor_area_m2": round(float(own[:, 1].sum()), 1)}
        if entry.by in ("address", "unlocated"):
            row["address"] = entry.address
        if entry.by == "building_id":
            listed = [*entry.buildings, *records.claims.get(entry.entry_id, [])]
            row["building_ids"] = ";".join(ids[i] for i in listed)
        if entry.by == "point":
            point = files.degrees([shapely.Point(own[:, 2].mean(), own[:, 3].mean())])[0]
            row |= {"lon": point.x, "lat": point.y}
        rows.append(row)
    columns = [
        "entry_id",
        "area_id",
        "address",
        "building_ids",
        "n_buildings",
        "households",
        "floor_area_m2",
        "lon",
        "lat",
    ]
    return files.csv_bytes(columns, rows)


def _truth(
    truth: dict[str, Any],
    plots: Plots,
    buildings: pd.DataFrame,
    records: Records,
    service: Service,
    planted: Planted,
) -> dict[str, Any]:
    ids = buildings.building_id
    registered = buildings[buildings.role == "area"]
    vacant = [p.grounds[0] for p in plots.parcels if p.kind == "vacant"]
    spots = files.degrees([shapely.point_on_surface(g) for g in vacant])
    compounds = [k for k, p in enumerate(plots.parcels) if p.kind == "compound"]
    kinds = service.truth
    counts = {
        "areas": len(records.areas),
        "entries": len(records.entries),
        "registered_footprints": len(registered),
        "registered_floor_area_m2": round(float(registered.floor_area_m2.sum()), 1),
        "registered_households": int(registered.households.sum()),
        "management_units": int(records.areas.manager.nunique()),
        "contracts": len(service.contracts),
        "compounds": len(compounds),
        "footprints": len(buildings),
        "by_role": {str(k): int(v) for k, v in buildings.role.value_counts().sort_index().items()},
        "building_rows": (
            len(buildings)
            + sum(b["file"] == "buildings.geojson" for b in [*truth["broken"], *truth["duplicates"]])
        ),
    }
    return {
        **truth,
        "counts": counts,
        "uncovered_buildings": list(ids[buildings.role.isin(["lone", "orphan"])]),
        "uncovered_ground": [
            {"lon": p.x, "lat": p.y, "area_m2": round(g.area, 1)} for p, g in zip(spots, vacant, strict=True)
        ],
        "contested": planted.contested,
        "contested_ground": planted.contested_ground,
        "unlocated_entries": [e.entry_id for e in records.entries if e.by == "unlocated"],
        "paper_only": sorted(kinds["paper_no_cleaning"] + kinds["paper_nothing"]),
        "nothing_delivered": kinds["paper_nothing"],
        "expired": sorted(kinds["expired"] + kinds["emergency"]),
        "expired_contracts": kinds["expired"],
        "expired_emergencies": kinds["emergency"],
        "unassessed": kinds["unassessed"],
        "failing": sorted(kinds["failing"] + kinds["paper_nothing"]),
        "failing_but_served": kinds["failing"],
        "three_nos": kinds["three_nos"],
        "decisions": [{k: d[k] for k in ("building_id", "area_id")} for d in planted.decisions],
        "boundaries": [b["area_id"] for b in planted.boundaries],
        "entry_methods": {e.entry_id: e.by for e in records.entries},
        "spanning_street": [
            a
            for a, k in zip(records.areas.area_id, records.areas.parcel, strict=True)
            if len(plots.parcels[k].grounds) > 1
        ],
        "area_of_building": {str(ids[b]): a for b, a in sorted(records.area_of.items())},
        "compound_of_building": {
            str(ids[b]): f"C{compounds.index(k) + 1:03d}"
            for b, k in buildings.parcel[buildings.role == "compound"].items()
        },
    }
