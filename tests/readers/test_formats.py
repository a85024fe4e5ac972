"""Every format gives the same rows, in the order and with the numbers they have in the file; nothing in RAW
is written to.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pipeline.raw import formats
from pipeline.raw.errors import SourceError

from .conftest import Reader, collection, feature, polygon, ring

NAMES = ["胜利路", "石道街", "学苑路", "白云街"]
WRITTEN = {
    "a.geojson": "GeoJSON",
    "a.geojsonl": "GeoJSONSeq",
    "a.gpkg": "GPKG",
    "a.shp": "ESRI Shapefile",
    "a.kml": "LIBKML",
    "a.kmz": "LIBKML",
    "a.gdb": "OpenFileGDB",
    "a.tab": "MapInfo File",
    "a.mif": "MapInfo File",
    "a.parquet": "Parquet",
}
#: osm_of(2500) as libosmium packs it, in several blocks: `osmium cat houses.osm -o houses.osm.pbf`.
PACKED = Path(__file__).parent / "houses.osm.pbf"


def houses(names: list[str] = NAMES, crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    shapes = [shapely.box(121.6 + i / 1000, 38.9, 121.6005 + i / 1000, 38.9005) for i in range(len(names))]
    return gpd.GeoDataFrame(
        {"Name": names, "floors": range(6, 6 + len(names))}, geometry=shapes, crs="EPSG:4326"
    ).to_crs(crs)


def write(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    driver = WRITTEN.get("a" + path.suffix)
    if driver == "Parquet":
        frame.to_parquet(path)
        return path
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, driver=driver, engine="pyogrio", **options)
    return path


def pack(archive: Path, folder: Path, **names: str) -> None:
    """Everything below a folder as a zip; names: file → its name there."""
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, names.get(path.name, path.relative_to(folder).as_posix()))


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_rows_in_order(read: Reader, tmp_path: Path, name: str) -> None:
    write(houses(), tmp_path / name)
    before = files(tmp_path)
    raw = read(name)
    assert raw.rows["Name"].tolist() == NAMES
    assert [int(n) for n in raw.rows["floors"]] == [6, 7, 8, 9]
    assert raw.rows.index.tolist() == [1, 2, 3, 4]
    assert raw.rows_read == 4
    assert raw.rows.crs.to_epsg() == 4326
    assert (
        shapely.area(
            shapely.symmetric_difference(raw.rows.geometry.to_numpy(), houses().geometry.to_numpy())
        ).max()
        < 1e-12
    )
    assert files(tmp_path) == before


@pytest.mark.parametrize("name", ["a.shp", "a.gdb", "a.gpkg", "a.parquet", "a.geojson", "a.tab"])
@pytest.mark.parametrize("inside", ["{}", "2020/数据/{}"])
def test_a_zip_with_one_data_set(read: Reader, tmp_path: Path, name: str, inside: str) -> None:
    write(houses(), tmp_path / "made" / inside.format(name))
    (tmp_path / "made" / "readme.txt").write_text("first read me")
    pack(tmp_path / f"{name}.zip", tmp_path / "made")
    raw = read(f"{name}.zip")
    assert raw.rows["Name"].tolist() == NAMES
    assert f"{inside.format(name)} of it was read" in raw.notes


def test_a_zipped_geodatabase_without_its_folder(read: Reader, tmp_path: Path) -> None:
    write(houses(), tmp_path / "a.gdb")
    pack(tmp_path / "b.gdb.zip", tmp_path / "a.gdb")
    assert read("b.gdb.zip").rows["Name"].tolist() == NAMES


def test_a_zip_or_folder_with_several_data_sets_wants_a_name(read: Reader, tmp_path: Path) -> None:
    write(houses(NAMES[:1]), tmp_path / "all" / "houses.shp", encoding="utf-8")
    write(houses(NAMES[:2]), tmp_path / "all" / "more" / "roads.gpkg", layer="first")
    write(houses(NAMES[:3]), tmp_path / "all" / "more" / "roads.gpkg", layer="second")
    pack(tmp_path / "all.zip", tmp_path / "all")
    for name in ("all.zip", "all"):
        with pytest.raises(
            SourceError,
            match=r'holds 2 data sets \(houses.shp, more/roads.gpkg\); say which with layer = "houses.shp"',
        ):
            read(name)
        with pytest.raises(SourceError, match=r"no data set 'house'; did you mean 'houses.shp'"):
            read(name, layer="house")
        assert read(name, layer="houses").rows_read == 1
        assert read(name, layer="more/roads.gpkg/second").rows_read == 3
        with pytest.raises(SourceError, match=r"has 2 layers \(first, .*; second, "):
            read(name, layer="roads")


def test_names_in_a_zip_of_a_chinese_system(read: Reader, tmp_path: Path) -> None:
    # zipfile marks names that are not ASCII as UTF-8; the programs meant here do not, and write their own
    # code page.
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for name in ("AAAA", "BBBB"):
            file.writestr(f"{name}.geojson", collection(polygon(121.6, 38.9, name="a")))
    packed = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(
        packed.replace(b"AAAA", "楼栋".encode("gbk")).replace(b"BBBB", "道路".encode("gbk"))
    )
    with pytest.raises(SourceError, match=r"holds 2 data sets \(楼栋\.geojson, 道路\.geojson\)"):
        read("a.zip")
    assert read("a.zip", layer="道路").rows_read == 1


def test_a_folder_with_one_shapefile(read: Reader, tmp_path: Path) -> None:
    write(houses(), tmp_path / "楼栋 2020.12" / "楼栋.shp", encoding="gb18030")
    assert read("楼栋 2020.12").rows["Name"].tolist() == NAMES


@pytest.mark.parametrize("missing", [".cpg", ".prj", ".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts(read: Reader, tmp_path: Path, missing: str) -> None:
    write(houses(), tmp_path / "a.shp", encoding="gb18030")
    (tmp_path / f"a{missing}").unlink()
    before = files(tmp_path)
    raw = read("a.shp", crs="EPSG:4326")
    assert raw.rows.index.tolist() == [1, 2, 3, 4]
    assert missing == ".dbf" or raw.rows["Name"].tolist() == NAMES
    assert files(tmp_path) == before


def test_a_deleted_record_of_a_shapefile_keeps_its_number(read: Reader, tmp_path: Path) -> None:
    write(houses(), tmp_path / "a.shp", encoding="utf-8")
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    header, width = int.from_bytes(content[8:10], "little"), int.from_bytes(content[10:12], "little")
    content[header + width] = ord("*")
    (tmp_path / "a.dbf").write_bytes(content)
    raw = read("a.shp")
    assert raw.rows.index.tolist() == [1, 3, 4]
    assert raw.rows["Name"].tolist() == [NAMES[0], *NAMES[2:]]


@pytest.mark.parametrize("part", ["dbf", "shp", "shx"])
def test_a_shapefile_with_a_part_cut_off_is_refused(read: Reader, tmp_path: Path, part: str) -> None:
    write(houses(), tmp_path / "a.shp", encoding="utf-8")
    path = tmp_path / f"a.{part}"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceError, match=r"cut off|parts of different files"):
        read("a.shp")


@pytest.mark.parametrize("name", ["a.fgb", "a.gpkg", "a.osm.pbf", "a.osm"])
def test_a_file_that_is_damaged_in_the_middle_is_not_read_in_part(
    read: Reader, tmp_path: Path, name: str
) -> None:
    many = houses([f"{name} {i}" for i in range(3000)])
    if ".osm" in name:
        content = osm_of(2000) if name.endswith(".osm") else PACKED.read_bytes()
        (tmp_path / name).write_bytes(content[: len(content) * 2 // 3])
    else:
        write(many, tmp_path / name)
        content = (tmp_path / name).read_bytes()
        middle = len(content) * 3 // 5 // 4096 * 4096
        (tmp_path / name).write_bytes(content[:middle] + b"\xff" * 9000 + content[middle + 9000 :])
    with pytest.raises(SourceError, match=f"^{name}: (can't be read as|only )"):
        read(name, layer="multipolygons" if ".osm" in name else "")


def test_parts_of_a_geoparquet_follow_each_other_by_name(read: Reader, tmp_path: Path) -> None:
    for part in ("part-2", "part-0", "part-1"):
        write(houses([part, f"{part}b"]), tmp_path / "houses" / f"{part}.parquet")
    raw = read("houses")
    assert raw.rows["Name"].tolist() == ["part-0", "part-0b", "part-1", "part-1b", "part-2", "part-2b"]
    assert raw.rows.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert read("houses", layer="part-1").rows["Name"].tolist() == ["part-1", "part-1b"]


def test_folders_of_a_partitioned_geoparquet_give_a_column(read: Reader, tmp_path: Path) -> None:
    for code in ("004", "001"):
        write(houses([code]), tmp_path / "houses" / f"subdistrict={code}" / "0.parquet")
    raw = read("houses")
    assert raw.rows["Name"].tolist() == ["001", "004"]
    assert raw.rows["subdistrict"].astype(int).tolist() == [1, 4]


def test_tables_that_differ_are_no_parts(read: Reader, tmp_path: Path) -> None:
    write(houses(), tmp_path / "all" / "houses.parquet")
    write(houses().rename(columns={"floors": "class"}), tmp_path / "all" / "roads.parquet")
    with pytest.raises(SourceError, match=r"different columns \(class, floors\)"):
        read("all")
    assert read("all", layer="roads").rows_read == 4


def test_a_geoparquet_in_the_districts_crs_with_two_geometries(read: Reader, tmp_path: Path) -> None:
    frame = houses(crs="EPSG:4550")
    frame["middle"] = frame.geometry.centroid
    write(frame, tmp_path / "a.parquet")
    raw = read("a.parquet")
    assert raw.rows.crs.to_epsg() == 4550
    assert raw.rows.columns.tolist() == ["Name", "floors", "geometry"]


@pytest.mark.parametrize("start", ["", "\x1e", "\ufeff"])
@pytest.mark.parametrize("name", ["a.geojson", "a.ndjson", "a.json"])
def test_newline_delimited_geojson(read: Reader, name: str, start: str) -> None:
    lines = [json.dumps(polygon(121.6, 38.9, name=str(i)), ensure_ascii=False) for i in range(3)]
    separator = "\n\x1e" if start == "\x1e" else "\n\n"
    raw = read(
        name, start + separator.join([lines[0], "junk", lines[1], '{"type": "Thing"}', lines[2]]) + "\n"
    )
    assert raw.rows["name"].tolist() == ["0", "1", "2"]
    assert raw.rows.index.tolist() == [1, 3, 5]
    assert raw.refused[["source_row", "reason", "raw"]].to_numpy().tolist() == [
        [2, "not_a_feature", '"junk"'],
        [4, "not_a_feature", '{"type": "Thing"}'],
    ]


@pytest.mark.parametrize("name", ["a.geojson", "a.ndjson"])
def test_geometry_that_is_no_geometry_stays_in_the_reject(read: Reader, name: str) -> None:
    texts_for_numbers = {
        "type": "Polygon",
        "coordinates": [[["121.6", "38.9"], ["NaN", "38.9"], ["121.6", "38.9"]]],
    }
    odd = [feature(texts_for_numbers, id=1), feature({"type": "Circle", "coordinates": [121.6, 38.9]}, id=2)]
    members = [polygon(121.6, 38.9, id=0), odd[0], feature(None, id=3), odd[1]]
    raw = read(
        name,
        collection(*members) if name == "a.geojson" else "\n".join(json.dumps(member) for member in members),
    )
    assert raw.rows["id"].tolist() == [0, 3]
    assert raw.refused[["source_row", "reason"]].to_numpy().tolist() == [
        [2, "unreadable_geometry"],
        [4, "unreadable_geometry"],
    ]
    assert [json.loads(text) for text in raw.refused["raw"]] == [
        {"id": m["properties"]["id"], "geometry": m["geometry"]} for m in odd
    ]


@pytest.mark.parametrize("name", ["curveRings", "rings"])
def test_a_curve_of_esri_json_stays_in_the_reject(read: Reader, name: str) -> None:
    curved = {
        "curveRings": [
            [[121.6, 38.9], {"b": [[121.61, 38.9], [121.6, 38.91], [121.62, 38.92]]}, [121.6, 38.9]]
        ]
    }
    shape = curved if name == "curveRings" else {"rings": [ring(121.6, 38.9)]}
    fields = [{"name": "id", "type": "esriFieldTypeInteger"}]
    rows = [
        {"attributes": {"id": 1}, "geometry": {"rings": [ring(121.61, 38.9)]}},
        {"attributes": {"id": 2}, "geometry": shape},
    ]
    said = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "fields": fields,
        "features": rows,
    }
    raw = read("a.json", json.dumps(said))
    assert raw.rows["id"].tolist() == ([1] if name == "curveRings" else [1, 2])
    assert [json.loads(text) for text in raw.refused["raw"]] == (
        [{"id": 2, "geometry": curved}] if name == "curveRings" else []
    )


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::4550", "EPSG:4550"])
def test_a_legacy_crs_of_geojson_counts(read: Reader, crs: str) -> None:
    ring = [[500000, 4300000], [500010, 4300000], [500010, 4300010], [500000, 4300000]]
    member = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    raw = read("a.geojson", collection(member, crs={"type": "name", "properties": {"name": crs}}))
    assert raw.rows.crs.to_epsg() == 4550
    assert raw.rows.geometry.iloc[0].bounds == (500000, 4300000, 500010, 4300010)


def test_layers_without_geometry_need_no_name(read: Reader, tmp_path: Path) -> None:
    write(houses(), tmp_path / "a.gpkg", layer="houses")
    import pyogrio

    pyogrio.write_dataframe(
        houses().drop(columns="geometry"), tmp_path / "a.gpkg", layer="notes", append=False
    )
    assert read("a.gpkg").rows["Name"].tolist() == NAMES


def test_a_kml_with_folders_wants_one_and_gives_its_data(read: Reader) -> None:
    def folder(name: str, count: int) -> str:
        ring = "121.6,38.9,0 121.601,38.9,0 121.601,38.901,0 121.6,38.9,0"
        outline = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        data = '<ExtendedData><Data name="floors"><value>6</value></Data></ExtendedData>'
        return (
            f"<Folder><name>{name}</name>"
            + count * f"<Placemark><name>楼</name>{data}{outline}</Placemark>"
            + "</Folder>"
        )

    head, tail = (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
        "</Document></kml>",
    )
    raw = read("a.kml", head + folder("楼栋", 2) + tail)
    assert raw.rows[["Name", "floors"]].to_numpy().tolist() == [["楼", "6"], ["楼", "6"]]
    with pytest.raises(SourceError, match=r"has 2 layers \(楼栋, .*; 道路, "):
        read("b.kml", head + folder("楼栋", 2) + folder("道路", 1) + tail)
    assert read("b.kml", layer="道路").rows_read == 1


DXF = """0
SECTION
2
HEADER
9
$ACADVER
1
AC1018
9
$DWGCODEPAGE
3
ANSI_936
0
ENDSEC
0
SECTION
2
BLOCKS
0
BLOCK
8
0
2
tree
10
0
20
0
0
CIRCLE
8
0
10
0
20
0
40
1
0
ENDBLK
0
ENDSEC
0
SECTION
2
ENTITIES
0
LWPOLYLINE
8
楼栋
90
3
70
1
10
500000
20
4300000
10
500010
20
4300000
10
500010
20
4300010
0
INSERT
8
树
2
tree
10
500020
20
4300020
70
3
71
2
0
ENDSEC
0
EOF
"""


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_dxf_in_gbk_and_its_blocks_as_points(read: Reader, line: str) -> None:
    raw = read("a.dxf", DXF.replace("\n", line).encode("gb18030"), crs="EPSG:4550")
    assert raw.rows["Layer"].tolist() == ["楼栋", *6 * ["树"]]
    assert raw.rows.geometry.geom_type.tolist() == ["LineString", *6 * ["Point"]]


def test_a_drawing_with_an_endless_array_is_refused(read: Reader) -> None:
    with pytest.raises(SourceError, match="an array of 30,000 × 30,000 blocks"):
        read(
            "a.dxf",
            DXF.replace("70\n3\n71\n2\n", "70\n30000\n71\n30000\n").encode("gb18030"),
            crs="EPSG:4550",
        )


@pytest.mark.parametrize("suffix", ["tab", "mif"])
def test_a_mapinfo_table_in_gbk_that_does_not_say_so(read: Reader, tmp_path: Path, suffix: str) -> None:
    write(houses(), tmp_path / f"a.{suffix}", encoding="CP936")
    raw = read(f"a.{suffix}")
    assert raw.rows["Name"].tolist() == NAMES


def osm_of(houses_: int) -> bytes:
    """Squares with building=yes, not quite in a row, house 0 with more tags; a road; a subdistrict around
    them; ground.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
    ids = range(houses_ + 2)
    for i in ids:
        size, south = 0.0002 if i < houses_ else 1.0, 38.9 + i * i * 7919 % 997 / 1e6
        lines += [
            f'<node id="{4 * i + c + 1}" lat="{south + dy * size:.6f}"'
            f' lon="{121.6 + (i % houses_) / 1000 + dx * size:.6f}"/>'
            for c, (dy, dx) in enumerate(corners)
        ]
    tags = (
        '<tag k="building:levels" v="6"/><tag k="addr:street" v="a&quot;=&gt;&quot;b,\\'
        ' &quot;building:levels&quot;=&gt;&quot;9"/>'
    )
    for i in ids:
        nodes = "".join(f'<nd ref="{4 * i + c + 1}"/>' for c in (0, 1, 2, 3, 0))
        kind = (
            '<tag k="building" v="yes"/>'
            if i < houses_
            else '<tag k="landuse" v="residential"/>'
            if i == houses_
            else ""
        )
        lines.append(f'<way id="{100000 + i}">{nodes}{kind}{tags if i == 0 else ""}</way>')
    lines.append(
        '<way id="900000"><nd ref="1"/><nd ref="5"/><tag k="highway" v="residential"/><tag k="lanes"'
        ' v="2"/></way>'
    )
    boundary = (
        '<tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag'
        ' k="name" v="白云街道"/>'
    )
    lines.append(
        f'<relation id="7"><member type="way" ref="{100000 + houses_ + 1}"'
        f' role="outer"/>{boundary}</relation></osm>'
    )
    return "\n".join(lines).encode()


