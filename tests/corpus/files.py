"""Bad files: damaged, mislabelled, incomplete, oddly encoded, hostile."""

# ruff: noqa: PLW0108  a case is a line, however long

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from pipeline.config import Limits

from .case import (
    GOOD,
    NAMES,
    Case,
    Make,
    collection,
    content,
    house,
    houses,
    named,
    polygon,
    refused,
    square,
    taken,
    write,
    written,
)

FORMATS = (
    "a.geojson",
    "a.geojsonl",
    "a.gpkg",
    "a.shp",
    "a.fgb",
    "a.parquet",
    "a.kml",
    "a.kmz",
    "a.tab",
    "a.mif",
)
REMEDY = r"(copy it|export it|copied|copy inter|pack it again|give a file|take it out|save it|give the|did you mean|is this)"
UNREADABLE = rf"(?i)(can't be|empty|not a|is no|cut off|only \d|neither|some lines|parts of different).*({REMEDY}|copy)"


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def last_byte_gone(data: bytes) -> bytes:
    return data[:-1]


def head(data: bytes) -> bytes:
    return data[:100]


def noise(data: bytes) -> bytes:
    return bytes((i * 197 + 89) % 256 for i in range(1500))


def web_page(data: bytes) -> bytes:
    return b"<!DOCTYPE html><html><body>404 Not Found</body></html>"


MANY = houses(400)
#: GDAL takes the first half of a cut drawing for all of it.
DRAWING = (
    "0\nSECTION\n2\nENTITIES\n"
    + "0\nLWPOLYLINE\n8\nHOUSES\n90\n3\n70\n1\n10\n0\n20\n0\n10\n9\n20\n0\n10\n9\n20\n9\n" * 50
    + "0\nENDSEC\n0\nEOF\n"
)
DAMAGED = named(
    [
        *(refused(f"0 bytes: {name}", written(name, damage=lambda data: b""), UNREADABLE) for name in FORMATS),
        *(refused(f"noise: {name}", written(name, damage=noise), UNREADABLE) for name in FORMATS),
        *(refused(f"a web page: {name}", written(name, damage=web_page), UNREADABLE) for name in FORMATS),
        *(refused(f"its first 100 bytes: {name}", written(name, MANY, damage=head), UNREADABLE) for name in FORMATS if name != "a.geojsonl"),
        *(refused(f"cut in half: {name}", written(name, MANY, damage=half), UNREADABLE) for name in FORMATS if name != "a.geojsonl"),
        *(refused(f"without its last byte: {name}", written(name, MANY, damage=last_byte_gone), UNREADABLE) for name in ("a.parquet", "a.kmz", "a.shp")),
        taken("lines cut in half", written("a.geojsonl", houses(9), damage=half), 4, rejected={"not_a_feature": 1}),
    ],
    "damaged",
)  # fmt: skip


def renamed(source: str, target: str) -> Make:
    def make(folder: Path) -> str:
        write(houses(), folder / "made" / source)
        (folder / target).write_bytes((folder / "made" / source).read_bytes())
        return target

    return make


NAMED = named(
    [
        *(refused(f"{source} called {target}", renamed(source, target), UNREADABLE) for source, target in (("a.gpkg", "b.shp"), ("a.gpkg", "b.geojson"), ("a.geojson", "b.gpkg"), ("a.geojson", "b.kml"), ("a.fgb", "b.parquet"), ("a.parquet", "b.fgb"), ("a.kml", "b.geojson"), ("a.shp", "b.gpkg"), ("a.kmz", "b.kml"), ("a.gpkg", "b.zip"))),
        *(refused(f"a.{suffix}", content(b"whatever", f"a.{suffix}"), "is not a format read here") for suffix in ("dwg", "dgn", "mdb", "gml", "rar", "7z", "gz", "dbf", "shx", "vrt", "sqlite", "pdf", "docx", "xml", "topojson")),
        refused("no suffix", content(b"whatever", "buildings"), "its name has no suffix.*export it as GeoPackage"),
        taken("a suffix in capitals", written("A.GEOJSON"), 4),
        taken("blanks and Chinese in its name", lambda folder: write(houses(), folder / "楼 栋 (1).geojson"), 4),
        refused("a folder called a.geojson", lambda folder: (folder / "a.geojson").mkdir() or "a.geojson", "holds no data set"),
        refused("an empty folder", lambda folder: (folder / "empty").mkdir() or "empty", "holds no data set"),
        refused("nothing of that name", lambda folder: "gone.geojson", "no such file.*check path in the configuration"),
        refused("a named pipe", lambda folder: os.mkfifo(folder / "a.geojson") or "a.geojson", "not a file"),
        refused("a geodatabase without its catalogue", lambda folder: (folder / "a.gdb").mkdir() or "a.gdb", "not a File Geodatabase.*copy it whole"),
    ],
    "name",
)  # fmt: skip

