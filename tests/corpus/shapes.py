"""Bad shapes, places and attributes in files that can be read."""

# ruff: noqa: PLW0108  a case is a line, however long

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from pipeline.config import Limits
from pipeline.georeferencing import datum

from .case import (
    GOOD,
    NAMES,
    Case,
    collection,
    content,
    feature,
    house,
    houses,
    named,
    polygon,
    refused,
    square,
    taken,
    with_good,
    write,
    written,
)

X, Y, D = 121.61, 38.9, 0.0002


def bad(name: str, geometry: Any, reason: str, **more: Any) -> Case:
    return taken(name, with_good(feature(geometry, name="bad")), 3, rejected={reason: 1}, **more)


def mended(name: str, geometry: Any, repair: str, **more: Any) -> Case:
    return taken(name, with_good(feature(geometry, name="mended")), 4, repaired={repair: 1}, **more)


def ring(*points: tuple[float, float]) -> list[list[float]]:
    """Corners in units of a house's side."""
    return [[X + x * D, Y + y * D] for x, y in points]


BOX = ring((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
RAW_NUMBER = (
    '{"type": "Polygon", "coordinates": [[[%s, 38.9], [121.6102, 38.9], [121.6102, 38.9002], [%s, 38.9]]]}'
)


def literal(number: str) -> Any:
    """A house with a coordinate that is written so."""
    text = collection(*GOOD, feature("HERE", name="bad")).replace('"HERE"', RAW_NUMBER % (number, number))
    return content(text)


def zigzag(teeth: int) -> list[list[float]]:
    """An outline that crosses itself more often than anybody can mean."""
    there = [(i / teeth, (i % 2) * 1.0) for i in range(teeth + 1)]
    back = [(1 - i / teeth, ((i + 1) % 2) * 1.0) for i in range(teeth + 1)]
    return ring(*there, *back, there[0])


def giant(folder: Path) -> str:
    """A ring of a million points among good houses."""
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    circle = shapely.Polygon(np.column_stack([X + D * np.cos(turn), Y + D * np.sin(turn)]))
    frame = houses(3)
    many = gpd.GeoDataFrame(
        {"name": [*NAMES[:3], "giant"]}, geometry=[*frame.geometry, circle], crs="EPSG:4326"
    )
    return write(many, folder / "a.parquet")


RINGS = named(
    [
        bad("bow tie", polygon(ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))), "self_crossing"),
        bad("eight with loops of different size", polygon(ring((0, 0), (2, 2), (2, 0), (0, 1), (0, 0))), "self_crossing"),
        bad("zigzag of 400 crossings", polygon(zigzag(400)), "self_crossing"),
        mended("hole larger than its outline", polygon(BOX, ring((-1, -1), (2, -1), (2, 2), (-1, 2), (-1, -1))), "ring_order"),
        bad("hole that equals its outline", polygon(BOX, BOX), "self_crossing"),
        bad("collinear", polygon(ring((0, 0), (1, 0), (2, 0), (0, 0))), "zero_area"),
        bad("all points the same", polygon(ring((0, 0), (0, 0), (0, 0), (0, 0))), "zero_area"),
        bad("two points", polygon(ring((0, 0), (1, 0))), "zero_area"),
        bad("one point", polygon(ring((0, 0))), "unreadable_geometry"),
        bad("open, its closing edge the longest", polygon(ring((0, 0), (1, 0), (2, 0.2), (3, 0), (4, 0.1))), "unclosed_ring"),
        bad("thinner than a centimetre", polygon(ring((0, 0), (1, 0), (1, 0.0001), (0, 0.0001), (0, 0))), "zero_area"),
        bad("an estate taken for a house", polygon(ring((0, 0), (40, 0), (40, 40), (0, 40), (0, 0))), "too_large"),
        mended("open by one edge", polygon(BOX[:-1]), "closed_ring"),
        mended("points repeated", polygon([BOX[0], BOX[0], BOX[1], BOX[1], *BOX[2:]]), "repeated_points"),
        mended("needle", polygon(ring((0, 0), (1, 0), (1, 1), (1, 3), (1, 1), (0, 1), (0, 0))), "needle"),
        mended("tiny loop at a corner", polygon(ring((0, 0), (1, 0), (1, 1), (0.01, 1), (-0.01, 0.99), (0, 1), (0, 0))), "untangled"),
        mended("hole listed first", polygon(ring((0.3, 0.3), (0.6, 0.3), (0.6, 0.6), (0.3, 0.6), (0.3, 0.3)), BOX), "ring_order"),
        taken("clockwise", with_good(feature(polygon(BOX[::-1]))), 4),
        taken("two houses in one row", with_good(feature({"type": "MultiPolygon", "coordinates": [[BOX], [square(15)]]})), 4),
        bad(
            "parts that overlap",
            {"type": "MultiPolygon", "coordinates": [[BOX], [ring((0.5, 0), (1.5, 0), (1.5, 1), (0.5, 1), (0.5, 0))]]},
            "self_crossing",
        ),
        bad("the same part twice", {"type": "MultiPolygon", "coordinates": [[BOX], [BOX]]}, "self_crossing"),
        bad("no parts", {"type": "MultiPolygon", "coordinates": []}, "null_geometry"),
        bad("no ring", polygon(), "null_geometry"),
        bad("an empty ring", polygon([]), "null_geometry"),
        taken("a million points", giant, 3, rejected={"too_many_vertices": 1}),
        taken(
            "more points than the limit",
            with_good(feature(polygon([*BOX[:2], *ring(*((1, i / 20) for i in range(1, 20))), *BOX[2:]]))),
            3,
            limits=Limits(vertices_max=20),
            rejected={"too_many_vertices": 1},
        ),
    ],
    "ring",
)  # fmt: skip