def test_buildings_of_openstreetmap_with_their_tags(read: Reader) -> None:
    columns = {
        "building_id": "osm",
        "floors": "building:levels",
        "address": "addr:street",
        "households": "building:flats",
    }
    raw = read("a.osm", osm_of(3), layer="multipolygons", columns=columns, where={"building": ["*"]})
    rows = raw.rows[raw.rows["building"] == "yes"]
    assert rows["osm"].tolist() == ["way/100000", "way/100001", "way/100002"]
    assert rows["building:levels"].fillna("").tolist() == ["6", "", ""]
    assert rows["addr:street"].iloc[0] == 'a"=>"b,\\ "building:levels"=>"9'
    assert rows["building:flats"].isna().all()
    assert raw.rows.index.tolist() == list(range(1, len(raw.rows) + 1))


def test_roads_land_and_subdistricts_of_openstreetmap(read: Reader) -> None:
    roads = read("a.osm", osm_of(3), layer="lines").rows
    assert roads[["osm", "highway"]].to_numpy().tolist() == [["way/900000", "residential"]]
    ground = read("a.osm", layer="multipolygons").rows
    assert ground.loc[ground["landuse"] == "residential", "osm"].tolist() == ["way/100003"]
    assert ground.loc[ground["admin_level"] == "8", ["osm", "name"]].to_numpy().tolist() == [
        ["relation/7", "白云街道"]
    ]
    with pytest.raises(SourceError, match=r"has 5 layers .*say which"):
        read("a.osm")


