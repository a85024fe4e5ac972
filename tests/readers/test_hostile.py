"""Hostile files: nothing outside RAW is read, nothing is fetched or run, and nothing is exhausted."""

from __future__ import annotations

import http.server
import json
import os
import stat
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pipeline.config import Limits
from pipeline.raw.errors import SourceError
from pipeline.readers import drivers, shapes

from .conftest import Reader, collection, polygon

HOUSE = polygon(121.6, 38.9, name="a")
KML = '<?xml version="1.0"?>{0}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>f</name>{1}</Folder></Document></kml>'
MARK = "<Placemark><name>{}</name><Point><coordinates>121.6,38.9</coordinates></Point></Placemark>"


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server of this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["link", "url"])
def test_a_crs_that_is_a_link_is_not_followed(
    read: Reader, server: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    url, asked = server
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("a.geojson", "a.json"):
        text = collection(
            HOUSE, crs={"type": kind, "properties": {"href": f"{url}/crs", "url": f"{url}/crs"}}
        )
        assert read(name, text).rows_read == 1
    assert asked == []
    assert os.environ["no_proxy"] == "127.0.0.1"
    assert "GDAL_HTTP_PROXY" not in os.environ


def test_links_in_a_kml_are_not_followed(read: Reader, server: tuple[str, list[str]]) -> None:
    url, asked = server
    link = f"<NetworkLink><Link><href>{url}/more.kml</href></Link></NetworkLink>"
    mark = MARK.format("a").replace("<Point>", f"<styleUrl>{url}/style.kml#a</styleUrl><Point>")
    assert read("a.kml", KML.format("", link + mark)).rows_read == 1
    assert asked == []


@pytest.mark.parametrize("name", ["a.kml", "a.osm", "a.gpkg", "a.tab", "a.dxf", "a.json"])
@pytest.mark.parametrize(
    "before", ["", "<kml/>", "<!-- <kml> -->", "<osm/>", "!table Type NATIVE\n", "0\nSECTION\n"]
)
def test_a_virtual_file_under_another_name_fetches_nothing(
    read: Reader, server: tuple[str, list[str]], name: str, before: str
) -> None:
    url, asked = server
    source = f"<SrcDataSource>/vsicurl/{url}/a.geojson</SrcDataSource>"
    with pytest.raises(SourceError):
        read(
            name,
            f'{before}<OGRVRTDataSource><OGRVRTLayer name="a">{source}</OGRVRTLayer></OGRVRTDataSource>',
            layer="points",
        )
    assert asked == []


def test_only_the_listed_drivers_are_enabled() -> None:
    code = "from pipeline.readers import drivers; print('\\n'.join(drivers.load().list_drivers()))"
    listed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert {name for name in listed if name} - {"MEM"} == set(drivers.ENABLED)


ENTITIES = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{i} "{10 * f"&a{i - 1};"}">' for i in range(1, 10)
)


@pytest.mark.parametrize(
    "doctype", [f"<!DOCTYPE x [{ENTITIES}]>", '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>']
)
def test_entities_are_not_expanded(read: Reader, doctype: str) -> None:
    osm = '<osm version="0.6"><node id="1" lat="38.9" lon="121.6"><tag k="name" v="&a9;"/></node></osm>'
    for name, text in (
        ("a.kml", KML.format(doctype, MARK.format("&a9;"))),
        ("a.osm", '<?xml version="1.0"?>' + doctype + osm),
    ):
        with pytest.raises(SourceError, match="defines a DOCTYPE"):
            read(name, text, layer="points")
        with pytest.raises(SourceError):
            read(
                name,
                text.replace("<!DOCTYPE", "<!-- <kml> <osm> -->" + " " * (1 << 20) + "<!DOCTYPE"),
                layer="points",
            )


def test_a_mapinfo_table_that_names_other_files_is_refused(read: Reader) -> None:
    for kind in ("LINKED", "VIEW"):
        with pytest.raises(SourceError, match="refers to other tables"):
            read(
                "a.tab", f'!table\n!version 300\nOpen Table "/etc/secret"\nDefinition Table\n  Type {kind}\n'
            )


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)