KINDS = named(
    [
        bad("a point", {"type": "Point", "coordinates": [X, Y]}, "wrong_geometry_type"),
        bad("points", {"type": "MultiPoint", "coordinates": [[X, Y], [X, Y + D]]}, "wrong_geometry_type"),
        bad("an open line", {"type": "LineString", "coordinates": BOX[:-1]}, "wrong_geometry_type"),
        bad("two lines", {"type": "MultiLineString", "coordinates": [BOX[:2], BOX[2:4]]}, "wrong_geometry_type"),
        bad("a collection without a polygon", {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [X, Y]}]}, "wrong_geometry_type"),
        bad("an empty collection", {"type": "GeometryCollection", "geometries": []}, "null_geometry"),
        bad("null", None, "null_geometry"),
        bad("a kind nobody knows", {"type": "Circle", "coordinates": [X, Y]}, "unreadable_geometry"),
        mended("a closed line", {"type": "LineString", "coordinates": BOX}, "closed_line"),
        mended("a collection with a polygon", {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [X, Y]}, polygon(BOX)]}, "collection"),
        taken("heights", with_good(feature(polygon([[*point, 12.5] for point in BOX]))), 4, noted="heights or measures of 1 shapes dropped"),
        refused("points where polygons belong", content(collection(*(feature({"type": "Point", "coordinates": [X, Y + i * D]}) for i in range(4)))), "4 rows .*wrong_geometry_type.*is this the right file"),
        refused("no geometry in any row", content(collection(*(feature(None) for _ in range(4)))), "without geometry in all .*export it with geometry"),
        taken("lines, a point among them, as barriers", content(collection(*(feature({"type": "LineString", "coordinates": [[X, Y + i * D], [X + D, Y + i * D]]}) for i in range(3)), feature({"type": "Point", "coordinates": [X, Y]}))), 3, table="barriers", entry={"constants": {"class": "local"}}, rejected={"wrong_geometry_type": 1}),
        taken("a register without a place in one row", content(collection(feature({"type": "Point", "coordinates": [X, Y]}, area_id="a"), feature(None, area_id="b"))), 2, table="register"),
    ],
    "kind",
)  # fmt: skip


def frame_with(value: float) -> gpd.GeoDataFrame:
    frame = houses(4)
    xy = np.array(square(3))
    xy[1, 0] = value
    with np.errstate(invalid="ignore"):
        frame.loc[3, "geometry"] = shapely.Polygon(xy)
    return frame