def test_a_packed_extract_of_openstreetmap_gives_the_same_rows(read: Reader) -> None:
    for layer in ("multipolygons", "lines"):
        raw = read("a.osm.pbf", PACKED.read_bytes(), layer=layer, columns={"floors": "building:levels"})
        plain = read("a.osm", osm_of(2500), layer=layer, columns={"floors": "building:levels"})
        assert raw.rows.equals(plain.rows)
        assert raw.crs.startswith("EPSG:4326")
        assert raw.rows_read == len(raw.rows) + len(raw.refused)
        assert np.unique(raw.rows["osm"]).size == len(raw.rows)
        assert len(raw.rows) == (2502 if layer == "multipolygons" else 1)


@pytest.mark.parametrize(
    ("name", "remedy"), [("a.dwg", "save it as DXF"), ("a.rar", "pack it as .zip"), ("a.gml", "GeoPackage")]
)
def test_a_format_that_is_not_read_says_what_to_give_instead(read: Reader, name: str, remedy: str) -> None:
    with pytest.raises(SourceError, match=f"not a format read here; .*{remedy}"):
        read(name, b"x")


def test_every_format_is_documented() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text("utf-8")
    assert [
        suffix for suffix in formats.VECTOR if f"`{suffix}`" not in text and f"`.osm{suffix}`" not in text
    ] == []