FEATURE_LINE = json.dumps(house(0), ensure_ascii=False)
LINES = [json.dumps(house(i), ensure_ascii=False) for i in range(4)]
JSON = named(
    [
        refused("blank", content(" \n\n "), UNREADABLE),
        refused("cut inside a feature", content(collection(*GOOD)[:-60]), UNREADABLE),
        refused("without its last bracket", content(collection(*GOOD)[:-1]), UNREADABLE),
        refused("features that are null", content('{"type": "FeatureCollection", "features": null}'), 'empty|"features" are no list'),
        refused("no features", content(collection()), "empty: it has no rows; give a file with rows"),
        refused("another kind of JSON", content('{"hello": [1, 2]}'), "neither GeoJSON nor ESRI JSON"),
        refused("TopoJSON", content('{"type": "Topology", "objects": {}, "arcs": []}'), "neither GeoJSON nor ESRI JSON"),
        refused("packed by gzip", content(gzip.compress(collection(*GOOD).encode())), "is no GeoJSON.*packed by gzip"),
        taken("UTF-16", content(collection(*GOOD).encode("utf-16")), 3),
        refused("100,000 brackets", content('{"type": "FeatureCollection", "features": [' + "[" * 100_000), UNREADABLE),
        refused("zero bytes in the middle", content(collection(*GOOD).encode().replace(b'"features"', b'"feat\0ures"')), UNREADABLE),
        taken("GBK", content(collection(*GOOD).encode("gb18030")), 3, names=tuple(NAMES[:3])),
        taken("a byte-order mark", content(b"\xef\xbb\xbf" + collection(*GOOD).encode()), 3, names=tuple(NAMES[:3])),
        taken("one feature alone", content(FEATURE_LINE), 1),
        taken("a shape alone", content(json.dumps(polygon(square(0)))), 1),
        refused("text behind its end", content(collection(*GOOD) + "\n// exported by somebody"), UNREADABLE),
        taken("a cut character", content(collection(*GOOD).encode().replace("楼".encode(), "楼".encode()[:2], 1)), 3),
        taken("a link as CRS", lambda folder: content(collection(*GOOD, crs={"type": "link", "properties": {"href": f"{server()}/crs"}}))(folder), 3),
        taken("an address as a value", lambda folder: content(collection(*GOOD, house(5, photo=f"{server()}/x.jpg", link=f"/vsicurl/{server()}/a")))(folder), 4),
        taken("lines, one of them bad", content("\n".join([*LINES[:2], '{"type": "Feature", "prop', *LINES[2:]]), "a.ndjson"), 4, file="a.ndjson", rejected={"not_a_feature": 1}),
        taken("lines, some no features", content("\n".join([*LINES, "5", '{"a": 1}', "null"]), "a.ndjson"), 4, rejected={"not_a_feature": 3}),
        taken("lines with record separators", content("".join(f"\x1e{line}\n" for line in LINES), "a.geojsons"), 4),
        taken("lines with blank ones between", content("\n\n\r\n".join(LINES), "a.jsonl"), 4),
        refused("two features on a line", content("".join(LINES), "a.ndjson"), "some lines hold more or less than one feature; export it again"),
        refused("a feature over several lines", content("\n".join([LINES[0], json.dumps(house(1), indent=1)]), "a.ndjson"), "rejected as not_a_feature"),
        refused("an array of features", content(f"[{', '.join(LINES)}]", "a.ndjson"), "some lines|empty|can't be"),
        taken("ESRI JSON", content(json.dumps({"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326}, "features": [{"attributes": {"name": n}, "geometry": {"rings": [square(i)[::-1]]}} for i, n in enumerate(NAMES)]}), "a.json"), 4),
        taken("ESRI JSON that the server cut", content(json.dumps({"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326}, "exceededTransferLimit": True, "features": [{"attributes": {"name": n}, "geometry": {"rings": [square(i)[::-1]]}} for i, n in enumerate(NAMES)]}), "a.json"), 4, noted="gave only these 4 rows, and has more .exceededTransferLimit.: fetch the rest"),
        taken("ESRI JSON without shapes in one row", content(json.dumps({"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326}, "features": [{"attributes": {"name": n}, **({"geometry": {"rings": [square(i)[::-1]]}} if i else {})} for i, n in enumerate(NAMES)]}), "a.json"), 3, rejected={"null_geometry": 1}),
    ],
    "json",
)  # fmt: skip


def server() -> str:
    """A web server that tells whether it was asked for anything."""
    return os.environ["CORPUS_SERVER"]


def shapefile(
    without: tuple[str, ...] = (), change: Callable[[Path], Any] | None = None, **options: Any
) -> Make:
    def make(folder: Path) -> str:
        write(options.pop("frame", houses()), folder / "a.shp", **{"encoding": "utf-8", **options})
        for suffix in without:
            (folder / f"a.{suffix}").unlink()
        if change is not None:
            change(folder)
        return "a.shp"

    return make


def patch(suffix: str, old: bytes, new: bytes) -> Callable[[Path], Any]:
    def change(folder: Path) -> None:
        path = folder / f"a.{suffix}"
        data = path.read_bytes()
        assert old in data and len(old) == len(new)
        path.write_bytes(data.replace(old, new))

    return change


def shorten(suffix: str, by: int) -> Callable[[Path], Any]:
    return lambda folder: (folder / f"a.{suffix}").write_bytes((folder / f"a.{suffix}").read_bytes()[:-by])


def deleted(folder: Path) -> None:
    data = bytearray((folder / "a.dbf").read_bytes())
    start, width = struct.unpack("<HH", data[8:12])
    data[start + width] = ord("*")
    (folder / "a.dbf").write_bytes(data)


def no_shape(folder: Path) -> None:
    """The first record says that it has no shape."""
    data = bytearray((folder / "a.shp").read_bytes())
    data[108:112] = struct.pack("<i", 0)
    (folder / "a.shp").write_bytes(data)


def other_index(folder: Path) -> None:
    write(houses(7), folder / "other" / "a.shp")
    (folder / "a.shx").write_bytes((folder / "other" / "a.shx").read_bytes())


def upper_case(folder: Path) -> None:
    for suffix in ("dbf", "shx", "prj", "cpg"):
        (folder / f"a.{suffix}").rename(folder / f"a.{suffix.upper()}")


def mixed_case(folder: Path) -> None:
    (folder / "a.prj").rename(folder / "a.Prj")


def header_of_dbf(folder: Path) -> None:
    """A first column wider than the whole row."""
    data = bytearray((folder / "a.dbf").read_bytes())
    data[48] = 255
    (folder / "a.dbf").write_bytes(data)


UTF8 = NAMES[0].encode()
SHAPEFILES = named(
    [
        taken("without .shx", shapefile(("shx",)), 4, noted="index. is missing and was made again"),
        taken("without .dbf", shapefile(("dbf", "cpg")), 4),
        refused("without .prj", shapefile(("prj",)), "without a CRS .no .prj.*they would fit crs = 'EPSG:4326'"),
        taken("without .prj, and the configuration says it", shapefile(("prj",)), 4, entry={"crs": "EPSG:4326"}),
        refused("without .shp", shapefile(("shp",)), "no such file"),
        refused("its .dbf cut off", shapefile(change=shorten("dbf", 40)), r"\.dbf is cut off: .* bytes; copy it again"),
        refused("its .shp cut off", shapefile(change=shorten("shp", 40)), r"\.shp is cut off: .* bytes; copy it again"),
        refused("its .shx cut off", shapefile(change=shorten("shx", 8)), "parts of different files. Copy all parts again"),
        refused("an empty .dbf", shapefile(change=lambda folder: (folder / "a.dbf").write_bytes(b"")), r"\.dbf is cut off; copy it again"),
        refused("the index of another", shapefile(change=other_index), "parts of different files. Copy all parts again"),
        taken("a deleted record", shapefile(change=deleted), 3, names=(NAMES[0], *NAMES[2:])),
        taken("a record without shape", shapefile(change=no_shape), 3, rejected={"null_geometry": 1}),
        taken("GBK, and nothing says so", shapefile(("cpg",), encoding="gb18030"), 4, names=tuple(NAMES)),
        taken("GBK, and it says UTF-8", shapefile(change=lambda folder: (folder / "a.cpg").write_text("UTF-8"), encoding="gb18030"), 4, names=tuple(NAMES), noted="though utf-8 is stated"),
        taken("UTF-8, and it says GBK", shapefile(change=lambda folder: (folder / "a.cpg").write_text("GBK")), 4, names=tuple(NAMES), noted="though gb18030 is stated"),
        taken("an encoding that nobody knows", shapefile(change=lambda folder: (folder / "a.cpg").write_text("KLINGON")), 4, names=tuple(NAMES)),
        taken("Big5", shapefile(("cpg",), frame=houses(4, name=["勝利路一號樓", "石道街二號樓", "學苑路三號樓", "白雲街四號樓"]), encoding="cp950"), 4, names=("勝利路一號樓", "石道街二號樓", "學苑路三號樓", "白雲街四號樓")),
        taken("a cut character", shapefile(change=patch("dbf", UTF8, UTF8[:-1] + b" ")), 4, names=(NAMES[0][:-1], *NAMES[1:]), noted="cut or foreign character"),
        taken("numbers that did not fit", shapefile(change=patch("dbf", b"        6", b"*********")), 4),
        refused("another zone in its .prj", shapefile(change=lambda folder: (folder / "a.prj").write_text(gpd.GeoSeries(crs="EPSG:4529").crs.to_wkt("WKT1_ESRI"))), "do not agree with its CRS"),
        refused("nonsense in its .prj", shapefile(change=lambda folder: (folder / "a.prj").write_text("the CRS of 1997")), "without a CRS|can't be"),
        taken("parts in capitals", shapefile(change=upper_case), 4, names=tuple(NAMES)),
        taken("a .Prj in large and small letters", shapefile(change=mixed_case), 4, names=tuple(NAMES)),
        refused("a .dbf with a damaged header", shapefile(change=header_of_dbf), "header of its .dbf is damaged.*copy it again", table="land", entry={"constants": {"kind": "green"}}),
        refused("a part that is a link out of RAW", shapefile(change=lambda folder: ((folder / "a.dbf").rename(folder.parent / "here" / "a.dbf"), (folder / "a.dbf").symlink_to(folder.parent / "here" / "a.dbf"))), "a link that leads out"),
    ],
    "shapefile",
)  # fmt: skip


def geopackage(*statements: tuple[Any, ...], layers: int = 1) -> Make:
    def make(folder: Path) -> str:
        for i in range(layers):
            write(houses(), folder / "a.gpkg", layer=f"layer{i}")
        with sqlite3.connect(folder / "a.gpkg") as base:
            for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # which its triggers call
                base.create_function(name, 1, lambda _: 0)
            for statement, *values in statements:
                base.execute(statement, values)
        base.close()
        return "a.gpkg"

    return make


LOCKS: list[sqlite3.Connection] = []


def locked(folder: Path) -> str:
    write(houses(), folder / "a.gpkg")
    LOCKS.append(sqlite3.connect(folder / "a.gpkg", check_same_thread=False))
    LOCKS[-1].execute("BEGIN EXCLUSIVE")
    return "a.gpkg"


def overwritten(file: str) -> Make:
    def damage(data: bytes) -> bytes:
        middle = len(data) * 3 // 5 // 4096 * 4096
        return data[:middle] + b"\xff" * 9000 + data[middle + 9000 :]

    return written(file, houses(3000), damage)


DATABASES = named(
    [
        taken("locked by another program", locked, 4),
        refused("damaged in the middle", overwritten("a.gpkg"), UNREADABLE),
        refused("a FlatGeobuf damaged in the middle", overwritten("a.fgb"), UNREADABLE),
        refused("several layers", geopackage(layers=2), r'has 2 layers .layer0, 4 rows, Polygon; layer1, 4 rows, Polygon.; say which with layer = "layer0"'),
        refused("a layer it does not have", geopackage(layers=2), "no layer 'layer7'; did you mean 'layer", entry={"layer": "layer7"}),
        refused("no rows", geopackage(("DELETE FROM layer0",)), "empty"),
        refused("its tables of contents gone", geopackage(("DELETE FROM gpkg_contents",), ("DELETE FROM gpkg_geometry_columns",)), "can't be|has 0 layers|empty|without geometry|no such"),
        taken("a shape of noise", geopackage(("UPDATE layer0 SET geom = x'4750000100000000DEADBEEF' WHERE fid = 2",)), 3, rejected={"unreadable_geometry": 1}),
        taken("a shape that is missing", geopackage(("UPDATE layer0 SET geom = NULL WHERE fid = 2",)), 3, rejected={"null_geometry": 1}),
        taken("text where numbers belong", geopackage(("UPDATE layer0 SET floors = 'many' WHERE fid = 2",)), 4),
        refused("no CRS", geopackage(("UPDATE gpkg_geometry_columns SET srs_id = -1",), ("UPDATE gpkg_contents SET srs_id = -1",)), "without a CRS|do not agree"),
        refused("a view that never ends", geopackage(("ALTER TABLE layer0 RENAME TO rows",), ("CREATE VIEW layer0 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, geom, name FROM rows, n",)), "holds 'layer0', a view .*export its layers into a new GeoPackage"),
        taken("pictures", geopackage(("ALTER TABLE layer0 ADD COLUMN photo BLOB",), ("UPDATE layer0 SET photo = x'FFD8FF00'",)), 4, noted="photo: bytes, such as pictures, left out"),
        taken("a table of attributes beside it", geopackage(("CREATE TABLE notes (n TEXT)",), ("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('notes', 'attributes', 'notes')",)), 4),
    ],
    "database",
)  # fmt: skip

KML = '<?xml version="1.0" encoding="UTF-8"?>{0}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{1}</Document></kml>'
RING = " ".join(f"{x},{y}" for x, y in square(0))
MARK = f"<Placemark><name>{{}}</name>{{}}<Polygon><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{i} "{10 * f"&a{i - 1};"}">' for i in range(1, 10))
    + "]>"
)
NODES = "".join(
    f'<node id="{i}" version="1" lat="{y}" lon="{x}"/>' for i, (x, y) in enumerate(square(0)[:4], 1)
)
WAY = '<way id="{}" version="1">{}{}</way>'
REFS = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
OSM = '<?xml version="1.0" encoding="UTF-8"?>{}<osm version="0.6">{}</osm>'
OSM_ENTRY = {
    "layer": "multipolygons",
    "where": {"building": ["*"]},
    "columns": {"building_id": "osm", "floors": "building:levels", "name": "addr:street"},
}
HSTORE = '<tag k="building" v="yes"/><tag k="building:levels" v="6"/><tag k="addr:street" v="a&quot;=&gt;&quot;b,\\ &quot;building:levels&quot;=&gt;&quot;9"/>'
HOUSE = WAY.format(9, REFS, HSTORE)
LINKED = "<NetworkLink><Link><href>{}/more.kml</href></Link></NetworkLink>"


def text_of_server(text: str, file: str) -> Make:
    """A file in which SERVER is the address of the web server."""
    return lambda folder: content(text.replace("SERVER", server()), file)(folder)


MARKUP = named(
    [
        taken("one placemark", content(KML.format("", MARK.format("a", "")), "a.kml"), 1),
        refused("two folders with placemarks", content(KML.format("", "".join(f"<Folder><name>{n}</name>{MARK.format(n, '')}</Folder>" for n in "ab")), "a.kml"), "has 2 layers .a, 1 row, .*; b, 1 row, .*; say which"),
        taken("a link to another file", text_of_server(KML.format("", LINKED.format("SERVER") + MARK.format("a", "<styleUrl>SERVER/s.kml#a</styleUrl>")), "a.kml"), 1),
        refused("entities that explode", content(KML.format(ENTITIES, MARK.format("&a9;", "")), "a.kml"), "DOCTYPE, which is not read: export it without"),
        refused("an entity that is another file", content(KML.format('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', MARK.format("&e;", "")), "a.kml"), "DOCTYPE, which is not read"),
        refused("no placemark", content(KML.format("", ""), "a.kml"), "empty|has no layer with rows"),
        refused("not closed", content(KML.format("", MARK.format("a", ""))[:-40], "a.kml"), UNREADABLE),
        refused("latitude first", content(KML.format("", MARK.format("a", "").replace(RING, " ".join(f"{y},{x}" for x, y in square(0)))), "a.kml"), "axes swapped|do not agree|null_geometry|without geometry"),
        taken("a script in a name", content(KML.format("", MARK.format("<![CDATA[<script>alert(1)</script>]]>", "")), "a.kml"), 1),
        refused("entities in OpenStreetMap", content(OSM.format(ENTITIES, NODES + HOUSE), "a.osm"), "DOCTYPE, which is not read", entry=OSM_ENTRY),
        taken("a tag that passes for others", content(OSM.format("", NODES + HOUSE), "a.osm"), 1, entry=OSM_ENTRY, names=('a"=>"b,\\ "building:levels"=>"9',)),
        taken("a way without its nodes", content(OSM.format("", NODES + HOUSE + WAY.format(8, '<nd ref="77"/><nd ref="78"/><nd ref="79"/><nd ref="77"/>', HSTORE)), "a.osm"), 1, entry=OSM_ENTRY),
        refused("no layer named", content(OSM.format("", NODES + HOUSE), "a.osm"), "has 5 layers .*say which"),
        refused("a cut file", content(OSM.format("", NODES * 50 + HOUSE)[:-30], "a.osm"), UNREADABLE, entry=OSM_ENTRY),
        refused("no buildings", content(OSM.format("", NODES), "a.osm"), "empty", entry=OSM_ENTRY),
        refused("an extract of noise", content(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + noise(b""), "a.osm.pbf"), UNREADABLE, entry=OSM_ENTRY),
        *(refused(f"a virtual file called a.{suffix}{before and ', behind a tag of KML'}", text_of_server(f'{before}<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/SERVER/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', f"a.{suffix}"), "is no|neither|can't be|empty", entry={"layer": "points"}) for suffix in ("kml", "osm", "gpkg", "tab", "dxf", "json", "shp") for before in ("", "<kml/>")),
        refused("a MapInfo table that refers to others", content('!table\n!version 300\nDefinition Table\n  Type LINKED Charset "Neutral"\n', "a.tab"), "refers to other tables; export the rows themselves"),
        refused("a drawing with an endless array", content("0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nb\n70\n30000\n71\n30000\n0\nENDSEC\n0\nEOF\n", "a.dxf"), "an array of 30,000 . 30,000 blocks.*export the drawing without", entry={"crs": "EPSG:4550"}),
        refused("a binary drawing", content(b"AutoCAD Binary DXF\r\n\x1a\x00", "a.dxf"), "binary DXF: save it as a text one"),
        *(refused(f"a drawing without {what}", content(DRAWING[:end], "a.dxf"), "is cut off: .* copy it again", entry={"crs": "EPSG:4550"}) for what, end in (("its second half", len(DRAWING) // 2), ("its last line", -len("EOF\n")))),
        refused("a drawing without entities", content("0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "a.dxf"), "empty|can't be", entry={"crs": "EPSG:4550"}),
    ],
    "markup",
)  # fmt: skip

Member = tuple[str | zipfile.ZipInfo, str | bytes]


def packed(*members: Member, file: str = "a.zip", patch: Callable[[bytes], bytes] | None = None) -> Make:
    def make(folder: Path) -> str:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
        (folder / file).write_bytes(patch(out.getvalue()) if patch else out.getvalue())
        return file

    return make


def link(target: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(target)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


INNER = collection(*GOOD)
BOMB = INNER + " " * 30_000_000
ARCHIVES = named(
    [
        taken("one data set", packed(("x/a.geojson", INNER), ("readme.txt", "hello"), ("__MACOSX/._a.geojson", "x")), 3),
        refused("no data set", packed(("readme.txt", "hello")), "holds no data set that is read here"),
        refused("nothing", packed(), "holds no data set"),
        refused("two data sets", packed(("a.geojson", INNER), ("b.geojson", INNER)), 'holds 2 data sets .*say which with layer = "a.geojson"'),
        refused("a data set it does not have", packed(("a.geojson", INNER), ("b.geojson", INNER)), "no data set 'c'", entry={"layer": "c"}),
        refused("an archive in an archive", packed(("a.zip", b"PK")), "holds no data set"),
        refused("a bomb", packed(("a.geojson", BOMB)), "unpack_ratio_max = 200 times"),
        refused("more than may be unpacked", packed(("a.geojson", INNER)), "unpacked_max_bytes = 100", limits=Limits(unpacked_max_bytes=100)),
        refused("more files than may be", packed(*((f"{i}.txt", "") for i in range(20)), ("a.geojson", INNER)), "unpacked_max_files = 10", limits=Limits(unpacked_max_files=10)),
        refused("a file larger than may be", content(INNER), "limits.file_max_bytes.*Raise the limit if it is", limits=Limits(file_max_bytes=100)),
        *(refused(f"a member called {name}", packed((zipfile.ZipInfo(name), INNER), ("a.geojson", INNER)), "would be unpacked elsewhere.*pack it again") for name in ("../out.geojson", "x/../../out.geojson", "/tmp/out.geojson", "..\\out.geojson", "C:\\out.geojson")),
        refused("a link", packed((link("a.geojson"), "/etc/passwd")), "holds a symbolic link .*pack the file itself"),
        refused("a password", packed(("a.geojson", INNER), patch=encrypted), "is encrypted; pack it again without a password"),
        refused("its end gone", packed(("a.geojson", INNER), patch=lambda data: data[:-30]), "can't be unpacked.*pack it again"),
        refused("damaged inside", packed(("a.geojson", INNER), patch=lambda data: data[:60] + b"\xff" * 20 + data[80:]), "can't be unpacked.*pack it again|would be unpacked elsewhere|holds no data set"),
        refused("a virtual file", packed(("a.vrt", "<OGRVRTDataSource/>")), "holds no data set"),
        refused("a spreadsheet", packed(("a.csv", "name\na\n")), "holds no data set"),
        refused("a KMZ without a KML", packed(("a.png", b"x"), file="a.kmz"), "holds no data set"),
        refused("a link out of RAW", lambda folder: ((folder.parent / "here" / "b.geojson").write_text(INNER), (folder / "a.geojson").symlink_to(folder.parent / "here" / "b.geojson")) and "a.geojson", "a link that leads out of the folder"),
        refused("a folder that is a link out of RAW", lambda folder: (folder / "all").symlink_to(folder.parent / "here") or "all", "a link that leads out of the folder"),
        *(refused(f"the name {name}", lambda folder, name=name: name, "names of remote or virtual files are not opened; copy the file into RAW") for name in ("/vsicurl/SERVER/a.geojson", "/vsizip/a.zip", "/vsimem/a", "http://SERVER/a.geojson", "GeoJSON:a.geojson", "WFS:SERVER")),
    ],
    "archive",
)  # fmt: skip


def parts(folder: Path) -> str:
    write(houses(2), folder / "all" / "part-0.parquet")
    write(houses(3, other=[1, 2, 3]), folder / "all" / "part-1.parquet")
    return "all"


def parts_in_two_crs(folder: Path) -> str:
    write(houses(2), folder / "all" / "part-0.parquet")
    write(houses(3).to_crs("EPSG:4550"), folder / "all" / "part-1.parquet")
    return "all"


def stating(geo: str) -> Make:
    """A GeoParquet that states this of its geometry."""

    def make(folder: Path) -> str:
        import pyarrow.parquet as pq

        write(houses(), folder / "a.parquet")
        pq.write_table(
            pq.read_table(folder / "a.parquet").replace_schema_metadata({b"geo": geo.encode()}),
            folder / "a.parquet",
        )
        return "a.parquet"

    return make


def rows_without_end(folder: Path) -> str:
    write(houses(1).iloc[[0] * 200_000], folder / "a.parquet")
    return "a.parquet"


def bytes_and_broken_text(folder: Path) -> str:
    import pyarrow as pa
    import pyarrow.parquet as pq

    write(houses(), folder / "a.parquet")
    table = pq.read_table(folder / "a.parquet")
    metadata = table.schema.metadata
    _, places, letters = pa.array(["ab"] * 4).buffers()
    broken = pa.StringArray.from_buffers(4, places, pa.py_buffer(letters.to_pybytes().replace(b"b", b"\xe8")))
    table = table.append_column("photo", pa.array([b"\xff\xd8"] * 4)).append_column("note", broken)
    pq.write_table(table.replace_schema_metadata(metadata), folder / "a.parquet")
    return "a.parquet"


def without_geometry(folder: Path) -> str:
    import pandas as pd

    pd.DataFrame(houses().drop(columns="geometry")).to_parquet(folder / "a.parquet")
    return "a.parquet"


def broken_crs(folder: Path) -> str:
    import pyarrow.parquet as pq

    write(houses(), folder / "a.parquet")
    table = pq.read_table(folder / "a.parquet")
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["crs"] = {"type": "Nothing"}
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), folder / "a.parquet")
    return "a.parquet"


X0, Y0 = square(9)[0]
CIRCLE = struct.pack("<10d", X0, Y0, X0 + 1e-4, Y0 + 1e-4, X0 + 2e-4, Y0, X0 + 1e-4, Y0 - 1e-4, X0, Y0)
CURVE = (
    struct.pack("<2s2Bi", b"GP", 0, 1, 4326)
    + struct.pack("<BII", 1, 10, 1)
    + struct.pack("<BII", 1, 8, 5)
    + CIRCLE
)

OTHERS = named(
    [
        refused("parts of a GeoParquet that differ", parts, "its parts have different columns"),
        refused("parts of a GeoParquet in two CRS", parts_in_two_crs, "part-0.parquet and part-1.parquet differ in their geometry column or its CRS; export them again in one"),
        *(refused(f"a GeoParquet that states {geo}", stating(geo), "can't be read as GeoParquet.*export it again") for geo in ("[1]", '{"columns": 5}', '{"primary_column": ["geometry"], "columns": {}}', '{"primary_column": "geometry", "columns": {"geometry": 5}}', "{")),
        refused("few bytes that stand for many rows", rows_without_end, "200,000 rows unpack to more than limits.unpack_ratio_max = 20 times .*raise the limit", limits=Limits(unpack_ratio_max=20)),
        taken("a GeoParquet with pictures, and text that is no UTF-8", bytes_and_broken_text, 4, entry={"columns": {"owner_unit": "note"}}, noted="photo: bytes, such as pictures, left out"),
        refused("a Parquet without geometry", without_geometry, "can't be read as GeoParquet: it states no geometry column; export it again with geometry"),
        refused("a GeoParquet with a CRS that is none", broken_crs, "states a CRS that can't be understood; export it again"),
        taken("a round house", geopackage(("UPDATE layer0 SET geom = ? WHERE fid = 1", CURVE)), 4, repaired={"curve": 1}),
        taken("a geometry with Z and M", written("a.gpkg", houses().set_geometry(shapely.force_3d(houses().geometry.to_numpy(), 5.0), crs="EPSG:4326")), 4, noted="heights or measures"),
    ],
    "other",
)  # fmt: skip

CASES: list[Case] = [*DAMAGED, *NAMED, *JSON, *SHAPEFILES, *DATABASES, *MARKUP, *ARCHIVES, *OTHERS]
