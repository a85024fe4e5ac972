"""What docs/formats.md says to paste for OpenStreetMap is pasted, and run on a small extract."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from pipeline.cli import main

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
EXTRACT, FILES = (next(b for b in BLOCKS if key in b) for key in ('code = "DE-HB"', '"roads.geojson"'))
LON, LAT, STEP = 8.80, 53.07, 1e-4

WAYS = [
    ("highway", "motorway", {}, "arterial", None),
    ("highway", "motorway_link", {}, "arterial", None),
    ("highway", "trunk", {"tunnel": "yes", "layer": "-1"}, "arterial", "underground"),
    ("highway", "primary", {"bridge": "yes", "layer": "1"}, "arterial", "elevated"),
    ("highway", "secondary_link", {}, "collector", None),
    ("highway", "tertiary", {}, "collector", None),
    ("highway", "residential", {"name": "Main Street"}, "local", None),
    ("highway", "living_street", {}, "local", None),
    ("highway", "unclassified", {}, "local", None),
    ("highway", "service", {"tunnel": "building_passage"}, "lane", "covered"),
    ("highway", "track", {}, "lane", None),
    ("highway", "cycleway", {}, "path", None),
    ("highway", "steps", {}, "path", None),
    ("highway", "footway", {"covered": "yes"}, "path", "covered"),
    ("highway", "pedestrian", {}, "path", None),
    ("highway", "proposed", {}, None, None),
    ("highway", "platform", {}, None, None),
    ("railway", "rail", {}, "railway", None),
    ("railway", "light_rail", {"layer": "-1"}, "railway", "underground"),
    ("railway", "subway", {"tunnel": "yes", "layer": "-2"}, "railway", "underground"),
    ("railway", "tram", {}, "local", None),
    ("railway", "abandoned", {}, None, None),
    ("waterway", "river", {"layer": "-1"}, "water", None),
    ("waterway", "canal", {"tunnel": "culvert"}, "water", "underground"),
    ("waterway", "ditch", {}, None, None),
]
LAND = [
    ("landuse", "residential", "residential"),
    ("landuse", "forest", "green"),
    ("landuse", "industrial", "other"),
    ("landuse", "religious", "public"),
    ("landuse", "basin", "water"),
    ("landuse", "grass", None),
    ("natural", "water", "water"),
    ("natural", "wood", "green"),
    ("natural", "tree_row", None),
]
IN_EXTRACT = [
    ("leisure", "park", "green"),
    ("leisure", "stadium", "other"),
    ("amenity", "school", "public"),
    ("leisure", "garden", None),
]
HOUSES = [
    (
        {"building": "yes", "building:levels": "6", "addr:street": "Main Street", "addr:housenumber": "5"},
        "residential",
    ),
    ({"building": "apartments", "building:levels": "5"}, "residential"),
    ({"building": "house"}, "residential"),
    ({"building": "detached"}, "residential"),
    ({"building": "garages"}, "auxiliary"),
    ({"building": "school"}, "public"),
    ({"building": "retail"}, "commercial"),
]


def features():
    """(tags, corners in steps, closed): houses in a row, ways far below them one above the other, land far
    above.
    """
    for i, (tags, _) in enumerate(HOUSES):
        yield tags, [(5 * i, 0), (5 * i + 3, 0), (5 * i + 3, 2), (5 * i, 2), (5 * i, 0)]
    for i, (key, value, tags, _, _) in enumerate(WAYS):
        yield {key: value, **tags}, [(-20, -30 - 9 * i), (60, -30 - 9 * i)]
    for i, (key, value, _) in enumerate(LAND + IN_EXTRACT):
        yield {key: value}, [(9 * i, 20), (9 * i + 8, 20), (9 * i + 8, 28), (9 * i, 28), (9 * i, 20)]
    yield {"barrier": "wall"}, [(-20, -20), (60, -20)]


def as_osm():
    nodes, ways = {}, []
    for number, (tags, corners) in enumerate(features(), start=1000):
        refs = "".join(f'<nd ref="{nodes.setdefault(at, len(nodes) + 1)}"/>' for at in corners)
        ways.append(
            f'<way id="{number}">{refs}{"".join(f"<tag k={k!r} v={v!r}/>" for k, v in tags.items())}</way>'
        )
    placed = [
        f'<node id="{i}" lat="{LAT + y * STEP:.7f}" lon="{LON + x * STEP:.7f}"/>'
        for (x, y), i in nodes.items()
    ]
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">', *placed, *ways, "</osm>"]
    )


def write_geojson(folder):
    """One file for each kind, as separate files come, with the tags that any of its features has as
    columns.
    """
    names = {
        "building": "buildings",
        "highway": "roads",
        "railway": "railways",
        "waterway": "waterways",
        "landuse": "landuse",
        "natural": "water",
    }
    for key, name in names.items():
        mine = [
            (tags, [[LON + x * STEP, LAT + y * STEP] for x, y in corners])
            for tags, corners in features()
            if key in tags
        ]
        kind = "Polygon" if mine[0][1][0] == mine[0][1][-1] else "LineString"
        rows = [
            {
                "type": "Feature",
                "properties": tags,
                "geometry": {"type": kind, "coordinates": [at] if kind == "Polygon" else at},
            }
            for tags, at in mine
        ]
        (folder / f"{name}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8"
        )


@pytest.fixture(params=["extract", "files"])
def run(request, tmp_path):
    """Every stage from ingest to check, and the tables that come out."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    if request.param == "extract":
        toml = EXTRACT.replace("district.osm.pbf", "district.osm")
        (raw / "district.osm").write_text(as_osm(), encoding="utf-8")
    else:
        toml = EXTRACT[: EXTRACT.index("[[inputs")] + FILES
        write_geojson(raw)
    (tmp_path / "d.toml").write_text(toml, encoding="utf-8")
    at = [
        "--config",
        str(tmp_path / "d.toml"),
        "--raw",
        str(raw),
        "--out",
        str(out),
        "--maps",
        str(tmp_path / "maps"),
    ]
    for name in ("buildings", "barriers", "land"):
        assert main(["ingest", name, *at]) == 0
    for name in ("adjacency", "addresses", "match", "group", "blocks", "delineate", "check"):
        assert main([name, *at]) == 0
    tables = {
        name: gpd.read_parquet(out / "tables" / f"{name}.parquet")
        for name in ("buildings", "barriers", "land", "areas")
    }
    return request.param, tables, pd.read_parquet(out / "tables" / "checks.parquet")