@pytest.mark.parametrize(
    "inside", ["../b.geojson", "x/../../b.geojson", "/etc/b.geojson", "..\\b.geojson", "C:\\b.geojson"]
)
def test_a_member_that_leads_out_of_its_archive_is_refused(read: Reader, tmp_path: Path, inside: str) -> None:
    zipped(tmp_path / "a.zip", (zipfile.ZipInfo(inside), collection(HOUSE)), ("a.geojson", collection(HOUSE)))
    with pytest.raises(SourceError, match=r"a\.zip: holds a file that would be unpacked elsewhere"):
        read("a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_link_in_an_archive_is_refused(read: Reader, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped(tmp_path / "a.zip", (link, "/etc/passwd"))
    with pytest.raises(SourceError, match="holds a symbolic link"):
        read("a.zip")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(), "unpack_ratio_max = 200 times"),
        (Limits(unpack_ratio_max=1e9, unpacked_max_bytes=1_000_000), "unpacked_max_bytes = 1,000,000"),
        (Limits(unpack_ratio_max=1e9, unpacked_max_files=1), "unpacked_max_files = 1"),
    ],
)
def test_a_zip_bomb_is_not_unpacked(read: Reader, tmp_path: Path, limits: Limits, message: str) -> None:
    zipped(tmp_path / "a.zip", ("a.geojson", collection(HOUSE) + " " * 20_000_000), ("b.txt", ""))
    with pytest.raises(SourceError, match=message):
        read("a.zip", limits=limits)
    assert read("a.zip", limits=Limits(unpack_ratio_max=1e9)).rows_read == 1


def test_an_archive_that_lies_about_its_sizes_is_refused(read: Reader, tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", ("a.geojson", collection(HOUSE) + " " * 20_000_000))
    content = (tmp_path / "a.zip").read_bytes()
    size = struct.pack("<I", len(collection(HOUSE)) + 20_000_000)
    assert content.count(size) == 2
    (tmp_path / "a.zip").write_bytes(content.replace(size, struct.pack("<I", 2000)))
    with pytest.raises(SourceError, match="can't be unpacked"):
        read("a.zip")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and nothing else", "can't be unpacked"),
        (b"", "can't be unpacked"),
        (b"Rar!\x1a\x07\x00", "can't be unpacked"),
    ],
)
def test_a_broken_archive_says_so(read: Reader, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read("a.zip", content)


def test_an_archive_with_two_files_of_one_name_or_a_password_is_refused(read: Reader, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(tmp_path / "a.zip", ("a.geojson", collection(HOUSE)), ("a.geojson", collection(HOUSE)))
    with pytest.raises(SourceError, match="two files of one name"):
        read("a.zip")
    zipped(tmp_path / "a.zip", ("a.geojson", collection(HOUSE)))
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SourceError, match="is encrypted"):
        read("a.zip")


def test_links_that_lead_out_of_raw_are_refused(read: Reader, tmp_path: Path) -> None:
    from pipeline.config import InputFile
    from pipeline.readers.read import read_file

    secret, raw = tmp_path / "secret", tmp_path / "raw"
    secret.mkdir()
    raw.mkdir()
    frame = gpd.GeoDataFrame({"a": ["1"]}, geometry=[shapely.Point(121.6, 38.9)], crs=4326)
    frame.to_file(secret / "a.shp", engine="pyogrio")
    frame.to_file(secret / "a.geojson", engine="pyogrio")
    for part in ("shp", "shx", "prj"):
        (raw / f"a.{part}").write_bytes((secret / f"a.{part}").read_bytes())
    (raw / "a.dbf").symlink_to(secret / "a.dbf")
    (raw / "b.geojson").symlink_to(secret / "a.geojson")
    (raw / "folder").mkdir()
    (raw / "folder" / "c.geojson").symlink_to(secret / "a.geojson")
    (raw / "all").symlink_to(secret)
    for path in ("a.shp", "b.geojson", "folder", "all", "all/a.geojson"):
        with pytest.raises(SourceError, match="a link that leads out"):
            read_file(raw / path, InputFile(path), name=path)
    (raw / "own.geojson").write_bytes((secret / "a.geojson").read_bytes())
    (raw / "link.geojson").symlink_to(raw / "own.geojson")
    assert read_file(raw / "link.geojson", InputFile("link.geojson"), name="link.geojson").rows_read == 1


def test_a_text_of_nine_megabytes_is_cut(read: Reader) -> None:
    long = 3_000_000 * "好"
    raw = read(
        "a.geojson",
        collection(
            polygon(121.6, 38.9, name=long, floors=6), polygon(121.61, 38.9, name="b", floors=7), long
        ),
    )
    assert raw.rows["name"].str.len().tolist() == [10_000, 1]
    assert "name: text of 1 row (1) cut to 10,000 characters (limits.text_max_characters)" in raw.notes
    assert raw.refused["source_row"].tolist() == [3]
    assert len(json.loads(raw.refused["raw"].iloc[0])) == 10_000
    # GDAL takes no text of more than 10,000,000 bytes
    with pytest.raises(SourceError, match="can't be read as GeoJSON"):
        read("a.geojson", collection(polygon(121.6, 38.9, name=4 * long)))


def test_a_ring_of_a_million_vertices_is_refused_unless_allowed(read: Reader, tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    circle = shapely.Polygon(np.column_stack([121.6 + np.cos(turn) / 1000, 38.9 + np.sin(turn) / 1000]))
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=[circle, shapely.box(121.6, 38.9, 121.7, 39)], crs=4326
    )
    frame.to_parquet(tmp_path / "a.parquet")
    raw = read("a.parquet")
    assert raw.rows.index.tolist() == [2]
    assert raw.refused[["source_row", "reason", "raw"]].to_numpy().tolist() == [
        [1, "too_many_vertices", '{"name":"a"}']
    ]
    assert raw.rows_read == 2
    assert len(read("a.parquet", limits=Limits(vertices_max=2_000_000)).rows) == 2


def test_an_outline_that_crosses_itself_without_end_is_refused_at_once(read: Reader, tmp_path: Path) -> None:
    tangle = shapely.Polygon(121.6 + np.random.default_rng(1).random((5_000, 2)) / 1000)
    bow = shapely.Polygon(
        [(121.6, 38.9), (121.7, 39), (121.7, 38.9), *[(121.6, 39 - i / 1000) for i in range(30)]]
    )
    frame = gpd.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=[tangle, bow, bow.buffer(1)], crs=4326)
    frame.to_parquet(tmp_path / "a.parquet")
    raw = read("a.parquet")
    assert raw.rows["name"].tolist() == ["b", "c"]
    assert raw.refused[["source_row", "reason"]].to_numpy().tolist() == [[1, "self_crossing"]]
    assert json.loads(raw.refused["raw"].iloc[0])["geometry"]["type"] == "Polygon"


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.fgb"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_no_number_costs_one_row(
    read: Reader, tmp_path: Path, name: str, value: float
) -> None:
    with np.errstate(invalid="ignore"):
        bad = shapely.Polygon([(121.6, 38.9), (121.7, value), (121.7, 39), (121.6, 38.9)])
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=[bad, shapely.box(121.6, 38.9, 121.7, 39)], crs=4326
    )
    options: dict[str, Any] = {"SPATIAL_INDEX": "NO"} if name.endswith("fgb") else {}
    if name.endswith("parquet"):
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_file(tmp_path / name, engine="pyogrio", **options)
    raw = read(name)
    reasons = shapes.clean(raw.rows.geometry.array, ("Polygon",), required=True).reason
    assert raw.rows_read == 2
    assert [
        (row, reason)
        for row, reason in zip(raw.rows.index, reasons, strict=True)
        if reason != "bad_coordinates"
    ] == [(2, "")]