def at(suffix: str, value: float) -> Any:
    if suffix == "shp":  # which no program writes: its first x is overwritten
        x = struct.pack("<d", square(3)[1][0])
        return written(
            "a.shp",
            houses(4),
            lambda data: data[:360] + data[360:].replace(x, struct.pack("<d", value)),
            encoding="utf-8",
        )
    return lambda folder: write(frame_with(value), folder / f"a.{suffix}")


COORDINATES = named(
    [
        taken("NaN as JSON does not know it", literal("NaN"), 3, rejected={"bad_coordinates": 1}),
        taken("Infinity", literal("Infinity"), 3, rejected={"bad_coordinates": 1}),
        taken("1e999", literal("1e999"), 3, rejected={"bad_coordinates": 1}),
        taken("text", literal('"121.61"'), 3, rejected={"unreadable_geometry": 1}),
        taken("null", literal("null"), 3, rejected={"unreadable_geometry": 1}),
        bad("a single number for a position", {"type": "Polygon", "coordinates": [[[1], [2], [3], [1]]]}, "unreadable_geometry"),
        bad("one row at 0, 0", polygon([[0, 0], [D, 0], [D, D], [0, D], [0, 0]]), "bad_coordinates"),
        bad("one row with its axes swapped", polygon([[y, x] for x, y in BOX]), "bad_coordinates"),
        bad("one row in metres", polygon([[13537000, 4707000], [13537010, 4707000], [13537010, 4707010], [13537000, 4707000]]), "bad_coordinates"),
        *(
            taken(f"{value} in a {suffix}", at(suffix, value), 3, rejected={"bad_coordinates": 1}, file=f"a.{suffix}")
            for suffix in ("gpkg", "parquet", "fgb", "shp")
            for value in (np.nan, np.inf)
        ),
    ],
    "coordinate",
)  # fmt: skip


def metres(code: str, **stated: Any) -> Any:
    """Houses in the coordinates of another CRS, in a file that says nothing, or something else."""

    def make(folder: Path) -> str:
        frame = houses(4).to_crs(code)
        return write(frame.set_crs(stated.get("said"), allow_override=True), folder / "a.gpkg")

    return make


def swapped(folder: Path) -> str:
    rows = [feature(polygon([[y, x] for x, y in square(i)])) for i in range(4)]
    return content(collection(*rows))(folder) or ""