def test_the_block_to_paste_takes_every_kind_for_what_it_is(run):
    kind, tables, checks = run
    barriers = tables["barriers"].assign(south=lambda t: -t.to_crs(4326).bounds["miny"]).sort_values("south")
    found = [
        (row["class"], None if pd.isna(row["grade"]) else row["grade"]) for _, row in barriers.iterrows()
    ]
    wall = [("wall", None)] if kind == "extract" else []
    assert found == wall + [(class_, grade) for *_, class_, grade in WAYS if class_]
    land = tables["land"].assign(west=lambda t: t.to_crs(4326).bounds["minx"]).sort_values("west")
    assert land["kind"].tolist() == [k for *_, k in LAND + (IN_EXTRACT if kind == "extract" else []) if k]
    buildings = tables["buildings"].assign(west=lambda t: t.to_crs(4326).bounds["minx"]).sort_values("west")
    assert buildings["use"].tolist() == [use for _, use in HOUSES]
    assert buildings[["floors", "road", "door_number"]].iloc[0].tolist() == [6, "Main Street", 5]
    assert buildings["floors"].iloc[1] == 5
    assert set(barriers["name"].dropna()) == {"Main Street"}
    assert tables["areas"]["area_id"].str.startswith("DE-HB").all()
    assert not checks["verdict"].eq("fail").any()
    rejected = checks[checks["check"].str.startswith("rows_rejected")]
    assert rejected.empty, rejected.to_string()


def test_the_separate_files_mean_what_the_extract_means():
    one, other = (
        tomllib.loads(EXTRACT[: EXTRACT.index("[[inputs")] * (block is FILES) + block)["inputs"]
        for block in (EXTRACT, FILES)
    )
    for name, entries in other.items():
        for entry in entries:
            twin = next(
                e
                for e in one[name]
                if e.get("where", {}).keys() & entry.get("where", {}).keys() or name == "buildings"
            )
            assert entry.get("values") == twin.get("values") and entry.get("constants") == twin.get(
                "constants"
            )
            assert name == "buildings" or entry["where"] == twin["where"]


@pytest.mark.parametrize("block", [b for b in BLOCKS if "[[inputs" in b or "[district]" in b])
def test_every_block_is_toml(block):
    assert tomllib.loads(block)