def test_a_table_of_many_columns_is_refused(read: Reader) -> None:
    members = [polygon(121.6, 38.9, **{f"{i}_{j}": 1 for j in range(100)}) for i in range(11)]
    with pytest.raises(SourceError, match=r"1,100 columns, more than limits\.columns_max = 1,000"):
        read("a.geojson", collection(*members))


def test_a_file_beyond_the_limit_is_not_opened(read: Reader, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"limits\.file_max_bytes"):
        read("a.geojson", collection(HOUSE), limits=Limits(file_max_bytes=100))
    with pytest.raises(SourceError, match=r"limits\.file_max_bytes"):
        read("folder/a.geojson", collection(HOUSE), limits=Limits(file_max_bytes=100))


def test_nesting_without_end_is_an_error_of_the_file(read: Reader) -> None:
    deep = 100_000 * "[" + 100_000 * "]"
    for name in ("a.geojson", "a.ndjson"):
        with pytest.raises(SourceError):
            read(name, '{"type": "Feature", "properties": {"a": ' + deep + '}, "geometry": null}')


def test_a_tag_of_openstreetmap_can_not_pass_for_another(read: Reader) -> None:
    value = '"=&gt;"x","building:levels"=&gt;"99'.replace('"', "&quot;")
    node = f'<node id="1" lat="38.9" lon="121.6"><tag k="note:a" v="{value}"/><tag k="name" v="a"/></node>'
    raw = read(
        "a.osm",
        f'<?xml version="1.0"?><osm version="0.6">{node}</osm>',
        layer="points",
        columns={"floors": "building:levels"},
    )
    assert raw.rows["building:levels"].isna().all()