def moved(name: str, outlines: int = 40) -> Any:
    """Many houses of the district in another datum, in a file that claims WGS 84."""

    def make(folder: Path) -> str:
        rng = np.random.default_rng(7)
        xy = rng.uniform([121.6005, 38.9005], [121.6295, 38.9295], (outlines * outlines // 2, 2))
        lon, lat = datum.from_wgs84(xy[:, 0], xy[:, 1], name)
        shapes = shapely.box(lon, lat, lon + 1e-4, lat + 1e-4)
        return write(
            gpd.GeoDataFrame({"n": range(len(xy))}, geometry=shapes, crs="EPSG:4326"), folder / "a.fgb"
        )

    return make


CRS = named(
    [
        refused("web mercator, called WGS 84", metres("EPSG:3857", said="EPSG:4326"), r"do not agree with its CRS, EPSG:4326.*crs = 'EPSG:3857'.*set the right one"),
        refused("web mercator, called UTM 49", metres("EPSG:3857", said="EPSG:32649"), r"do not agree with its CRS, EPSG:32649.*'EPSG:3857'"),
        refused("the district's metres, called WGS 84", metres("EPSG:4550", said="EPSG:4326"), r"do not agree.*'EPSG:4550'.*set the right one, or reproject"),
        refused("degrees, called metres", metres("EPSG:4326", said="EPSG:4550"), r"do not agree.*'EPSG:4326'"),
        refused("metres without a CRS", metres("EPSG:4550"), r"without a CRS.*'EPSG:4550'.*set the right one"),
        refused("metres with the zone before them, without a CRS", metres("EPSG:4529"), r"without a CRS.*'EPSG:4529'"),
        refused("the next zone", metres("EPSG:4549", said="EPSG:4550"), "outside_district.*are crs and datum right", outlined=True),
        taken("metres without a CRS that the configuration states", metres("EPSG:4550"), 4, entry={"crs": "EPSG:4550"}),
        refused("a CRS in the configuration that nobody knows", metres("EPSG:4550"), "crs = 'EPSG:99999' is no known CRS; write it as EPSG:4326", entry={"crs": "EPSG:99999"}),
        refused("latitude first", swapped, "axes swapped: export the file with longitude first"),
        refused("metres of the zone beside the district's", metres("EPSG:4549"), r"without a CRS.*they would fit crs = 'EPSG:4549'", outlined=True),
        refused("local metres", content(collection(*(feature(polygon([[i * 20, 900], [i * 20 + 9, 900], [i * 20 + 9, 909], [i * 20, 900]])) for i in range(4)))), "no CRS in use here fits .local metres"),
        refused("all at 0, 0", content(collection(*(feature(polygon([[0, 0], [D, 0], [D, D], [0, 0]])) for i in range(4)))), "do not agree with its CRS.*ask whoever made the file"),
        refused("another country", content(collection(*(feature(polygon([[x - 119, y + 10] for x, y in square(i)])) for i in range(4)))), "another place: is this the right file"),
        taken("GCJ-02 that claims WGS 84", moved("gcj02"), 704, outlined=True, rejected={"outside_district": 96}, noted="gcj02 would fit clearly better than wgs84"),
        taken("BD-09 that claims WGS 84", moved("bd09"), 436, outlined=True, rejected={"outside_district": 364}, noted="bd09 would fit clearly better than wgs84"),
        taken("a datum to be found", moved("gcj02"), 800, outlined=True, entry={"datum": "auto", "reference": "subdistricts"}, noted="datum gcj02 found by fitting"),
        refused("a datum to be found in three rows", with_good(), "datum = \"auto\" is ambiguous.*state it if you know", outlined=True, entry={"datum": "auto"}),
        taken("one row beyond the district", with_good(feature(polygon([[x + 0.05, y] for x, y in square(0)]))), 3, outlined=True, rejected={"outside_district": 1}),
        refused("every row beyond the district", content(collection(*(feature(polygon([[x + 0.05, y] for x, y in square(i)])) for i in range(4)))), "4 rows .* rejected as outside_district.*are crs and datum right", outlined=True),
        taken("a legacy CRS of GeoJSON in metres", lambda folder: content(houses(4).to_crs("EPSG:4550").to_json(to_wgs84=False).replace('{"type": "FeatureCollection"', '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4550"}}', 1))(folder), 4),
        taken("a legacy CRS that nobody knows", with_good(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}), 3),
    ],
    "crs",
)  # fmt: skip


def row(i: int, **properties: Any) -> dict[str, Any]:
    return feature(polygon(square(i)), **properties)


PART = polygon(ring((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6), (0.2, 0.2)))
HALVES = [
    polygon(ring((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))),
    polygon(ring((1, 0), (2, 0), (2, 1), (1, 1), (1, 0))),
]

ROWS = named(
    [
        taken("an id twice, far apart", content(collection(row(0, building_id="a"), row(5, building_id="a"), row(6, building_id="b"))), 2, rejected={"duplicate_id": 1}),
        refused("an id that all rows have", content(collection(*(row(i, k=0) for i in range(9)))), "duplicate_id.*its column is no id", entry={"columns": {"building_id": "k"}}),
        taken("the same house twice", with_good(house(0)), 3, rejected={"duplicate_geometry": 1}),
        taken("a house drawn again 2 % larger", with_good(feature(polygon([[x, y] for x, y in square(0, 0.000202)]))), 3, rejected={"duplicate_geometry": 1}),
        taken("a house cut by the seam of tiles", with_good(*(feature(half, building_id="cut") for half in HALVES)), 4, rejected={"seam_piece": 1}, repaired={"joined": 1}),
        taken("a part inside its building", with_good(feature(polygon(BOX)), feature(PART, floors=20)), 4, rejected={"building_part": 1}, repaired={"part_taken_in": 1}),
        taken("houses that overlap by a third", with_good(feature(polygon(BOX), name="x"), feature(polygon(ring((0.66, 0), (1.66, 0), (1.66, 1), (0.66, 1), (0.66, 0))), name="y")), 5, noted="1 pairs of footprints overlap"),
        taken("a road without length", content(collection(feature({"type": "LineString", "coordinates": BOX[:2]}), feature({"type": "LineString", "coordinates": [BOX[0], BOX[0]]}))), 1, table="barriers", entry={"constants": {"class": "local"}}, outlined=True, rejected={"zero_area": 1}),
        taken("members that are no features", with_good({"type": "Nothing"}, None), 3, rejected={"not_a_feature": 2}),
        taken("a feature without properties", with_good({"type": "Feature", "geometry": polygon(BOX)}), 4),
        taken("properties of any kind", with_good(feature(polygon(BOX), name={"a": [1, 2]}), feature(polygon(square(20)), name=[None])), 5),
        taken("numbers as text, as numbers, with units, in words", content(collection(*(row(i, floors=f) for i, f in enumerate([6, "6", "6层", "六层", "6.0", "约6层", "?"])))), 7),
        taken("numbers that can't be", content(collection(*(row(i, floors=f, year=2000) for i, f in enumerate([-3, 0, "1e308", "9" * 400, "６", 7])))), 6, noted="floors: values of"),
        taken("a use that the table does not know", content(collection(*(row(i, use=u) for i, u in enumerate(["residential", "public", "commercial", "villa"])))), 3, rejected={"bad_value": 1}),
        refused("no use that the table knows", content(collection(*(row(i, use="住宅") for i in range(4)))), "4 rows .* rejected as bad_value.*map the file's values under values"),
        refused("a column that is not there", with_good(), "no column 'nmae' .*did you mean 'name'", entry={"columns": {"name": "nmae"}}),
        refused("a condition on a column that is not there", with_good(), "no column 'kind'.*the file has: name", entry={"where": {"kind": ["x"]}}),
        refused("a condition that no row meets", with_good(), "no building is left: where asks for name = x, and none of its 3 rows is so; name has ", entry={"where": {"name": ["x"]}}),
        refused("a required column that nothing gives", content(collection(feature({"type": "LineString", "coordinates": BOX[:2]}))), "nothing gives class .*map it under columns or set it under constants", table="barriers"),
        taken("rows not meant", with_good(), 1, entry={"where": {"name": [NAMES[0]]}}),
        taken("an id missing in one row", content(collection(row(0, building_id="a"), row(1, building_id=None), row(2, building_id=""))), 3),
        taken("an area without code, name or address", content(collection(feature(None, area_id="a"), feature(None, area_id=None))), 1, table="register", rejected={"missing_value": 1}),
        taken("nine megabytes of text in one cell", with_good(row(9, name="长" * 3_000_000)), 4, noted="cut to 10,000 characters"),
        refused("more than ten megabytes of text in one cell", with_good(row(9, name="长" * 3_500_000)), "can't be read as GeoJSON.*longer than 10 MB; mend that feature"),
        taken("control characters and formulas", with_good(row(9, name="\u0000\u001b[2J=cmd|' /C calc'!A1\u202e")), 4),
        taken("half of a surrogate pair", content(collection(*GOOD, row(9, name="HALF")).replace("HALF", "\\ud800")), 4),
        refused("more columns than the limit", with_good(row(9, **{f"c{i}": i for i in range(60)})), "columns, more than limits.columns_max = 50; export it with those", limits=Limits(columns_max=50)),
        taken("names with every kind of sign", content(collection({**row(0), "properties": {"": 1, "geometry": 2, "a.b": 3, "'\"\\": 4, "source_row": 5}})), 1),
        taken("names that differ in case only", content(collection(row(0, Name="a", NAME="b", name="c"))), 1, names=("c",)),
    ],
    "row",
)  # fmt: skip

CASES = [*RINGS, *KINDS, *COORDINATES, *CRS, *ROWS]
